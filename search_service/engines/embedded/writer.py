"""The writer of a generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import tantivy

from search_service.core.document import Document
from search_service.core.errors import EngineUnavailable
from search_service.engines.embedded import fields
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.writing import ProgressCallback, RejectedDocument

HEAP_BYTES = 100_000_000
"""Memory for documents that are not in a segment yet: 100 MB make three segments of the news set, 200 MB one. In single
runs 200 MB searched a little faster and loaded a little slower, by no more than the noise of the machine."""


REPORT_EVERY = 100
"""Documents of a copy between two progress reports."""

StoredDocuments = tuple[int, Iterator[Document]]
"""The number of documents, and the documents."""


class EmbeddedWriter:
    """Adds and removes documents of one generation.

    Args:
        replaced: returns the documents of the generation that this one replaces.

    Attributes:
        first_commit: called after the first commit that has a document.
    """

    def __init__(
        self, index: tantivy.Index, maker: DocumentMaker, replaced: Callable[[], StoredDocuments] | None = None
    ) -> None:
        self._maker = maker
        self._replaced = replaced
        self._writer: tantivy.IndexWriter = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        self.first_commit: Callable[[], None] | None = None
        self._added = 0
        self._committed = self._writer.commit_opstamp

    @property
    def unsaved(self) -> int:
        """Documents added since the last commit."""
        return self._added

    def upsert(self, document: Document, origin: object = None) -> None:  # noqa: ARG002
        """Add a document or replace the one of the same id; an invalid one raises at once."""
        made = self._maker.make(document)
        self._writer.delete_documents_by_term(fields.ID, document.id)
        self._writer.add_document(made)
        self._added += 1

    def delete(self, document_id: str) -> None:
        """Remove a document."""
        self._writer.delete_documents_by_term(fields.ID, document_id)

    def commit(self) -> None:
        """Make the changes so far durable and visible."""
        try:
            self._writer.commit()
        except ValueError as error:
            # A failed commit loses its batch, and the writer stores nothing until it is rolled back.
            self._writer.rollback()
            raise EngineUnavailable("commit-failed", reason=str(error)) from error
        if self._added and self.first_commit:
            self.first_commit()
            self.first_commit = None
        self._added, self._committed = 0, self._writer.commit_opstamp

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return nothing: `upsert` raises for what it rejects."""
        return ()

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
        """Commit, or after an error roll back to the last commit; then wait for merges."""
        if failed:
            if self._writer.commit_opstamp != self._committed and not self.first_commit:
                self._added = 0  # an interrupt that arrives in a commit is raised right after it
            self._writer.rollback()
        else:
            self.commit()
        self._writer.wait_merging_threads()
