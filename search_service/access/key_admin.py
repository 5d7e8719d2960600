"""The use cases of keys: create, list, rotate, revoke."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from search_service.access.caller import EVERY_INDEX
from search_service.access.key_file import changing_keys, read_keys
from search_service.access.keys import PATTERN, PREFIX, Key, Scope, StoredSecret, digest_of, new_id, new_secret
from search_service.access.last_use import LastUse
from search_service.core.dates import InvalidDate, date_range
from search_service.core.errors import InvalidParameter, UnknownKey

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

MAX_DAYS = 36_500

_DURATION = re.compile(r"([0-9]{1,9})([mhd])")

_YEAR_1_TO_1970 = 62_135_596_800
"""Seconds from the year 1, from which dates are counted, to 1970."""

MAX_NAME_LENGTH = 200


class Created(NamedTuple):
    """A key, and its secret, which is stored nowhere."""

    key: Key
    secret: str


class Listed(NamedTuple):
    """A key, and when it was last used; None if never, or if that could not be recorded."""

    key: Key
    last_used: datetime | None


class KeyAdmin:
    """Changes the keys in a file.

    Args:
        path: the file, which need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_use = LastUse(path)

    def create(
        self,
        scopes: Sequence[Scope],
        indexes: Sequence[str],
        filters: Mapping[str, Sequence[str]] | None = None,
        name: str = "",
        expires: str = "",
    ) -> Created:
        """Create a key and return it with its secret.

        Args:
            scopes: what it allows.
            indexes: patterns of the names of indexes; none for all of them, which only an admin key may have.
            filters: by field, the values of which a document must have one.
            name: what it is for.
            expires: a date, whose end it expires at, or a duration such as `90d`; empty for never.

        Raises:
            InvalidParameter: a pattern, the name or the end is not possible, there is no pattern, or a key that has a
                filter may do more than search.
        """
        if not indexes and "admin" not in scopes:
            raise InvalidParameter("index", "index-required", scopes=tuple(scopes))
        for pattern in indexes:
            if not PATTERN.fullmatch(pattern):
                raise InvalidParameter("index", "not-a-pattern", value=pattern)
        if filters and set(scopes) != {"search"}:
            raise InvalidParameter("filter", "filter-of-writer", scopes=tuple(scopes))
        if len(name) > MAX_NAME_LENGTH:
            raise InvalidParameter("name", "too-long", count=len(name), limit=MAX_NAME_LENGTH, unit="characters")
        now = _now()
        with changing_keys(self._path) as keys:
            key_id = new_id()
            while key_id in keys:
                key_id = new_id()
            secret = new_secret(key_id)
            key = keys[key_id] = Key(
                id=key_id,
                name=name,
                scopes=tuple(scopes),
                indexes=tuple(indexes) or EVERY_INDEX,
                filters={field: tuple(values) for field, values in (filters or {}).items()},
                created=now,
                expires=end_of(expires, now),
                secrets=(StoredSecret(sha256=digest_of(secret)),),
            )
        return Created(key, secret)

    def list(self) -> Sequence[Listed]:
        """Return all keys, the oldest first."""
        keys = sorted(read_keys(self._path).values(), key=lambda key: (key.created, key.id))
        return [Listed(key, self._last_use.of(key.id)) for key in keys]

    def rotate(self, key_id: str, grace: str = "1d") -> Created:
        """Give a key, named by its id or its secret, a new secret; the present one stays valid for a while.

        Raises:
            UnknownKey: no key has this id.
            InvalidParameter: the time is not a duration.
        """
        key_id, now = _id_of(key_id), _now()
        with changing_keys(self._path) as keys:
            former = _found(keys, key_id)
            until = now + duration_of("grace", grace)
            secret = new_secret(key_id)
            present = StoredSecret(sha256=digest_of(secret))
            key = keys[key_id] = former.model_copy(
                update={"secrets": (present, former.secrets[0].model_copy(update={"until": until}))}
            )
        return Created(key, secret)

    def revoke(self, key_id: str) -> Key:
        """Remove a key, named by its id or its secret, and return it.

        Raises:
            UnknownKey: no key has this id.
        """
        key_id = _id_of(key_id)
        with changing_keys(self._path) as keys:
            key = _found(keys, key_id)
            del keys[key_id]
        self._last_use.forget(key_id)
        return key


def duration_of(parameter: str, text: str) -> timedelta:
    """Return a duration: a number of minutes, hours or days.

    Raises:
        InvalidParameter: it is not written so, or too long.

    >>> duration_of("grace", "90d").days
    90
    """
    found = _DURATION.fullmatch(text)
    if not found or int(found[1]) * UNITS[found[2]] > timedelta(days=MAX_DAYS):
        raise InvalidParameter(parameter, "not-a-duration", value=text)
    return int(found[1]) * UNITS[found[2]]


def end_of(text: str, now: datetime) -> datetime | None:
    """Return when a key expires: after a duration, or at the end of a day, month or year in UTC; None for never.

    Raises:
        InvalidParameter: it is neither, or in the past.

    >>> end_of("2030-01", datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2030-02-01T00:00:00+00:00'
    """
    if not text:
        return None
    if _DURATION.fullmatch(text):
        return now + duration_of("expires", text)
    try:
        end = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=date_range(text)[1] + 1 - _YEAR_1_TO_1970)
    except (InvalidDate, OverflowError):
        raise InvalidParameter("expires", "not-an-end", value=text) from None
    if end <= now:
        raise InvalidParameter("expires", "end-is-past", value=text)
    return end


def _id_of(named: str) -> str:
    """Return the id of a key that is named by its id or its secret, so that no error shows a secret."""
    return named.split("_")[1] if named.startswith(f"{PREFIX}_") else named


def _found(keys: Mapping[str, Key], key_id: str) -> Key:
    if key_id not in keys:
        raise UnknownKey(key_id)
    return keys[key_id]


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
