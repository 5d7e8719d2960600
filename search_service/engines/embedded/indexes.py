"""Creates, fills, replaces and removes the indexes of the embedded engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import tantivy

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import DamagedIndex, InvalidParameter, NoGeneration, StaleIndex
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult, GenerationState, GenerationStats, IndexState, IndexStats
from search_service.engines.embedded import fields, paging
from search_service.engines.embedded.diagnose import checks
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.reader import Readers, read_meta, schema_of
from search_service.engines.embedded.storage import META, TANTIVY, Storage, size_of
from search_service.engines.embedded.writer import EmbeddedWriter, StoredDocuments
from search_service.engines.writing import KEEP_ONE, Capabilities, Rebuild, RebuildOptions, Writer


class EmbeddedIndexManager:
    """Manages the indexes under one folder.

    Args:
        storage: the folder.
        readers: opens indexes for reading, and knows the fingerprint that they must have.
        analysis: analyses texts that are written.
    """

    capabilities = Capabilities(transactions=True, exclusive_writer=True, force_merge=False)

    def __init__(self, storage: Storage, readers: Readers, analysis: Analysis) -> None:
        self._storage = storage
        self._readers = readers
        self._analysis = analysis
        self._fingerprint = readers.fingerprint

    # What there is

    def names(self) -> tuple[IndexName, ...]:
        """Return the names of the indexes in order."""
        return self._storage.indexes()

    def stored_schema(self, index: IndexName) -> Schema:
        """Return the schema that an index was made with, of a stale one too."""
        return schema_of(index, read_meta(index, self._storage.current(index)))

    def stats(self, index: IndexName) -> IndexStats:
        """Return the state of an index."""
        generation = self._storage.current(index)
        try:
            meta = read_meta(index, generation)
            documents = _searcher(index, generation).num_docs
        except DamagedIndex:
            if self._storage.current(index) != generation:  # a rebuild has replaced and removed it
                return self.stats(index)
            raise
        return IndexStats(
            name=index,
            state=IndexState.CURRENT if meta["fingerprint"] == self._fingerprint else IndexState.STALE,
            schema=meta["schema"]["name"],
            documents=documents,
            size_bytes=size_of(generation),
            fingerprint=meta["fingerprint"],
            created=meta["created"],
        )

    def diagnose(self, index: IndexName) -> Sequence[CheckResult]:
        """Compare the configuration of an index with the service's, and search for one of its documents."""
        return list(checks(self._readers, self._analysis, self.stats(index), self.stored(index)))

    def stored(self, index: IndexName) -> Iterator[Document]:
        """Yield all documents of an index as they were written."""
        return self._stored_in(self._storage.current(index))[1]

    def _stored_in(self, generation: Path) -> StoredDocuments:
        searcher = _searcher(generation.parent.name, generation)
        return searcher.num_docs, map(fields.document_of, paging.all_stored(searcher))

    # Writing

    def create(self, index: IndexName, schema: Schema) -> None:
        """Create an empty index, or check that the existing one has this schema."""
        with self._storage.lock(index):
            if self._storage.exists(index):
                self._check_schema(index, schema)
            else:
                self._storage.clean(index)
                self._storage.switch(index, self._create_generation(index, schema))

    @contextmanager
    def writer(self, index: IndexName, schema: Schema | None = None) -> Iterator[Writer]:
        """Open the index for writing; with a schema, a missing one is created with the first commit of a document."""
        with self._storage.lock(index):
            if schema and not self._storage.exists(index):
                with self._first_writer(index, schema) as writer:
                    yield writer
                return
            if schema:
                self._check_schema(index, schema)
            snapshot = self._readers.open(index)
            self._storage.clean(index)
            with self._open_writer(snapshot.generation, snapshot.schema) as writer:
                yield writer

    @contextmanager
    def _first_writer(self, index: IndexName, schema: Schema) -> Iterator[Writer]:
        """Fill the first generation of an index; until it has a document, there is no index."""
        self._storage.clean(index)
        generation = self._create_generation(index, schema)
        try:
            with self._open_writer(generation, schema) as writer:
                writer.first_commit = lambda: self._storage.switch(index, generation)
                yield writer
        finally:
            self._storage.clean(index)

    @contextmanager
    def rebuild(self, index: IndexName, schema: Schema, options: RebuildOptions = KEEP_ONE) -> Iterator[Rebuild]:
        """Fill a new generation and switch to it."""
        if options.force_merge:
            raise InvalidParameter("force_merge", "merge-not-supported", engine="embedded")
        with self._storage.lock(index):
            self._storage.clean(index)
            generation = self._create_generation(index, schema)
            try:
                with self._open_writer(
                    generation, schema, lambda: self._stored_in(self._storage.current(index))
                ) as writer:
                    yield writer
                replaced = self._storage.current(index).name if self._storage.exists(index) else ""
                self._storage.switch(index, generation)
                self._storage.prune(index, replaced, options.keep)
            finally:
                self._storage.clean(index)

    def delete(self, index: IndexName) -> None:
        """Remove an index."""
        self._storage.current(index)
        with self._storage.lock(index):
            self._storage.remove(index)

    # Generations

    def generations(self, index: IndexName) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first."""
        states = dict.fromkeys(self._storage.unfinished(index), GenerationState.UNFINISHED)
        states |= dict.fromkeys(self._storage.kept(index), GenerationState.KEPT)
        if self._storage.exists(index) or not states:
            states[self._storage.current(index)] = GenerationState.CURRENT
        return [_generation_stats(path, states[path]) for path in sorted(states, reverse=True)]

    def rollback(self, index: IndexName) -> GenerationStats:
        """Switch back to the kept generation before the current one."""
        current = self._storage.current(index)
        with self._storage.lock(index):
            before = next((path for path in self._storage.kept(index) if path.name < current.name), None)
            if before is None:
                raise NoGeneration(index, "no-older-generation", generation=current.name)
            if read_meta(index, before)["fingerprint"] != self._fingerprint:
                raise NoGeneration(index, "generation-of-other-configuration", generation=before.name)
            self._storage.switch(index, before)
            return _generation_stats(before, GenerationState.CURRENT)

    def clean(self, index: IndexName) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind."""
        with self._storage.lock(index):
            return self._storage.clean(index)

    def _create_generation(self, index: IndexName, schema: Schema) -> Path:
        generation = self._storage.new_generation(index)
        meta = {
            "schema": schema.to_dict(),
            "fingerprint": self._fingerprint,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (generation / META).write_bytes(orjson.dumps(meta, option=orjson.OPT_INDENT_2))
        tantivy.Index(fields.tantivy_schema(schema), path=str(generation / TANTIVY))
        return generation

    @contextmanager
    def _open_writer(
        self, generation: Path, schema: Schema, replaced: Callable[[], StoredDocuments] | None = None
    ) -> Iterator[EmbeddedWriter]:
        index = tantivy.Index.open(str(generation / TANTIVY))
        writer = EmbeddedWriter(index, DocumentMaker(schema, self._analysis), replaced)
        failed = True
        try:
            yield writer
            failed = False
        finally:
            writer.finish(failed)

    def _check_schema(self, index: IndexName, schema: Schema) -> None:
        meta = read_meta(index, self._storage.current(index))
        if meta["fingerprint"] != self._fingerprint:
            raise StaleIndex(index, "other-configuration")
        if schema_of(index, meta) != schema:
            raise StaleIndex(index, "other-schema", schema=schema.name)


def _searcher(index: str, generation: Path) -> tantivy.Searcher:
    try:
        return tantivy.Index.open(str(generation / TANTIVY)).searcher()
    except (OSError, ValueError) as error:
        raise DamagedIndex("index-damaged", index=index, reason=str(error)) from error


def _generation_stats(generation: Path, state: GenerationState) -> GenerationStats:
    try:
        created = str(read_meta(generation.parent.name, generation)["created"])
        documents = _searcher(generation.parent.name, generation).num_docs
    except DamagedIndex:  # it is being created, or damaged
        created, documents = "", 0
    return GenerationStats(generation.name, state, documents, size_of(generation), created)
