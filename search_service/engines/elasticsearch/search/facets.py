"""Counts the values of one facet; the facets of a page are counted by its search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from index_config.schema import Field, Schema
from search_service.core.filters import FacetOrder, Filters
from search_service.core.results import FacetBucket, FacetCounts
from search_service.engines.elasticsearch import fields
from search_service.engines.elasticsearch.search.aggregations import MAX_VALUES, values
from search_service.engines.elasticsearch.search.queries import counting
from search_service.engines.elasticsearch.search.responses import buckets, facet_counts
from search_service.engines.elasticsearch.search.rule_selector import RulePredictor, select_rule
from search_service.engines.elasticsearch.search.session import Body, SearchSession
from search_service.query.plan import SearchPlan

MAX_EXACT_GROUPS = 40_000
"""Different values that Elasticsearch counts with next to no error: the highest threshold that it has."""

PAGE_VALUES = 10_000
"""Values of one request where a field has more than `MAX_VALUES`: some 500 KB of JSON."""


def find_values(
    session: SearchSession,
    predictor: RulePredictor,
    plan: SearchPlan,
    name: str,
    size: int,
    matches: Callable[[str], bool] | None,
    order: FacetOrder,
) -> FacetCounts:
    """Count the values of one facet, or those that match, under every filter but its own."""

    def body(step: SearchPlan) -> Body:
        matching = session.queries.matching(step, step.filters.without(name))
        counted = values(session.queries.key(name), MAX_VALUES if matches else size, order)
        return {**counting(matching), "aggs": {"counts": counted}}

    selected, answer = select_rule(session, predictor, plan, body)
    counts = answer["aggregations"]["counts"]
    if matches is None:
        return facet_counts(counts)
    found = iter(buckets(counts))
    if counts["sum_other_doc_count"]:
        found = _all_values(session, body(selected)["query"], session.queries.key(name))
    # `_all_values` returns them in the order of the values, whatever is asked for.
    matching = [bucket for bucket in found if matches(bucket.value)]
    if order is FacetOrder.COUNT:
        matching.sort(key=lambda bucket: -bucket.count)
    return FacetCounts(tuple(matching[:size]))


def field_counts(session: SearchSession, filters: Filters) -> dict[str, int]:
    """Return how many documents have each indexed field, of those that pass some filters."""
    names = {field.name: name for field in session.schema.fields if (name := _counted_by(session.schema, field))}
    among = session.queries.filtered(filters)
    answer = session.search(
        [
            {
                "query": {"bool": {"filter": among}},
                "size": 0,
                "aggs": {field: {"filter": {"exists": {"field": name}}} for field, name in names.items()},
            }
        ]
    )[0]
    return {field: int(answer["aggregations"][field]["doc_count"]) for field in names}


def _counted_by(schema: Schema, field: Field) -> str:
    """Return the name of the field in Elasticsearch by which documents with a value are counted; empty if none is."""
    if field.kind.filter or field.kind.range:
        return fields.key(schema, field.name)
    return fields.terms("exact", field.name) if field.is_searched else ""


def count_groups(session: SearchSession, plan: SearchPlan, name: str) -> int:
    """Return the number of different values of a field of one value; each match without a value counts as one more."""
    key = session.queries.key(name)
    matching = session.queries.matching(plan, plan.filters)
    counts = {
        "values": {"cardinality": {"field": key, "precision_threshold": MAX_EXACT_GROUPS}},
        "without": {"missing": {"field": key}},
    }
    [answer] = session.search([{**counting(matching), "track_total_hits": False, "aggs": counts}])
    counted = answer["aggregations"]
    return int(counted["values"]["value"]) + int(counted["without"]["doc_count"])


def _all_values(session: SearchSession, query: Any, name: str) -> Iterator[FacetBucket]:
    """Yield every value of a field with its exact count, in the order of the values, page by page."""
    pages: Body = {"size": PAGE_VALUES, "sources": [{"value": {"terms": {"field": name}}}]}
    while True:
        [answer] = session.search([{"query": query, "size": 0, "aggs": {"values": {"composite": pages}}}])
        counted = answer["aggregations"]["values"]
        for bucket in counted["buckets"]:
            yield FacetBucket(str(bucket["key"]["value"]), int(bucket["doc_count"]))
        if "after_key" not in counted:
            return
        pages = {**pages, "after": counted["after_key"]}
