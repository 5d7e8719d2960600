"""The caller of the request that is being answered, and what it may do.

A front end sets it for the current context, as it does with the deadline, and the guarded engine (`guard.py`) reads it.
Without one, as on the command line and in jobs, it is the service itself, which may do everything.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

from search_service.access.keys import SCOPES, Key, Scope, matches_any
from search_service.core.errors import Forbidden
from search_service.core.filters import ValueFilter

EVERY_INDEX = ("*",)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        scopes: what it may do.
        indexes: patterns; it sees an index that matches one of them.
        filters: it sees a document that passes all of them.
        key_id: the id of its key; empty if it has none.
        restrictions: its filters as the guard has checked them for each index; a caller lasts for one request.
    """

    scopes: tuple[Scope, ...]
    indexes: tuple[str, ...] = EVERY_INDEX
    filters: tuple[ValueFilter, ...] = ()
    key_id: str = ""
    restrictions: dict[str, tuple[ValueFilter, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, key: Key) -> Caller:
        """Return the caller that has a key."""
        filters = tuple(ValueFilter(field, values) for field, values in key.filters.items())
        return cls(key.scopes, key.indexes, filters, key.id)

    def may(self, scope: Scope) -> bool:
        """Whether it may do something; `admin` is everything."""
        return scope in self.scopes or "admin" in self.scopes

    def sees(self, index: str) -> bool:
        """Whether it sees an index."""
        return self.indexes == EVERY_INDEX or matches_any(index, self.indexes)

    def require_index(self, index: str) -> None:
        """Raise Forbidden unless it sees an index, which need not exist."""
        if not self.sees(index):
            raise Forbidden("index-not-allowed", index=index, allowed=self.indexes)


SERVICE = Caller(SCOPES)
"""The service itself."""

_current: ContextVar[Caller] = ContextVar("caller", default=SERVICE)


def current_caller() -> Caller:
    """Return the caller of the current request."""
    return _current.get()


def set_caller(caller: Caller) -> None:
    """Set the caller of the current request."""
    _current.set(caller)
