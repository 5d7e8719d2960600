"""The interfaces of every engine: `Searcher` reads indexes, `IndexManager` creates, fills and removes them.

The third is `DocumentStore` (`search_service.engines.documents`), which changes single documents. All take and return
the service's own types only. Every method that names an index raises UnknownIndex when there is none, ForeignIndex when
something else has the name, StaleIndex when the index was made with another configuration, EngineUnavailable or a
subclass when the engine does not answer, and EngineFault when it rejects a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.filters import NO_FILTERS, FacetOrder, Filters
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult, GenerationStats, Health, IndexStats
from search_service.core.results import EngineHit, EngineResult, Explanation, FacetValues, Partial
from search_service.engines.backups import BackupStats
from search_service.engines.documents import DocumentStore, FailedChanges, NoFailedChanges
from search_service.engines.writing import KEEP_ONE, Capabilities, Rebuild, RebuildOptions, Writer
from search_service.query.plan import SearchPlan
from search_service.query.tree import Node

MAX_WINDOW = 10_000
"""Results that can be paged through: offset and size together."""


MAX_FACET_VALUES = 1_000
"""Values of a facet in one answer."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents to read, and what of them.

    Attributes:
        node: what they match.
        size: how many of them.
        fields: the fields that are needed; an engine may return others, too.
        newest: whether they are the last ones by the field of the default order, in that order; else, and without a
            default order, any of them, in the order of their ids.
    """

    node: Node
    size: int
    fields: tuple[str, ...]
    newest: bool = False


class Searcher(Protocol):
    """Searches indexes and returns their documents."""

    @property
    def analysis(self) -> Analysis:
        """The analysis that indexes are made with and queries are parsed with."""

    def schema(self, index: IndexName) -> Schema:
        """Return the schema of an index."""

    def version(self, index: IndexName) -> str:
        """Return a version that changes whenever search results may change.

        Empty if reading it takes as long as a search.
        """

    def health(self, index: IndexName) -> Health:
        """Return the parts of an index that do not answer. Raises unless it can be searched without them."""

    def get(self, index: IndexName, document_id: str, filters: Filters = NO_FILTERS) -> Document:
        """Return a document. Raises UnknownDocument, also if it does not pass the filters."""

    def document_frequencies(
        self, index: IndexName, terms: Sequence[str], analyzer: str, filters: Filters = NO_FILTERS
    ) -> Mapping[str, int]:
        """Return the document frequency of each term; zero may be omitted.

        A frequency may be too high: it can count documents deleted lately, or be a moment old. While a part of the
        index does not answer, every exact term counts as present.

        Args:
            index: where.
            terms: as the analyzer produces them.
            analyzer: `exact`, for the field where most documents have the word; `lemma`, for all searched fields;
                `shingle`, for two adjacent words with a space between them, in any field; `prefix`, for the suggest
                field where most documents have the beginning.
            filters: only documents that pass them count.
        """

    def document_count(self, index: IndexName, filters: Filters = NO_FILTERS) -> int:
        """Return the number of documents that pass the filters; it may be a moment old."""

    def field_counts(self, index: IndexName, filters: Filters = NO_FILTERS) -> Mapping[str, int]:
        """Return how many documents have each field, of those that pass the filters.

        Fields that are not indexed are left out: those of the kinds `url` and `stored`, and text that is not searched.
        A text counts if it has a word.
        """

    def written_forms(self, index: IndexName, words: Sequence[str], filters: Filters = NO_FILTERS) -> Mapping[str, str]:
        """Return how documents most often write each folded word; words that no document has are left out.

        Only documents that pass the filters are read.

        A few documents are read for each word (`written_forms.SAMPLE`), those with the first ids: the answer changes
        with documents only, and is the same on every engine.
        """

    def search(self, index: IndexName, plan: SearchPlan) -> EngineResult:
        """Choose the match rule and return one page of hits."""

    def scan(self, index: IndexName, plan: SearchPlan) -> Iterator[Document]:
        """Yield every document that a plan matches, in its order, also beyond `MAX_WINDOW`.

        By relevance that is the order of the tiers that score every match.
        """

    def facet(
        self,
        index: IndexName,
        plan: SearchPlan,
        field: str,
        contains: str,
        size: int,
        order: FacetOrder = FacetOrder.COUNT,
    ) -> FacetValues:
        """Count the values of one facet under every filter but its own.

        `contains` is a piece that a value must have, compared after folding; empty for all values.
        """

    def count_groups(self, index: IndexName, plan: SearchPlan, field: str) -> int:
        """Return the number of different values that matches have in a keyword field of one value, under all filters.

        Each match without a value counts as one. The plan has one match rule. It is an estimate if there are more than
        some 40,000.
        """

    def select(
        self, index: IndexName, selections: Sequence[Selection], filters: Filters = NO_FILTERS
    ) -> Partial[Sequence[Document]]:
        """Return some documents of each selection. Only documents that pass the filters are read."""

    def count(self, index: IndexName, plans: Sequence[SearchPlan]) -> Sequence[int]:
        """Return the total of each search, under the match rule that would be selected for it."""

    def explain(self, index: IndexName, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document. Raises UnknownDocument, also if the restriction excludes it."""

    def similar(
        self, index: IndexName, document_id: str, filters: Filters, size: int, stopwords: AbstractSet[str]
    ) -> Partial[EngineHit]:
        """Return the documents most like one, without it; stop words do not count.

        Raises:
            UnknownDocument: there is none of that id, or the restriction of the filters excludes it.
        """


class IndexManager(Protocol):
    """Creates, fills, inspects and removes indexes.

    Every method that changes an index raises WriterBusy while a rebuild holds it, or a writer
    (`Capabilities.exclusive_writer`).
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the engine guarantees its writers."""

    def names(self) -> tuple[IndexName, ...]:
        """Return the names of the indexes in order, stale ones too."""

    def stored_schema(self, index: IndexName) -> Schema:
        """Return the schema that an index was made with, of a stale one too. Raises StaleIndex if it is unreadable."""

    def stats(self, index: IndexName) -> IndexStats:
        """Return the size and state of an index, of a stale one too."""

    def verify(self, index: IndexName) -> None:
        """Read all files of an index and compare them with their checksums, where the engine keeps them itself.

        Raises:
            DamagedIndex: a file is missing or differs.
        """

    def diagnose(self, index: IndexName) -> Sequence[CheckResult]:
        """Compare an index with its configuration and probe it, a stale one too."""

    def create(self, index: IndexName, schema: Schema) -> bool:
        """Create an empty index, or keep an existing one of the same schema; return whether it was created.

        Raises:
            StaleIndex: there is one of another schema.
        """

    def writer(self, index: IndexName, schema: Schema | None = None) -> AbstractContextManager[Writer]:
        """Open the index for writing; leaving the context commits, an error in it drops what it can.

        Args:
            index: where.
            schema: that of the documents. A missing index is created with the first of them. Without a schema it raises
                UnknownIndex.

        Raises:
            StaleIndex: the index has another schema.
        """

    def rebuild(
        self, index: IndexName, schema: Schema, options: RebuildOptions = KEEP_ONE
    ) -> AbstractContextManager[Rebuild]:
        """Fill a new generation beside the live one; leaving the context switches to it at once, an error drops it.

        Raises:
            InvalidParameter: the engine cannot do what the options ask for.
        """

    def stored(self, index: IndexName) -> Iterator[Document]:
        """Yield all documents of an index as they were written, in any order, of a stale one too."""

    def generations(self, index: IndexName) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first; there may be unfinished ones and no current one."""

    def rollback(self, index: IndexName) -> GenerationStats:
        """Switch back to the kept generation before the current one and return it; the current one is kept.

        It lacks what was written since the rebuild that made the current one.

        Raises:
            NoGeneration: there is none, or it cannot be searched.
        """

    def clean(self, index: IndexName) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind and return the names of the removed generations."""

    def delete(self, index: IndexName) -> None:
        """Remove an index with all of its generations."""

    def backup(self, index: IndexName, target: str) -> BackupStats:
        """Copy an index as it is now; it may be searched and written meanwhile.

        Args:
            index: where.
            target: a file, or the name of a snapshot; it must not exist yet.

        Raises:
            InvalidParameter: the target exists or cannot be used, or the engine has nowhere to write it to.
            DamagedIndex: a file of the index is missing or differs from its checksum.
        """

    def restore(self, source: str, index: IndexName | None = None, replace: bool = False) -> BackupStats:
        """Create an index from a backup; nothing is switched before all of it is read and checked.

        Args:
            source: a file, or the name of a snapshot.
            index: another name than that of the index that the backup is of.
            replace: make a new generation of an index that exists; a rollback returns to the one before.

        Raises:
            UnreadableSource: the backup cannot be read, is damaged, or is none.
            InvalidParameter: the index exists, and `replace` is false.
            StaleIndex: the backup was made with another configuration, and would replace an index that can be searched.
        """


@dataclass(frozen=True, slots=True)
class SearchEngine:
    """One engine: its name, as `ENGINE` has it, and its interfaces.

    Attributes:
        failed_changes: for the command line; callers over HTTP have none.
    """

    name: str
    searcher: Searcher
    indexes: IndexManager
    documents: DocumentStore
    failed_changes: FailedChanges = field(default_factory=NoFailedChanges)
