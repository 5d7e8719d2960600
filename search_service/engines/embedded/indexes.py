"""Makes, fills, replaces and removes the indexes of the embedded engine; searching them is in `engine`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import tantivy

from index_config.fingerprint import fingerprint
from index_config.schema import Schema
from search_service.analysis.analyzer import ANALYSIS_VERSION, Analysis
from search_service.core.document import Document
from search_service.core.errors import DamagedIndex, InvalidParameter, NoGeneration, StaleIndex
from search_service.core.index_state import GenerationState, GenerationStats, Health, IndexState, IndexStats
from search_service.engines.embedded import fields, paging
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.reader import Readers, read_meta, schema_of
from search_service.engines.embedded.storage import META, TANTIVY, Storage, size_of
from search_service.engines.embedded.writer import EmbeddedWriter, Stored
from search_service.engines.writing import KEEP_ONE, Capabilities, Rebuild, RebuildOptions, Writer

FORMAT = 2
"""Version of what this engine writes; a change makes older indexes stale."""


class IndexManager:
    """Keeps indexes under one folder with tantivy.

    Args:
        root: the folder; made when the first index is.
        analysis: how texts are read.
    """

    capabilities = Capabilities(transactions=True, exclusive_writer=True, merges=False)

    def __init__(self, root: Path, analysis: Analysis) -> None:
        self.analysis = analysis
        self._storage = Storage(root)
        parts = {"analysis": ANALYSIS_VERSION, "format": FORMAT, **analysis.configuration()}
        self._fingerprint = fingerprint(parts)
        self._readers = Readers(self._storage, self._fingerprint)

    # What there is

    def indexes(self) -> tuple[str, ...]:
        """Return the names of the indexes in order."""
        return self._storage.indexes()

    def schema(self, index: str, *, stale: bool = False) -> Schema:
        """Return the schema an index was made with."""
        if stale:
            return schema_of(index, read_meta(index, self._storage.current(index)))
        return self._readers.open(index)[0].schema

    def stats(self, index: str) -> IndexStats:
        """Return the state of an index."""
        generation = self._storage.current(index)
        try:
            meta = read_meta(index, generation)
            documents = _searcher(index, generation).num_docs
        except DamagedIndex:
            if self._storage.current(index) != generation:  # a rebuild has replaced and removed it meanwhile
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

    def health(self, index: str) -> Health:
        """Make sure that the index can be searched: all of it lies in one folder, so nothing can be missing."""
        _, searcher = self._readers.open(index)
        searcher.search(tantivy.Query.all_query(), 1)
        return Health()

    def stored(self, index: str) -> Iterator[Document]:
        """Return all documents of an index as they were written."""
        return self._stored_in(self._storage.current(index))[1]

    def _stored_in(self, generation: Path) -> Stored:
        searcher = _searcher(generation.parent.name, generation)
        return searcher.num_docs, map(document_of, paging.all_stored(searcher))

    # Writing

    def create(self, index: str, schema: Schema) -> None:
        """Make an empty index, or make sure that the existing one has this schema."""
        with self._storage.lock(index):
            if self._storage.exists(index):
                self._check_schema(index, schema)
            else:
                self._storage.clean(index)
                self._storage.switch(index, self._begin(index, schema))

    @contextmanager
    def writer(self, index: str) -> Iterator[Writer]:
        """Open the index for writing."""
        with self._storage.lock(index):
            opened, _ = self._readers.open(index)
            self._storage.clean(index)
            with self._writing(opened.generation, opened.schema) as writer:
                yield writer

    @contextmanager
    def rebuild(self, index: str, schema: Schema, options: RebuildOptions = KEEP_ONE) -> Iterator[Rebuild]:
        """Fill a new generation and switch to it."""
        if options.merge:
            problem = "the embedded engine cannot merge an index into one segment"
            raise InvalidParameter("--force-merge", problem, "to leave it out; segments are merged as they grow")
        with self._storage.lock(index):
            self._storage.clean(index)
            generation = self._begin(index, schema)
            try:
                with self._writing(generation, schema, lambda: self._stored_in(self._storage.current(index))) as writer:
                    yield writer
                replaced = self._storage.current(index).name if self._storage.exists(index) else ""
                self._storage.switch(index, generation)
                self._storage.prune(index, replaced, options.keep)
            finally:
                self._storage.clean(index)

    def delete_index(self, index: str) -> None:
        """Remove an index."""
        self._storage.current(index)
        with self._storage.lock(index):
            self._storage.remove(index)

    # Generations

    def generations(self, index: str) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first."""
        states = dict.fromkeys(self._storage.unfinished(index), GenerationState.UNFINISHED)
        states |= dict.fromkeys(self._storage.kept(index), GenerationState.KEPT)
        if self._storage.exists(index) or not states:
            states[self._storage.current(index)] = GenerationState.CURRENT
        return [_generation_stats(path, states[path]) for path in sorted(states, reverse=True)]

    def rollback(self, index: str) -> GenerationStats:
        """Switch back to the kept generation before the current one."""
        current = self._storage.current(index)
        with self._storage.lock(index):
            before = next((path for path in self._storage.kept(index) if path.name < current.name), None)
            if before is None:
                raise NoGeneration(index, f"none is kept from before {current.name}")
            if read_meta(index, before)["fingerprint"] != self._fingerprint:
                raise NoGeneration(index, f"{before.name} was made with another configuration of the analysis")
            self._storage.switch(index, before)
            return _generation_stats(before, GenerationState.CURRENT)

    def clean(self, index: str) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind."""
        with self._storage.lock(index):
            return self._storage.clean(index)

    def _begin(self, index: str, schema: Schema) -> Path:
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
    def _writing(
        self, generation: Path, schema: Schema, replaced: Callable[[], Stored] | None = None
    ) -> Iterator[EmbeddedWriter]:
        index = tantivy.Index.open(str(generation / TANTIVY))
        writer = EmbeddedWriter(index, DocumentMaker(schema, self.analysis), replaced)
        failed = True
        try:
            yield writer
            failed = False
        finally:
            writer.finish(failed)

    def _check_schema(self, index: str, schema: Schema) -> None:
        meta = read_meta(index, self._storage.current(index))
        if meta["fingerprint"] != self._fingerprint:
            raise StaleIndex(index, "was made with another configuration of the analysis")
        if schema_of(index, meta) != schema:
            raise StaleIndex(index, f"was made with another schema than {schema.name!r} as it is now")


def document_of(stored: dict[str, object]) -> Document:
    """Return a document as it was written."""
    return Document(str(stored["id"]), {name: value for name, value in stored.items() if name != "id"})


def _searcher(index: str, generation: Path) -> tantivy.Searcher:
    try:
        return tantivy.Index.open(str(generation / TANTIVY)).searcher()
    except (OSError, ValueError) as error:
        raise DamagedIndex(f"index {index!r} is damaged: {error}") from error


def _generation_stats(generation: Path, state: GenerationState) -> GenerationStats:
    try:
        created = str(read_meta(generation.parent.name, generation)["created"])
        documents = _searcher(generation.parent.name, generation).num_docs
    except DamagedIndex:  # it is just being made, or damaged
        created, documents = "", 0
    return GenerationStats(generation.name, state, documents, size_of(generation), created)
