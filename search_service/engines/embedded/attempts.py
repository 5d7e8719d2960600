"""Which queued changes a process is applying: what it leaves behind when it is killed or crashes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

ATTEMPT = "changes.attempt"
"""The file, in the folder of an index. Only who holds the lock of the index writes it. It is not synced: a power
failure is not caused by a change, so the note may be lost."""


class Attempt(NamedTuple):
    """An attempt to apply some changes.

    Attributes:
        first: the number of the first one.
        last: the number of the last one.
        tries: how many processes have tried the same, one after the other, and ended while they did.
    """

    first: int
    last: int
    tries: int


class Attempts:
    """Notes attempts in a file. Each method raises OSError if it cannot be read or written.

    Args:
        folder: of the index.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / ATTEMPT

    def begin(self, first: int, last: int) -> None:
        """Note which changes are being applied."""
        before = self.unfinished()
        tries = before.tries + 1 if before and before[:2] == (first, last) else 1
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            # One write of fixed length: a process that is killed leaves the old note or the new one.
            os.pwrite(descriptor, f"{first:20} {last:20} {tries:9}\n".encode(), 0)
        finally:
            os.close(descriptor)

    def end(self) -> None:
        """Note that the attempt is over, however it ended."""
        self._path.unlink(missing_ok=True)

    def unfinished(self) -> Attempt | None:
        """Return what was noted last; None if that attempt is over."""
        try:
            first, last, tries = map(int, self._path.read_bytes().split())
        except (FileNotFoundError, ValueError):
            return None
        return Attempt(first, last, tries)
