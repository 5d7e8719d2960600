"""The secret that signs cursors, which all workers of a service share."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from search_service.config.settings import Settings
from search_service.core.errors import StorageUnavailable

FILE = ".cursor-secret"
SECRET_BYTES = 32


def cursor_secret(settings: Settings) -> Callable[[], bytes]:
    """Return a function that returns the secret: that of the settings, or one in a file beside the indexes.

    The file is made when the first cursor needs it.
    """
    given = settings.cursor_secret.get_secret_value()
    if given:
        secret = sha256(given.encode()).digest()
        return lambda: secret
    return cache(lambda: read_or_make(settings.index_dir / FILE))


def read_or_make(path: Path) -> bytes:
    """Return the secret of a file, which is made if it does not exist; processes that make it at once agree.

    Raises:
        StorageUnavailable: it can be neither read nor made.
    """
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError as error:
        reason = error.strerror or ""
        raise StorageUnavailable("cursor-secret-unavailable", place=str(path), reason=reason) from error
    if len(secret) != SECRET_BYTES:
        raise StorageUnavailable("cursor-secret-unavailable", place=str(path), reason=f"{len(secret)} bytes")
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(SECRET_BYTES))
            stream.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(own, path)  # the first one wins, and nobody reads a part of a file
    finally:
        own.unlink(missing_ok=True)
