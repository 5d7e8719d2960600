"""How long and how often something is tried again that Elasticsearch cannot do just now."""

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
"""For so long writes are tried again: a node restarts in half a minute, and a rolling restart stays below that too."""

INITIAL_DELAY_SECONDS = 0.1
MAX_DELAY_SECONDS = 10.0
"""The first and the longest wait; each is twice the one before."""

LOG_INTERVAL_SECONDS = 10.0
"""Between two lines in the log about the same trouble."""

TRANSIENT_STATUSES = frozenset({429, 502, 503, 504})
"""Statuses of a request that may succeed a little later."""

logger = logging.getLogger(__name__)


class ShardsMissing(EngineUnavailable):
    """Some shards of an index do not answer; after a restart they come back."""


class RetryLog:
    """Tells the log now and then that something is tried again. Safe in threads."""

    def __init__(self) -> None:
        self._quiet_until = 0.0
        self._mutex = threading.Lock()

    def warn(self, error: SearchServiceError, left: float) -> None:
        """Tell, unless it has just been told."""
        with self._mutex:
            now = time.monotonic()
            if now >= self._quiet_until:
                self._quiet_until = now + LOG_INTERVAL_SECONDS
                logger.warning("%s (trying again for another %.0f s)", error, left)


class Backoff:
    """Waits between attempts, longer each time, and gives up in the end.

    Args:
        seconds: after so long without any progress.
        stop: when set, whoever waits gives up at once.
        log: tells the log.
    """

    def __init__(self, seconds: float, stop: threading.Event | None = None, log: RetryLog | None = None) -> None:
        self._seconds = seconds
        self._stop = stop or threading.Event()
        self._log = log or RetryLog()
        self.progress()

    def progress(self) -> None:
        """Begin anew: something has been done."""
        self._began: float | None = None
        self._next = INITIAL_DELAY_SECONDS

    def wait(self, error: SearchServiceError) -> None:
        """Wait before the next attempt. Raises the error when there is to be none."""
        now = time.monotonic()
        if self._began is None:
            self._began = now
        left = self._began + self._seconds - now
        if left <= 0:
            raise error
        if self._next > 1.0:  # what is over after a moment is no trouble
            self._log.warn(error, left)
        # With chance in it, or all that were turned away together would come back together.
        delay = min(left, self._next * random.uniform(0.5, 1.0))
        self._next = min(MAX_DELAY_SECONDS, self._next * 2)
        if self._stop.wait(delay):
            raise error


def retry(step: Callable[[], T], backoff: Backoff, index: str = "") -> T:
    """Return what a step does that may be repeated, and repeat it while Elasticsearch cannot do it."""
    while True:
        try:
            with translate_errors(index):
                return step()
        except SearchServiceError as error:
            if not is_transient(error):
                raise
            backoff.wait(error)


def is_transient(error: SearchServiceError) -> bool:
    """Whether the cause of an error is one that goes away: a lost connection, a restart, too much to do."""
    cause = error.__cause__
    if isinstance(cause, ApiError):
        return cause.status_code in TRANSIENT_STATUSES and not isinstance(error, IndexReadOnly)
    return isinstance(error, ShardsMissing) or (isinstance(cause, TransportError) and not isinstance(cause, TlsError))
