"""Errors of files."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The disk is full, or a quota or a limit of the size of files is reached."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name a file in an OSError that names none, such as that of a write."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
