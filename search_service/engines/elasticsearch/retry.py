"""Retry policy for transient Elasticsearch errors: exponential backoff with jitter."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from elastic_transport import TlsError
from elasticsearch import ApiError, TransportError

from search_service.core.errors import EngineUnavailable, IndexReadOnly, SearchServiceError
from search_service.engines.elasticsearch.client import translate_errors

T = TypeVar("T")

RETRY_SECONDS = 300.0
"""Time for which writes are retried: a node restarts in half a minute, and a rolling restart takes less than this."""

INITIAL_DELAY_SECONDS = 0.1
MAX_DELAY_SECONDS = 10.0
"""The first and the longest delay; each is twice the one before."""

LOG_INTERVAL_SECONDS = 10.0
"""Time between two log lines about retries of the same operation."""

TRANSIENT_STATUSES = frozenset({429, 502, 503, 504})
"""Statuses of requests that may succeed later."""

UNAUTHORIZED = 401
"""Retried only after the same credentials were accepted: a node that has just started does not know its users yet."""

logger = logging.getLogger(__name__)


class ShardsMissing(EngineUnavailable):
    """Some shards of an index do not answer; they come back after a restart."""


class RetryLog:
    """Logs retries, at most one line each `LOG_INTERVAL_SECONDS`. Thread-safe."""

    def __init__(self) -> None:
        self._quiet_until = 0.0
        self._mutex = threading.Lock()

    def warn(self, error: SearchServiceError, left: float) -> None:
        """Log a retry, unless one was logged lately; `left` is the time that remains, in seconds."""
        with self._mutex:
            now = time.monotonic()
            if now >= self._quiet_until:
                self._quiet_until = now + LOG_INTERVAL_SECONDS
                logger.warning("%s (trying again for another %.0f s)", error, left)


class Backoff:
    """Waits between attempts, longer each time, and raises the error after the time limit.

    Args:
        seconds: time limit without progress.
        stop: when set, a wait ends at once with the error.
    """

    def __init__(self, seconds: float, stop: threading.Event | None = None, log: RetryLog | None = None) -> None:
        self._seconds = seconds
        self._stop = stop or threading.Event()
        self._log = log or RetryLog()
        self.progress()

    def progress(self) -> None:
        """Reset the delay and the time limit: an attempt made progress."""
        self._began: float | None = None
        self._next = INITIAL_DELAY_SECONDS

    def wait(self, error: SearchServiceError) -> None:
        """Wait before the next attempt. Raises the error at the time limit, or when stopped."""
        now = time.monotonic()
        if self._began is None:
            self._began = now
        left = self._began + self._seconds - now
        if left <= 0:
            raise error
        if self._next > 1.0:  # a short interruption is not worth a log line
            self._log.warn(error, left)
        # Jitter, or all clients that were rejected together would come back together.
        delay = min(left, self._next * random.uniform(0.5, 1.0))
        self._next = min(MAX_DELAY_SECONDS, self._next * 2)
        if self._stop.wait(delay):
            raise error


def retry(step: Callable[[], T], backoff: Backoff, index: str = "") -> T:
    """Run an idempotent step and return its result; retry it after transient errors.

    It is for work that has begun: Elasticsearch has accepted its credentials before.
    """
    while True:
        try:
            with translate_errors(index):
                return step()
        except SearchServiceError as error:
            if not is_transient(error, accepted=True):
                raise
            backoff.wait(error)


def is_transient(error: SearchServiceError, accepted: bool = False) -> bool:
    """Whether the cause of an error is temporary: a lost connection, a restart, overload.

    `accepted` says that Elasticsearch has accepted the same credentials in the same work before.
    """
    cause = error.__cause__
    if isinstance(cause, ApiError):
        if cause.status_code == UNAUTHORIZED:
            return accepted
        return cause.status_code in TRANSIENT_STATUSES and not isinstance(error, IndexReadOnly)
    return isinstance(error, ShardsMissing) or (isinstance(cause, TransportError) and not isinstance(cause, TlsError))
