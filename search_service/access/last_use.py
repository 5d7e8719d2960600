"""When keys were last used: a file for each key, of which only the time counts.

So workers need no lock, and the file of the keys is written by administrators only. A use is recorded at most once a
minute by each worker; it survives a crash of the worker, and perhaps not one of the machine.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

logger = logging.getLogger(__name__)

RECORD_SECONDS = 60.0
"""Time between two records of a key. `os.utime` takes some 10 µs, so this is for disks that are slow."""


class LastUse:
    """Records uses of keys in a folder beside their file.

    Args:
        path: the file of the keys.
        clock: seconds that never go back.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = path.with_name(f"{path.name}.used")
        self._clock = clock
        self._next: dict[str, float] = {}
        self._can_record = True

    def record(self, key_id: str) -> None:
        """Record that a key is used now. If that is not possible, one line of the log says so."""
        now = self._clock()
        if now < self._next.get(key_id, now) or not self._can_record:
            return
        self._next[key_id] = now + RECORD_SECONDS
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            file = self._folder / key_id
            file.touch(mode=0o600)
            os.utime(file)
        except OSError as error:
            self._can_record = False
            logger.warning("The last use of keys is not recorded: %s", error)

    def of(self, key_id: str) -> datetime | None:
        """Return when a key was last used, to the minute; None if that is not known."""
        with suppress(OSError):
            return datetime.fromtimestamp((self._folder / key_id).stat().st_mtime, UTC).replace(microsecond=0)
        return None

    def forget(self, key_id: str) -> None:
        """Remove what is recorded of a key."""
        with suppress(OSError):
            (self._folder / key_id).unlink()
