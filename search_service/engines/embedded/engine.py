"""The embedded engine: indexes in a folder, no server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import tantivy

from index_config.analyzers import ALL_STEM
from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document, values_of
from search_service.core.errors import UnknownDocument
from search_service.core.filters import Filters
from search_service.core.index_state import Health
from search_service.core.results import (
    Completion,
    EngineHit,
    EngineResult,
    Explanation,
    FacetBucket,
    Mark,
    Partial,
    ScorePart,
)
from search_service.engines.base import SearchEngine
from search_service.engines.completion import COMPLETION_POOL, Completions, beginnings_of, completing
from search_service.engines.embedded import facets, fields, paging
from search_service.engines.embedded.indexes import EmbeddedIndexManager
from search_service.engines.embedded.paging import StoredHit
from search_service.engines.embedded.queries import matched_tiers
from search_service.engines.embedded.reader import OpenIndex, Readers
from search_service.engines.embedded.storage import Storage
from search_service.engines.written_forms import SAMPLE, commonest_form
from search_service.highlight.matcher import ChunkCache, Matcher
from search_service.query.plan import SearchPlan
from search_service.query.tree import Ids, Phrase, Query
from search_service.ranking.match_rules import select_match_rule
from search_service.ranking.more_like_this import significant_terms, similar_plan, stem_counts


def make_embedded_engine(root: Path, analysis: Analysis) -> SearchEngine:
    """Build the engine that keeps its indexes under a folder, which is made when the first index is."""
    storage = Storage(root)
    readers = Readers(storage, analysis)
    return SearchEngine(
        "embedded", EmbeddedSearcher(readers, analysis), EmbeddedIndexManager(storage, readers, analysis)
    )


class EmbeddedSearcher:
    """Searches the indexes that this process has open.

    Args:
        readers: opens indexes.
        analysis: analyses queries and texts.
    """

    def __init__(self, readers: Readers, analysis: Analysis) -> None:
        self.analysis = analysis
        self._readers = readers
        self._chunks = ChunkCache(analysis)

    def schema(self, index: str) -> Schema:
        """Return the schema of an index."""
        return self._readers.open(index)[0].schema

    def health(self, index: str) -> Health:
        """Check that the index can be searched: all of it lies in one folder, so nothing can be missing."""
        _, searcher = self._readers.open(index)
        searcher.search(tantivy.Query.all_query(), 1)
        return Health()

    def get(self, index: str, document_id: str) -> Document:
        """Return a document."""
        opened, searcher = self._readers.open(index)
        return fields.document_of(self._stored(index, opened, searcher, document_id))

    def document_frequencies(self, index: str, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
        """Tell how many documents have each of some terms."""
        opened, searcher = self._readers.open(index)
        if analyzer == "stem":
            return {stem: searcher.doc_freq(ALL_STEM, stem) for stem in terms}
        names = [fields.exact(field.name) for field in opened.schema.searched]
        return {word: max(searcher.doc_freq(name, word) for name in names) for word in terms}

    def written_forms(self, index: str, words: Sequence[str]) -> Mapping[str, str]:
        """Return how documents most often write each of some folded words."""
        opened, searcher = self._readers.open(index)
        names = [field.name for field in opened.schema.searched]
        found = {}
        for word in words:
            query = opened.queries.compile(Phrase((word,)))
            hits = searcher.search(query, SAMPLE, count=False, order_by_field=fields.ID, order=tantivy.Order.Asc).hits
            sources = (paging.load(searcher, address) for _, address in hits)
            if form := commonest_form(word, sources, names, self.analysis):
                found[word] = form
        return found

    def search(self, index: str, plan: SearchPlan) -> EngineResult:
        """Search."""
        opened, searcher = self._readers.open(index)
        plan = _settled(opened, searcher, plan)
        if plan.sort.by_relevance and not plan.query.matches_everything:
            query = opened.queries.scored(plan)
            total, page = paging.page_by_score(searcher, query, plan.offset, plan.size)
        else:
            query = opened.queries.matching(plan, plan.filters)
            total, page = paging.page_by_field(searcher, opened.queries, query, plan.sort, plan.offset, plan.size)
        return EngineResult(
            rule=plan.rule,
            total=total,
            hits=self._hits(opened, searcher, plan, page),
            facets=facets.facet_counts(searcher, opened.queries, opened.schema, plan),
            histogram=facets.histogram(searcher, opened.queries, plan, *plan.histogram) if plan.histogram else None,
        )

    def scan(self, index: str, plan: SearchPlan) -> Iterator[Document]:
        """Return every document that a plan matches, in its order."""
        opened, searcher = self._readers.open(index)
        plan = _settled(opened, searcher, plan)
        if plan.sort.by_relevance and not plan.query.matches_everything:
            rows = paging.all_by_score(searcher, opened.queries.scored(plan))
        else:
            query = opened.queries.matching(plan, plan.filters)
            rows = paging.all_by_field(searcher, opened.queries, query, plan.sort)
        for row in rows:
            yield fields.document_of(row.stored)

    def facet(self, index: str, plan: SearchPlan, field: str, contains: str, size: int) -> Partial[FacetBucket]:
        """Count the values of one facet."""
        opened, searcher = self._readers.open(index)
        plan = _settled(opened, searcher, plan)
        values = facets.values_of(searcher, opened.queries, opened.schema, plan, field)
        wanted = self.analysis.fold(contains.strip())
        return Partial([bucket for bucket in values if wanted in self.analysis.fold(bucket.value)][:size])

    def complete(self, index: str, query: Query, fields_: Sequence[str], size: int) -> Partial[Completion]:
        """Return values that complete what was typed, newest documents first."""
        opened, searcher = self._readers.open(index)
        beginnings = beginnings_of(query, self.analysis)
        found = Completions(beginnings, self.analysis)
        order = opened.schema.default_sort.removeprefix("-") or None
        for name in fields_ if beginnings else ():
            wanted = opened.queries.compile(completing(name, beginnings))
            for _, address in searcher.search(wanted, COMPLETION_POOL, count=False, order_by_field=order).hits:
                stored = paging.load(searcher, address)
                found.add(name, stored["id"], values_of(stored, name))
        return Partial(found.first(size))

    def explain(self, index: str, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document."""
        opened, searcher = self._readers.open(index)
        self._stored(index, opened, searcher, document_id)
        plan = _settled(opened, searcher, plan)
        parts = []
        for score, term, query in opened.queries.explain_queries(plan, document_id):
            for found, _ in searcher.search(query, 1, count=False).hits:
                parts.append(ScorePart(score.tier, score.field, term, found))
        wanted = opened.queries.restrict_to_document(opened.queries.matching(plan, plan.filters), document_id)
        matches = bool(searcher.search(wanted, 1, count=False).hits)
        return Explanation(document_id, plan.rule, matches, tuple(sorted(parts, key=lambda part: -part.score)))

    def similar(
        self, index: str, document_id: str, filters: Filters, size: int, stopwords: AbstractSet[str]
    ) -> Partial[EngineHit]:
        """Return the documents most like one."""
        opened, searcher = self._readers.open(index)
        stored = self._stored(index, opened, searcher, document_id)
        counts = stem_counts(opened.schema, self.analysis, stored, stopwords)
        stems = significant_terms(counts, lambda stem: searcher.doc_freq(ALL_STEM, stem), searcher.num_docs)
        if not stems:
            return Partial()
        plan = similar_plan(opened.schema, stems, document_id, filters, size)
        _, page = paging.page_by_score(searcher, opened.queries.scored(plan), 0, size)
        return Partial([_hit(row) for row in page])

    def _stored(self, index: str, opened: OpenIndex, searcher: tantivy.Searcher, document_id: str) -> dict[str, Any]:
        hits = searcher.search(opened.queries.compile(Ids((document_id,))), 1, count=False).hits
        if not hits:
            raise UnknownDocument(index, document_id)
        return paging.load(searcher, hits[0][1])

    def _hits(
        self, opened: OpenIndex, searcher: tantivy.Searcher, plan: SearchPlan, page: list[StoredHit]
    ) -> list[EngineHit]:
        if plan.query.matches_everything or not page:
            return [_hit(row) for row in page]
        query = opened.queries.matched_by(plan, [row.stored["id"] for row in page])
        found = searcher.search(query, len(page), count=False).hits
        matched = {_place(address): matched_tiers(score) for score, address in found}
        matcher = Matcher(plan.query, self.analysis, self._chunks)
        return [_hit(row, matched[_place(row.address)], _marks(matcher, plan.highlight, row.stored)) for row in page]


def _hit(
    row: StoredHit, matched_by: tuple[str, ...] = (), marks: dict[str, tuple[Mark, ...]] | None = None
) -> EngineHit:
    source = {name: value for name, value in row.stored.items() if name != "id"}
    return EngineHit(row.stored["id"], row.score, source, matched_by, marks or {})


def _place(address: tantivy.DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc


def _marks(matcher: Matcher, names: Sequence[str], stored: dict[str, Any]) -> dict[str, tuple[Mark, ...]]:
    found: dict[str, tuple[Mark, ...]] = {}
    for name in names:
        marks = [
            mark for number, text in enumerate(values_of(stored, name)) for mark in matcher.find_marks(text, number)
        ]
        if marks:
            found[name] = tuple(marks)
    return found


def _settled(opened: OpenIndex, searcher: tantivy.Searcher, plan: SearchPlan) -> SearchPlan:
    def count(tried: SearchPlan) -> int:
        found: int = searcher.search(opened.queries.matching(tried, tried.filters), 1).count  # type: ignore[attr-defined]
        return found

    return select_match_rule(plan, lambda: searcher.num_docs, count)
