"""The writer of an index in Elasticsearch.

The client's own helpers do not serve. `streaming_bulk` sends one request at a time and does not repeat one whose
connection was lost; `parallel_bulk` repeats nothing at all, and sends changes of one id in any order; both pull from an
iterator, where the service pushes.

Here each id belongs to a lane, which sends one request after the other, so changes of one id stay in order; lanes send
at the same time. What waits is bounded: per lane a chunk that is filled, one that waits, and one under way.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any
from zlib import crc32

import orjson
from elasticsearch import Elasticsearch

from search_service.core.document import Document
from search_service.core.errors import EngineUnavailable
from search_service.engines.elasticsearch.bulk.sender import REQUEST_SECONDS, BulkCounters, Operation, Sender, Target
from search_service.engines.elasticsearch.retry import RETRY_SECONDS
from search_service.engines.writing import RejectedDocument

WORKERS = 4
"""Requests under way at once, as many as `parallel_bulk` has."""

CHUNK_DOCUMENTS = 500
CHUNK_BYTES = 2_000_000
"""Of one request: as many documents as the helpers send, and so few bytes that long ones do not fill the memory."""


class BulkWriter:
    """Writes to one index, from one thread at a time.

    Args:
        client: the connection.
        target: the index.
        stop: set when nothing more is to be done, for what else should end then.
        retry_seconds: seconds without any progress after which an error is raised.
        write_tombstones: called with the ids of deletes before they are sent.
        blocked: called when a write block of the index stays.

    Attributes:
        stop: set when nothing more is done: it is closed, or has failed.
    """

    def __init__(
        self,
        client: Elasticsearch,
        target: Target,
        *,
        stop: threading.Event | None = None,
        retry_seconds: float = RETRY_SECONDS,
        write_tombstones: Callable[[Sequence[str]], None] | None = None,
        blocked: Callable[[], object] | None = None,
    ) -> None:
        self._client = client.options(request_timeout=REQUEST_SECONDS)
        self._target = target
        self.stop = stop or threading.Event()
        self._sender = Sender(
            client, target, self.stop, retry_seconds=retry_seconds, write_tombstones=write_tombstones, blocked=blocked
        )
        self._workers = [BulkWorker(self._sender, self.stop, f"bulk-{number}") for number in range(WORKERS)]

    @property
    def counters(self) -> BulkCounters:
        """What was written so far."""
        return self._sender.counters

    def __enter__(self) -> BulkWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()

    def upsert(self, document: Document, origin: object = None) -> None:
        """Add a document or replace the one of the same id."""
        self.put(document.id, {"id": document.id, **document.source}, origin)

    def put(self, document_id: str, content: Mapping[str, Any], origin: object = None) -> None:
        """Write a document as Elasticsearch keeps it."""
        self._add(Operation(document_id, orjson.dumps(content), self._sender.versions.next(), origin))

    def delete(self, document_id: str) -> None:
        """Remove a document."""
        self._add(Operation(document_id, None, self._sender.versions.next()))

    def flush(self) -> None:
        """Return when Elasticsearch has taken or refused everything so far."""
        for worker in self._workers:
            worker.send()
        for worker in self._workers:
            worker.wait(0)
        self._check()

    def commit(self) -> None:
        """Make the changes so far durable and visible."""
        self.flush()
        self._sender.retry(lambda: self._client.indices.refresh(index=self._target.name))

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return the documents refused since the last call."""
        return self.counters.drain()

    def close(self) -> None:
        """Drop what is not sent, and return when nothing is under way any more."""
        self.stop.set()
        for worker in self._workers:
            worker.close()

    def _add(self, operation: Operation) -> None:
        self._check()
        self._workers[crc32(operation.id.encode()) % WORKERS].add(operation)

    def _check(self) -> None:
        for worker in self._workers:
            if worker.failure:
                raise worker.failure
        if self.stop.is_set():
            raise EngineUnavailable("writer-closed")


class BulkWorker:
    """Sends the operations of some ids, one request after the other.

    Attributes:
        failure: why it sends nothing more.
    """

    def __init__(self, sender: Sender, stop: threading.Event, name: str) -> None:
        self.failure: Exception | None = None
        self._sender = sender
        self._stop = stop
        self._thread = ThreadPoolExecutor(1, name)
        self._sent: deque[Future[None]] = deque()
        self._chunk: list[Operation] = []
        self._bytes = 0

    def add(self, operation: Operation) -> None:
        """Send an operation together with others, soon."""
        size = len(operation.body or b"")
        if self._chunk and (len(self._chunk) == CHUNK_DOCUMENTS or self._bytes + size > CHUNK_BYTES):
            self.send()
        self._chunk.append(operation)
        self._bytes += size

    def send(self) -> None:
        """Send what has been added; wait while an earlier chunk is waiting."""
        if self._chunk:
            self.wait(1)
            self._sent.append(self._thread.submit(self._work, self._chunk))
            self._chunk, self._bytes = [], 0

    def wait(self, most: int) -> None:
        """Wait until no more than so many chunks are under way or waiting."""
        while len(self._sent) > most:
            self._sent[0].result()
            self._sent.popleft()

    def close(self) -> None:
        """Drop what is not sent, and wait for what is."""
        self._chunk = []
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _work(self, chunk: list[Operation]) -> None:
        try:
            self._sender.send(chunk)
        except Exception as error:
            if not self._stop.is_set():  # else it only gave up because another lane has failed
                self.failure = error
            self._stop.set()
