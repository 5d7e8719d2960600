"""What both clients are made with."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypedDict, Unpack

Language = Literal["en", "ar"]


class ClientOptions(TypedDict, total=False):
    """The options of a client.

    Attributes:
        key: the secret of a key, `ars_…`; none by default.
        timeout: seconds without progress after which a request has failed; 30 by default. The service answers
            within its REQUEST_TIMEOUT, 10 by default.
        retries: how often a request is sent again at most; 3 by default, 0 for never.
        max_retry_seconds: an error whose `retry_after` is longer is raised at once; 10 by default.
        language: of `title`, `detail` and `allowed` of problems; English by default.
        request_id: returns the id of a request (`X-Request-ID`), such as the one that the caller itself is answering.
            By default the service makes one.
    """

    key: str
    timeout: float
    retries: int
    max_retry_seconds: float
    language: Language
    request_id: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Checked options with their defaults.

    >>> Options(base_url="https://search.example/", key="ars_secret")
    Options(base_url='https://search.example', timeout=30.0, retries=3, max_retry_seconds=10.0, language='en')
    """

    base_url: str
    key: str = field(default="", repr=False)
    timeout: float = 30.0
    retries: int = 3
    max_retry_seconds: float = 10.0
    language: Language = "en"
    request_id: Callable[[], str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("http://", "https://")):
            raise ValueError(f"base_url is {self.base_url!r}; it begins with http:// or https://")
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))


class Configured:
    """A client with options, which may use the connections of another one."""

    options: Options
    _is_owner: bool

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """Return a client with other options, which uses the connections of this one and does not close them."""
        other = copy.copy(self)
        other.options = replace(self.options, **options)
        other._is_owner = False
        return other
