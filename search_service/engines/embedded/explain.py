"""Explains the score of a document."""

from __future__ import annotations

from search_service.core.results import Explanation, ScorePart
from search_service.engines.embedded.reader import Snapshot
from search_service.engines.embedded.rule_selector import select_rule
from search_service.query.plan import SearchPlan


def explain(snapshot: Snapshot, plan: SearchPlan, document_id: str) -> Explanation:
    """Return whether a document matches, and what each term of each tier adds to its score."""
    plan = select_rule(snapshot, plan)
    parts = []
    for score, term, query in snapshot.queries.explain_queries(plan, document_id):
        for value, _ in snapshot.searcher.search(query, 1, count=False).hits:
            parts.append(ScorePart(score.tier, score.field, term, value))
    query = snapshot.queries.restrict_to_document(snapshot.queries.matching(plan, plan.filters), document_id)
    matches = bool(snapshot.searcher.search(query, 1, count=False).hits)
    return Explanation(document_id, plan.rule, matches, tuple(sorted(parts, key=lambda part: -part.score)))
