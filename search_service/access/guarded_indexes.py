"""The indexes of an engine, as each caller may see and change them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from index_config.schema import Schema
from search_service.access.caller import EVERY_INDEX, current_caller
from search_service.access.guard import GuardedSearcher, visible
from search_service.core.document import Document
from search_service.core.errors import Forbidden
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult, GenerationStats, IndexStats
from search_service.engines.backups import BackupStats
from search_service.engines.base import IndexManager, SearchEngine
from search_service.engines.documents import Change, Changed, DocumentStore
from search_service.engines.writing import KEEP_ONE, Capabilities, Rebuild, RebuildOptions, Writer


def guarded(engine: SearchEngine) -> SearchEngine:
    """Return an engine that shows each caller what it may see."""
    searcher = GuardedSearcher(engine.searcher)
    return SearchEngine(
        engine.name,
        searcher,
        GuardedIndexManager(engine.indexes, searcher),
        GuardedDocuments(engine.documents, searcher),
    )


class GuardedIndexManager:
    """An index manager that checks the index of each call.

    Each method raises Forbidden if the caller does not see the index. A caller with filters sees the names, schemas and
    states of indexes, and may do nothing else here.

    Args:
        indexes: those of the engine.
        searcher: counts the documents that a caller with filters sees.
    """

    def __init__(self, indexes: IndexManager, searcher: GuardedSearcher) -> None:
        self._indexes = indexes
        self._searcher = searcher

    @property
    def capabilities(self) -> Capabilities:
        """What the engine guarantees its writers."""
        return self._indexes.capabilities

    def names(self) -> tuple[IndexName, ...]:
        """Return the names of the indexes that the caller sees, in order."""
        caller = current_caller()
        return tuple(name for name in self._indexes.names() if caller.sees(name))

    def stored_schema(self, index: IndexName) -> Schema:
        """Return the schema that an index was made with."""
        with visible(index):
            return self._indexes.stored_schema(index)

    def stats(self, index: IndexName) -> IndexStats:
        """Return the state of an index. For a caller with filters it counts its documents, and has no size."""
        with visible(index):
            stats = self._indexes.stats(index)
            if not current_caller().filters:
                return stats
            return replace(stats, documents=self._searcher.document_count(index), size_bytes=0, waiting=0, failed=0)

    def verify(self, index: IndexName) -> None:
        """Compare the files of an index with their checksums."""
        with _changeable(index):
            self._indexes.verify(index)

    def diagnose(self, index: IndexName) -> Sequence[CheckResult]:
        """Compare an index with its configuration and probe it."""
        with _changeable(index):
            return self._indexes.diagnose(index)

    def create(self, index: IndexName, schema: Schema) -> bool:
        """Create an empty index."""
        with _changeable(index):
            return self._indexes.create(index, schema)

    def writer(self, index: IndexName, schema: Schema | None = None) -> AbstractContextManager[Writer]:
        """Open the index for writing."""
        with _changeable(index):
            return self._indexes.writer(index, schema)

    def rebuild(
        self, index: IndexName, schema: Schema, options: RebuildOptions = KEEP_ONE
    ) -> AbstractContextManager[Rebuild]:
        """Fill a new generation beside the live one."""
        with _changeable(index):
            return self._indexes.rebuild(index, schema, options)

    def stored(self, index: IndexName) -> Iterator[Document]:
        """Yield all documents of an index."""
        with _changeable(index):
            return self._indexes.stored(index)

    def generations(self, index: IndexName) -> Sequence[GenerationStats]:
        """Return the generations of an index."""
        with _changeable(index):
            return self._indexes.generations(index)

    def rollback(self, index: IndexName) -> GenerationStats:
        """Switch back to the generation before."""
        with _changeable(index):
            return self._indexes.rollback(index)

    def clean(self, index: IndexName) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind."""
        with _changeable(index):
            return self._indexes.clean(index)

    def delete(self, index: IndexName) -> None:
        """Remove an index."""
        with _changeable(index):
            self._indexes.delete(index)

    def backup(self, index: IndexName, target: str) -> BackupStats:
        """Copy an index."""
        with _changeable(index):
            return self._indexes.backup(index, target)

    def restore(self, source: str, index: IndexName | None = None, replace: bool = False) -> BackupStats:
        """Create an index from a backup; its own name is for callers that see every index."""
        if index is None and current_caller().indexes != EVERY_INDEX:
            raise Forbidden("index-not-allowed", index="*", allowed=current_caller().indexes)
        with _changeable(index or IndexName("any")):
            return self._indexes.restore(source, index, replace)


class GuardedDocuments:
    """A document store that checks the index of each call. A caller with filters reads its documents, and changes none.

    Args:
        documents: those of the engine.
        searcher: reads the documents of a caller with filters.
    """

    def __init__(self, documents: DocumentStore, searcher: GuardedSearcher) -> None:
        self._documents = documents
        self._searcher = searcher

    def get(self, index: IndexName, document_id: str) -> Document:
        """Return a document; one that a caller with filters sees is there as soon as searches find it."""
        if current_caller().filters:
            return self._searcher.get(index, document_id)
        with visible(index):
            return self._documents.get(index, document_id)

    def change(self, index: IndexName, schema: Schema, changes: Sequence[Change], *, wait: bool = False) -> Changed:
        """Make changes durable."""
        with _changeable(index):
            return self._documents.change(index, schema, changes, wait=wait)

    def wait_visible(self, index: IndexName) -> bool:
        """Wait until searches find what was changed so far."""
        with _changeable(index):
            return self._documents.wait_visible(index)

    def throttle(self, index: IndexName) -> None:
        """Wait until changes are applied as fast as they come."""
        with _changeable(index):
            self._documents.throttle(index)


def _changeable(index: IndexName) -> AbstractContextManager[None]:
    """Check that the caller sees an index, all of it.

    Raises:
        Forbidden: it does not see the index, or only some of its documents.
    """
    if current_caller().filters:
        raise Forbidden("key-has-filter")
    return visible(index)
