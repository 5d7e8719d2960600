"""The writer of a new generation."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search_service.core.document import Document
from search_service.engines.elasticsearch.bulk.writer import CHUNK_DOCUMENTS, BulkWriter
from search_service.engines.elasticsearch.changes import all_documents
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.fields import document_of
from search_service.engines.elasticsearch.rebuild import verification
from search_service.engines.writing import ProgressCallback, RejectedDocument

logger = logging.getLogger(__name__)


class RebuildWriter:
    """Fills a new generation, and keeps a sample of its documents for the verification.

    Args:
        writer: writes to the new generation.
        live: the replaced generation, or None.

    Attributes:
        samples: some of the documents, by id, as they were last written.
        copied: documents copied from the live generation.
        written: documents written by the caller.
    """

    def __init__(self, client: Elasticsearch, writer: BulkWriter, live: str | None) -> None:
        self.samples: dict[str, Mapping[str, Any]] = {}
        self.copied = self.written = 0
        self._client = client
        self._writer = writer
        self._live = live
        self._rejected: list[RejectedDocument] = []

    @property
    def unsaved(self) -> int:
        """All documents: an unfinished generation is removed."""
        return self.written

    def upsert(self, document: Document, origin: object = None) -> None:
        """Add a document or replace the one of the same id."""
        self.written += 1
        # Reservoir sampling: a later document is less likely to be chosen, and then stays longer.
        if document.id in self.samples or random.random() * self.written < verification.PROBES:
            self.samples[document.id] = document.source
            if len(self.samples) > verification.PROBES:
                del self.samples[random.choice([*self.samples])]
        self._writer.upsert(document, origin)

    def delete(self, document_id: str) -> None:
        """Remove a document."""
        self.samples.pop(document_id, None)
        self._writer.delete(document_id)

    def commit(self) -> None:
        """Make the changes so far durable; they become visible with the switch."""
        self._writer.commit()
        self._rejected = list(self.rejected())

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return the documents rejected since the last call."""
        rejected, self._rejected = [*self._rejected, *self._writer.rejected()], []
        for one in rejected:
            self.samples.pop(one.id, None)
        return rejected

    def copy(self, progress: ProgressCallback) -> int:
        """Copy the live generation through the service, which makes the terms; return the number of documents."""
        if self._live is None:
            return 0
        number, rejected = 0, self._writer.counters.rejections
        with translate_errors():
            self._client.indices.refresh(index=self._live)
            total = int(self._client.count(index=self._live)["count"])
            for number, hit in enumerate(all_documents(self._client, self._live), start=1):
                self._writer.upsert(document_of(hit["_source"], hit["_id"]))
                if number % CHUNK_DOCUMENTS == 0:
                    progress(number, total)
        self._writer.flush()
        progress(number, number)
        self.copied = number - (self._writer.counters.rejections - rejected)
        return self.copied
