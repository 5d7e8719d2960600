"""Aggregations: the histogram and facets of a plan, each under every filter but its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elasticsearch.dsl import A

from search_service.core.filters import FacetOrder, Filters, Interval
from search_service.engines.elasticsearch.search.query_dsl import Query, bool_query
from search_service.query.plan import SearchPlan

MAX_VALUES = 65_000
"""Distinct values to count if all are requested. Elasticsearch refuses more than 65,536 buckets."""

SHARD_VALUES = 10_000
"""Distinct values that each shard reports: counts are exact while no shard has more."""

_HISTOGRAM_FORMATS = {Interval.DAY: "uuuu-MM-dd", Interval.MONTH: "uuuu-MM", Interval.YEAR: "uuuu"}

Aggregation = dict[str, Any]

CompileFilters = Callable[[Filters], list[Query]]
NameKeys = Callable[[str], str]
"""Returns the name of the field that the values of a field are counted by."""


def counts(plan: SearchPlan, main: Filters, compile_filters: CompileFilters, key: NameKeys) -> dict[str, Aggregation]:
    """Return the aggregations of a plan; the query already applies the filters `main`."""

    def under_filters(name: str, aggregation: Aggregation) -> Aggregation:
        missing = difference(plan.filters.without(name), main)
        return {"filter": bool_query(filter=compile_filters(missing)), "aggs": {"counts": aggregation}}

    aggregations: dict[str, Aggregation] = {}
    for request in plan.facets:
        aggregations[f"facet {request.field}"] = under_filters(request.field, values(key(request.field), request.size))
    if plan.histogram:
        name, width = plan.histogram
        bars = A(
            "date_histogram", field=name, calendar_interval=width.value, format=_HISTOGRAM_FORMATS[width],
            min_doc_count=1,
        )  # fmt: skip
        aggregations["histogram"] = under_filters(name, bars.to_dict())
    return aggregations


def values(name: str, size: int = MAX_VALUES, order: FacetOrder = FacetOrder.COUNT) -> Aggregation:
    """Return the aggregation for the values of a field, most frequent first and ties by value, or by value."""
    keys = [{"_key": "asc"}] if order is FacetOrder.VALUE else [{"_count": "desc"}, {"_key": "asc"}]
    return A("terms", field=name, size=size, shard_size=max(size, SHARD_VALUES), order=keys).to_dict()


def main_filters(plan: SearchPlan) -> Filters:
    """Return the filters that the query can apply: all but those of fields with a facet or histogram."""
    counted = {request.field for request in plan.facets} | ({plan.histogram[0]} if plan.histogram else set())
    filters = plan.filters
    for name in counted:
        filters = filters.without(name)
    return filters


def difference(filters: Filters, applied: Filters) -> Filters:
    """Return the filters that are not among the applied ones."""
    missing = {name: allowed for name, allowed in filters.values.items() if name not in applied.values}
    ranges = tuple(bounds for bounds in filters.ranges if bounds not in applied.ranges)
    return Filters(missing, ranges, tuple(one for one in filters.restriction if one not in applied.restriction))
