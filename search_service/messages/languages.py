"""What the messages of a language must provide; one that is missing is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from search_service.core.errors import SearchServiceError


class Phrases(Protocol):
    """What sentences of a language share; a module implements it."""

    @property
    def TITLES(self) -> Mapping[type[SearchServiceError], str]: ...  # noqa: D102
    @property
    def TYPES(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def ALLOWED(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def NOT_READY(self) -> str: ...  # noqa: D102
    def allowed_range(self, low: object, high: object) -> str: ...  # noqa: D102
    def at_most(self, limit: object) -> str: ...  # noqa: D102


class Pages(Protocol):
    """What the pages of the problems say in a language; a module implements it."""

    @property
    def MEANINGS(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def REMEDIES(self) -> Mapping[type[SearchServiceError], str]: ...  # noqa: D102
    @property
    def REMEDIES_OF_HTTP(self) -> Mapping[str, str]: ...  # noqa: D102
