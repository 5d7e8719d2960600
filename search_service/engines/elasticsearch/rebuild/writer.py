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
from search_service.engines.elasticsearch.rebuild import tasks, verification
from search_service.engines.elasticsearch.rebuild.lease import Lease
from search_service.engines.writing import ProgressCallback, RejectedDocument

logger = logging.getLogger(__name__)


class RebuildWriter:
    """Fills a new generation, and keeps a sample of its documents for the verification.

    Args:
        writer: writes to the new generation.
        lease: records the copy task.
        live: the replaced generation, or None.
        alias: the alias of the new generation.
        equal: whether the live generation has the schema and the configuration of the new one.

    Attributes:
        samples: some of the documents, by id, as they were last written.
        copied: documents copied by Elasticsearch.
        from_live: whether the live generation was copied, by Elasticsearch or one by one.
        written: documents written one by one.
    """

    def __init__(
        self, client: Elasticsearch, writer: BulkWriter, lease: Lease, live: str | None, alias: str, equal: bool
    ) -> None:
        self.samples: dict[str, Mapping[str, Any]] = {}
        self.copied = self.written = 0
        self.from_live = False
        self._client = client
        self._writer = writer
        self._lease = lease
        self._live = live
        self._alias = alias
        self._equal = equal
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
        """Copy the live generation to the new one.

        Elasticsearch copies what the service has made of a document, so only if it would be the same again.
        """
        if self._live is None:
            return 0
        self.from_live = True
        self._writer.flush()
        with translate_errors():
            self._client.indices.refresh(index=self._live)
            if not self._equal:
                total = int(self._client.count(index=self._live)["count"])
                return self._copy_one_by_one(self._live, total, progress)
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
            logger.info("a document of %s is rejected, so all are copied one by one", self._live)
            return self._copy_one_by_one(self._live, total, progress)
        return total

    def _copy_one_by_one(self, live: str, total: int, progress: ProgressCallback) -> int:
        """Copy through the service: `_reindex` stops at the first document that it rejects."""
        number, rejected = 0, self._writer.counters.rejections
        with translate_errors():
            for number, hit in enumerate(all_documents(self._client, live), start=1):
                self._writer.upsert(document_of(hit["_source"], hit["_id"]))
                if number % CHUNK_DOCUMENTS == 0:
                    progress(number, total)
        self._writer.flush()
        return number - (self._writer.counters.rejections - rejected)
