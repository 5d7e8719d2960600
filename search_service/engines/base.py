"""What an engine is: the interface that the embedded engine and every other one offers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.model import (
    Document,
    EngineHit,
    EngineResult,
    FacetBucket,
    Filters,
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


class Writer(Protocol):
    """Changes an index. Nothing is seen by readers before `commit`; an error before it leaves the index as it was."""

    def upsert(self, document: Document) -> None:
        """Add a document or replace the one of the same id. Raises InvalidDocument when the engine cannot hold it."""

    def delete(self, document_id: str) -> None:
        """Remove a document; nothing happens when there is none."""

    def commit(self) -> None:
        """Make the changes so far durable and visible."""


class SearchEngine(Protocol):
    """Keeps indexes and searches them. It takes and returns the service's own types only.

    Every method that names an index raises UnknownIndex when there is none, StaleIndex when it was made with another
    configuration, and EngineUnavailable when the engine does not answer.
    """

    @property
    def name(self) -> str:
        """The engine's name, as `ENGINE` has it."""

    @property
    def analysis(self) -> Analysis:
        """The analysis that its indexes are made with."""

    def create(self, index: str, schema: Schema) -> None:
        """Make an empty index; an existing one of the same schema is left as it is, another schema is refused."""

    def indexes(self) -> tuple[str, ...]:
        """Return the names of the indexes in order."""

    def schema(self, index: str) -> Schema:
        """Return the schema an index was made with."""

    def stats(self, index: str) -> IndexStats:
        """Return the state of an index; a stale one is described, not refused."""

    def ping(self, index: str) -> None:
        """Raise unless the index can be searched."""

    def writer(self, index: str) -> AbstractContextManager[Writer]:
        """Open the index for writing; leaving the context commits, an error in it rolls back to the last commit.

        Raises:
            WriterBusy: another writer or a rebuild holds the index.
        """

    def rebuild(self, index: str, schema: Schema) -> AbstractContextManager[Writer]:
        """Fill a new generation beside the live one; leaving the context switches to it at once, an error drops it.

        Raises:
            WriterBusy: another writer or a rebuild holds the index.
        """

    def delete_index(self, index: str) -> None:
        """Remove an index and all of its documents."""

    def get(self, index: str, document_id: str) -> Document:
        """Return a document. Raises UnknownDocument."""

    def search(self, index: str, plan: SearchPlan) -> EngineResult:
        """Choose the match rule and search."""

    def facet(self, index: str, plan: SearchPlan, field: str, contains: str, size: int) -> Sequence[FacetBucket]:
        """Count the values of one facet under every filter but its own.

        `contains` is a piece that a value must have, compared after folding.
        """

    def complete(self, index: str, query: Query, fields: Sequence[str], size: int) -> Sequence[Completion]:
        """Return values of the suggest fields that have all words of the query, the last one as a beginning."""

    def similar(self, index: str, document_id: str, filters: Filters, size: int) -> Sequence[EngineHit]:
        """Return the documents most like one, without it. Raises UnknownDocument."""
