"""The name of an index."""

from __future__ import annotations

from typing import Self

from index_config.schema import NAME_PATTERN
from search_service.core.errors import InvalidParameter


class IndexName(str):
    """A name that an index can have. Engines make paths and requests of it, so they take nothing else.

    Raises:
        InvalidParameter: the text is not a valid name.

    >>> IndexName("news")
    'news'
    >>> IndexName("../news")
    Traceback (most recent call last):
    search_service.core.errors.InvalidParameter: not-an-index-name: parameter='index' value='../news'
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the text."""
        if not NAME_PATTERN.fullmatch(text):
            raise InvalidParameter("index", "not-an-index-name", value=text)
        return super().__new__(cls, text)
