"""Facets and histograms: exact counts of the values of a field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tantivy
from tantivy import Query

from index_config.field_kinds import ValueType
from index_config.schema import Field
from search_service.core.dates import day_name, month_name
from search_service.core.deadline import check_deadline
from search_service.core.errors import EngineFault, InvalidParameter
from search_service.core.filters import Interval
from search_service.core.results import FacetBucket
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot
from search_service.query.plan import SearchPlan

MAX_VALUES = 65_000
"""Maximum of distinct values. tantivy counts each segment separately and merges the most frequent values of each, so
the sums are exact only if it keeps all values of each segment. Its own limit is 65,000 buckets."""


def facet_counts(snapshot: Snapshot, plan: SearchPlan) -> dict[str, tuple[FacetBucket, ...]]:
    """Count every facet of a plan, each under all filters but its own.

    Facets without a filter share one aggregation.
    """
    own = [request for request in plan.facets if request.field in plan.filters.values]
    shared = [request for request in plan.facets if request not in own]
    counts: dict[str, tuple[FacetBucket, ...]] = {}
    for group in ([shared] if shared else []) + [[request] for request in own]:
        filters = plan.filters.without(group[0].field) if group[0] in own else plan.filters
        names = [request.field for request in group]
        buckets = _terms(snapshot.searcher, snapshot.queries.matching(plan, filters), names)
        for request in group:
            field = snapshot.schema.field(request.field)
            counts[request.field] = _ordered(buckets[request.field], field)[: request.size]
    return {request.field: counts[request.field] for request in plan.facets}


def count_values(snapshot: Snapshot, plan: SearchPlan, name: str) -> tuple[FacetBucket, ...]:
    """Count all values of one facet under every filter but its own."""
    query = snapshot.queries.matching(plan, plan.filters.without(name))
    return _ordered(_terms(snapshot.searcher, query, [name])[name], snapshot.schema.field(name))


def histogram(snapshot: Snapshot, plan: SearchPlan, name: str, width: Interval) -> tuple[FacetBucket, ...]:
    """Count documents by day, month or year of a date, under every filter but the one on that date, in time order."""
    query: Query = snapshot.queries.matching(plan, plan.filters.without(name))
    column = fields.interval(name, width)
    label = {Interval.DAY: day_name, Interval.MONTH: month_name, Interval.YEAR: "{:04}".format}[width]
    buckets = _terms(snapshot.searcher, query, [column])[column]
    in_order = sorted((int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
    return tuple(FacetBucket(label(number), count) for number, count in in_order)


def _terms(searcher: tantivy.Searcher, query: Query, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    request = {name: {"terms": {"field": name, "size": MAX_VALUES, "segment_size": MAX_VALUES}} for name in names}
    check_deadline()
    try:
        answer = searcher.aggregate(query, request)
    except ValueError as error:
        if "bucket" not in str(error).lower():
            raise EngineFault("facets-failed", fields=tuple(names), reason=str(error)) from error
        raise InvalidParameter("facets", "too-many-distinct-values", fields=tuple(names), limit=MAX_VALUES) from error
    return {name: answer[name]["buckets"] for name in names}


def _ordered(buckets: list[dict[str, Any]], field: Field | None) -> tuple[FacetBucket, ...]:
    """Sort buckets by count, ties by value."""
    integers = field is not None and field.kind.value_type is ValueType.INTEGER
    named = [(-int(b["doc_count"]), int(b["key"]) if integers else str(b["key"])) for b in buckets]
    return tuple(FacetBucket(str(value), -count) for count, value in sorted(named))
