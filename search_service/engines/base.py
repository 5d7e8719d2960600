"""What an engine is: the interface that the embedded engine and every other one offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.model import (
    Document,
    EngineHit,
    EngineResult,
    Explanation,
    FacetBucket,
    Filters,
    Finding,
    GenerationStats,
    Health,
    IndexStats,
    SearchPlan,
)
from search_service.query import Query

MAX_WINDOW = 10_000
"""Results that can be paged through: offset and size together."""

MAX_FACET_VALUES = 1_000
"""Values of a facet in one answer."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A value that completes what was typed, and the field and document it comes from."""

    text: str
    field: str
    id: str


T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What was found, in order; `missing` says what could not be searched for it, or nothing."""

    items: Sequence[T] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine promises of its writers; callers and the conformance suite read it instead of asking for a name.

    Attributes:
        transactions: nothing is seen before a commit, and an error goes back to the last one. Otherwise documents
            may be seen at any time before it, and an error only drops what is not sent yet.
        exclusive_writer: a second writer is turned away, and a rebuild and a writer exclude each other. Otherwise
            any number of writers change an index at once, also while it is rebuilt, and nothing they do is lost.
        merges: whether a rebuild can merge its segments into one at the end (`RebuildOptions.merge`).
    """

    transactions: bool
    exclusive_writer: bool
    merges: bool


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """How a rebuild ends.

    Attributes:
        keep: generations that stay beside the new one, the one it replaces first; they can be rolled back to.
        merge: merge the segments into one, for an index that is seldom written to.
    """

    keep: int = 1
    merge: bool = False


KEEP_ONE = RebuildOptions()
"""What a rebuild does unless told: the generation before is kept, and nothing is merged."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the engine would not take after `upsert` had returned.

    Attributes:
        id: of the document.
        reason: why, as the engine puts it.
        origin: what `upsert` was given with it; None for one that the engine itself brought in.
    """

    id: str
    reason: str
    origin: object = None


Tell = Callable[[int, int], None]
"""Is told how many documents are done, of how many."""


class Writer(Protocol):
    """Changes an index. When others see it, and what an error leaves behind, `Capabilities.transactions` says.

    Changes of one id take effect in the order in which they were made here.
    """

    def upsert(self, document: Document, origin: object = None) -> None:
        """Add a document or replace the one of the same id.

        Args:
            document: checked already.
            origin: comes back with the document if it is refused later.

        Raises:
            InvalidDocument: the engine cannot hold it and knows at once.
        """

    def delete(self, document_id: str) -> None:
        """Remove a document; nothing happens when there is none."""

    def commit(self) -> None:
        """Make the changes so far durable and visible."""

    def refused(self) -> Sequence[Refused]:
        """Return the documents refused since the last call; after `commit` all are known, also outside the context."""


class Rebuild(Writer, Protocol):
    """Fills a new generation."""

    def copy(self, tell: Tell) -> int:
        """Take over all stored documents of the generation that is replaced, unchecked; return how many.

        The schema must be the one they were written with.
        """


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

    def diagnose(self, index: str) -> Sequence[Finding]:
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

    def having(self, index: str, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
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

    def facet(self, index: str, plan: SearchPlan, field: str, contains: str, size: int) -> Listing[FacetBucket]:
        """Count the values of one facet under every filter but its own.

        `contains` is a piece that a value must have, compared after folding.
        """

    def complete(self, index: str, query: Query, fields: Sequence[str], size: int) -> Listing[Completion]:
        """Return values of the suggest fields that have all words of the query, the last one as a beginning."""

    def explain(self, index: str, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document. Raises UnknownDocument."""

    def similar(self, index: str, document_id: str, filters: Filters, size: int) -> Listing[EngineHit]:
        """Return the documents most like one, without it. Raises UnknownDocument."""
