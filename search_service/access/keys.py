"""A key: what it allows, and how its secret is made and checked.

A secret is `ars_ID_RANDOM`: the prefix for scanners that look for leaked secrets, the id to find the key by, and 256
random bits with a checksum. Only its SHA-256 is stored: a slow hash is for passwords, which can be guessed, and nobody
guesses 256 bits. ADR 18 has the reasons.
"""

from __future__ import annotations

import hmac
import re
import secrets
import zlib
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from search_service.core.errors import Unauthenticated

Scope = Literal["search", "write", "admin"]
"""What a key allows: to read, to change documents, to change indexes and everything else."""

SCOPES: tuple[Scope, ...] = ("search", "write", "admin")

PATTERN = re.compile(r"[a-z0-9_*-]{1,64}")
"""The name of an index, in which each * stands for any number of characters."""

PREFIX = "ars"
ID_BYTES = 4
SECRET_BYTES = 32
"""Of randomness, as NIST SP 800-63B asks of secrets that are stored with a fast hash (it asks for 14 or more)."""

_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{{2 * ID_BYTES}}})_[0-9a-f]{{{2 * SECRET_BYTES}}}([0-9a-f]{{8}})")


class StoredSecret(BaseModel):
    """The hash of a secret, and until when it is valid; None for as long as its key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    until: AwareDatetime | None = None


class Key(BaseModel):
    """A key without its secret.

    Attributes:
        id: eight hexadecimal digits; public, it is in logs.
        name: what it is for.
        scopes: what it allows. `admin` includes the others; `write` does not include `search`.
        indexes: patterns; an index has to match one of them.
        filters: by field, the values of which a document must have one; every search with this key has these filters.
        expires: when it ends; None for never.
        secrets: that of the key, and after a rotation the former one for a while.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    name: str = ""
    scopes: tuple[Scope, ...]
    indexes: tuple[str, ...]
    filters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    created: AwareDatetime
    expires: AwareDatetime | None = None
    secrets: tuple[StoredSecret, ...]

    def check(self, secret: str, now: datetime) -> None:
        """Do nothing if a secret is that of this key.

        Raises:
            Unauthenticated: it is not, or the key has expired.
        """
        digest = digest_of(secret)
        # Each is compared, and in full, so that the time tells nothing.
        valid = [hmac.compare_digest(one.sha256, digest) and not _is_over(one.until, now) for one in self.secrets]
        if not any(valid):
            raise Unauthenticated("key-unknown")
        if _is_over(self.expires, now):
            raise Unauthenticated("key-expired")

    def has_expired(self, now: datetime) -> bool:
        """Whether it is no longer valid."""
        return _is_over(self.expires, now)


def matches_any(index: str, patterns: tuple[str, ...]) -> bool:
    """Return whether the name of an index matches any of some patterns.

    >>> matches_any("news-2024", ("books", "news-*")), matches_any("notes", ("news-*",))
    (True, False)
    """
    return any(pattern in ("*", index) or fnmatchcase(index, pattern) for pattern in patterns)


def new_secret(key_id: str) -> str:
    """Return a new secret of a key."""
    body = f"{PREFIX}_{key_id}_{secrets.token_hex(SECRET_BYTES)}"
    return f"{body}{_checksum(body)}"


def new_id() -> str:
    """Return an id for a new key."""
    return secrets.token_hex(ID_BYTES)


def id_in(secret: str) -> str:
    """Return the id of the key that a secret belongs to.

    Raises:
        Unauthenticated: it is no secret of this service, or not all of it.

    >>> id_in(new_secret("0a1b2c3d"))
    '0a1b2c3d'
    """
    found = _FORM.fullmatch(secret)
    if found is None or found[2] != _checksum(secret[: -len(found[2])]):
        raise Unauthenticated("key-malformed")
    return found[1]


def digest_of(secret: str) -> str:
    """Return what is stored of a secret."""
    return sha256(secret.encode()).hexdigest()


def _checksum(body: str) -> str:
    """Return eight digits that show whether a secret was cut off or mistyped, and tell scanners that it is one."""
    return f"{zlib.crc32(body.encode()):08x}"


def _is_over(end: datetime | None, now: datetime) -> bool:
    return end is not None and now >= end
