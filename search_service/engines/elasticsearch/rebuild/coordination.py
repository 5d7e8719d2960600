"""A small hidden index by which the processes of the service coordinate.

It holds *leases* (`lease`) and *tombstones*. A deleted document leaves no trace in its index, so a rebuild could not
find out what was deleted meanwhile. Therefore a tombstone is written before each delete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError

from search_service.core.errors import UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.bulk.sender import Operation, Sender, Target
from search_service.engines.elasticsearch.changes import changed_since, checkpoints
from search_service.engines.elasticsearch.client import ADMIN_SECONDS

TOMBSTONE = "tombstone"
LEASE = "lease"

MAPPINGS: Mapping[str, Any] = {
    "dynamic": False,
    "properties": {"kind": {"type": "keyword"}, "index": {"type": "keyword"}},
}


class Entry(NamedTuple):
    """A document of this index and its revision, which changes with each write."""

    content: dict[str, Any]
    revision: tuple[int, int]


class CoordinationIndex:
    """The coordination index of all indexes of one prefix.

    Args:
        prefix: of the names of all indexes. The name of this index has a dot, which no name of an index may have.
    """

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self._admin_client = client.options(request_timeout=ADMIN_SECONDS)
        self.name = f"{prefix}arabic-search.notes"
        self._concrete = f"{self.name}-1"

    def create(self) -> None:
        """Create the index unless it exists."""
        settings = {"hidden": True, "number_of_shards": 1, "auto_expand_replicas": "0-1"}
        # Written to by its alias only, so that a write can never create it without this mapping.
        aliases = {self.name: {"is_hidden": True}}
        try:
            self._admin_client.indices.create(
                index=self._concrete, settings=settings, mappings=MAPPINGS, aliases=aliases
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    # Tombstones

    def target(self) -> Target:
        """The target of a sender of tombstones."""
        return Target(self.name, self.name)

    def write_tombstones(self, sender: Sender, index: IndexName, ids: Sequence[str]) -> None:
        """Write a tombstone for each document to be deleted, with a sender to `target`."""
        try:
            self._write_tombstones(sender, index, ids)
        except UnknownIndex:
            self.create()
            self._write_tombstones(sender, index, ids)

    def _write_tombstones(self, sender: Sender, index: IndexName, ids: Sequence[str]) -> None:
        operations = []
        for document_id in ids:
            content = {"kind": TOMBSTONE, "index": index, "document": document_id}
            name = f"{index}/{blake2b(document_id.encode(), digest_size=16).hexdigest()}"
            operations.append(Operation(name, orjson.dumps(content), sender.versions.next()))
        sender.send(operations)

    def checkpoint(self) -> dict[int, int]:
        """Return the checkpoints up to which all tombstones are written."""
        return checkpoints(self._client, self.name)

    def tombstones(self, index: IndexName, since: Mapping[int, int]) -> Iterator[str]:
        """Yield the ids of the tombstones written after the checkpoints."""
        self._client.indices.refresh(index=self.name)
        filters: list[Mapping[str, Any]] = [{"term": {"kind": TOMBSTONE}}, {"term": {"index": index}}]
        return (str(hit["_source"]["document"]) for hit in changed_since(self._client, self.name, since, filters))

    def remove_tombstones(self, index: IndexName) -> None:
        """Remove the tombstones of an index; no rebuild may be running."""
        query = {"bool": {"filter": [{"term": {"kind": TOMBSTONE}}, {"term": {"index": index}}]}}
        self._client.indices.refresh(index=self.name)
        self._client.delete_by_query(index=self.name, query=query, conflicts="proceed")

    # Leases

    def read(self, key: str) -> Entry | None:
        """Return an entry, or None."""
        try:
            found = self._client.get(index=self.name, id=key).body
        except NotFoundError:
            return None
        return Entry(found["_source"], (found["_seq_no"], found["_primary_term"]))

    def write(self, key: str, content: Mapping[str, Any], revision: tuple[int, int] | None) -> tuple[int, int] | None:
        """Replace that revision of an entry, or create it if None; return the new revision, or None on a conflict."""
        try:
            if revision is None:
                found = self._client.create(index=self.name, id=key, document=content, require_alias=True)
            else:
                number, term = revision
                found = self._client.index(
                    index=self.name, id=key, document=content, if_seq_no=number, if_primary_term=term,
                    require_alias=True,
                )  # fmt: skip
        except (ConflictError, NotFoundError):
            return None
        return found["_seq_no"], found["_primary_term"]

    def remove(self, key: str, revision: tuple[int, int]) -> None:
        """Remove an entry unless its revision has changed."""
        number, term = revision
        try:
            self._client.delete(index=self.name, id=key, if_seq_no=number, if_primary_term=term)
        except (ConflictError, NotFoundError):
            return
