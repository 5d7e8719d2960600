"""Makes the answers of the HTTP interface, and of commands with `--json`, from what the use cases return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index_config.analyzers import ANALYZERS_BY_NAME
from search_service.analysis.analyzer import Token
from search_service.api.schemas import responses
from search_service.core.document import Document
from search_service.core.index_state import CheckResult, GenerationStats, IndexStats
from search_service.core.message import Message
from search_service.core.results import Completion, FacetBucket, ScorePart
from search_service.highlight.fragmenter import Fragment
from search_service.messages.rendering import FrontEnd, render
from search_service.query.understanding.context import Correction
from search_service.search.explain import Reason
from search_service.search.service import Explained, Hit, SearchResponse


def sentence(reported: Message) -> str:
    """Return the English sentence of a message."""
    return render(reported, FrontEnd.JSON_BODY)


def completeness(degraded: Iterable[Message]) -> responses.Completeness:
    """Return the members that say whether the whole index answered."""
    warnings = [sentence(one) for one in degraded]
    return {"partial": bool(warnings), "warnings": warnings}


def search_result(response: SearchResponse) -> responses.SearchResult:
    """Return the answer to a search."""
    complete = completeness(response.degraded)
    answer: responses.SearchResult = {
        "total": response.total,
        "match_rule": response.match_rule,
        "minimum_should_match": response.minimum_should_match,
        "relaxed": response.relaxed,
        "corrections": _corrections(response.corrections),
        "hits": hits(response.hits),
        "facets": {name: buckets(counted) for name, counted in response.facets.items()},
        "took_ms": response.took_ms,
        "partial": complete["partial"],
        "warnings": complete["warnings"],
    }
    if response.histogram is not None:
        answer["histogram"] = buckets(response.histogram)
    return answer


def _corrections(found: Iterable[Correction]) -> list[responses.Correction]:
    return [{"kind": one.kind, "from": one.word, "to": list(one.corrected_to)} for one in found]


def hits(found: Iterable[Hit]) -> list[responses.Hit]:
    """Return found documents."""
    return [
        {
            "id": hit.id,
            "score": hit.score,
            "matched_by": list(hit.matched_by),
            "source": dict(hit.source),
            "highlights": {name: [fragment(piece) for piece in pieces] for name, pieces in hit.highlights.items()},
        }
        for hit in found
    ]


def fragment(piece: Fragment) -> responses.Fragment:
    """Return a fragment."""
    return {
        "html": piece.html,
        "text": piece.text,
        "marks": [list(mark) for mark in piece.marks],
        "value": piece.value,
        "start": piece.start,
    }


def buckets(counted: Iterable[FacetBucket]) -> list[responses.Bucket]:
    """Return counted values."""
    return [{"value": bucket.value, "count": bucket.count} for bucket in counted]


def completions(found: Iterable[Completion]) -> list[responses.Completion]:
    """Return completions."""
    return [{"text": one.text, "field": one.field, "id": one.id} for one in found]


def explanation(explained: Explained) -> responses.Explanation:
    """Return the score of a document by tier and word, and by term."""
    found = explained.explanation
    return {
        "id": found.id,
        "matches": found.matches,
        "match_rule": found.rule.name,
        "minimum_should_match": found.rule.minimum_should_match,
        "relaxed": found.rule.relaxed,
        "corrections": _corrections(explained.corrections),
        "score": round(found.score, 4),
        "reasons": [_reason(reason) for reason in explained.reasons],
        "parts": [_score_part(part) for part in found.parts],
    }


def _reason(reason: Reason) -> responses.Reason:
    return {
        "tier": reason.tier,
        "field": reason.field or None,
        "meaning": sentence(reason.meaning),
        "score": round(reason.score, 4),
        "contributions": [{"words": one.words, "score": round(one.score, 4)} for one in reason.contributions],
    }


def _score_part(part: ScorePart) -> responses.ScorePart:
    return {"tier": part.tier, "field": part.field or None, "term": part.term, "score": round(part.score, 4)}


def document(found: Document) -> responses.Document:
    """Return a document as it was indexed."""
    return {"id": found.id, "source": dict(found.source)}


def analysis(tokens: Mapping[str, Sequence[Token]]) -> responses.Analysis:
    """Return the tokens of a text by analyzer."""
    return {"analyzers": {name: _analyzer_tokens(name, found) for name, found in tokens.items()}}


def _analyzer_tokens(name: str, found: Iterable[Token]) -> responses.AnalyzerTokens:
    analyzer = ANALYZERS_BY_NAME[name]
    return {
        "char_filter": analyzer.char_filter,
        "tokenizer": analyzer.tokenizer,
        "filters": list(analyzer.filters),
        "tokens": [
            {"text": token.text, "start": token.start, "end": token.end, "position": token.position} for token in found
        ],
    }


def check_result(found: CheckResult) -> responses.CheckResult:
    """Return what was looked at in an index, and what was seen."""
    return {"check": found.check, "ok": found.ok, "detail": sentence(found.detail)}


def index_stats(stats: IndexStats) -> responses.Index:
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


def generations(found: Iterable[GenerationStats]) -> list[responses.Generation]:
    """Return the generations of an index."""
    return [generation(one) for one in found]


def generation(stats: GenerationStats) -> responses.Generation:
    """Return one generation."""
    return {
        "name": stats.name,
        "state": stats.state.value,
        "documents": stats.documents,
        "size_bytes": stats.size_bytes,
        "created": stats.created,
    }
