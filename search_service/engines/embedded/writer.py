"""The writer of a generation."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import tantivy

from index_config.schema import Schema
from search_service.core.document import Document
from search_service.core.errors import EngineUnavailable, InvalidDocument, SearchServiceError
from search_service.core.index_name import IndexName
from search_service.engines.documents import FailedChange
from search_service.engines.embedded import durable, fields
from search_service.engines.embedded.checksums import META, TANTIVY, TANTIVY_META, FileDamage, damaged, record
from search_service.engines.embedded.commits import last_commit
from search_service.engines.embedded.failures import is_panic, system_error
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.queue import QueuedChange
from search_service.engines.writing import ProgressCallback, RejectedDocument

HEAP_BYTES = 100_000_000
"""Memory for documents that are not in a segment yet: 100 MB make three segments of the news set, 200 MB one. In single
runs 200 MB searched a little faster and loaded a little slower, by no more than the noise of the machine."""


REPORT_EVERY = 100
"""Documents of a copy between two progress reports."""

SHARE_EVERY = 100
"""Documents after which the list of segments is made readable for other users again: a merge may have replaced it."""

StoredDocuments = tuple[int, Iterator[Document]]
"""The number of documents, and the documents."""

logger = logging.getLogger(__name__)


def create_files(generation: Path, schema: tantivy.Schema) -> None:
    """Create tantivy's files in a generation that has its metadata, and the checksums of both."""
    folder = generation / TANTIVY
    try:
        tantivy.Index(schema, path=str(folder))
    except ValueError as error:
        raise system_error(error, folder) or error from error
    seal(generation)


def seal(generation: Path) -> None:
    """Sync the folder of a generation that nobody writes to, and record the checksums of its files."""
    _sync_segment_list(generation)
    record(generation, (META, TANTIVY_META), last_commit(generation).paths)


@dataclass(frozen=True, slots=True)
class Publication:
    """How a generation becomes the current one.

    Attributes:
        publish: makes the generation the current one.
        is_done: returns whether the index has a current generation.
    """

    publish: Callable[[], None]
    is_done: Callable[[], bool]


class EmbeddedWriter:
    """Adds and removes documents of one generation. The caller holds the lock of the index.

    After an error nothing more can be written; `finish` removes what is not committed.

    Args:
        index: the name of the index.
        generation: its folder.
        maker: makes tantivy's documents.
        replaced: returns the documents of the generation that this one replaces.
        heap_bytes: memory for documents that are not in a segment yet.

    Attributes:
        publication: of a first generation: after the first commit that has a document, it is published.

    Raises:
        DamagedIndex: the files cannot be opened.
        OSError: they cannot be written; the error names a file or folder of the generation.
    """

    def __init__(
        self,
        index: IndexName,
        generation: Path,
        maker: DocumentMaker,
        replaced: Callable[[], StoredDocuments] | None = None,
        heap_bytes: int = HEAP_BYTES,
    ) -> None:
        self._index = index
        self._generation = generation
        self._maker = maker
        self._replaced = replaced
        record(generation, (META,))
        with self._failures():
            opened = tantivy.Index.open(str(generation / TANTIVY))
            self._writer: tantivy.IndexWriter = opened.writer(heap_size=heap_bytes, num_threads=1)
        self.publication: Publication | None = None
        self._rejected: list[RejectedDocument] = []
        self._added = 0
        self._is_open = True
        self._committed = self._writer.commit_opstamp

    @property
    def unsaved(self) -> int:
        """Documents added since the last commit."""
        return self._added

    def upsert(self, document: Document, origin: object = None) -> None:  # noqa: ARG002
        """Add a document or replace the one of the same id; an invalid one raises at once."""
        self._add(document.id, self._maker.make(document))

    def _add(self, document_id: str, made: tantivy.Document) -> None:
        try:
            self._writer.delete_documents_by_term(fields.ID, document_id)
            self._writer.add_document(made)
        except BaseException as error:
            self._raise_cause(error)
            raise
        self._added += 1
        if self._added % SHARE_EVERY == 0:
            _share(self._generation)

    def delete(self, document_id: str) -> None:
        """Remove a document."""
        with self._failures():
            self._writer.delete_documents_by_term(fields.ID, document_id)

    def commit(self) -> None:
        """Make the changes so far durable and visible."""
        with self._failures():
            committed = self._writer.commit()
        _sync_segment_list(self._generation)
        if self._added and self.publication and not self.publication.is_done():
            self.publication.publish()
        self._added, self._committed = 0, committed

    def replay(self, changes: Sequence[QueuedChange], schema: Schema) -> None:
        """Apply queued changes, the last of each document; reject those that do not fit the schema of the generation.

        They were checked against the schema of their time, and a rebuild can bring another one.
        """
        for change in {change.id: change for change in changes}.values():
            if change.document is None:
                self.delete(change.id)
                continue
            document = fields.document_of(orjson.loads(change.document))
            try:
                self._add(document.id, self._fitting(document, schema))
            except InvalidDocument as error:
                logger.warning("index %r: document %r is rejected (%s)", self._index, change.id, error)
                self._rejected.append(RejectedDocument(change.id, error.message))

    def _fitting(self, document: Document, schema: Schema) -> tantivy.Document:
        """Return tantivy's document. Raises InvalidDocument if it does not fit a schema."""
        unknown = document.source.keys() - {field.name for field in schema.fields}
        if unknown:
            allowed = tuple(field.name for field in schema.fields)
            raise InvalidDocument(min(unknown), "field-unknown", allowed=allowed)
        try:
            return self._maker.make(document)
        except MemoryError:
            raise
        except Exception as error:  # of whatever class: a value is of another type
            raise InvalidDocument("", "values-of-other-schema", schema=schema.name) from error

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return the queued changes that were rejected since the last call: `upsert` raises for what it rejects."""
        rejected, self._rejected = self._rejected, []
        return rejected

    def reject(self, failed: Sequence[FailedChange]) -> None:
        """Add changes that another writer could not apply to those that `rejected` returns."""
        self._rejected += [RejectedDocument(one.id, one.reason) for one in failed]

    def copy(self, progress: ProgressCallback) -> int:
        """Copy all documents of the replaced generation."""
        total, documents = self._replaced() if self._replaced else (0, iter(()))
        for number, document in enumerate(documents):
            if number % REPORT_EVERY == 0:
                progress(number, total)
            self.upsert(document)
        progress(total, total)
        return total

    def finish(self, failed: bool) -> None:
        """Commit, or after an error drop what is not committed; then wait for merges."""
        if not failed:
            try:
                self.commit()
                self._close()
                return
            except BaseException:
                self._drop()
                raise
        self._drop()

    def _drop(self) -> None:
        """Close without a commit after an error, which is raised: what is not committed is in no list of segments.

        Not with tantivy's rollback. It starts another writer and does not wait for the merges of the one before, which
        would go on to write files and to list them while those that are not listed yet are removed here.
        """
        self._quietly(self._wait)
        self._quietly(self._tidy)
        with suppress(OSError, FileDamage):
            # An interrupt that arrives in a commit is raised right after it, before it is noted here.
            committed = last_commit(self._generation).opstamp != self._committed
            if committed and (not self.publication or self.publication.is_done()):
                self._added = 0

    def _quietly(self, step: Callable[[], object]) -> None:
        """Do something after an error; what fails besides is logged."""
        try:
            with self._failures():
                step()
        except (SearchServiceError, OSError, FileDamage) as error:
            logger.info("closing the writer of %r: %s", self._index, error)

    def _close(self) -> None:
        """Wait for merges, and remove the files that the last commit does not list."""
        self._wait()
        self._tidy()

    def _wait(self) -> None:
        """Wait for the threads that write and merge, if that was not done yet; nothing more can be written."""
        if self._is_open:
            self._is_open = False
            with self._failures():
                self._writer.wait_merging_threads()

    def _tidy(self) -> None:
        self._remove_leftovers()
        seal(self._generation)

    def _remove_leftovers(self) -> None:
        """Remove files of segments that were not committed, and temporary files of killed processes.

        tantivy does so at the next commit, but not after an error; then a full disk would stay full.
        """
        kept = {path.name for path in last_commit(self._generation).paths} | {"meta.json", ".managed.json"}
        for path in (self._generation / TANTIVY).iterdir():
            if path.name not in kept and path.suffix != ".lock":
                path.unlink(missing_ok=True)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Raise failures of tantivy as errors of the operating system or of the service."""
        try:
            yield
        except BaseException as error:
            self._raise_translated(error)
            raise

    def _raise_cause(self, error: BaseException) -> None:
        """Raise the failure of a thread that writes: `add_document` reports only that it has ended, `commit` why."""
        if not isinstance(error, ValueError) and not is_panic(error):
            return
        with self._failures():
            self._writer.commit()
        self._raise_translated(error)

    def _raise_translated(self, error: BaseException) -> None:
        if not isinstance(error, (ValueError, OSError)) and not is_panic(error):
            return
        if problem := system_error(error, self._generation / TANTIVY):
            raise problem from error
        with suppress(OSError):
            try:
                last_commit(self._generation).check()
            except FileDamage as damage:
                raise damaged(self._index, damage.problem) from error
        raise EngineUnavailable("commit-failed", reason=str(error)) from error


def _sync_segment_list(generation: Path) -> None:
    """Sync the name of tantivy's list of segments: tantivy syncs the content only, before it renames the file."""
    _share(generation)
    durable.sync_folder(generation / TANTIVY)


def _share(generation: Path) -> None:
    """Give tantivy's list of segments the read and write permissions of our own metadata file.

    tantivy makes it readable for its own user only.
    """
    os.chmod(generation / TANTIVY_META, os.stat(generation / META).st_mode & 0o666)
