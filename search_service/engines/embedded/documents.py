"""Reads and changes single documents: changes go to the queue of the index, which every process may append to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import orjson

from index_config.schema import Schema
from search_service.core.deadline import seconds_left
from search_service.core.document import Document, entity_tag
from search_service.core.errors import DeadlineExceeded, EngineOverloaded, UnknownDocument, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.documents import Change, Changed, ChangeResult, Outcome, SchemaChanged
from search_service.engines.embedded import fields
from search_service.engines.embedded.failures import storage_errors
from search_service.engines.embedded.queue import ChangeQueue
from search_service.engines.embedded.reader import Readers, Snapshot
from search_service.engines.embedded.storage import Storage

MAX_WAITING = 100_000
"""Changes that may wait, while a rebuild holds the index: some 400 MB of news. Beyond, a change is refused."""

MAX_BACKLOG = 500
"""Changes in the queue above which a stream of changes pauses (`throttle`): half a second's work, so that the change of
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
        self._groups: dict[IndexName, _Group] = {}
        self._mutex = threading.Lock()

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
            results = self._group(index).submit(_Request(schema, changes))
        self._wake()
        return Changed(results, wait and self.wait_visible(index))

    def wait_visible(self, index: IndexName) -> bool:
        """Wait until a commit has what waits now."""
        with storage_errors(self._storage.root, index):
            queue = self._queue(index)
            begin, last = queue.first() or 0, queue.last()
            try:
                end = time.monotonic() + seconds_left(MAX_WAIT_SECONDS) - ANSWER_SECONDS
            except DeadlineExceeded:
                return False  # the changes are durable nevertheless
            while (first := queue.first()) is not None and first <= last:
                if time.monotonic() > end:
                    return False
                time.sleep(POLL_SECONDS)
            return not last or queue.count_failed(begin, last) == 0

    def throttle(self, index: IndexName) -> None:
        """Wait while many changes wait and are being applied."""
        with storage_errors(self._storage.root, index):
            queue = self._queue(index)
            first, since = queue.first(), time.monotonic()
            while queue.waiting() > MAX_BACKLOG and time.monotonic() < since + STUCK_SECONDS:
                time.sleep(POLL_SECONDS)
                if (now := queue.first()) != first:
                    first, since = now, time.monotonic()

    def _group(self, index: IndexName) -> _Group:
        with self._mutex:
            if index not in self._groups:
                self._groups[index] = _Group(index, self._queue(index), self._readers)
            return self._groups[index]

    def _queue(self, index: IndexName) -> ChangeQueue:
        return self._storage.queue(index)


class _Request:
    """Changes that one caller asks for, and what has become of them."""

    def __init__(self, schema: Schema, changes: Sequence[Change]) -> None:
        self.schema = schema
        self.changes = changes
        self.results: Sequence[ChangeResult] | None = None
        self.error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.results is not None or self.error is not None


class _Group:
    """Makes the changes that several threads ask for at the same time durable together.

    A sync of the disk takes 3 ms and more, and one after the other would be too slow.
    """

    def __init__(self, index: IndexName, queue: ChangeQueue, readers: Readers) -> None:
        self._index = index
        self._queue = queue
        self._readers = readers
        self._waiting: list[_Request] = []
        self._mutex = threading.Lock()
        self._turn = threading.Lock()

    def submit(self, request: _Request) -> Sequence[ChangeResult]:
        """Make changes durable, with those of all threads that wait for their turn, and return the results."""
        with self._mutex:
            self._waiting.append(request)
        with self._turn:
            if not request.is_done:
                with self._mutex:
                    together, self._waiting = self._waiting, []
                self._append_all(together)
        if request.error:
            raise request.error
        return request.results or ()

    def _append_all(self, requests: Sequence[_Request]) -> None:
        appended: list[tuple[_Request, Sequence[ChangeResult]]] = []
        try:
            # In this order: nothing leaves the queue before the end of the transaction.
            with self._queue.transaction(), self._readers.searching(self._index) as snapshot:
                for request in requests:
                    if snapshot.schema != request.schema:
                        request.error = SchemaChanged()
                    elif self._queue.waiting() > MAX_WAITING:
                        request.error = EngineOverloaded("changes-waiting", index=self._index, limit=MAX_WAITING)
                    else:
                        appended.append((request, [self._append(snapshot, change) for change in request.changes]))
        except BaseException as error:
            if isinstance(error, UnknownIndex):
                self._queue.disconnect()  # the index was removed, and may be there again
            for request in requests:
                request.error = request.error or error
            return
        for request, results in appended:
            request.results = results

    def _append(self, snapshot: Snapshot, change: Change) -> ChangeResult:
        """Append a change if it is allowed and changes something."""
        queued = self._queue.find(change.id)
        stored = queued.document if queued else snapshot.find(change.id)
        if change.conditions and not change.allowed(_tag(stored)):
            return ChangeResult(Outcome.CONFLICT)
        if change.document is None:
            if stored is None:
                self._queue.discard((change.id,))
                return ChangeResult(Outcome.MISSING)
            self._queue.append(change.id, None)
            return ChangeResult(Outcome.DELETED)
        self._queue.append(change.id, orjson.dumps({"id": change.id, **change.document.source}))
        return ChangeResult(Outcome.CREATED if stored is None else Outcome.REPLACED)


def _tag(stored: bytes | None) -> str | None:
    return None if stored is None else entity_tag(fields.document_of(orjson.loads(stored)))
