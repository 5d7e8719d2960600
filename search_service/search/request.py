"""The parameters of searches, defined once for GET, POST, the search page and the command line."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from search_service.core.errors import InvalidParameter
from search_service.engines.base import MAX_FACET_VALUES, MAX_WINDOW
from search_service.search.fragment_request import FragmentRequest
from search_service.search.parameters import WireNames
from search_service.search.request_types import (
    DateFrom,
    DateTo,
    FilterRanges,
    FilterValues,
    Names,
    Request,
)

MAX_SIZE = 100
"""Hits on one page."""

MAX_GROUP_SIZE = 10
"""Hits of one group; a filter shows more."""


class QueryRequest(Request):
    """A query and filters. The planner checks values that depend on the index."""

    q: Annotated[
        str, WireNames(option="QUERY"), Field(description="The query; an empty query matches every document.")
    ] = ""
    date_from: DateFrom = ""
    date_to: DateTo = ""
    advanced: Annotated[
        bool,
        Field(
            description="Read أو between words as OR, and ليس before any word as -. Without it, only OR, and "
            "ليس before a quotation, are operators."
        ),
    ] = False
    filters: FilterValues = Field(default_factory=dict)
    ranges: FilterRanges = Field(default_factory=dict)
    fields: Annotated[
        Names | None, WireNames(option="--field", metavar="FIELD"), Field(description="Search in these fields only.")
    ] = None
    understanding: Annotated[
        bool | Names,
        WireNames(metavar="STEP"),
        Field(
            description="Run these steps of query understanding only; true for all steps of the index, false for none."
        ),
    ] = True
    as_typed: Annotated[
        Names,
        WireNames(metavar="WORD"),
        Field(description="Words of the query, in any spelling, that are not corrected; the others are."),
    ] = ()

    def to_search(self) -> SearchRequest:
        """Return a search for these documents."""
        return SearchRequest(**{name: getattr(self, name) for name in QueryRequest.model_fields})


class SearchRequest(FragmentRequest, QueryRequest):
    """A search: a query and filters, the order and page of hits, and what to return."""

    page: Annotated[int | None, Field(ge=1, le=MAX_WINDOW, description="Number of the page.")] = None
    offset: Annotated[int, Field(ge=0, le=MAX_WINDOW, description="Hits to skip, instead of a page.")] = 0
    cursor: Annotated[
        str,
        Field(
            description="List all hits page by page: `*`, then `next_cursor` of each answer. Documents that change "
            "meanwhile move no other one from page to page. By relevance, a listing has the documents with the whole "
            "query as a phrase first, then those with most of its words, each in the order of ids."
        ),
    ] = ""
    size: Annotated[int, Field(ge=0, le=MAX_SIZE, description="Hits on a page.")] = 10
    sort: Annotated[
        str,
        WireNames(metavar="ORDER"),
        Field(description="Order: relevance, or a field, with - before it for descending."),
    ] = ""
    group_by: Annotated[
        str,
        WireNames(metavar="FIELD"),
        Field(
            description="Group hits by this keyword facet; size, page and offset count groups. A document without a "
            "value is a group of its own."
        ),
    ] = ""
    group_size: Annotated[
        int, Field(ge=1, le=MAX_GROUP_SIZE, description="Hits of each group; 100 on a page at most.")
    ] = 1
    facets: Annotated[
        Names, WireNames(option="--facet", metavar="FIELD"), Field(description="Count the values of these fields.")
    ] = ()
    facet_size: Annotated[int, Field(ge=1, le=MAX_FACET_VALUES, description="Values of each facet.")] = 20
    histogram: Annotated[
        str, WireNames(metavar="INTERVAL"), Field(description="Count documents by day, month or year.")
    ] = ""
    highlight: Annotated[
        bool | Names,
        WireNames(metavar="FIELD"),
        Field(description="Highlight these fields only; true for all fields, false for none."),
    ] = True
    source: Annotated[Names | None, WireNames(metavar="FIELD"), Field(description="Return these fields only.")] = None

    @model_validator(mode="after")
    def _one_way_of_paging(self) -> Self:
        if self.page is not None and "offset" in self.model_fields_set:
            raise InvalidParameter("page", "mutually-exclusive", other_parameter="offset")
        if self.cursor and self.page is not None:
            raise InvalidParameter("cursor", "mutually-exclusive", other_parameter="page")
        if self.cursor and self.offset:
            raise InvalidParameter("cursor", "mutually-exclusive", other_parameter="offset")
        if self.cursor and self.group_by:
            raise InvalidParameter("cursor", "mutually-exclusive", other_parameter="group_by")
        if self.cursor and not self.size:
            raise InvalidParameter("size", "out-of-range", value=0, low=1, high=MAX_SIZE)
        return self

    @property
    def start(self) -> int:
        """The position of the first hit, from 0."""
        return self.offset if self.page is None else (self.page - 1) * self.size
