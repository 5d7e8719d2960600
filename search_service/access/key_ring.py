"""The keys of a running service: read again when their file changes."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from search_service.access.key_file import read_keys
from search_service.access.keys import Key, StoredSecret, id_in
from search_service.access.last_use import LastUse
from search_service.core.errors import KeysUnavailable, Unauthenticated

logger = logging.getLogger(__name__)

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_NO_KEY = Key(id="0" * 8, scopes=(), indexes=(), created=_LONG_AGO, secrets=(StoredSecret(sha256="0" * 64),))
"""What a secret with an unknown id is compared with, so that it takes as long."""

Version = tuple[int, int, int] | None
"""What differs when a file has been replaced or written to; None if there is none."""


def _now() -> datetime:
    return datetime.now(UTC)


class KeyRing:
    """Finds the key of a secret.

    A file that cannot be read, or was written by halves, changes nothing: the keys before it stay valid, and one line
    of the log names it.

    Args:
        path: the file of the keys, which need not exist.
        now: returns the time.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = _now) -> None:
        self._path = path
        self._now = now
        self._last_use = LastUse(path)
        self._mutex = threading.Lock()
        self._version: Version | int = 0
        self._keys: Mapping[str, Key] | None = None
        self._problem: KeysUnavailable | None = None

    def authenticate(self, secret: str) -> Key:
        """Return the key that a secret belongs to.

        Raises:
            Unauthenticated: it belongs to none that is valid.
            KeysUnavailable: the file has never been readable.
        """
        key = self._current().get(id_in(secret), _NO_KEY)
        key.check(secret, self._now())
        self._last_use.record(key.id)
        return key

    def _current(self) -> Mapping[str, Key]:
        """Return the keys, after a look at the file: that takes 2 µs, and a revoked key is refused at once."""
        version = self._version_now()
        if version != self._version:
            with self._mutex:
                if version != self._version:
                    self._read(version)
        if self._keys is None:
            raise self._problem or Unauthenticated("key-unknown")
        return self._keys

    def _read(self, version: Version) -> None:
        try:
            self._keys = read_keys(self._path)
        except KeysUnavailable as error:
            self._problem = error
            logger.error("%s; %s", error, "no key is accepted" if self._keys is None else "the keys before stay valid")
        self._version = version

    def _version_now(self) -> Version:
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return None
        except OSError:
            return (0, 0, 0)  # reading it fails, too, and says why
        return found.st_ino, found.st_mtime_ns, found.st_size
