"""The parameters of requests, by the names that the HTTP interface gives them.

All are optional: what is absent has the default of the service. The README of the service describes them at length.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Required, TypedDict

from arabic_search_client.schemas import SchemaDefinition

FilterValue = str | int | bool
Filters = Mapping[str, FilterValue | Sequence[FilterValue]]
"""Values by field. A document has one of the values of each field."""

Bounds = TypedDict("Bounds", {"from": str | int | float, "to": str | int | float}, total=False)
"""A range: `{"from": 2020, "to": 2024}`. Both ends are included, one may be absent."""

Ranges = Mapping[str, Bounds]
Refresh = Literal["false", "wait_for"]

SCAN_SIZE = 100
"""Hits of a request of `scan`: the most that the service allows, for the fewest requests."""


class CommonParameters(TypedDict, total=False):
    """What every operation on an index has.

    Attributes:
        timeout_ms: milliseconds that the service may take for the answer.
    """

    timeout_ms: int


class SelectionParameters(CommonParameters, total=False):
    """Which documents.

    Attributes:
        filters: values that they have.
        ranges: ranges in which their values are.
        date_from: the first day (`2024-03-11`), month (`2024-03`) or year.
        date_to: the last one, included.
    """

    filters: Filters
    ranges: Ranges
    date_from: str
    date_to: str


class QueryParameters(SelectionParameters, total=False):
    """How a query is read, and among which documents it is searched.

    Attributes:
        advanced: read أو between words as OR, and ليس before any word as -. Without it, only OR, and ليس before a
            quotation, are operators.
        fields: search in these fields only.
        understanding: run these steps of query understanding only; False for none.
        as_typed: words of the query, in any spelling, that are not corrected.
    """

    advanced: bool
    fields: Sequence[str]
    understanding: bool | Sequence[str]
    as_typed: Sequence[str]


class FragmentParameters(CommonParameters, total=False):
    """How fragments are cut and marked.

    Attributes:
        highlight_before: what a mark begins with in `html`, such as `<em>`.
        highlight_after: what it ends with.
        fragment_length: characters of a fragment.
        fragments: fragments of a field at most.
    """

    highlight_before: str
    highlight_after: str
    fragment_length: int
    fragments: int


class ScanParameters(QueryParameters, FragmentParameters, total=False):
    """A search for all hits; `size` is that of each request.

    Attributes:
        size: hits on a page, at most 100.
        sort: `relevance`, or a field, with `-` before it for descending.
        highlight: highlight these fields only; False for none.
        source: return these fields only.
    """

    size: int
    sort: str
    highlight: bool | Sequence[str]
    source: Sequence[str]


class SearchParameters(ScanParameters, total=False):
    """A search.

    Attributes:
        page: the number of the page, from 1.
        offset: hits to skip, instead of a page.
        cursor: `*` for the first page of all hits, then `next_cursor` of each answer; `scan` does this.
        group_by: group hits by this keyword facet.
        group_size: hits of each group.
        facets: count the values of these fields.
        facet_size: values of each facet.
        histogram: count documents by `day`, `month` or `year`.
    """

    page: int
    offset: int
    cursor: str
    group_by: str
    group_size: int
    facets: Sequence[str]
    facet_size: int
    histogram: str


class IndexedSearch(SearchParameters, total=False):
    """A search of `multi_search`.

    Attributes:
        index: the name of the index.
        q: the query.
    """

    index: Required[str]
    q: str


class FacetParameters(QueryParameters, total=False):
    """The values of one facet.

    Attributes:
        contains: only values that contain this text, in any spelling.
        sort: the most frequent first (`count`), or in Arabic order (`value`).
        size: values at most.
    """

    contains: str
    sort: Literal["count", "value"]
    size: int


class SuggestParameters(SelectionParameters, total=False):
    """What completes an input, from these documents only.

    Attributes:
        size: suggestions at most: half of them words and phrases, as far as there are.
    """

    size: int


class SimilarParameters(CommonParameters, total=False):
    """Documents like one.

    Attributes:
        size: documents at most.
        source: return these fields only.
    """

    size: int
    source: Sequence[str]


class AnalyzeParameters(CommonParameters, total=False):
    """Tokens of a text.

    Attributes:
        analyzer: only those of this analyzer.
    """

    analyzer: str


class RefreshParameters(CommonParameters, total=False):
    """When a change is answered: it is durable then in any case.

    Attributes:
        refresh: `wait_for`: when searches find it; else a moment earlier.
    """

    refresh: Refresh


class ChangeParameters(RefreshParameters, total=False):
    """A change of one document, with the conditions of it; a condition that does not hold is `PreconditionFailed`.

    Attributes:
        if_match: change the document only if it has this `etag`; `*`: only if it exists.
        if_none_match: change it only if it has not this `etag`; `*`: only if it does not exist.
    """

    if_match: str
    if_none_match: str


class RemovalParameters(SelectionParameters, RefreshParameters, total=False):
    """The removal of the documents that filters select.

    Attributes:
        dry_run: only count them and return some ids.
    """

    dry_run: bool


class DescribeParameters(CommonParameters, total=False):
    """The description of an index.

    Attributes:
        values: values of each facet at most.
    """

    values: int


class JobParameters(CommonParameters, total=False):
    """What a job of kind `reindex` is to do.

    Attributes:
        schema: the name of a packaged schema, or a schema; else that of the index.
        keep: how many earlier generations are kept for a rollback.
        ignore_unknown: drop fields that the schema does not have.
        dry_run: only count the documents that fit the schema.
    """

    schema: str | SchemaDefinition
    keep: int
    ignore_unknown: bool
    dry_run: bool
