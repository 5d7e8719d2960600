"""The changes of an index that could not be applied: list, retry and discard them."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.core.index_name import IndexName
from search_service.engines.documents import FailedChange
from search_service.engines.embedded.failures import storage_errors
from search_service.engines.embedded.indexes import EmbeddedIndexManager
from search_service.engines.embedded.queue import LARGEST, ChangeQueue
from search_service.engines.embedded.storage import Storage


class EmbeddedFailedChanges:
    """The failed changes of the indexes under a folder.

    Args:
        storage: the folder.
        indexes: opens writers.
    """

    def __init__(self, storage: Storage, indexes: EmbeddedIndexManager) -> None:
        self._storage = storage
        self._indexes = indexes

    def list(self, index: IndexName, ids: Sequence[str] = ()) -> Sequence[FailedChange]:
        """Return them, the oldest first."""
        with storage_errors(self._storage.root, index):
            return [one for one in self._queue(index).failed(LARGEST) if not ids or one.id in ids]

    def retry(self, index: IndexName, ids: Sequence[str] = ()) -> int:
        """Append them to the queue, and apply what waits."""
        with storage_errors(self._storage.root, index):
            queue = self._queue(index)
            with queue.transaction():
                count = queue.retry(ids)
        if count:
            with self._indexes.writer(index):
                pass  # whoever opens the index for writing applies what waits
        return count

    def discard(self, index: IndexName, ids: Sequence[str] = ()) -> int:
        """Remove them from the queue."""
        with storage_errors(self._storage.root, index):
            queue = self._queue(index)
            with queue.transaction():
                return queue.discard(ids)

    def _queue(self, index: IndexName) -> ChangeQueue:
        """Return the queue of an index. Raises UnknownIndex."""
        self._storage.current(index)
        return self._storage.queue(index)
