"""Makes the answers of `evaluate --json`."""

from __future__ import annotations

from typing import Any

from search_service.api.serializers import completeness, sentence
from search_service.evaluation.comparison import Comparison, QueryChange
from search_service.evaluation.metrics import Evaluation


def evaluation(found: Evaluation, show_ranks: bool = False) -> dict[str, Any]:
    """Return how good a run is; times are unknown of a run from a file."""
    ranks = {"ranks": {query.id: found.ranks(query) for query in found.judgments.queries}} if show_ranks else {}
    return {
        "queries": len(found.judgments.queries),
        "unjudged": found.judgments.unjudged,
        "unknown": found.judgments.unknown,
        "measures": {measure: round(mean, 4) for measure, mean in found.means.items()},
        "p50_ms": found.run.latency_percentile(0.5),
        "p95_ms": found.run.latency_percentile(0.95),
        "without_hit": found.queries_without_hit,
        "refused": {query: sentence(reason) for query, reason in found.run.refused.items()},
        **completeness(found.run.degraded),
        **ranks,
    }


def comparison(found: Comparison) -> dict[str, Any]:
    """Return what has changed from one run to another."""
    return {
        "measures": {
            measure: {
                "before": round(one.before, 4),
                "after": round(one.after, 4),
                "change": round(one.change, 4),
                "p": one.p,
                "won": one.won,
                "lost": one.lost,
                "tied": one.tied,
            }
            for measure, one in found.measures.items()
        },
        "won": [_moved(one) for one in found.won],
        "lost": [_moved(one) for one in found.lost],
    }


def _moved(one: QueryChange) -> dict[str, Any]:
    return {"id": one.query.id, "text": one.query.text, "before": round(one.before, 4), "after": round(one.after, 4)}
