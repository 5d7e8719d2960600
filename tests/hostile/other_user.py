"""Runs code as a user who may read and not write."""

from __future__ import annotations

import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

NOBODY = 65_534


def make_readable(folder: Path) -> None:
    """Let every user reach a folder of pytest, whose parents are for its own user only."""
    for parent in (folder, *folder.parents):
        if parent.owner() != "root" or not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)


def as_reader(folder: Path, function: Callable[[], T]) -> T:
    """Return what a function returns, or raise what it raises, without the right to write a folder.

    Permissions do not bind root: then the function runs in a process of the user nobody.
    """
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink() and path.is_dir():
            path.chmod(path.stat().st_mode & ~0o222)
    try:
        if os.geteuid():
            return function()
        make_readable(folder.parent)
        return _as_nobody(function)
    finally:
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink() and path.is_dir():
                path.chmod(path.stat().st_mode | 0o200)


def _as_nobody(function: Callable[[], T]) -> T:
    """Run a function in a child process, which has all modules already: nobody need not reach the repository."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            result: tuple[bool, object] = (True, function())
        except Exception as error:
            result = (False, error)
        finally:
            with os.fdopen(writing, "wb") as stream:
                stream.write(_packed(result))
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        content = stream.read()
    os.waitpid(pid, 0)
    ok, value = pickle.loads(content)
    if ok:
        returned: T = value
        return returned
    raise value


def _packed(result: tuple[bool, object]) -> bytes:
    try:
        packed = pickle.dumps(result)
        pickle.loads(packed)
    except Exception:  # errors with arguments of their own cannot be packed
        return pickle.dumps((False, RuntimeError(f"{type(result[1]).__name__}: {result[1]}")))
    return packed
