"""The open indexes of one process. Each request sees the last commit of the current generation."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import tantivy

from index_config.fingerprint import fingerprint
from index_config.schema import Schema
from index_config.value_order import KEY_VERSION
from search_service.analysis.analyzer import ANALYSIS_VERSION, Analysis
from search_service.analysis.values import ValueKeys
from search_service.core.document import Document
from search_service.core.errors import (
    DamagedIndex,
    EngineFault,
    SearchServiceError,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
)
from search_service.core.filters import NO_FILTERS, Filters, ValueFilter
from search_service.core.index_name import IndexName
from search_service.core.timings import timed
from search_service.engines.embedded import fields
from search_service.engines.embedded.checksums import damaged
from search_service.engines.embedded.commits import CommitFiles, CommitId, Commits, commit_id, last_commit
from search_service.engines.embedded.damage import FailureCauses
from search_service.engines.embedded.failures import is_panic, storage_errors
from search_service.engines.embedded.metadata import read_meta, schema_of
from search_service.engines.embedded.queries import QueryBuilder
from search_service.engines.embedded.storage import Storage
from search_service.query.tree import Ids, Node

FORMAT = 3
"""Version of what this engine writes; a change makes older indexes stale."""

MAX_OPEN = 100
"""Open indexes of a process. Each takes file handles and some 0.6 MB; the one that was not searched for longest is
closed."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A view of the last commit of a generation; later commits do not change it.

    Attributes:
        written: cache of `written_values`.
        counted: cache of the documents that match a node under a restriction (`term_stats`).
    """

    index: IndexName
    files: CommitFiles
    schema: Schema
    queries: QueryBuilder
    searcher: tantivy.Searcher
    written: dict[tuple[str, str, tuple[ValueFilter, ...]], str] = field(default_factory=dict)
    counted: dict[tuple[Node, tuple[ValueFilter, ...]], int] = field(default_factory=dict)

    def load(self, address: tantivy.DocAddress) -> dict[str, Any]:
        """Return a stored document, with its id as a field."""
        return load(self.searcher, address)

    def raw(self, address: tantivy.DocAddress) -> bytes:
        """Return a stored document as JSON."""
        return raw(self.searcher, address)

    def find(self, document_id: str, filters: Filters = NO_FILTERS) -> bytes | None:
        """Return the stored document of an id as JSON; None if there is none, or if it does not pass some filters."""
        query = self.queries.filtered(Ids((document_id,)), filters)
        hits = self.searcher.search(query, 1, count=False).hits
        return self.raw(hits[0][1]) if hits else None

    def stored(self, document_id: str, filters: Filters = NO_FILTERS) -> dict[str, Any]:
        """Return the stored document of an id, if it passes some filters. Raises UnknownDocument."""
        found = self.find(document_id, filters)
        if found is None:
            raise UnknownDocument(self.index, document_id)
        stored: dict[str, Any] = orjson.loads(found)
        return stored


class OpenIndex:
    """One generation, open for reading."""

    def __init__(self, index: IndexName, generation: Path, fingerprint: str, keys: ValueKeys) -> None:
        self.index = index
        self._keys = keys
        self.generation = generation
        meta = read_meta(index, generation)
        if meta["fingerprint"] != fingerprint:
            raise StaleIndex(index, "other-configuration")
        self.schema: Schema = schema_of(index, meta)
        self._commits = Commits()
        self._commit: CommitId = None
        self._mutex = threading.Lock()
        self._snapshot = self._open_last_commit()

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the last commit."""
        if commit_id(self.generation) != self._commit:
            with self._mutex:
                if commit_id(self.generation) != self._commit:  # else another thread has opened it meanwhile
                    try:
                        self._snapshot = self._open_last_commit()
                    except PermissionError:
                        # tantivy makes the file with its list of segments readable for its own user only; the writer
                        # gives it the permissions of the others a moment later.
                        return self._snapshot
        return self._snapshot

    def _open_last_commit(self) -> Snapshot:
        commit = commit_id(self.generation)
        files = last_commit(self.generation)
        opened = self._commits.open(files)
        searcher = opened.searcher()
        queries = QueryBuilder(self.schema, opened.schema, self._keys, searcher)
        snapshot = Snapshot(self.index, files, self.schema, queries, searcher)
        self._commit = commit
        return snapshot


class Readers:
    """Opens indexes and keeps them open. tantivy is opened at the first request, after any fork.

    Attributes:
        fingerprint: of the configuration that indexes must be made with.
    """

    def __init__(self, storage: Storage, analysis: Analysis) -> None:
        self.fingerprint = fingerprint(
            {"analysis": ANALYSIS_VERSION, "format": FORMAT, "keys": KEY_VERSION, **analysis.configuration()}
        )
        self._keys = analysis.value_keys
        self._storage = storage
        self._open: OrderedDict[IndexName, OpenIndex] = OrderedDict()
        self._failures = FailureCauses()
        self._mutex = threading.Lock()

    @contextmanager
    def searching(self, index: IndexName) -> Iterator[Snapshot]:
        """Hold a snapshot of the last commit of an index; a failure in the context closes the index.

        The errors are those of `open` and `reading`.
        """
        with timed("engine"):
            snapshot = self.open(index)
            try:
                with self.reading(index, snapshot.files):
                    yield snapshot
            except (DamagedIndex, EngineFault):
                self._close(index)
                raise

    @contextmanager
    def reading(self, index: IndexName, files: CommitFiles) -> Iterator[None]:
        """Find the reason of a failure in the context: all files are compared with their checksums.

        Raises:
            DamagedIndex: a file differs.
            EngineFault: tantivy panicked, and every file is as it was written.
        """
        try:
            yield
        except SearchServiceError:
            raise
        except BaseException as error:
            if not isinstance(error, Exception) and not is_panic(error):
                raise  # such as the end of a generator
            if damage := self._failures.damage(files):
                raise damaged(index, damage.problem) from error
            if is_panic(error):
                raise EngineFault("engine-panic", index=index) from error
            raise

    def documents(self, index: IndexName, files: CommitFiles, stored: Iterator[dict[str, Any]]) -> Iterator[Document]:
        """Yield documents from stored ones; the errors are those of `reading`."""
        with self.reading(index, files):
            yield from map(fields.document_of, stored)

    def open(self, index: IndexName) -> Snapshot:
        """Return a snapshot of the last commit of an index.

        Raises:
            UnknownIndex: there is no such index.
            StaleIndex: it was made with another configuration.
            DamagedIndex: its files are missing or damaged.
            StorageUnavailable: its files cannot be read.
        """
        with storage_errors(self._storage.root, index):
            try:
                return self._storage.read_current(
                    index, lambda generation: self._checked(self._opened(index, generation).snapshot())
                )
            except (UnknownIndex, DamagedIndex):
                self._close(index)
                raise

    def _checked(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot, unless a search has found a file of it damaged."""
        if damage := self._failures.known(snapshot.files):
            raise damaged(snapshot.index, damage.problem)
        return snapshot

    def _opened(self, index: IndexName, generation: Path) -> OpenIndex:
        with self._mutex:
            opened = self._open.get(index)
            if opened is None or opened.generation != generation:
                opened = self._open[index] = OpenIndex(index, generation, self.fingerprint, self._keys)
                if len(self._open) > MAX_OPEN:
                    self._open.popitem(last=False)
            self._open.move_to_end(index)
        return opened

    def _close(self, index: IndexName) -> None:
        with self._mutex:
            self._open.pop(index, None)


def load(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    """Return a stored document, with its id as a field."""
    stored: dict[str, Any] = orjson.loads(raw(searcher, address))
    return stored


def raw(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> bytes:
    """Return a stored document as JSON."""
    stored: bytes = searcher.doc(address)[fields.SOURCE][0]
    return stored
