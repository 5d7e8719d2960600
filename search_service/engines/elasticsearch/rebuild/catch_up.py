"""Copies to a new generation what is written to the live one while it is filled.

The rebuild records checkpoints while writes are blocked for a moment: no later change may be lost. Each round copies
the documents that have changed since the round before, and removes those that have a tombstone and are no longer in the
live generation. The last round runs while writes are blocked, so it is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from elasticsearch import Elasticsearch

from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.bulk.writer import BulkWriter
from search_service.engines.elasticsearch.changes import changed_since, checkpoints
from search_service.engines.elasticsearch.fields import document_of
from search_service.engines.elasticsearch.rebuild.coordination import CoordinationIndex
from search_service.engines.elasticsearch.retry import ShardsMissing

IDS_PER_REQUEST = 1_000
"""Ids in a request that checks which of them exist."""


class CatchUp:
    """Keeps the checkpoints of what has been copied. Create it while writes are blocked.

    Args:
        coordination: where tombstones are.
        live: the live generation of the index.
    """

    def __init__(self, client: Elasticsearch, coordination: CoordinationIndex, index: IndexName, live: str) -> None:
        self._client = client
        self._coordination = coordination
        self._index = index
        self._live = live
        self._write_checkpoints = checkpoints(client, live)
        self._tombstone_checkpoint = coordination.checkpoint()
        self._pending_deletes: set[str] = set()

    def round(self, writer: BulkWriter) -> int:
        """Copy what has changed since the last round; return the number of documents."""
        written, tombstones = checkpoints(self._client, self._live), self._coordination.checkpoint()
        self._client.indices.refresh(index=self._live)
        count = 0
        for hit in changed_since(self._client, self._live, self._write_checkpoints):
            writer.upsert(document_of(hit["_source"], hit["_id"]))
            count += 1
        # A tombstone precedes its delete: a document that still exists is checked again in the next round.
        ids = {*self._coordination.tombstones(self._index, self._tombstone_checkpoint), *self._pending_deletes}
        self._pending_deletes = set(self._existing(ids))
        for document_id in ids - self._pending_deletes:
            writer.delete(document_id)
            count += 1
        writer.flush()
        self._write_checkpoints, self._tombstone_checkpoint = written, tombstones
        return count

    def _existing(self, ids: Iterable[str]) -> Iterator[str]:
        """Yield the ids that the live generation has now."""
        left = iter(ids)
        while some := list(islice(left, IDS_PER_REQUEST)):
            answer = self._client.mget(index=self._live, ids=some, source=False)
            for found in answer["docs"]:
                if "error" in found:
                    raise ShardsMissing("shard-missing", index=self._live, reason=str(found["error"])[:300])
                if found["found"]:
                    yield found["_id"]
