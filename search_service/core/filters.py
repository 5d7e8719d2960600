"""What restricts, orders and counts the results of a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """A closed range over a sortable number: dates as seconds since 0001-01-01T00:00:00Z, numbers as they are."""

    field: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What restricts the results beside the query: within a field values are alternatives, fields all hold."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: tuple[RangeFilter, ...] = ()

    def without(self, name: str) -> Filters:
        """Return the filters of every other field (for counting a facet under all filters but its own)."""
        values = {key: wanted for key, wanted in self.values.items() if key != name}
        return Filters(values, tuple(r for r in self.ranges if r.field != name))

    def __bool__(self) -> bool:
        return bool(self.values or self.ranges)


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of results: by relevance, or by a field. Ties always follow in ascending order of the ids."""

    field: str = ""
    descending: bool = False

    @property
    def by_relevance(self) -> bool:
        """Whether the score decides."""
        return not self.field


BY_RELEVANCE = Sort()


class Interval(StrEnum):
    """The width of a bar of a date histogram."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Count the values of a field: the `size` most frequent ones."""

    field: str
    size: int
