"""The writer that a rebuild hands out."""

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
from search_service.engines.elasticsearch.rebuild import tasks, verification
from search_service.engines.elasticsearch.rebuild.lease import Lease
from search_service.engines.writing import ProgressCallback, RejectedDocument

logger = logging.getLogger(__name__)


class RebuildWriter:
    """Fills a new generation, and remembers some documents that are looked for afterwards.

    Args:
        client: the connection.
        writer: writes to the new generation.
        lease: notes the task that copies.
        live: the generation that is replaced, or None.
        alias: by which the new one is written to.

    Attributes:
        samples: some of the documents, by id, as they were written last.
        copied: documents that Elasticsearch has copied by itself.
        written: documents that were written one by one.
    """

    def __init__(self, client: Elasticsearch, writer: BulkWriter, lease: Lease, live: str | None, alias: str) -> None:
        self.samples: dict[str, Mapping[str, Any]] = {}
        self.copied = self.written = 0
        self._client = client
        self._writer = writer
        self._lease = lease
        self._live = live
        self._alias = alias
        self._rejected: list[RejectedDocument] = []

    def upsert(self, document: Document, origin: object = None) -> None:
        """Add a document or replace the one of the same id."""
        self.written += 1
        # The later a document comes, the less likely it gets in, and the longer it stays: samples come from everywhere.
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
        """Make the changes so far durable; they are searched after the switch."""
        self._writer.commit()
        self._rejected = list(self.rejected())

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return the documents refused since the last call."""
        rejected, self._rejected = [*self._rejected, *self._writer.rejected()], []
        for one in rejected:
            self.samples.pop(one.id, None)
        return rejected

    def copy(self, progress: ProgressCallback) -> int:
        """Let Elasticsearch copy the live generation into the new one."""
        if self._live is None:
            return 0
        self._writer.flush()
        with translate_errors():
            self._client.indices.refresh(index=self._live)
            source, target = {"index": self._live, "size": CHUNK_DOCUMENTS}, {"index": self._alias}
            answer = self._client.reindex(
                source=source, dest=target, require_alias=True, slices="auto", wait_for_completion=False
            )
        task = str(answer["task"])
        self._lease.renew(task=task)
        result = tasks.wait(self._client, task, progress)
        self._lease.renew(task="")
        self.copied += int(result["created"])
        total = int(result["total"])
        if result["failures"]:
            logger.info("a document of %s is refused, so they are copied one by one", self._live)
            return self._copy_one_by_one(self._live, total, progress)
        return total

    def _copy_one_by_one(self, live: str, total: int, progress: ProgressCallback) -> int:
        """Copy through the service: Elasticsearch's own copy ends at the first document that it refuses."""
        number, rejected = 0, self._writer.counters.rejections
        with translate_errors():
            for number, hit in enumerate(all_documents(self._client, live), start=1):
                self._writer.put(hit["_id"], hit["_source"])
                if number % CHUNK_DOCUMENTS == 0:
                    progress(number, total)
        self._writer.flush()
        return number - (self._writer.counters.rejections - rejected)
