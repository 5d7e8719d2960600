"""The kinds of values that settings have: how each is read from text, and what is allowed.

What is wrong with a secret is said without the secret. The same holds for addresses, and for the names of
files that hold a secret: people put passwords there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index_config.schema import NAME_PATTERN

INDEX_NAME_RULE = "a-z, 0-9, _ and -, beginning with a letter, at most 63 characters"

_WHOLE = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_API_KEY = re.compile(r"[A-Za-z0-9+/=_-]+")


class WrongValue(Exception):
    """A text that a setting cannot be; says what is wrong with it, for a secret without showing it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of values.

    Attributes:
        allowed: what a value may be, as an error says it.
        read: turns text into a value, or raises `WrongValue`.
        types: how a TOML file may write it.
        secret: never shown; it can also be read from a file of its own.
    """

    allowed: str
    read: Callable[[str], Any]
    types: tuple[type, ...] = (str,)
    secret: bool = False


def choice(noun: str, *values: str) -> Kind:
    """One of several words."""
    return matching(noun, " or ".join(values), re.compile("|".join(map(re.escape, values))))


def matching(noun: str, allowed: str, pattern: re.Pattern[str]) -> Kind:
    """Text of a pattern.

    >>> matching("a colour", "a-z", re.compile("[a-z]+")).read("Red")
    Traceback (most recent call last):
    search_service.config.values.WrongValue: 'Red' is not a colour
    """

    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise WrongValue(f"{text!r} is not {noun}")
        return text

    return Kind(allowed, read)


def whole(noun: str, allowed: str, low: int, high: int | None = None) -> Kind:
    """A whole number between two bounds."""

    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text) or int(text) < low or (high is not None and int(text) > high):
            raise WrongValue(f"{text!r} is not {noun}")
        return int(text)

    return Kind(allowed, read, (int,))


def seconds(high: int) -> Kind:
    """A time."""

    def read(text: str) -> float:
        if not _DECIMAL.fullmatch(text) or not 0 < float(text) <= high:
            raise WrongValue(f"{text!r} is not a time")
        return float(text)

    return Kind(f"a number of seconds above 0, up to {high}", read, (int, float))


INDEX_NAME = matching("the name of an index", INDEX_NAME_RULE, NAME_PATTERN)
INDEX_PREFIX = matching("a beginning of index names", "a-z, 0-9, _ and -, beginning with a letter or a digit", _PREFIX)
SIZE = whole("a size", "a number of bytes", 1)
SHARDS = whole("a number of shards", "1 to 1024", 1, 1024)
REPLICAS = whole("a number of replicas", "0 to 10", 0, 10)
TIMEOUT = seconds(600)
PATH = Kind("a path", Path)


def _addresses(text: str) -> tuple[str, ...]:
    addresses = text.replace(",", " ").split()
    for number, address in enumerate(addresses, start=1):
        problem = _problem_of_address(address)
        if problem:
            raise WrongValue(problem if len(addresses) == 1 else f"address {number} of {len(addresses)} {problem}")
    if not addresses:
        raise WrongValue("holds no address")
    return tuple(dict.fromkeys(address.rstrip("/") for address in addresses))


def _problem_of_address(address: str) -> str:
    """Say what is wrong with an address, without showing it; nothing when it is right."""
    if "@" in address:
        return "holds a user or a password; they belong into ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD"
    if not address.startswith(("http://", "https://")):
        return "does not begin with http:// or https://"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "has no valid host and port"
    if parts.query or parts.fragment:
        return "goes on after the path"
    if not host:
        return "names no host"
    return "" if port else "names no port"


ADDRESSES = Kind(
    "http://HOST:PORT or https://HOST:PORT, several with commas or spaces between", _addresses, (str, list)
)


def _password(text: str) -> str:
    if _CONTROL.search(text):
        raise WrongValue("holds a line break or another control character")
    return text


def _api_key(text: str) -> str:
    if not _API_KEY.fullmatch(text):
        raise WrongValue("is not an encoded API key")
    return text


PASSWORD = Kind("text in one line", _password, secret=True)
API_KEY = Kind("the member 'encoded' of what Elasticsearch answered when it made the key", _api_key, secret=True)
USER = matching("a user", "text in one line, without a colon", re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff:]+"))
