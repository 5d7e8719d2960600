"""Finds the documents most like one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from index_config.analyzers import ALL_LEMMA
from search_service.analysis.analyzer import Analysis
from search_service.core.deadline import check_deadline
from search_service.core.filters import Filters
from search_service.core.results import EngineHit
from search_service.engines.embedded import paging
from search_service.engines.embedded.reader import Snapshot
from search_service.engines.embedded.responses import plain_hit
from search_service.ranking.more_like_this import lemma_counts, significant_terms, similar_plan


def similar(
    snapshot: Snapshot, analysis: Analysis, document_id: str, filters: Filters, size: int, stopwords: AbstractSet[str]
) -> list[EngineHit]:
    """Return the documents that share the most significant terms of a document."""
    check_deadline()
    searcher, schema = snapshot.searcher, snapshot.schema
    counts = lemma_counts(schema, analysis, snapshot.stored(document_id, filters.restriction_only), stopwords)
    lemmas = significant_terms(counts, lambda lemma: searcher.doc_freq(ALL_LEMMA, lemma), searcher.num_docs)
    if not lemmas:
        return []
    plan = similar_plan(schema, lemmas, document_id, filters, size)
    _, page = paging.page_by_score(snapshot, snapshot.queries.scored(plan), 0, size)
    return [plain_hit(hit) for hit in paging.stored_hits(snapshot, page)]
