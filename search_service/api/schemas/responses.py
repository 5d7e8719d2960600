"""What answers look like: plain data with the names that callers rely on, for HTTP, the page and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index_config.analyzers import ANALYZERS
from search_service.analysis.analyzer import Token
from search_service.core.document import Document
from search_service.core.index_state import CheckResult, GenerationStats, IndexStats
from search_service.core.message import Message
from search_service.core.results import Completion, FacetBucket, Partial
from search_service.evaluation.comparison import Comparison, QueryChange
from search_service.evaluation.metrics import Evaluation
from search_service.evaluation.run import Run
from search_service.highlight.fragmenter import Fragment
from search_service.messages.rendering import FrontEnd, render
from search_service.search.service import Correction, Explained, Hit, SearchResponse


def search_response(response: SearchResponse, source: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the answer to a search; `source` restricts the fields of the hits."""
    answer: dict[str, Any] = {
        "total": response.total,
        "match_rule": response.match_rule,
        "minimum_should_match": response.minimum_should_match,
        "relaxed": response.relaxed,
        "corrections": _corrections(response.corrections),
        "hits": hits(response.hits, source),
        "facets": {name: buckets(counted) for name, counted in response.facets.items()},
        "took_ms": response.took_ms,
        **partial(response),
    }
    if response.histogram is not None:
        answer["histogram"] = buckets(response.histogram)
    return answer


def _corrections(found: Sequence[Correction]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "from": one.word, "to": list(one.corrected_to)} for one in found]


def sentence(reported: Message) -> str:
    """Return the English sentence of a message."""
    return render(reported, FrontEnd.JSON_BODY)


def partial(found: SearchResponse | Partial[Any] | Run) -> dict[str, Any]:
    """Return the members that say whether the whole index answered, and which parts did not."""
    return {"partial": bool(found.degraded), "warnings": [sentence(one) for one in found.degraded]}


def hits(found: Iterable[Hit], source: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Return found documents; `source` restricts their fields."""
    return [
        {
            "id": hit.id,
            "score": hit.score,
            "matched_by": list(hit.matched_by),
            "source": {k: v for k, v in hit.source.items() if source is None or k in source},
            "highlights": {name: [fragment(piece) for piece in pieces] for name, pieces in hit.highlights.items()},
        }
        for hit in found
    ]


def fragment(piece: Fragment) -> dict[str, Any]:
    """Return a fragment; its marks count code points of the whole value, which `text` is the part from `start` of."""
    return {
        "html": piece.html,
        "text": piece.text,
        "marks": [list(mark) for mark in piece.marks],
        "value": piece.value,
        "start": piece.start,
    }


def explanation(explained: Explained) -> dict[str, Any]:
    """Return why a document stands where it does: `reasons` in words, `parts` by the terms of the index."""
    found = explained.explanation
    return {
        "id": found.id,
        "matches": found.matches,
        "match_rule": found.rule.name,
        "minimum_should_match": found.rule.minimum_should_match,
        "relaxed": found.rule.relaxed,
        "corrections": _corrections(explained.corrections),
        "score": round(found.score, 4),
        "reasons": [
            {
                "tier": reason.tier,
                "field": reason.field or None,
                "meaning": reason.meaning,
                "score": round(reason.score, 4),
                "contributions": [
                    {"words": contribution.words, "score": round(contribution.score, 4)}
                    for contribution in reason.contributions
                ],
            }
            for reason in explained.reasons
        ],
        "parts": [
            {"tier": part.tier, "field": part.field or None, "term": part.term, "score": round(part.score, 4)}
            for part in found.parts
        ],
    }


def buckets(counted: Iterable[FacetBucket]) -> list[dict[str, Any]]:
    """Return counted values."""
    return [{"value": bucket.value, "count": bucket.count} for bucket in counted]


def completions(found: Iterable[Completion]) -> list[dict[str, str]]:
    """Return completions."""
    return [{"text": one.text, "field": one.field, "id": one.id} for one in found]


def document(found: Document) -> dict[str, Any]:
    """Return a document as it was indexed."""
    return {"id": found.id, "source": dict(found.source)}


def analysis(tokens: Mapping[str, Sequence[Token]]) -> dict[str, Any]:
    """Return the tokens of each analyzer with the parts it is made of."""
    parts = {analyzer.name: analyzer for analyzer in ANALYZERS}
    return {
        "analyzers": {
            name: {
                "char_filter": parts[name].char_filter,
                "tokenizer": parts[name].tokenizer,
                "filters": list(parts[name].filters),
                "tokens": [
                    {"text": token.text, "start": token.start, "end": token.end, "position": token.position}
                    for token in found
                ],
            }
            for name, found in tokens.items()
        }
    }


def check_result(found: CheckResult) -> dict[str, Any]:
    """Return what was looked at in an index, and what was seen."""
    return {"check": found.check, "ok": found.ok, "detail": sentence(found.detail)}


def index_stats(stats: IndexStats) -> dict[str, Any]:
    """Return the state of an index."""
    return {
        "name": stats.name,
        "state": stats.state.value,
        "schema": stats.schema,
        "documents": stats.documents,
        "size_bytes": stats.size_bytes,
        "fingerprint": stats.fingerprint,
        "created": stats.created,
        "problem": sentence(stats.problem) if stats.problem else "",
    }


def generations(found: Iterable[GenerationStats]) -> list[dict[str, Any]]:
    """Return the generations of an index."""
    return [generation(one) for one in found]


def generation(stats: GenerationStats) -> dict[str, Any]:
    """Return one generation."""
    return {
        "name": stats.name,
        "state": stats.state.value,
        "documents": stats.documents,
        "size_bytes": stats.size_bytes,
        "created": stats.created,
    }


def evaluation(found: Evaluation) -> dict[str, Any]:
    """Return how good a run is; times are unknown of a run from a file."""
    return {
        "queries": len(found.judgments.queries),
        "unjudged": found.judgments.unjudged,
        "unknown": found.judgments.unknown,
        "measures": {measure: round(mean, 4) for measure, mean in found.means.items()},
        "p50_ms": found.run.latency_percentile(0.5),
        "p95_ms": found.run.latency_percentile(0.95),
        "without_hit": found.queries_without_hit,
        "refused": {query: sentence(reason) for query, reason in found.run.refused.items()},
        **partial(found.run),
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
