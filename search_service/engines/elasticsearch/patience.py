"""How long and how often something is tried again that Elasticsearch cannot do just now."""

from __future__ import annotations

import logging
import random
import threading
import time

from search_service.errors import SearchServiceError

PATIENCE_SECONDS = 300.0
"""For so long writes are tried again: a node restarts in half a minute, and a rolling restart stays below that too."""

SHORTEST_SECONDS = 0.1
LONGEST_SECONDS = 10.0
"""The first and the longest wait; each is twice the one before."""

logger = logging.getLogger(__name__)


class Patience:
    """Waits between attempts, longer each time, and gives up in the end.

    Args:
        seconds: after so long without any progress.
        stop: when set, whoever waits gives up at once.
    """

    def __init__(self, seconds: float, stop: threading.Event) -> None:
        self._seconds = seconds
        self._stop = stop
        self.progress()

    def progress(self) -> None:
        """Begin anew: something has been done."""
        self._began: float | None = None
        self._next = SHORTEST_SECONDS

    def wait(self, error: SearchServiceError) -> None:
        """Wait before the next attempt. Raises the error when there is to be none."""
        now = time.monotonic()
        if self._began is None:
            self._began = now
        left = self._began + self._seconds - now
        if left <= 0:
            raise error
        # With chance in it, or all that were turned away together would come back together.
        delay = min(left, self._next * random.uniform(0.5, 1.0))
        if self._next > 1.0:
            logger.warning("%s; trying again for %.0f s", error, left)
        self._next = min(LONGEST_SECONDS, self._next * 2)
        if self._stop.wait(delay):
            raise error
