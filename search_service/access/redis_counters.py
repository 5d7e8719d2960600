"""Counts requests in Redis, for all worker processes and machines together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from search_service.access.rate_limits import Limit, MemoryCounters, Quota
from search_service.core.errors import InvalidParameter
from search_service.core.message import message

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.25
"""For connecting and for an answer, which takes less than a millisecond nearby."""

PAUSE_SECONDS = 5.0
"""How long Redis is not asked after a failure: each attempt would make a search wait for the timeout."""

PREFIX = "arabic-search"


class RedisCounters:
    """Counts in Redis; in the memory of this process while Redis does not answer.

    Args:
        uri: such as `redis://HOST:6379/0`.
        clock: seconds that never go back.

    Raises:
        InvalidParameter: the packages for Redis are not installed, or they do not understand the address.
    """

    def __init__(self, uri: str, clock: Callable[[], float] = time.monotonic) -> None:
        try:
            from limits import RateLimitItemPerSecond
            from limits.errors import ConfigurationError
            from limits.storage import storage_from_string
            from limits.strategies import SlidingWindowCounterRateLimiter
        except ImportError as error:
            raise InvalidParameter("RATE_LIMIT_STORAGE", "redis-not-installed") from error
        options = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        try:
            storage = storage_from_string(uri, wrap_exceptions=True, key_prefix=PREFIX, **options)
        except (ConfigurationError, ValueError) as error:
            raise InvalidParameter("RATE_LIMIT_STORAGE", "not-a-storage", allowed=message("form-storage")) from error
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._item = RateLimitItemPerSecond
        self._memory = MemoryCounters()
        self._clock = clock
        self._again = 0.0

    def hit(self, limit: Limit, caller: str) -> Quota:
        """Count a request if the limit allows it, and return what is left."""
        from limits.errors import StorageError

        if self._clock() < self._again:
            return self._memory.hit(limit, caller)
        item = self._item(limit.requests, limit.seconds)
        try:
            allowed = self._limiter.hit(item, caller)
            stats = self._limiter.get_window_stats(item, caller)
        except StorageError as error:
            self._again = self._clock() + PAUSE_SECONDS
            logger.warning("Rate limits are counted in each process for %g s: %s", PAUSE_SECONDS, error.storage_error)
            return self._memory.hit(limit, caller)
        return Quota(limit, allowed, stats.remaining, max(1, round(stats.reset_time - time.time() + 0.5)))
