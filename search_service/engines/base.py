"""What an engine is: the interface that the embedded engine and every other one offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.filters import Filters
from search_service.core.index_state import CheckResult, GenerationStats, Health, IndexStats
from search_service.core.results import Completion, EngineHit, EngineResult, Explanation, FacetBucket, Partial
from search_service.engines.writing import KEEP_ONE, Capabilities, Rebuild, RebuildOptions, Writer
from search_service.query.plan import SearchPlan
from search_service.query.tree import Query

MAX_WINDOW = 10_000
"""Results that can be paged through: offset and size together."""


MAX_FACET_VALUES = 1_000
"""Values of a facet in one answer."""


class SearchEngine(Protocol):
    """Keeps indexes and searches them. It takes and returns the service's own types only.

    Every method that names an index raises UnknownIndex when there is none, ForeignIndex when the name is that of
    something else, StaleIndex when it was made with another configuration, EngineUnavailable or one of the classes
    below it when the engine does not answer, and EngineFault when the engine finds fault with what it is asked.
    """

    @property
    def name(self) -> str:
        """The engine's name, as `ENGINE` has it."""

    @property
    def analysis(self) -> Analysis:
        """The analysis that its indexes are made with."""

    @property
    def capabilities(self) -> Capabilities:
        """What it promises of its writers."""

    def create(self, index: str, schema: Schema) -> None:
        """Make an empty index; an existing one of the same schema is left as it is, another schema is refused."""

    def indexes(self) -> tuple[str, ...]:
        """Return the names of the indexes in order."""

    def schema(self, index: str, *, stale: bool = False) -> Schema:
        """Return the schema an index was made with; with `stale` also that of a stale one, if it can be read."""

    def stats(self, index: str) -> IndexStats:
        """Return the state of an index; a stale one is described, not refused."""

    def health(self, index: str) -> Health:
        """Return what of an index is missing; raises unless it can be searched."""

    def diagnose(self, index: str) -> Sequence[CheckResult]:
        """Compare an index with what it should be and probe it; a stale one, too."""

    def writer(self, index: str) -> AbstractContextManager[Writer]:
        """Open the index for writing; leaving the context commits, an error in it drops what it can.

        Raises:
            WriterBusy: another writer or a rebuild holds the index (`Capabilities.exclusive_writer`).
        """

    def rebuild(
        self, index: str, schema: Schema, options: RebuildOptions = KEEP_ONE
    ) -> AbstractContextManager[Rebuild]:
        """Fill a new generation beside the live one; leaving the context switches to it at once, an error drops it.

        Raises:
            WriterBusy: another rebuild holds the index, or a writer (`Capabilities.exclusive_writer`).
            InvalidParameter: the engine cannot do what the options ask for.
        """

    def stored(self, index: str) -> Iterator[Document]:
        """Return all documents of an index as they were written, in any order; those of a stale one, too."""

    def generations(self, index: str) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first; there may be unfinished ones and no current one."""

    def rollback(self, index: str) -> GenerationStats:
        """Switch back to the kept generation before the current one and return it; the current one is kept.

        What was written since the rebuild that made the current one is not in it.

        Raises:
            NoGeneration: there is none, or it cannot be searched.
            WriterBusy: a rebuild holds the index, or a writer (`Capabilities.exclusive_writer`).
        """

    def clean(self, index: str) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind and return the names of the generations that are gone.

        Raises:
            WriterBusy: a rebuild holds the index, or a writer (`Capabilities.exclusive_writer`).
        """

    def delete_index(self, index: str) -> None:
        """Remove an index and all of its documents, those of its other generations too.

        Raises:
            WriterBusy: a rebuild holds the index, or a writer (`Capabilities.exclusive_writer`).
        """

    def get(self, index: str, document_id: str) -> Document:
        """Return a document. Raises UnknownDocument."""

    def document_frequencies(self, index: str, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
        """Tell how many documents have each of some terms; those that none has may be left out.

        A few more may be told than there are now: documents removed lately, or counts of a moment ago. While a
        part of the index does not answer, an exact word is told of whether or not the rest has it.

        Args:
            index: where.
            terms: what the analyzer makes of words.
            analyzer: `stem`, for all searched fields together, or `exact`, for the field where most documents have it.
        """

    def search(self, index: str, plan: SearchPlan) -> EngineResult:
        """Choose the match rule and search."""

    def scan(self, index: str, plan: SearchPlan) -> Iterator[Document]:
        """Return every document that a plan matches, in its order and without end at `MAX_WINDOW`.

        By relevance that is the order of the tiers that score every match.
        """

    def facet(self, index: str, plan: SearchPlan, field: str, contains: str, size: int) -> Partial[FacetBucket]:
        """Count the values of one facet under every filter but its own.

        `contains` is a piece that a value must have, compared after folding.
        """

    def complete(self, index: str, query: Query, fields: Sequence[str], size: int) -> Partial[Completion]:
        """Return values of the suggest fields that have all words of the query, the last one as a beginning."""

    def explain(self, index: str, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document. Raises UnknownDocument."""

    def similar(self, index: str, document_id: str, filters: Filters, size: int) -> Partial[EngineHit]:
        """Return the documents most like one, without it. Raises UnknownDocument."""
