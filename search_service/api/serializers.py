"""Serializes the results of use cases for the HTTP interface and for `--json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from index_config.analyzers import ANALYZERS_BY_NAME
from search_service.analysis.analyzer import Token
from search_service.api.schemas import responses
from search_service.core.document import Document
from search_service.core.index_state import CheckResult, GenerationStats, IndexStats
from search_service.core.message import Message
from search_service.core.results import FacetBucket, ScorePart
from search_service.highlight.fragmenter import Fragment
from search_service.messages.rendering import FrontEnd, render
from search_service.query.understanding.context import Correction
from search_service.search.completion.suggestion import Suggestion
from search_service.search.explain import Reason
from search_service.search.response import Explained, FieldStatistics, Hit, IndexDescription, SearchResponse

Say = Callable[[Message], str]
"""Makes the sentence of a message."""


def sentence(reported: Message) -> str:
    """Return the English sentence of a message."""
    return render(reported, FrontEnd.JSON_BODY)


def completeness(degraded: Iterable[Message], say: Say = sentence) -> responses.Completeness:
    """Return the members `partial` and `warnings`."""
    warnings = [say(warning) for warning in degraded]
    return {"partial": bool(warnings), "warnings": warnings}


def search_result(response: SearchResponse, say: Say = sentence) -> responses.SearchResult:
    """Return the result of a search."""
    complete = completeness(response.degraded, say)
    result: responses.SearchResult = {
        "total": response.total,
        "match_rule": response.match_rule,
        "minimum_should_match": response.minimum_should_match,
        "relaxed": response.relaxed,
        "corrections": _corrections(response.corrections),
        "absent_words": list(response.absent_words),
        "unmatched_words": list(response.unmatched_words),
        "hits": hits(response.hits),
        "facets": {name: buckets(facet) for name, facet in response.facets.items()},
        "facet_error_bounds": dict(response.facet_error_bounds),
        "took_ms": response.took_ms,
        "partial": complete["partial"],
        "warnings": [*complete["warnings"], *map(say, response.warnings)],
    }
    if response.histogram is not None:
        result["histogram"] = buckets(response.histogram)
    if response.groups is not None:
        result["groups"] = [
            {"value": group.value, "total": group.total, "hits": hits(group.hits)} for group in response.groups
        ]
        result["total_groups"] = response.total_groups
    if response.is_listing:
        result["next_cursor"] = response.next_cursor
    return result


def _corrections(corrections: Iterable[Correction]) -> list[responses.Correction]:
    return [
        {"kind": correction.kind, "from": correction.word, "to": list(correction.corrected_to)}
        for correction in corrections
    ]


def hits(engine_hits: Iterable[Hit]) -> list[responses.Hit]:
    """Return hits."""
    return [
        {
            "id": hit.id,
            "score": hit.score,
            "matched_by": list(hit.matched_by),
            "source": dict(hit.source),
            "highlights": {name: list(map(fragment, fragments)) for name, fragments in hit.highlights.items()},
        }
        for hit in engine_hits
    ]


def fragment(cut: Fragment) -> responses.Fragment:
    """Return a fragment."""
    return {
        "html": cut.html,
        "text": cut.text,
        "marks": [list(mark) for mark in cut.marks],
        "value": cut.value,
        "start": cut.start,
    }


def buckets(facet: Iterable[FacetBucket]) -> list[responses.Bucket]:
    """Return the buckets of a facet or histogram."""
    return [{"value": bucket.value, "count": bucket.count} for bucket in facet]


def suggestions(offered: Iterable[Suggestion]) -> list[responses.Suggestion]:
    """Return suggestions."""
    return [
        {
            "kind": one.kind,
            "text": one.text,
            "marks": [[mark.start, mark.end] for mark in one.marks],
            "count": one.count,
            "field": one.field,
            "id": one.id,
        }
        for one in offered
    ]


def explanation(explained: Explained, say: Say = sentence) -> responses.Explanation:
    """Return the score of a document by tier and word, and by term."""
    score = explained.explanation
    return {
        "id": score.id,
        "matches": score.matches,
        "match_rule": score.rule.name,
        "minimum_should_match": score.rule.minimum_should_match,
        "relaxed": score.rule.relaxed,
        "corrections": _corrections(explained.corrections),
        "absent_words": list(explained.absent_words),
        "unmatched_words": list(explained.unmatched_words),
        "score": round(score.score, 4),
        "reasons": [_reason(reason, say) for reason in explained.reasons],
        "parts": [_score_part(part) for part in score.parts],
        "warnings": [say(warning) for warning in explained.warnings],
    }


def _reason(reason: Reason, say: Say) -> responses.Reason:
    return {
        "tier": reason.tier,
        "field": reason.field or None,
        "meaning": say(reason.meaning),
        "score": round(reason.score, 4),
        "contributions": [
            {"words": contribution.words, "score": round(contribution.score, 4)}
            for contribution in reason.contributions
        ],
    }


def _score_part(part: ScorePart) -> responses.ScorePart:
    return {"tier": part.tier, "field": part.field or None, "term": part.term, "score": round(part.score, 4)}


def document(indexed: Document) -> responses.Document:
    """Return a document as it was indexed."""
    return {"id": indexed.id, "source": dict(indexed.source)}


def analysis(tokens: Mapping[str, Sequence[Token]]) -> responses.Analysis:
    """Return the tokens of a text by analyzer."""
    return {"analyzers": {name: _analyzer_tokens(name, of_analyzer) for name, of_analyzer in tokens.items()}}


def _analyzer_tokens(name: str, tokens: Iterable[Token]) -> responses.AnalyzerTokens:
    analyzer = ANALYZERS_BY_NAME[name]
    return {
        "char_filter": analyzer.char_filter,
        "tokenizer": analyzer.tokenizer,
        "filters": list(analyzer.filters),
        "tokens": [
            {"text": token.text, "start": token.start, "end": token.end, "position": token.position} for token in tokens
        ],
    }


def check_result(result: CheckResult) -> responses.CheckResult:
    """Return the result of one check of an index."""
    return {"check": result.check, "ok": result.ok, "detail": sentence(result.detail)}


def index_stats(stats: IndexStats, say: Say = sentence) -> responses.Index:
    """Return the state of an index."""
    return {
        "name": stats.name,
        "state": stats.state.value,
        "schema": stats.schema,
        "documents": stats.documents,
        "size_bytes": stats.size_bytes,
        "fingerprint": stats.fingerprint,
        "created": stats.created,
        "problem": say(stats.problem) if stats.problem else "",
        "waiting": stats.waiting,
        "failed": stats.failed,
    }


def index_description(described: IndexDescription, say: Say = sentence) -> responses.IndexDescription:
    """Return an index with its schema and its fields."""
    definition: Any = described.schema.to_dict() if described.schema else None
    return {
        **index_stats(described.stats, say),
        **completeness(described.degraded, say),
        "generation": described.stats.generation,
        "definition": definition,
        "fields": {name: _field_statistics(one) for name, one in described.fields.items()},
    }


def _field_statistics(field: FieldStatistics) -> responses.FieldStatistics:
    if field.values is None:
        return {"documents": field.documents}
    return {"documents": field.documents, "values": buckets(field.values), "error_bound": field.error_bound}


def generations(stats: Iterable[GenerationStats]) -> list[responses.Generation]:
    """Return the generations of an index."""
    return [generation(each) for each in stats]


def generation(stats: GenerationStats) -> responses.Generation:
    """Return one generation."""
    return {
        "name": stats.name,
        "state": stats.state.value,
        "documents": stats.documents,
        "size_bytes": stats.size_bytes,
        "created": stats.created,
    }
