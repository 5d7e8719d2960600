"""The embedded engine: indexes in a folder, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import sha256
from pathlib import Path

import tantivy

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.filters import NO_FILTERS, FacetOrder, Filters
from search_service.core.index_name import IndexName
from search_service.core.index_state import Health
from search_service.core.results import EngineHit, EngineResult, Explanation, FacetValues, Partial
from search_service.engines.base import SearchEngine, Selection
from search_service.engines.embedded import facets, fields, paging
from search_service.engines.embedded.applier import Applier, ApplierThread
from search_service.engines.embedded.documents import EmbeddedDocuments
from search_service.engines.embedded.explain import explain
from search_service.engines.embedded.failed import EmbeddedFailedChanges
from search_service.engines.embedded.indexes import EmbeddedIndexManager
from search_service.engines.embedded.listing import page_of_listing
from search_service.engines.embedded.more_like_this import similar
from search_service.engines.embedded.reader import Readers
from search_service.engines.embedded.responses import marked_hits
from search_service.engines.embedded.rule_selector import select_rule, total
from search_service.engines.embedded.selection import selected
from search_service.engines.embedded.storage import Storage
from search_service.engines.embedded.term_stats import document_count, document_frequencies, field_counts
from search_service.engines.embedded.written_forms import written_forms
from search_service.engines.facet_values import contains_folded
from search_service.highlight.matcher import ChunkCache
from search_service.query.plan import SearchPlan


def make_embedded_engine(root: Path, analysis: Analysis, wake: Callable[[], None] | None = None) -> SearchEngine:
    """Build the engine that keeps its indexes under a folder, which is made when the first index is.

    Args:
        root: the folder.
        analysis: analyses queries and texts.
        wake: sees to it that somebody applies the changes of documents; None for a thread of this process.
    """
    storage = Storage(root)
    readers = Readers(storage, analysis)
    indexes = EmbeddedIndexManager(storage, readers, analysis)
    return SearchEngine(
        "embedded",
        EmbeddedSearcher(readers, analysis),
        indexes,
        EmbeddedDocuments(storage, readers, wake or ApplierThread(storage, indexes).wake),
        EmbeddedFailedChanges(storage, indexes),
    )


def make_applier(root: Path, analysis: Analysis) -> Applier:
    """Build what applies the changes of documents of the indexes under a folder."""
    storage = Storage(root)
    return Applier(storage, EmbeddedIndexManager(storage, Readers(storage, analysis), analysis))


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

    def schema(self, index: IndexName) -> Schema:
        """Return the schema of an index."""
        return self._readers.open(index).schema

    def version(self, index: IndexName) -> str:
        """Return what changes with every commit."""
        files = self._readers.open(index).files
        return f"{files.generation.name} {sha256(files.meta).hexdigest()}"

    def health(self, index: IndexName) -> Health:
        """Check that the index can be searched: all of it lies in one folder, so nothing can be missing."""
        with self._readers.searching(index) as snapshot:
            snapshot.searcher.search(tantivy.Query.all_query(), 1)
        return Health()

    def get(self, index: IndexName, document_id: str, filters: Filters = NO_FILTERS) -> Document:
        """Return a document."""
        with self._readers.searching(index) as snapshot:
            return fields.document_of(snapshot.stored(document_id, filters))

    def document_frequencies(
        self, index: IndexName, terms: Sequence[str], analyzer: str, filters: Filters = NO_FILTERS
    ) -> Mapping[str, int]:
        """Return the document frequency of each term."""
        with self._readers.searching(index) as snapshot:
            return document_frequencies(snapshot, terms, analyzer, filters)

    def document_count(self, index: IndexName, filters: Filters = NO_FILTERS) -> int:
        """Return the number of documents."""
        with self._readers.searching(index) as snapshot:
            return document_count(snapshot, filters)

    def field_counts(self, index: IndexName, filters: Filters = NO_FILTERS) -> Mapping[str, int]:
        """Return how many documents have each field."""
        with self._readers.searching(index) as snapshot:
            return field_counts(snapshot, filters)

    def written_forms(self, index: IndexName, words: Sequence[str], filters: Filters = NO_FILTERS) -> Mapping[str, str]:
        """Return the form in which documents most often write each folded word."""
        with self._readers.searching(index) as snapshot:
            return written_forms(snapshot, self.analysis, words, filters)

    def search(self, index: IndexName, plan: SearchPlan) -> EngineResult:
        """Choose the match rule and return one page of hits."""
        with self._readers.searching(index) as snapshot:
            plan = select_rule(snapshot, plan)
            if plan.listing:
                total, hits, end = page_of_listing(snapshot, plan, plan.listing)
            else:
                (total, hits), end = paging.page(snapshot, plan), None
            return EngineResult(
                rule=plan.rule,
                total=total,
                hits=marked_hits(snapshot, self.analysis, self._chunks, plan, hits),
                facets=facets.facet_counts(snapshot, plan),
                histogram=facets.histogram(snapshot, plan, *plan.histogram) if plan.histogram else None,
                end=end,
            )

    def scan(self, index: IndexName, plan: SearchPlan) -> Iterator[Document]:
        """Yield every document that a plan matches, in its order."""
        with self._readers.searching(index) as snapshot:
            plan = select_rule(snapshot, plan)
            if paging.by_score(plan):
                hits = paging.all_by_score(snapshot, snapshot.queries.scored(plan))
            else:
                hits = paging.all_by_field(snapshot, snapshot.queries.matching(plan, plan.filters), plan.sort)
            return self._readers.documents(index, snapshot.files, hits)

    def facet(
        self,
        index: IndexName,
        plan: SearchPlan,
        field: str,
        contains: str,
        size: int,
        order: FacetOrder = FacetOrder.COUNT,
    ) -> FacetValues:
        """Count the values of one facet."""
        with self._readers.searching(index) as snapshot:
            counted_field = snapshot.schema.field(field)
            matches = contains_folded(self.analysis, counted_field, contains) if counted_field else None
            counted = facets.find_values(snapshot, select_rule(snapshot, plan), field, size, matches, order)
        return FacetValues(counted.buckets, error_bound=counted.error_bound)

    def count_groups(self, index: IndexName, plan: SearchPlan, field: str) -> int:
        """Return the number of different values that matches have in a field."""
        with self._readers.searching(index) as snapshot:
            return facets.count_groups(snapshot, plan, field)

    def select(
        self, index: IndexName, selections: Sequence[Selection], filters: Filters = NO_FILTERS
    ) -> Partial[Sequence[Document]]:
        """Return some documents of each selection."""
        with self._readers.searching(index) as snapshot:
            return Partial([selected(snapshot, one, filters) for one in selections])

    def count(self, index: IndexName, plans: Sequence[SearchPlan]) -> Sequence[int]:
        """Return the total of each search."""
        with self._readers.searching(index) as snapshot:
            return [total(snapshot, plan) for plan in plans]

    def explain(self, index: IndexName, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document."""
        with self._readers.searching(index) as snapshot:
            snapshot.stored(document_id, plan.filters.restriction_only)
            return explain(snapshot, plan, document_id)

    def similar(
        self, index: IndexName, document_id: str, filters: Filters, size: int, stopwords: AbstractSet[str]
    ) -> Partial[EngineHit]:
        """Return the documents most like one."""
        with self._readers.searching(index) as snapshot:
            return Partial(similar(snapshot, self.analysis, document_id, filters, size, stopwords))
