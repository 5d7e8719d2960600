"""Parses Elasticsearch responses into the service's types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from index_config.morphology import GRAM_EDGE
from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import grams
from search_service.core.document import Document, SourceFields, values_of
from search_service.core.message import Message, message
from search_service.core.results import EngineHit, EngineResult, FacetBucket, FacetCounts
from search_service.engines.elasticsearch import fields
from search_service.highlight.matcher import ChunkCache, Matcher
from search_service.query.plan import SearchPlan
from search_service.ranking.tiers import MATCHED_BY

Answer = Mapping[str, Any]


class ResponseParser:
    """Parses the responses to searches of one index.

    Args:
        chunks: words of chunks of text, shared by all searches.
    """

    def __init__(self, schema: Schema, analysis: Analysis, chunks: ChunkCache) -> None:
        self._schema = schema
        self._analysis = analysis
        self._chunks = chunks

    def facets(self, plan: SearchPlan, answer: Answer) -> dict[str, FacetCounts]:
        """Return the facets of a search, as they are counted."""
        counts = answer.get("aggregations", {})
        return {facet.field: facet_counts(counts[f"facet {facet.field}"]["counts"]) for facet in plan.facets}

    def result(
        self,
        plan: SearchPlan,
        answer: Answer,
        hits: list[EngineHit],
        facets: Mapping[str, FacetCounts],
        degraded: tuple[Message, ...],
    ) -> EngineResult:
        """Return the result of a search, with the hits of its page and the parts of the index that did not answer."""
        counts = answer.get("aggregations", {})
        return EngineResult(
            rule=plan.rule,
            total=total(answer),
            hits=hits,
            facets=facets,
            histogram=buckets(counts["histogram"]["counts"]) if plan.histogram else None,
            degraded=degraded,
        )

    def hits(self, plan: SearchPlan, hits: Iterable[Answer]) -> list[EngineHit]:
        """Return hits with their marks."""
        matcher = Matcher(plan.query, self._analysis, self._chunks)
        names = [field.name for field in self._schema.searched]
        tiers = MatchedTiers(plan, names, self._analysis)
        found = []
        for hit in hits:
            source = document(hit).source
            marks = matcher.marks_of_fields(source, plan.highlight)
            found.append(EngineHit(str(hit["_id"]), hit.get("_score") or 0.0, source, tiers.of(hit, source), marks))
        return found


class MatchedTiers:
    """Finds the tiers that hits of a plan match.

    Args:
        names: the searched fields.
    """

    def __init__(self, plan: SearchPlan, names: Sequence[str], analysis: Analysis) -> None:
        self._names = names
        self._analysis = analysis
        self._has_words = bool(plan.query.words)
        has_grams = any(score.tier == "ngram" for score in plan.scores)
        self._grams = {gram for word in plan.query.scored_words for gram in word.grams} if has_grams else set()
        self._letters = {gram.strip(GRAM_EDGE) for gram in self._grams}

    def of(self, hit: Answer, source: SourceFields) -> tuple[str, ...]:
        """Return the tiers that a hit matches; always `lemma`: every match rule requires lemmas or phrases."""
        if not self._has_words:
            return ()
        matched = {"lemma", *(name.partition(" ")[0] for name in hit.get("matched_queries", ()))}
        if self._grams and ("exact" in matched or self._shares_gram(source)):
            matched.add("ngram")
        return tuple([tier for tier in MATCHED_BY if tier in matched])

    def _shares_gram(self, source: SourceFields) -> bool:
        """Return whether a document shares an n-gram with the query."""
        texts = (text for name in self._names for text in values_of(source, name))
        return any(not self._grams.isdisjoint(grams(word)) for text in texts for word in self._words_like(text))

    def _words_like(self, text: str) -> Iterator[str]:
        """Yield the words of a text with the letters of an n-gram; analysing all words takes ten times as long."""
        folded = self._analysis.fold(text)
        letters = [part for part in self._letters if part in folded]
        for chunk in folded.split() if letters else ():
            if any(part in chunk for part in letters):
                yield from self._analysis.exact_words(chunk)


def document(hit: Answer) -> Document:
    """Return the document of a hit as it was indexed."""
    return fields.document_of(hit["_source"], str(hit["_id"]))


def total(answer: Answer) -> int:
    """Return how many documents matched."""
    return int(answer["hits"]["total"]["value"])


def facet_counts(counts: Answer) -> FacetCounts:
    """Return the counted values of a facet; with several shards the counts may be too low."""
    return FacetCounts(buckets(counts), int(counts["doc_count_error_upper_bound"]))


def buckets(counts: Answer) -> tuple[FacetBucket, ...]:
    """Return counted values; booleans, dates and numbers have their text beside their key."""
    return tuple(
        FacetBucket(str(bucket.get("key_as_string", bucket["key"])), int(bucket["doc_count"]))
        for bucket in counts["buckets"]
    )


def missing(answer: Answer) -> tuple[Message, ...]:
    """Return what of an index an answer does not include.

    >>> [lost] = missing({"_shards": {"total": 3, "successful": 2, "skipped": 0, "failed": 1}, "timed_out": False})
    >>> str(lost)
    'shards-unanswered: count=1 total=3'
    """
    shards = answer["_shards"]
    if failed := shards["total"] - shards["successful"]:
        return (message("shards-unanswered", count=failed, total=shards["total"]),)
    return (message("search-cut-short"),) if answer.get("timed_out") else ()


def reasons(answer: Answer) -> str:
    """Say why shards did not answer.

    >>> reasons({"_shards": {"failures": [{"shard": 0, "reason": {"type": "lost", "reason": None}}]}})
    'lost'
    """
    causes = [failure["reason"] for failure in answer["_shards"].get("failures", ())]
    texts = [": ".join(str(cause[key]) for key in ("type", "reason") if cause.get(key)) for cause in causes]
    return "; ".join(dict.fromkeys(texts))[:300]
