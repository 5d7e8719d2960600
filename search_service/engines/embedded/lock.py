"""The lock of an index for writing."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from search_service.core.errors import WriterBusy
from search_service.core.index_name import IndexName
from search_service.engines.embedded.durable import make_folder


@contextmanager
def locked(path: Path, index: IndexName) -> Iterator[None]:
    """Lock an index by a file that holds the process id of the holder.

    Raises:
        WriterBusy: another process, or another writer of this process, holds the lock.
        OSError: the file cannot be written.
    """
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                error.filename = str(path)
                raise
            raise WriterBusy(index, _pid_in(descriptor)) from None
        os.truncate(descriptor, 0)
        with suppress(OSError):  # the lock holds without the pid, and `delete` must work on a full disk
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        try:
            yield
        finally:
            os.truncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _pid_in(descriptor: int) -> int | None:
    content = os.pread(descriptor, 32, 0)
    return int(content) if content.isdigit() else None
