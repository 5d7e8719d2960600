"""Explains the score of a document."""

from __future__ import annotations

from search_service.core.errors import EngineUnavailable
from search_service.core.results import Explanation, ScorePart
from search_service.engines.elasticsearch.search.queries import counting
from search_service.engines.elasticsearch.search.responses import total
from search_service.engines.elasticsearch.search.rule_selector import RulePredictor, select_rule
from search_service.engines.elasticsearch.search.session import SearchSession
from search_service.query.plan import SearchPlan


def explain(session: SearchSession, predictor: RulePredictor, plan: SearchPlan, document_id: str) -> Explanation:
    """Return whether a document matches, and what each term of each tier adds to its score.

    Raises:
        EngineUnavailable: it does not match the parts of the index that answer.
    """
    queries = session.queries
    plan, _ = select_rule(session, predictor, plan, lambda step: counting(queries.matching(step, step.filters)))
    body, named = queries.explain_queries(plan, document_id)
    [answer] = session.search([body], include_named_queries_score=True)
    scores = {name: value for hit in answer["hits"]["hits"] for name, value in hit.get("matched_queries", {}).items()}
    parts = [
        ScorePart(score.tier, score.field, term, scores[name])
        for name, (score, term) in named.items()
        if name in scores
    ]
    [counted] = session.search([counting(queries.matching_document(plan, document_id))])
    matches = total(counted) > 0
    if session.degraded and not matches:
        raise EngineUnavailable("not-explained", id=document_id, degraded=session.degraded)
    return Explanation(document_id, plan.rule, matches, tuple(sorted(parts, key=lambda part: -part.score)))
