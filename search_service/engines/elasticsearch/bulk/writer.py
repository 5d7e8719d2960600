"""The writer of an index in Elasticsearch.

The helpers of the client do not suffice. `streaming_bulk` sends one request at a time and does not retry one whose
connection was lost; `parallel_bulk` retries nothing and sends changes of one id in any order; both pull from an
iterator, whereas the service pushes.

Here the hash of an id selects a worker, and a worker sends one request at a time, so changes of one id stay in order.
Memory is bounded: each worker has at most one chunk that is filled, one that waits and one that is sent.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from zlib import crc32

import orjson
from elasticsearch import Elasticsearch

from search_service.core.document import Document
from search_service.core.errors import EngineUnavailable
from search_service.engines.elasticsearch.bulk.sender import REQUEST_SECONDS, BulkCounters, Operation, Sender, Target
from search_service.engines.elasticsearch.fields import DocumentMaker
from search_service.engines.elasticsearch.retry import RETRY_SECONDS
from search_service.engines.writing import RejectedDocument

WORKERS = 4
"""Concurrent requests, the default of `parallel_bulk`."""

CHUNK_DOCUMENTS = 500
CHUNK_BYTES = 2_000_000
"""Limits of one request: the default of the helpers, and few enough bytes to bound the memory for long documents."""


class BulkWriter:
    """Writes to one index, from one thread at a time.

    Args:
        maker: makes what Elasticsearch stores.
        retry_seconds: seconds without progress after which an error is raised.
        write_tombstones: called with the ids of deletes before they are sent.
        blocked: called when a write block of the index persists.
        prepare: called before the first operation.

    Attributes:
        stop: set when the writer is closed or has failed.
    """

    def __init__(
        self,
        client: Elasticsearch,
        target: Target,
        maker: DocumentMaker,
        *,
        stop: threading.Event | None = None,
        retry_seconds: float = RETRY_SECONDS,
        write_tombstones: Callable[[Sequence[str]], None] | None = None,
        blocked: Callable[[], object] | None = None,
        prepare: Callable[[], object] | None = None,
    ) -> None:
        self._prepare = prepare
        self._client = client.options(request_timeout=REQUEST_SECONDS)
        self._target = target
        self._maker = maker
        self.stop = stop or threading.Event()
        self._sender = Sender(
            client, target, self.stop, retry_seconds=retry_seconds, write_tombstones=write_tombstones, blocked=blocked
        )
        self._workers = [BulkWorker(self._sender, self.stop, f"bulk-{number}") for number in range(WORKERS)]

    @property
    def unsaved(self) -> int:
        """Operations that Elasticsearch has not answered."""
        return sum(worker.added - worker.answered for worker in self._workers)

    @property
    def counters(self) -> BulkCounters:
        """The counts of what was written."""
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
        content = orjson.dumps(self._maker.make(document))
        self._add(Operation(document.id, content, self._sender.versions.next(), origin))

    def delete(self, document_id: str) -> None:
        """Remove a document."""
        self._add(Operation(document_id, None, self._sender.versions.next()))

    def flush(self) -> None:
        """Send everything and wait until Elasticsearch has accepted or rejected it."""
        for worker in self._workers:
            worker.send()
        for worker in self._workers:
            worker.wait(0)
        self._check()

    def commit(self) -> None:
        """Make the changes so far durable and visible."""
        if self._prepare:  # nothing was written
            return
        self.flush()
        self._sender.retry(lambda: self._client.indices.refresh(index=self._target.name))

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return the documents refused since the last call."""
        return self.counters.drain()

    def close(self) -> None:
        """Drop what is not sent, and wait for the requests that are."""
        self.stop.set()
        for worker in self._workers:
            worker.close()

    def _add(self, operation: Operation) -> None:
        self._check()
        if self._prepare:
            self._prepare()
            self._prepare = None
        self._workers[crc32(operation.id.encode()) % WORKERS].add(operation)

    def _check(self) -> None:
        for worker in self._workers:
            if worker.failure:
                raise worker.failure
        if self.stop.is_set():
            raise EngineUnavailable("writer-closed")


class BulkWorker:
    """Sends the operations of its ids in a thread, one request at a time.

    Attributes:
        failure: the error that stopped it.
        added: operations that it was given.
        answered: those of them that Elasticsearch has accepted or rejected; written by its thread.
    """

    def __init__(self, sender: Sender, stop: threading.Event, name: str) -> None:
        self.failure: Exception | None = None
        self.added = self.answered = 0
        self._sender = sender
        self._stop = stop
        self._thread = ThreadPoolExecutor(1, name)
        self._sent: deque[Future[None]] = deque()
        self._chunk: list[Operation] = []
        self._bytes = 0

    def add(self, operation: Operation) -> None:
        """Add an operation to the chunk; send the chunk when it is full."""
        size = len(operation.body or b"")
        if self._chunk and (len(self._chunk) == CHUNK_DOCUMENTS or self._bytes + size > CHUNK_BYTES):
            self.send()
        self._chunk.append(operation)
        self.added += 1
        self._bytes += size

    def send(self) -> None:
        """Send the chunk; wait while an earlier chunk is waiting."""
        if self._chunk:
            self.wait(1)
            self._sent.append(self._thread.submit(self._work, self._chunk))
            self._chunk, self._bytes = [], 0

    def wait(self, most: int) -> None:
        """Wait until at most `most` chunks are waiting or being sent."""
        while len(self._sent) > most:
            self._sent[0].result()
            self._sent.popleft()

    def close(self) -> None:
        """Drop what is not sent, and wait for the request that is."""
        self._chunk = []
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _work(self, chunk: list[Operation]) -> None:
        try:
            self._sender.send(chunk)
            self.answered += len(chunk)
        except Exception as error:
            if not self._stop.is_set():  # otherwise it stopped because another worker has failed
                self.failure = error
            self._stop.set()
