"""The file of the keys: JSON, replaced as a whole, readable by its owner only."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from search_service.access.keys import Key
from search_service.core.errors import KeysUnavailable
from search_service.core.files import naming

MODE = 0o600
"""Of a new file. One that exists keeps its mode and owner, so that an administrator may let a group read it."""


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    keys: tuple[Key, ...]


def read_keys(path: Path) -> Mapping[str, Key]:
    """Return the keys of a file by id; none if it does not exist.

    Raises:
        KeysUnavailable: it cannot be read, or it is not a file of keys.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise KeysUnavailable("keys-unreadable", place=str(path), reason=error.strerror or "") from error
    try:
        return {key.id: key for key in _Content.model_validate_json(content).keys}
    except ValidationError as error:
        # Its text would show a part of the file.
        raise KeysUnavailable("keys-malformed", place=str(path), count=error.error_count()) from None


@contextmanager
def changing_keys(path: Path) -> Iterator[dict[str, Key]]:
    """Yield the keys of a file to be changed; they are written when the block ends without an error.

    One process at a time changes them; the others wait.

    Raises:
        KeysUnavailable: the file cannot be read, or it is not a file of keys.
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not the file itself, which is replaced: a lock on it would be one on a file that is gone.
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, MODE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        keys = dict(read_keys(path))
        yield keys
        _write(path, _Content(version=1, keys=tuple(keys.values())).model_dump_json(indent=1).encode())
    finally:
        os.close(lock)


def _write(path: Path, content: bytes) -> None:
    """Replace a file; after a failure, a loss of power included, it is as it was before or as it should be."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    with naming(path):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                _take_over_rights(path, descriptor)
                stream.write(content)
                stream.flush()
                os.fsync(descriptor)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _take_over_rights(path: Path, descriptor: int) -> None:
    """Give a new file the mode and owner of the one it replaces.

    Written by root, a first file belongs to the owner of its folder: the service, which has to read it.
    """
    try:
        former = path.stat()
        os.fchmod(descriptor, former.st_mode & 0o777)
    except FileNotFoundError:
        former = path.parent.stat()
    if os.geteuid() == 0:
        with suppress(PermissionError):  # root of a container that may not
            os.fchown(descriptor, former.st_uid, former.st_gid)
