"""The one writer of a generation."""

from __future__ import annotations

import tantivy

from search_service.engines.embedded import fields
from search_service.engines.embedded.fields import DocumentMaker
from search_service.errors import EngineUnavailable
from search_service.model import Document

HEAP_BYTES = 100_000_000
"""Memory for documents not yet written as a segment: 100 MB make three segments of the news set, 200 MB one. In single
runs 200 MB searched a little faster and loaded a little slower; the machine's own swing was as large."""


class EmbeddedWriter:
    """Adds and removes documents of one generation."""

    def __init__(self, index: tantivy.Index, maker: DocumentMaker) -> None:
        self._maker = maker
        self._writer: tantivy.IndexWriter = index.writer(heap_size=HEAP_BYTES, num_threads=1)

    def upsert(self, document: Document) -> None:
        """Add a document or replace the one of the same id."""
        made = self._maker.make(document)
        self._writer.delete_documents_by_term(fields.ID, document.id)
        self._writer.add_document(made)

    def delete(self, document_id: str) -> None:
        """Remove a document."""
        self._writer.delete_documents_by_term(fields.ID, document_id)

    def commit(self) -> None:
        """Make the changes so far durable and visible."""
        try:
            self._writer.commit()
        except ValueError as error:
            # A failed commit loses its batch and leaves a writer that stores nothing: say so, never go on with it.
            self._writer.rollback()
            raise EngineUnavailable(f"the index cannot be written: {error}") from error

    def finish(self, failed: bool) -> None:
        """Commit, or after an error go back to the last commit; then wait for merges."""
        if failed:
            self._writer.rollback()
        else:
            self.commit()
        self._writer.wait_merging_threads()
