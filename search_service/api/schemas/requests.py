"""Requests of the HTTP interface other than searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from index_config.schema import Schema
from search_service.core.errors import InvalidParameter
from search_service.engines.base import MAX_FACET_VALUES
from search_service.search.fragment_request import FragmentRequest
from search_service.search.request import MAX_SIZE, QueryRequest, SearchRequest
from search_service.search.request_types import (
    DateFrom,
    DateTo,
    FilterRanges,
    FilterValues,
    Names,
    Request,
)
from search_service.search.service import MAX_SUGGESTIONS


class FacetRequest(QueryRequest):
    """A request for the values of one facet."""

    sort: Annotated[
        Literal["count", "value"],
        Field(description="Order: count, the most frequent first; or value, in Arabic order, numbers by value."),
    ] = "count"

    contains: Annotated[str, Field(description="Only values that contain this text after folding.")] = ""
    size: Annotated[int, Field(ge=1, le=MAX_FACET_VALUES, description="Maximum number of values.")] = 20


class SuggestRequest(Request):
    """A request for completions of an input."""

    q: Annotated[str, Field(description="The input to complete.")] = ""
    size: Annotated[
        int,
        Field(
            ge=1, le=MAX_SUGGESTIONS,
            description="Maximum number of suggestions: half of them words and phrases, as far as there are.",
        ),
    ] = 8  # fmt: skip
    date_from: DateFrom = ""
    date_to: DateTo = ""
    filters: FilterValues = Field(default_factory=dict)
    ranges: FilterRanges = Field(default_factory=dict)

    def to_search(self) -> SearchRequest:
        """Return a search for all documents that completions may be of."""
        return SearchRequest(
            filters=self.filters, ranges=self.ranges, date_from=self.date_from, date_to=self.date_to, highlight=False
        )


class DescribeRequest(Request):
    """A request for the description of an index."""

    values: Annotated[int, Field(ge=1, le=MAX_FACET_VALUES, description="Maximum number of values of each facet.")] = 10


JobKind = Literal["reindex", "doctor"]


class JobRequest(Request):
    """What a job is asked to do, besides its schema."""

    kind: Annotated[JobKind, Field(description="reindex: build the index anew from its documents; doctor: check it.")]
    keep: Annotated[int, Field(ge=0, le=100, description="How many earlier generations are kept for a rollback.")] = 1
    ignore_unknown: Annotated[bool, Field(description="Drop fields that the schema does not have.")] = False
    dry_run: Annotated[bool, Field(description="Only count the documents that fit the schema; change nothing.")] = False

    def options(self, schema: Schema | None) -> dict[str, Any]:
        """Return what the process of the job needs to know.

        Args:
            schema: what the index is to get; None for its own.
        """
        given = self.model_dump(exclude={"kind", "timeout_ms"})
        return {**given, "schema": schema.to_dict() if schema else None}


class SimilarRequest(Request):
    """A request for the documents most similar to one."""

    size: Annotated[int, Field(ge=1, le=MAX_SIZE, description="Maximum number of documents.")] = 10
    source: Annotated[Names | None, Field(description="Return these fields only.")] = None


Refresh = Annotated[
    Literal["false", "wait_for"],
    Field(description="wait_for: answer when searches find the change; false: when it is durable, a moment earlier."),
]


class ChangeRequest(Request):
    """A change of a document."""

    refresh: Refresh = "false"

    @property
    def wait(self) -> bool:
        """Whether to answer when searches find the change."""
        return self.refresh == "wait_for"


class DeleteRequest(ChangeRequest):
    """The removal of the documents that filters select. There must be a condition: to remove all, delete the index."""

    date_from: DateFrom = ""
    date_to: Annotated[DateTo, Field(examples=["2023-06"])] = ""
    filters: FilterValues = Field(default_factory=dict)
    ranges: FilterRanges = Field(default_factory=dict)
    dry_run: Annotated[
        bool, Field(description="Count the documents and show some ids; remove nothing.", examples=[True])
    ] = False

    @model_validator(mode="after")
    def _conditions(self) -> Self:
        if not (self.filters or self.ranges or self.date_from or self.date_to):
            raise InvalidParameter("filters", "condition-required")
        for name, values in self.filters.items():
            if not values:  # a search ignores such a filter
                raise InvalidParameter(f"filters.{name}", "value-required")
        return self

    def to_search(self, size: int) -> SearchRequest:
        """Return a search for these documents."""
        return SearchRequest(
            filters=self.filters, ranges=self.ranges, date_from=self.date_from, date_to=self.date_to,
            size=size, highlight=False, source=(),
        )  # fmt: skip


class IndexedSearch(SearchRequest):
    """A search of several, with its index. Its time ends with that of the whole request at the latest."""

    index: Annotated[str, Field(description="The name of the index.")]


MAX_SEARCHES = 20
"""Searches of one request: a page that searches several indexes has some, and each takes milliseconds."""


def _objects(searches: Any) -> Any:
    if not isinstance(searches, list) or not all(isinstance(one, dict) for one in searches):
        raise ValueError
    if len(searches) > MAX_SEARCHES:
        raise InvalidParameter("searches", "too-long", count=len(searches), limit=MAX_SEARCHES, unit="searches")
    return searches


class MultiSearchRequest(Request):
    """Several searches. Each is validated on its own, so that one that is invalid does not prevent the others."""

    searches: Annotated[
        Sequence[Any],
        BeforeValidator(_objects, json_schema_input_type=list[IndexedSearch]),
        Field(
            description=f"At most {MAX_SEARCHES} searches; they are answered one after the other.",
            json_schema_extra={"maxItems": MAX_SEARCHES},
        ),
    ]


class HighlightRequest(FragmentRequest):
    """A request for the fragments of a text that a query matches."""

    text: str = Field(description="The text to mark.")
    q: str = Field(description="The query.")


class AnalyzeRequest(Request):
    """A request for the tokens of a text."""

    text: str = Field(description="The text to analyse.")
    analyzer: Annotated[str, Field(description="Only this analyzer; all of them if empty.")] = ""
