"""Brings to a new generation what is written to the live one while it is filled.

The rebuild begins with a moment in which nobody writes: what was written before it is not its concern, everything
after it must not be lost. From then on each round copies the documents that have changed since the round before, and
removes those whose deletion has been noted and which the live generation does not have any more. The last round runs
while writes are blocked, so nothing can be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from elasticsearch import Elasticsearch

from search_service.engines.elasticsearch.bulk.writer import BulkWriter
from search_service.engines.elasticsearch.changes import changed_since, checkpoints
from search_service.engines.elasticsearch.rebuild.coordination import CoordinationIndex
from search_service.engines.elasticsearch.retry import ShardsMissing

IDS_PER_REQUEST = 1_000
"""Ids in a request that asks which of them still exist."""


class CatchUp:
    """Knows what has been brought over so far. To be made while nobody can write.

    Args:
        client: the connection.
        coordination: where deletes are noted.
        index: the index.
        live: its live generation.
    """

    def __init__(self, client: Elasticsearch, coordination: CoordinationIndex, index: str, live: str) -> None:
        self._client = client
        self._coordination = coordination
        self._index = index
        self._live = live
        self._write_checkpoints = checkpoints(client, live)
        self._tombstone_checkpoint = coordination.checkpoint()
        self._pending_deletes: set[str] = set()

    def round(self, writer: BulkWriter) -> int:
        """Bring over what has changed since the last round; return how many documents it was."""
        written, tombstones = checkpoints(self._client, self._live), self._coordination.checkpoint()
        self._client.indices.refresh(index=self._live)
        count = 0
        for hit in changed_since(self._client, self._live, self._write_checkpoints):
            writer.put(hit["_id"], hit["_source"])
            count += 1
        # A delete is noted before it is made: one that is not made yet is looked at again in the next round.
        ids = {*self._coordination.tombstones(self._index, self._tombstone_checkpoint), *self._pending_deletes}
        self._pending_deletes = set(self._existing(ids))
        for document_id in ids - self._pending_deletes:
            writer.delete(document_id)
            count += 1
        writer.flush()
        self._write_checkpoints, self._tombstone_checkpoint = written, tombstones
        return count

    def _existing(self, ids: Iterable[str]) -> Iterator[str]:
        """Return those of the ids that the live generation has at this moment."""
        left = iter(ids)
        while some := list(islice(left, IDS_PER_REQUEST)):
            answer = self._client.mget(index=self._live, ids=some, source=False)
            for found in answer["docs"]:
                if "error" in found:
                    raise ShardsMissing("shard-missing", index=self._live, reason=str(found["error"])[:300])
                if found["found"]:
                    yield found["_id"]
