"""Creates, fills, replaces and removes the indexes of the embedded engine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import DamagedIndex, InvalidParameter, NoGeneration, StaleIndex
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult, GenerationState, GenerationStats, IndexState, IndexStats
from search_service.engines.backups import BackupStats
from search_service.engines.embedded import fields, paging
from search_service.engines.embedded.backup import opened_backup, write_backup
from search_service.engines.embedded.checksums import FileDamage
from search_service.engines.embedded.commits import last_commit, open_commit
from search_service.engines.embedded.damage import check_generation
from search_service.engines.embedded.diagnose import checks
from search_service.engines.embedded.failures import storage_errors
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.metadata import age_key, read_meta, schema_of, write_meta
from search_service.engines.embedded.queue import ChangeQueue
from search_service.engines.embedded.reader import Readers
from search_service.engines.embedded.replay import OpenWriter, apply_waiting, log_failed
from search_service.engines.embedded.storage import Storage, size_of
from search_service.engines.embedded.writer import (
    HEAP_BYTES,
    EmbeddedWriter,
    Publication,
    StoredDocuments,
    create_files,
)
from search_service.engines.status import index_status
from search_service.engines.writing import KEEP_ONE, Capabilities, Rebuild, RebuildOptions, Writer

APPLYING_HEAP_BYTES = 30_000_000
"""Memory of tantivy for queued changes: a commit has some hundred. tantivy takes at least 15 MB."""

logger = logging.getLogger(__name__)


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
        with self._errors(""):
            return self._storage.indexes()

    def stored_schema(self, index: IndexName) -> Schema:
        """Return the schema that an index was made with, of a stale one too."""
        with self._errors(index):
            return schema_of(index, read_meta(index, self._storage.current(index)))

    def stats(self, index: IndexName) -> IndexStats:
        """Return the state of an index."""
        with self._errors(index):
            return self._storage.read_current(index, lambda generation: self._stats(index, generation))

    def _stats(self, index: IndexName, generation: Path) -> IndexStats:
        meta = read_meta(index, generation)
        return IndexStats(
            name=index,
            state=IndexState.CURRENT if meta["fingerprint"] == self._fingerprint else IndexState.STALE,
            schema=meta["schema"]["name"],
            documents=open_commit(last_commit(generation)).searcher().num_docs,
            size_bytes=size_of(generation),
            fingerprint=meta["fingerprint"],
            created=meta["created"],
            waiting=self._of_queue(index, ChangeQueue.waiting),
            failed=self._of_queue(index, ChangeQueue.count_failed),
            generation=generation.name,
        )

    def _of_queue(self, index: IndexName, count: Callable[[ChangeQueue], int]) -> int:
        """Return a count of changes; 0 if this user may not read them, who may read the index nevertheless."""
        try:
            return count(self._storage.queue(index))
        except PermissionError:
            return 0

    def verify(self, index: IndexName) -> None:
        """Read every file of an index and compare it with its checksum."""
        with self._errors(index):
            self._storage.read_current(index, lambda generation: check_generation(index, generation))

    def diagnose(self, index: IndexName) -> Sequence[CheckResult]:
        """Compare the files and the configuration of an index with what they should be, and search for a document."""
        with self._errors(index):
            return list(checks(self._storage, self._readers, self._analysis, index))

    def stored(self, index: IndexName) -> Iterator[Document]:
        """Yield all documents of an index as they were written; their files are compared with the checksums before."""
        with self._errors(index):
            _, documents = self._storage.read_current(index, lambda generation: self._stored_in(index, generation))
            yield from documents

    def _stored_in(self, index: IndexName, generation: Path) -> StoredDocuments:
        files = last_commit(generation)
        files.check()  # a copy of a damaged document would have a right checksum
        searcher = open_commit(files).searcher()
        return searcher.num_docs, self._readers.documents(index, files, paging.all_stored(searcher))

    # Writing

    def create(self, index: IndexName, schema: Schema) -> bool:
        """Create an empty index, or check that the existing one has this schema."""
        with self._errors(index), self._storage.lock(index):
            if self._storage.exists(index):
                self._check_schema(index, schema)
                return False
            self._storage.clean(index)
            try:
                self._storage.switch(index, self._create_generation(index, schema))
            finally:
                self._storage.clean(index)
            return True

    @contextmanager
    def writer(self, index: IndexName, schema: Schema | None = None) -> Iterator[Writer]:
        """Open the index for writing; with a schema, a missing one is created with the first commit of a document."""
        with self._errors(index), self._storage.lock(index):
            if schema and not self._storage.exists(index):
                with self._first_writer(index, schema) as writer:
                    yield writer
                return
            if schema:
                self._check_schema(index, schema)
            snapshot = self._readers.open(index)
            self._storage.clean(index)
            self._drain_current(index)  # what was acknowledged before comes before
            with self._open_writer(index, snapshot.files.generation, snapshot.schema) as writer:
                yield writer

    @contextmanager
    def applying(self, index: IndexName) -> Iterator[OpenWriter]:
        """Lock the index for applying queued changes; the caller leaves when another process wants the index."""
        with self._errors(index), self._storage.lock(index, gives_way=True):
            snapshot = self._readers.open(index)
            self._storage.clean(index)
            yield self._opening(index, snapshot.files.generation, snapshot.schema, APPLYING_HEAP_BYTES)

    def _opening(self, index: IndexName, generation: Path, schema: Schema, heap_bytes: int) -> OpenWriter:
        """Return what opens a writer of a generation for queued changes."""

        @contextmanager
        def open_writer() -> Iterator[tuple[EmbeddedWriter, Schema]]:
            with self._open_writer(index, generation, schema, heap_bytes=heap_bytes) as writer:
                yield writer, schema

        return open_writer

    def _drain_current(self, index: IndexName) -> None:
        """Apply all changes that wait to the current generation.

        If it is stale or damaged, they wait for the one that replaces it.
        """
        if not self._storage.exists(index) or not self._storage.queue(index).waiting():
            return
        try:
            snapshot = self._readers.open(index)
            queue = self._storage.queue(index)
            open_writer = self._opening(index, snapshot.files.generation, snapshot.schema, HEAP_BYTES)
            last, failed = apply_waiting(queue, open_writer)
            queue.remove(last, failed)
            log_failed(index, failed)
        except (DamagedIndex, StaleIndex) as error:
            logger.warning("index %r: acknowledged changes wait for the next generation (%s)", index, error)

    @contextmanager
    def _first_writer(self, index: IndexName, schema: Schema) -> Iterator[Writer]:
        """Fill the first generation of an index; until it has a document, there is no index."""
        self._storage.clean(index)
        try:
            generation = self._create_generation(index, schema)
            with self._open_writer(index, generation, schema) as writer:
                writer.publication = Publication(
                    lambda: self._storage.switch(index, generation), lambda: self._storage.exists(index)
                )
                yield writer
        finally:
            self._storage.clean(index)

    @contextmanager
    def rebuild(self, index: IndexName, schema: Schema, options: RebuildOptions = KEEP_ONE) -> Iterator[Rebuild]:
        """Fill a new generation and switch to it."""
        if options.force_merge:
            raise InvalidParameter("force_merge", "merge-not-supported", engine="embedded")
        with self._errors(index), self._storage.lock(index):
            self._storage.clean(index)
            self._drain_current(index)  # what was acknowledged before the rebuild belongs to the old generation
            try:
                generation = self._create_generation(index, schema)
                with self._open_writer(
                    index, generation, schema, lambda: self._stored_in(index, self._storage.current(index))
                ) as writer:
                    yield writer
                self._replace(index, generation, options.keep, writer)
            finally:
                self._storage.clean(index)

    def _replace(self, index: IndexName, generation: Path, keep: int, filled: EmbeddedWriter | None = None) -> None:
        """Apply the changes made meanwhile to a new generation, switch to it, and remove the oldest ones.

        Args:
            index: where.
            generation: the new one.
            keep: how many old ones to keep.
            filled: the writer that reports the failed changes as rejected.
        """
        replaced = self._storage.current(index).name if self._storage.exists(index) else ""
        with self._queue_applied(index, generation, filled):
            self._storage.switch(index, generation)
        self._storage.prune(index, replaced, keep)

    @contextmanager
    def _queue_applied(
        self, index: IndexName, generation: Path, filled: EmbeddedWriter | None = None
    ) -> Iterator[None]:
        """Apply what waits to a generation, and hold the queue in the context: later changes wait until the switch."""
        queue = self._storage.queue(index)
        if not self._storage.exists(index) or not queue.path.exists():
            yield
            return
        if (meta := read_meta(index, generation))["fingerprint"] != self._fingerprint:  # a restored one: they wait
            yield
            return
        open_writer = self._opening(index, generation, schema_of(index, meta), HEAP_BYTES)
        applied, failed = apply_waiting(queue, open_writer)  # most of it, without holding the queue
        with queue.transaction():
            applied, more = apply_waiting(queue, open_writer, applied)
            yield
            failed += more
            queue.remove(applied, () if filled else failed)
        if filled:
            filled.reject(failed)
        log_failed(index, failed)

    def delete(self, index: IndexName) -> None:
        """Remove an index."""
        with self._errors(index):
            self._storage.current(index)
            with self._storage.lock(index):
                self._storage.remove(index)

    # Generations

    def generations(self, index: IndexName) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first."""
        with self._errors(index):
            unfinished, kept = self._storage.unfinished(index), self._storage.kept(index)
            current = [self._storage.current(index)] if self._storage.exists(index) or not unfinished else []
            finished = sorted([*kept, *current], key=age_key, reverse=True)
            states = dict.fromkeys(kept, GenerationState.KEPT) | dict.fromkeys(current, GenerationState.CURRENT)
            return [
                *(_generation_stats(path, GenerationState.UNFINISHED) for path in unfinished),
                *(_generation_stats(path, states[path]) for path in finished),
            ]

    def rollback(self, index: IndexName) -> GenerationStats:
        """Switch back to the kept generation before the current one."""
        with self._errors(index):
            self._storage.current(index)
            with self._storage.lock(index):
                self._drain_current(index)
                current = self._storage.current(index)
                older = (path for path in self._storage.kept(index) if age_key(path) < age_key(current))
                before = next(older, None)
                if before is None:
                    raise NoGeneration(index, "no-older-generation", generation=current.name)
                try:
                    meta = check_generation(index, before)
                except DamagedIndex as error:
                    raise NoGeneration(index, "generation-damaged", generation=before.name) from error
                if meta["fingerprint"] != self._fingerprint:
                    raise NoGeneration(index, "generation-of-other-configuration", generation=before.name)
                with self._queue_applied(index, before):
                    self._storage.switch(index, before)
                return _generation_stats(before, GenerationState.CURRENT)

    def clean(self, index: IndexName) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind."""
        with self._errors(index), self._storage.lock(index):
            return self._storage.clean(index)

    # Backups

    def backup(self, index: IndexName, target: str) -> BackupStats:
        """Write the last commit of an index to a file; it may be searched and written meanwhile."""
        with self._errors(index):
            self._storage.current(index)
            if self._storage.queue(index).waiting():  # the backup has everything that is acknowledged
                with self._storage.lock(index):
                    self._drain_current(index)
            return write_backup(self._storage, index, Path(target), self._fingerprint)

    def restore(self, source: str, index: IndexName | None = None, replace: bool = False) -> BackupStats:
        """Create an index from a file, or a new generation of one."""
        with opened_backup(Path(source)) as backup:
            index = index or backup.index
            with self._errors(index), self._storage.lock(index):
                current = backup.fingerprint == self._fingerprint
                if self._storage.exists(index):
                    if not replace:
                        raise InvalidParameter("replace", "index-exists", index=index)
                    if not current and index_status(self, index).state is IndexState.CURRENT:
                        raise StaleIndex(index, "backup-of-other-configuration")
                self._storage.clean(index)
                self._drain_current(index)
                try:
                    generation, documents = backup.fill(self._storage, index)
                    self._replace(index, generation, KEEP_ONE.keep)
                finally:
                    self._storage.clean(index)
                return BackupStats(index, source, documents, size_of(generation), current)

    def _create_generation(self, index: IndexName, schema: Schema) -> Path:
        sequence = self._storage.next_sequence(index)
        generation = self._storage.new_generation(index)
        meta = {
            "schema": schema.to_dict(),
            "fingerprint": self._fingerprint,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "sequence": sequence,
        }
        write_meta(generation, meta)
        create_files(generation, fields.tantivy_schema(schema))
        return generation

    @contextmanager
    def _open_writer(
        self,
        index: IndexName,
        generation: Path,
        schema: Schema,
        replaced: Callable[[], StoredDocuments] | None = None,
        heap_bytes: int = HEAP_BYTES,
    ) -> Iterator[EmbeddedWriter]:
        writer = EmbeddedWriter(index, generation, DocumentMaker(schema, self._analysis), replaced, heap_bytes)
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

    def _errors(self, index: str) -> AbstractContextManager[None]:
        """Return a context in which errors of our files become the service's."""
        return storage_errors(self._storage.root, index)


def _generation_stats(generation: Path, state: GenerationState) -> GenerationStats:
    try:
        created = str(read_meta(generation.parent.name, generation)["created"])
        documents = open_commit(last_commit(generation)).searcher().num_docs
    except (DamagedIndex, FileDamage, FileNotFoundError):  # it is being created, or damaged
        created, documents = "", 0
    return GenerationStats(generation.name, state, documents, size_of(generation), created)
