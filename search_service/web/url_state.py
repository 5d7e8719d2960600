"""The state of a search in the URL of the page, so that links can be shared and the back button works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from search_service.core.index_name import IndexName

PAGE = "page"
INDEX = "index"
LANGUAGE, DIGITS, CALENDAR = "lang", "digits", "calendar"
DISPLAY = (LANGUAGE, DIGITS, CALENDAR)
"""How the page is shown, where the reader chose it: links and forms keep these. An address that has them needs no
cookie, and shows the same to everyone."""
READING = ("advanced", "understanding", "as_typed")
"""The parameters that decide how the query is read, as long as it is the same query."""
SEARCH = ("q", *READING, "page", "sort", "date_from", "date_to", "filters")
"""The search parameters that the page reads. All but `advanced` and `understanding` have a control or a link."""
FILTER = "filter."
"""What the parameters of `filters` begin with."""
SAFE = "/:"
"""Characters that need no escape in a query string."""
KNOWN = frozenset({*SEARCH, INDEX, *DISPLAY}) - {"filters"}
"""The names of parameters of a URL; filters have names of their own, which begin with `FILTER`."""


@dataclass(frozen=True, slots=True)
class State:
    """The non-empty parameters of a URL that the page knows, in order.

    Others come with links that are shared (`utm_source`, `fbclid`). They must not break the page, and its links drop
    them.
    """

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> State:
        """Return the state of a query string; of a repeated parameter the first value, unless it is a filter."""
        pairs: dict[tuple[str, str], None] = {}
        names: set[str] = set()
        for name, value in arguments.items(multi=True):
            is_filter = name.startswith(FILTER)
            if value and (is_filter or (name in KNOWN and name not in names)):
                pairs[name, value] = None
                names.add(name)
        return cls(tuple(pairs))

    @property
    def arguments(self) -> MultiDict[str, str]:
        """The parameters as of a query string."""
        return MultiDict(self.pairs)

    def get(self, name: str) -> str:
        """Return the first value of a parameter, or an empty string."""
        return next((value for known, value in self.pairs if known == name), "")

    def has(self, name: str, value: str) -> bool:
        """Return whether a parameter contains a value."""
        return (name, value) in self.pairs

    def without(self, *names: str) -> State:
        """Return the state without these parameters, on the first page."""
        return State(tuple(pair for pair in self.pairs if pair[0] not in (*names, PAGE)))

    def only(self, *names: str) -> State:
        """Return the state with these parameters only, and those of `DISPLAY`."""
        return State(tuple(pair for pair in self.pairs if pair[0] in (*names, *DISPLAY)))

    def showing(self, name: str, value: str) -> State:
        """Return the same page of the state with a parameter of `DISPLAY` set."""
        return State((*(pair for pair in self.pairs if pair[0] != name), (name, value)))

    @property
    def is_search(self) -> bool:
        """Whether the state selects documents of an index, or an order or page of them."""
        return any(name not in (INDEX, *DISPLAY) for name, _ in self.pairs)

    def updated(self, **values: str) -> State:
        """Return the state with these parameters set, on the first page unless `page` is among them."""
        kept = self.without(*values)
        return State((*kept.pairs, *((name, value) for name, value in values.items() if value)))

    def toggled(self, name: str, value: str) -> State:
        """Return the state with one value of a parameter added, or removed if it is there."""
        kept = self.without()
        if kept.has(name, value):
            return State(tuple(pair for pair in kept.pairs if pair != (name, value)))
        return State((*kept.pairs, (name, value)))

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the names of the parameters with a prefix, each once, in order."""
        return tuple(dict.fromkeys(name for name, _ in self.pairs if name.startswith(prefix)))

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter."""
        return tuple(value for known, value in self.pairs if known == name)

    def href(self, endpoint: str = "page.search", **parts: str) -> str:
        """Return the URL of a page in this state."""
        path = url_for(endpoint, **dict[str, Any](parts))
        return f"{path}?{urlencode(self.pairs, safe=SAFE)}" if self.pairs else path


def chosen_index(state: State, default_index: IndexName) -> IndexName:
    """Return the index that a URL names, or the default one.

    Raises:
        InvalidParameter: no index can have the name.
    """
    named = state.get(INDEX)
    return IndexName(named) if named else default_index
