"""Chooses the match rule of a plan."""

from __future__ import annotations

from search_service.core.deadline import check_deadline
from search_service.engines.embedded.reader import Snapshot
from search_service.engines.embedded.term_stats import document_count
from search_service.query.plan import SearchPlan
from search_service.ranking.match_rules import select_match_rule


def select_rule(snapshot: Snapshot, plan: SearchPlan) -> SearchPlan:
    """Return the plan with its match rule chosen."""

    def count(step: SearchPlan) -> int:
        return _hits(snapshot, step)

    return select_match_rule(plan, lambda: document_count(snapshot, plan.filters.restriction_only), count)


def total(snapshot: Snapshot, plan: SearchPlan) -> int:
    """Return the number of hits of a plan under the match rule that is chosen for it."""
    return _hits(snapshot, select_rule(snapshot, plan) if plan.looser else plan)


def _hits(snapshot: Snapshot, step: SearchPlan) -> int:
    check_deadline()
    query = snapshot.queries.matching(step, step.filters)
    hits: int = snapshot.searcher.search(query, 1).count  # type: ignore[attr-defined]
    return hits
