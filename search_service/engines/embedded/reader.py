"""The open indexes of one process. Each request sees the last commit of the current generation."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import tantivy

from index_config.errors import ConfigError
from index_config.fingerprint import fingerprint
from index_config.schema import Schema, schema_from_dict
from search_service.analysis.analyzer import ANALYSIS_VERSION, Analysis
from search_service.core.errors import DamagedIndex, StaleIndex, UnknownDocument, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.embedded import fields
from search_service.engines.embedded.queries import QueryBuilder
from search_service.engines.embedded.storage import META, TANTIVY, Storage
from search_service.query.tree import Ids

FORMAT = 2
"""Version of what this engine writes; a change makes older indexes stale."""

MAX_OPEN = 100
"""Open indexes of a process. Each takes file handles and some 0.6 MB; the one that was not searched for longest is
closed."""

ATTEMPTS = 5
"""Attempts to open an index while rebuilds remove the generation that was about to be opened."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A view of the last commit of a generation; later commits do not change it."""

    index: IndexName
    generation: Path
    schema: Schema
    queries: QueryBuilder
    searcher: tantivy.Searcher

    def load(self, address: tantivy.DocAddress) -> dict[str, Any]:
        """Return a stored document, with its id as a field."""
        return load(self.searcher, address)

    def raw(self, address: tantivy.DocAddress) -> bytes:
        """Return a stored document as JSON."""
        return raw(self.searcher, address)

    def stored(self, document_id: str) -> dict[str, Any]:
        """Return the stored document of an id. Raises UnknownDocument."""
        hits = self.searcher.search(self.queries.compile(Ids((document_id,))), 1, count=False).hits
        if not hits:
            raise UnknownDocument(self.index, document_id)
        return self.load(hits[0][1])


class OpenIndex:
    """One generation, open for reading."""

    def __init__(self, index: IndexName, generation: Path, fingerprint: str) -> None:
        self.index = index
        self.generation = generation
        self.meta = read_meta(index, generation)
        if self.meta["fingerprint"] != fingerprint:
            raise StaleIndex(index, "other-configuration")
        self.schema: Schema = schema_of(index, self.meta)
        self._tantivy = tantivy.Index.open(str(generation / TANTIVY))
        self._tantivy.config_reader("manual")
        self.queries = QueryBuilder(self.schema, self._tantivy.schema)
        self._commit: tuple[int, int] | None = None

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the last commit."""
        state = os.stat(self.generation / TANTIVY / "meta.json")
        commit = (state.st_ino, state.st_mtime_ns)
        if commit != self._commit:
            self._tantivy.reload()
            self._commit = commit
        return Snapshot(self.index, self.generation, self.schema, self.queries, self._tantivy.searcher())


class Readers:
    """Opens indexes and keeps them open. tantivy is opened at the first request, after any fork.

    Attributes:
        fingerprint: of the configuration that indexes must be made with.
    """

    def __init__(self, storage: Storage, analysis: Analysis) -> None:
        self.fingerprint = fingerprint({"analysis": ANALYSIS_VERSION, "format": FORMAT, **analysis.configuration()})
        self._storage = storage
        self._open: OrderedDict[IndexName, OpenIndex] = OrderedDict()
        self._mutex = threading.Lock()

    def open(self, index: IndexName) -> Snapshot:
        """Return a snapshot of the last commit of an index.

        Raises:
            UnknownIndex: there is no such index.
            StaleIndex: it was made with another configuration.
            DamagedIndex: its files cannot be read.
        """
        problem: Exception | None = None
        for _ in range(ATTEMPTS):
            try:
                generation = self._storage.current(index)
            except UnknownIndex:
                self._close(index)
                raise
            try:
                return self._opened(index, generation).snapshot()
            except (OSError, ValueError, DamagedIndex) as error:
                # A rebuild may have removed this generation since the link was read; then the link names another one.
                problem = error
                self._close(index)
        if isinstance(problem, DamagedIndex):
            raise problem
        raise DamagedIndex("index-not-opened", index=index, reason=str(problem)) from problem

    def _opened(self, index: IndexName, generation: Path) -> OpenIndex:
        with self._mutex:
            opened = self._open.get(index)
            if opened is None or opened.generation != generation:
                opened = self._open[index] = OpenIndex(index, generation, self.fingerprint)
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


def read_meta(index: str, generation: Path) -> dict[str, Any]:
    """Read the metadata of a generation: its schema, its fingerprint and its time of creation.

    Raises:
        DamagedIndex: the file is missing or unreadable.
    """
    try:
        meta: dict[str, Any] = orjson.loads((generation / META).read_bytes())
        for noted in (meta["schema"]["name"], meta["fingerprint"], meta["created"]):
            if not isinstance(noted, str):
                raise TypeError(f"{noted!r} is not a string")
    except OSError as error:
        raise DamagedIndex("metadata-unreadable", index=index, file=META, reason=error.strerror) from error
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise DamagedIndex("metadata-changed", index=index, file=META, reason=str(error)) from error
    return meta


def schema_of(index: str, meta: dict[str, Any]) -> Schema:
    """Return the schema in the metadata of a generation."""
    try:
        return schema_from_dict(meta["schema"], f"{index}/{META}")
    except ConfigError as error:
        raise StaleIndex(index, "unreadable-schema", reason=str(error)) from error
