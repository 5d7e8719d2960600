"""Counts all values of a facet; the facets of a page are counted by its search."""

from __future__ import annotations

from search_service.core.errors import InvalidParameter
from search_service.core.results import FacetBucket
from search_service.engines.elasticsearch.search.aggregations import MAX_VALUES, values
from search_service.engines.elasticsearch.search.queries import counting
from search_service.engines.elasticsearch.search.responses import buckets
from search_service.engines.elasticsearch.search.rule_selector import RulePredictor, select_rule
from search_service.engines.elasticsearch.search.session import Body, SearchSession
from search_service.query.plan import SearchPlan


def count_values(
    session: SearchSession, predictor: RulePredictor, plan: SearchPlan, name: str
) -> tuple[FacetBucket, ...]:
    """Count all values of one facet under every filter but its own.

    Raises:
        InvalidParameter: there are more than `MAX_VALUES`.
    """

    def body(step: SearchPlan) -> Body:
        matching = session.queries.matching(step, step.filters.without(name))
        return {**counting(matching), "aggs": {"counts": values(name).to_dict()}}

    _, answer = select_rule(session, predictor, plan, body)
    counts = answer["aggregations"]["counts"]
    if counts["sum_other_doc_count"]:
        raise InvalidParameter("facets", "too-many-distinct-values", fields=(name,), limit=MAX_VALUES)
    return buckets(counts)
