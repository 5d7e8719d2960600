"""Finds the documents most like one."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from index_config.analyzers import ALL_LEMMA
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.filters import Filters
from search_service.core.results import EngineHit
from search_service.engines.elasticsearch.search.responses import document
from search_service.engines.elasticsearch.search.session import SearchSession
from search_service.ranking.more_like_this import lemma_counts, significant_terms, similar_plan


def similar(
    session: SearchSession, analysis: Analysis, seed: Document, filters: Filters, size: int, stopwords: AbstractSet[str]
) -> list[EngineHit]:
    """Return the documents that share the most significant terms of a document."""
    counts = lemma_counts(session.schema, analysis, seed.source, stopwords)
    document_frequencies, documents = _shard_statistics(session, seed.id, list(counts))
    lemmas = significant_terms(counts, lambda lemma: document_frequencies.get(lemma, 0), documents)
    if not lemmas:
        return []
    plan = similar_plan(session.schema, lemmas, seed.id, filters, size)
    [answer] = session.search([session.queries.best(plan)])
    hits = sorted(answer["hits"]["hits"], key=lambda hit: (-hit["_score"], hit["_id"]))
    return [EngineHit(hit["_id"], hit["_score"], document(hit).source) for hit in hits]


def _shard_statistics(session: SearchSession, document_id: str, lemmas: Sequence[str]) -> tuple[dict[str, int], int]:
    """Return the document frequency of each lemma and the number of documents, in the shard of a document."""
    # By default `_termvectors` uses the first shard, whether it is available or not.
    [copies] = session.client.search_shards(index=session.name, routing=document_id)["shards"]
    answer = session.client.termvectors(
        index=session.name, preference=f"_shards:{copies[0]['shard']}" if copies else None,
        doc={ALL_LEMMA: " ".join(lemmas)}, fields=[ALL_LEMMA],
        per_field_analyzer={ALL_LEMMA: "whitespace"},
        term_statistics=True, positions=False, offsets=False,
    )  # fmt: skip
    vector = answer["term_vectors"].get(ALL_LEMMA)
    if not vector:
        return {}, 0
    document_frequencies = {term: int(stats.get("doc_freq", 0)) for term, stats in vector["terms"].items()}
    return document_frequencies, max(0, int(vector["field_statistics"]["doc_count"]))
