"""Failures of tantivy and of the file system, as errors of the service.

tantivy reports most failures as ValueError, with the number of the operating system's error in the text, and some as a
panic, which is no Exception and would end a worker. Nothing here puts a path into an error that HTTP shows: the folder
of the indexes is a parameter that only the command line and the log show.
"""

from __future__ import annotations

import errno
import os
import pwd
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search_service.core.errors import EngineUnavailable, SearchServiceError, StorageUnavailable
from search_service.core.files import FULL

NO_HANDLES = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)
"""The process, or the machine, has no more file handles, memory or threads."""

OS_ERROR = re.compile(r"os error (\d+)|Os \{ code: (\d+)")
"""The number of the operating system's error in a text of tantivy."""


def is_panic(error: BaseException) -> bool:
    """Return whether an exception is a panic of tantivy; its class cannot be imported."""
    return type(error).__name__ == "PanicException"


def system_error(error: BaseException, folder: Path) -> OSError | None:
    """Return the error of the operating system behind an exception of tantivy, None if there is none.

    >>> system_error(ValueError("An IO error occurred: 'No space left on device (os error 28)'"), Path("x"))
    OSError(28, 'No space left on device')
    """
    if isinstance(error, OSError) and error.errno:
        return error
    number = OS_ERROR.search(str(error))
    if number is None:
        return None
    code = int(number[1] or number[2])
    return OSError(code, os.strerror(code), str(folder))


@contextmanager
def storage_errors(root: Path, index: str = "") -> Iterator[None]:
    """Raise an OSError about a file below a folder as one of the service's own; leave all others.

    So errors of other files, which the caller's code meets in the context, pass.
    """
    try:
        yield
    except OSError as error:
        if not _is_below(error.filename, root):
            raise
        raise storage_error(error, root, index) from error


def storage_error(error: OSError, root: Path, index: str = "") -> SearchServiceError:
    """Return the service's error for one of the operating system's."""
    place = str(root.absolute())
    if error.errno in FULL:
        return StorageUnavailable("disk-full", index=index, reason=error.strerror, place=place)
    if error.errno == errno.EROFS:
        return StorageUnavailable("disk-read-only", index=index, place=place)
    if error.errno in (errno.EACCES, errno.EPERM):
        file = os.path.abspath(error.filename)
        return StorageUnavailable("permission-missing", index=index, user=user_name(), place=file)
    if error.errno in NO_HANDLES:
        return EngineUnavailable("process-limit-reached", reason=error.strerror)
    return StorageUnavailable("disk-failed", index=index, reason=error.strerror or "", place=place)


def user_name() -> str:
    """Return the name, or else the number, of the user that this process runs as."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _is_below(name: object, root: Path) -> bool:
    if not isinstance(name, (str, bytes)):
        return False
    return Path(os.fsdecode(name)).absolute().is_relative_to(root.absolute())
