"""Filters, sort orders and facet requests of a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """A closed range of numbers; dates are seconds since 0001-01-01T00:00:00Z. None is an open end."""

    field: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """Any of some values of a field, as they are indexed."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of a search: a document has any of the values of each field, and is in every range.

    Attributes:
        restriction: what the caller may see, besides the filters of the request. Nothing is read without it: no facet,
            no document frequency, no count that decides between match rules.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: tuple[RangeFilter, ...] = ()
    restriction: tuple[ValueFilter, ...] = ()

    def without(self, name: str) -> Filters:
        """Return the filters of every other field: a facet is counted without its own filter."""
        values = {key: allowed for key, allowed in self.values.items() if key != name}
        return replace(self, values=values, ranges=tuple(r for r in self.ranges if r.field != name))

    @property
    def restriction_only(self) -> Filters:
        """The restriction without the filters of the request."""
        return Filters(restriction=self.restriction) if self.restriction else NO_FILTERS

    def __bool__(self) -> bool:
        return bool(self.values or self.ranges or self.restriction)


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of hits: by relevance, or by a field. Ties are in ascending order of ids."""

    field: str = ""
    descending: bool = False

    @property
    def by_relevance(self) -> bool:
        """Whether hits are ordered by score."""
        return not self.field


BY_RELEVANCE = Sort()


class Interval(StrEnum):
    """The width of a bucket of a date histogram."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class FacetOrder(StrEnum):
    """The order of the values of a facet: the most frequent first, or as a sort by the field orders them."""

    COUNT = "count"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """A request for the `size` most frequent values of a field."""

    field: str
    size: int
