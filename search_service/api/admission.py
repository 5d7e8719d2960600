"""Admission control: a bounded number of requests in progress and in the queue, and 503 beyond it.

Without it, a service at twice its capacity queues without bound: every answer is late, and most are no longer awaited.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g, request

from search_service.api.operations import BODY_METHODS, operations
from search_service.api.request_bodies import receive_body
from search_service.core.errors import ServiceOverloaded
from search_service.core.timings import timed

logger = logging.getLogger(__name__)

MAX_WAIT_SECONDS = 1.0
"""The longest wait in the queue. Only requests that take far longer than usual make others wait so long."""

MAX_BODIES = 64
"""Bodies that are read at the same time; slow ones hold a thread each, a quarter of the threads at most."""

MAX_WRITES = 64
"""Changes of single documents in progress in each process. Those that are there at the same time go to the disk
together, in 3 ms on a quiet disk and a tenth of a second on a busy one; those that wait until searches find them take
half a second, which costs a thread."""

MAX_STREAMS = 4
"""Streams of changes in each process. Each holds a thread as long as its client sends, and a document and its answers
in memory; all of them together get as much done as one."""

MAX_EXPORTS = 1
"""Files of found documents that are written at the same time in each process, beside the searches. One takes some
seconds: in a place of a search it would have searches refused."""

EXPORT = "page.export"

LOG_SECONDS = 10.0
"""Time between two lines of the log about refused requests."""

ALWAYS_ADMITTED = frozenset({"api.healthz", "api.readyz", "page.static", "page.bundle", "page.robots"})
"""Endpoints that do next to nothing: an overloaded service is alive, and a restart would not help it."""


class Admission:
    """Admits requests to a process, first come, first served.

    Args:
        concurrent: requests that are processed at the same time.
        queued: requests that wait.
        wait: seconds that a request may wait.
    """

    def __init__(self, concurrent: int, queued: int, wait: float = MAX_WAIT_SECONDS) -> None:
        self._free = concurrent
        self._queued = queued
        self._wait = wait
        self._lock = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._bodies = threading.BoundedSemaphore(MAX_BODIES)
        self._refused = 0
        self._log_after = 0.0

    def enter(self) -> None:
        """Admit a request, at once or after a wait; each admitted request calls `leave`.

        Raises:
            ServiceOverloaded: the queue is full, or the wait is over.
        """
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if len(self._queue) >= self._queued:
                raise self._refusal()
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(self._wait):
            return
        with self._lock:
            if turn.is_set():  # between the end of the wait and here
                return
            self._queue.remove(turn)
            raise self._refusal()

    def leave(self) -> None:
        """End a request in progress; the next one in the queue takes its place."""
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1

    @contextmanager
    def reading_body(self) -> Iterator[None]:
        """Hold one of the places for requests whose body is read.

        Raises:
            ServiceOverloaded: all are taken.
        """
        if not self._bodies.acquire(blocking=False):
            with self._lock:
                raise self._refusal()
        try:
            yield
        finally:
            self._bodies.release()

    def _refusal(self) -> ServiceOverloaded:
        """Return the error of a refused request; log the first one, and from then on their number."""
        self._refused += 1
        now = time.monotonic()
        if now >= self._log_after:
            logger.warning("Overloaded: refused %d requests since the last such line", self._refused)
            self._refused, self._log_after = 0, now + LOG_SECONDS
        return ServiceOverloaded()


def register(app: Flask, admission: Admission) -> None:
    """Make requests pass the admission control. The time limit of a request begins after it.

    Changes of documents mostly wait: for the disk, for an engine, or for a client. They do not take places of searches,
    nor do exports, which take seconds.
    """
    writes, streams = Admission(MAX_WRITES, MAX_WRITES // 2), Admission(MAX_STREAMS, 0)
    exports = Admission(MAX_EXPORTS, MAX_EXPORTS)

    @app.before_request
    def admit() -> None:
        if request.endpoint is None or request.endpoint in ALWAYS_ADMITTED:
            return
        operation = operations(app).get(request.endpoint)
        if request.method in BODY_METHODS and operation and operation.max_body_bytes is not None:
            with admission.reading_body():  # first, so that a slow client holds no place of a search
                receive_body(request, operation.max_body_bytes)
        gate = admission
        if operation and operation.scope == "write":
            gate = writes if operation.max_body_bytes is not None else streams
        elif request.endpoint == EXPORT:
            gate = exports
        with timed("queue"):
            gate.enter()
        g.admitted_by = gate

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        gate: Admission | None = g.pop("admitted_by", None)
        if gate:
            gate.leave()
