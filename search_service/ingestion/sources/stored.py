"""The stored documents of an index, as a source to rebuild it from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from search_service.core.index_name import IndexName
from search_service.engines.base import IndexManager
from search_service.ingestion.sources.base import Item, Origin, RawDocument


class StoredDocuments:
    """Reads the documents that an index holds.

    Args:
        indexes: where it is.
        index: its name; it may be stale.

    Attributes:
        bytes_read: documents read so far, because there are no bytes to count.
        total: the number of documents.
        skipped: nothing; files of folders are skipped by other sources.
    """

    def __init__(self, indexes: IndexManager, index: IndexName) -> None:
        self._indexes = indexes
        self._index = index
        self.bytes_read = 0
        self.skipped: Mapping[str, int] = {}
        self.total = indexes.stats(index).documents

    def __iter__(self) -> Iterator[Item]:
        for number, document in enumerate(self._indexes.stored(self._index), start=1):
            self.bytes_read = number
            yield RawDocument(
                Origin(f"index {self._index}", number), {"id": document.id, **document.source}, document.id.encode()
            )
