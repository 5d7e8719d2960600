"""A search as a caller asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as a caller asks for it; names and values are checked when it is planned.

    Attributes:
        q: the query; empty matches everything.
        filters: the wanted values of each field.
        date_from: first day or moment of the schema's date, included.
        date_to: last day or moment, included.
        ranges: lowest and highest value of further fields, as texts, each empty for no bound.
        fields: the fields to search; None for all searched fields of the schema.
        facets: the fields whose values are counted.
        facet_size: values of each facet.
        histogram: `day`, `month` or `year` of the schema's date, or empty.
        sort: `relevance` or a sortable field, `-` before it for descending; empty for relevance when there is a query
            and for the schema's default order when there is none.
        highlight: the fields to highlight; None for all searched fields, empty for none.
    """

    q: str = ""
    filters: Mapping[str, Sequence[str]] | None = None
    date_from: str = ""
    date_to: str = ""
    ranges: Mapping[str, tuple[str, str]] | None = None
    fields: Sequence[str] | None = None
    facets: Sequence[str] = ()
    facet_size: int = 20
    histogram: str = ""
    sort: str = ""
    offset: int = 0
    size: int = 10
    highlight: Sequence[str] | None = None
