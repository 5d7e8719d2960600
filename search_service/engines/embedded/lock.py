"""The lock of an index for writing.

The process that applies queued changes (`applier`) holds it as long as there are any, and gives way: whoever else wants
the lock says so by a second lock, and gets it when the changes taken so far are committed. All others hold it until
they are done, and a second one is refused at once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from search_service.core.errors import WriterBusy
from search_service.core.index_name import IndexName
from search_service.engines.embedded.durable import make_folder

GIVES_WAY = "gives way"
"""Follows the process id in the lock of a holder that gives way."""

GIVE_WAY_SECONDS = 120.0
"""Time for which others wait for such a holder: it waits for tantivy's merges, which take seconds for gigabytes."""

UNKNOWN_HOLDER_SECONDS = 0.5
"""Time for which others wait for a holder that has not written its process id yet, or is just leaving."""

POLL_SECONDS = 0.02


class Holder(NamedTuple):
    """What the file of a lock says of its holder."""

    pid: int | None
    gives_way: bool


@contextmanager
def locked(path: Path, index: IndexName, *, gives_way: bool = False) -> Iterator[None]:
    """Lock an index by a file that holds the process id of the holder.

    Args:
        path: the file.
        index: for the error.
        gives_way: whether the caller asks `is_wanted` again and again, and then leaves.

    Raises:
        WriterBusy: another process, or another writer of this process, holds the lock, or waits for it.
        OSError: the file cannot be written.
    """
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if gives_way and is_wanted(path):
            raise WriterBusy(index, None)
        if not _take(descriptor, path):
            if gives_way:
                raise WriterBusy(index, _holder(descriptor).pid)
            _wait(descriptor, path, index)
        os.truncate(descriptor, 0)
        with suppress(OSError):  # the lock holds without the pid, and `delete` must work on a full disk
            os.pwrite(descriptor, f"{os.getpid()} {GIVES_WAY if gives_way else ''}".strip().encode(), 0)
        try:
            yield
        finally:
            os.truncate(descriptor, 0)
    finally:
        os.close(descriptor)


def is_wanted(path: Path) -> bool:
    """Whether another process waits for the lock."""
    try:
        descriptor = os.open(_wanted(path), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _take(descriptor, path)
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        error.filename = str(path)
        raise
    return True


def _wait(descriptor: int, path: Path, index: IndexName) -> None:
    """Wait for the lock and take it. Raises WriterBusy if the holder does not give way, or not in time."""
    wanted = os.open(_wanted(path), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        began = time.monotonic()
        while not _take(wanted, path, fcntl.LOCK_SH):  # the holder looks at it for a moment
            time.sleep(POLL_SECONDS)
        while not _take(descriptor, path):
            waited, holder = time.monotonic() - began, _holder(descriptor)
            limit = GIVE_WAY_SECONDS if holder.gives_way else UNKNOWN_HOLDER_SECONDS if holder.pid is None else 0
            if waited > limit:
                raise WriterBusy(index, holder.pid)
            time.sleep(POLL_SECONDS)
    finally:
        os.close(wanted)


def _holder(descriptor: int) -> Holder:
    pid, _, rest = os.pread(descriptor, 64, 0).decode(errors="replace").partition(" ")
    return Holder(int(pid) if pid.isdecimal() else None, rest == GIVES_WAY)


def _wanted(path: Path) -> Path:
    return path.with_name(f"{path.name}.wanted")
