"""Reads and changes single documents: changes go to the queue of the index, which every process may append to."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import orjson

from index_config.schema import Schema
from search_service.core.deadline import seconds_left
from search_service.core.document import Document, entity_tag
from search_service.core.errors import EngineOverloaded, UnknownDocument, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.documents import Change, Changed, ChangeResult, Outcome, SchemaChanged
from search_service.engines.embedded import fields
from search_service.engines.embedded.failures import storage_errors
from search_service.engines.embedded.queue import ChangeQueue
from search_service.engines.embedded.reader import Readers, Snapshot
from search_service.engines.embedded.storage import Storage

MAX_WAITING = 100_000
"""Changes that may wait, while a rebuild holds the index: some 400 MB of news. Beyond, a change is refused."""

ROOM = 500
"""Changes that wait before whoever makes many (`make_room`) pauses: half a second's work, so that the change of
somebody else is visible within a second."""

STUCK_SECONDS = 2.0
"""Time after which nothing is being applied: a load or a rebuild holds the index, and to pause would not help."""

POLL_SECONDS = 0.02

ANSWER_SECONDS = 0.3
"""What is left of the time of a request when it stops waiting, to answer."""

MAX_WAIT_SECONDS = 60.0
"""The longest wait of a caller without a deadline."""


class EmbeddedDocuments:
    """Reads and changes documents of the indexes under a folder.

    Args:
        storage: the folder.
        readers: opens indexes for reading.
        wake: sees to it that somebody applies what waits (`applier`).
    """

    def __init__(self, storage: Storage, readers: Readers, wake: Callable[[], None]) -> None:
        self._storage = storage
        self._readers = readers
        self._wake = wake

    def prepare(self) -> None:
        """Start what applies changes."""
        self._wake()

    def get(self, index: IndexName, document_id: str) -> Document:
        """Return a document: as it waits in the queue, else as the last commit has it."""
        with storage_errors(self._storage.root, index):
            # The queue first: a change that leaves it meanwhile is in the commit that is opened after it.
            queued = self._queue(index).find(document_id) if self._storage.exists(index) else None
        if queued is None:
            with self._readers.searching(index) as snapshot:
                return fields.document_of(snapshot.stored(document_id))
        if queued.document is None:
            raise UnknownDocument(index, document_id)
        return fields.document_of(orjson.loads(queued.document))

    def change(self, index: IndexName, schema: Schema, changes: Sequence[Change], *, wait: bool = False) -> Changed:
        """Append changes to the queue, on the disk."""
        with storage_errors(self._storage.root, index):
            self._storage.current(index)
            queue = self._queue(index)
            try:
                with queue.transaction():
                    snapshot = self._readers.open(index)  # now: nothing leaves the queue before the end
                    if snapshot.schema != schema:
                        raise SchemaChanged
                    if queue.waiting() > MAX_WAITING:
                        raise EngineOverloaded("changes-waiting", index=index, limit=MAX_WAITING)
                    results = [self._append(queue, snapshot, change) for change in changes]
            except UnknownIndex:
                queue.disconnect()  # the index was removed, and may be there again
                raise
        self._wake()
        return Changed(results, wait and self.wait_visible(index))

    def wait_visible(self, index: IndexName) -> bool:
        """Wait until a commit has what waits now."""
        with storage_errors(self._storage.root, index):
            queue = self._queue(index)
            last = queue.last()
            end = time.monotonic() + seconds_left(MAX_WAIT_SECONDS) - ANSWER_SECONDS
            while (first := queue.first()) is not None and first <= last:
                if time.monotonic() > end:
                    return False
                time.sleep(POLL_SECONDS)
        return True

    def make_room(self, index: IndexName) -> None:
        """Wait while many changes wait and are being applied."""
        with storage_errors(self._storage.root, index):
            queue = self._queue(index)
            first, since = queue.first(), time.monotonic()
            while queue.waiting() > ROOM and time.monotonic() < since + STUCK_SECONDS:
                time.sleep(POLL_SECONDS)
                if (now := queue.first()) != first:
                    first, since = now, time.monotonic()

    def _append(self, queue: ChangeQueue, snapshot: Snapshot, change: Change) -> ChangeResult:
        """Append a change if it is allowed and changes something."""
        queued = queue.find(change.id)
        stored = queued.document if queued else snapshot.find(change.id)
        if change.conditions and not change.allowed(_tag(stored)):
            return ChangeResult(Outcome.CONFLICT)
        if change.document is None:
            if stored is None:
                return ChangeResult(Outcome.MISSING)
            queue.append(change.id, None)
            return ChangeResult(Outcome.DELETED)
        queue.append(change.id, orjson.dumps({"id": change.id, **change.document.source}))
        return ChangeResult(Outcome.CREATED if stored is None else Outcome.REPLACED)

    def _queue(self, index: IndexName) -> ChangeQueue:
        return self._storage.queue(index)


def _tag(stored: bytes | None) -> str | None:
    return None if stored is None else entity_tag(fields.document_of(orjson.loads(stored)))
