"""Rate limits: how often a caller may ask, and how much of that is left.

A limit is a number of requests in a window of time that slides: of the window before, the part counts that still lies
within one length of a window. Every second of time is treated alike, and two numbers for each caller are enough.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Protocol

from search_service.core.errors import RateLimited

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}

MAX_CALLERS = 200_000
"""Callers that are counted in each window, some 40 MB; further ones are not limited until the next window. An IPv6
address counts as its network of 64 bits (`addresses.py`), so it takes a botnet to get there."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of requests in a number of seconds."""

    requests: int
    seconds: int

    def __str__(self) -> str:
        unit = next(name for name, seconds in SECONDS.items() if seconds == self.seconds)
        return f"{self.requests}/{unit}"


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a limit.

    Attributes:
        allowed: whether the request is within the limit.
        remaining: further requests that are allowed now.
        reset: seconds, rounded up, until more are allowed.
    """

    limit: Limit
    allowed: bool
    remaining: int
    reset: int


class Counters(Protocol):
    """Counts the requests of callers."""

    def hit(self, limit: Limit, caller: str) -> Quota:
        """Count a request if the limit allows it, and return what is left."""


class MemoryCounters:
    """Counts in the memory of this process.

    Two windows of each limit are kept, so that forgetting a window takes no time. (The memory storage of the package
    `limits` looks at all callers every 10 ms: a third of a core with 100,000.)

    Args:
        clock: returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._mutex = threading.Lock()
        self._windows: dict[Limit, tuple[int, dict[str, int], dict[str, int]]] = {}

    def hit(self, limit: Limit, caller: str) -> Quota:
        """Count a request if the limit allows it, and return what is left."""
        now = self._clock()
        number, elapsed = divmod(now, limit.seconds)
        with self._mutex:
            before, current = self._at(limit, int(number))
            former, count = before.get(caller, 0), current.get(caller, 0)
            allowed = _used(limit, former, count, elapsed) + 1 <= limit.requests
            if allowed and (count or len(current) < MAX_CALLERS):
                count += 1
                current[caller] = count
        return quota(limit, former, count, elapsed, allowed)

    def _at(self, limit: Limit, number: int) -> tuple[dict[str, int], dict[str, int]]:
        """Return the counts of the window before and of the present one."""
        last, before, current = self._windows.get(limit, (number, {}, {}))
        if number != last:
            before, current = (current if number == last + 1 else {}), {}
        self._windows[limit] = number, before, current
        return before, current


def quota(limit: Limit, former: int, count: int, elapsed: float, allowed: bool) -> Quota:
    """Return what is left of a limit, some seconds after its present window began.

    >>> quota(Limit(10, 60), 0, 4, 15.0, True)
    Quota(limit=Limit(requests=10, seconds=60), allowed=True, remaining=6, reset=45)
    """
    remaining = max(0, limit.requests - _used(limit, former, count, elapsed))
    reset = _seconds_until_one(limit, former, count, elapsed) if not remaining else limit.seconds - elapsed
    return Quota(limit, allowed, remaining, max(1, ceil(reset)))


def _used(limit: Limit, former: int, count: int, elapsed: float) -> int:
    """Return how many requests count now: those of the present window, and the part of the former that still does."""
    return floor(former * (1 - elapsed / limit.seconds)) + count


def _seconds_until_one(limit: Limit, former: int, count: int, elapsed: float) -> float:
    """Return the time until one more request is allowed."""
    if count < limit.requests:  # as soon as enough of the former window has passed
        return limit.seconds * (1 - (limit.requests - count) / former) - elapsed if former else 0.0
    # In the next window, once one less than the limit of this one still counts.
    return limit.seconds * (2 - limit.requests / count) - elapsed if count else 0.0


class RateLimits:
    """The limits of callers without a key, by address, and of keys.

    Args:
        counters: counts.
        of_addresses: the limits of one address; none if empty.
        of_keys: the limits of one key.
    """

    def __init__(self, counters: Counters, of_addresses: Sequence[Limit] = (), of_keys: Sequence[Limit] = ()) -> None:
        self._counters = counters
        self._limits = {"address": tuple(of_addresses), "key": tuple(of_keys)}

    def hit(self, key_id: str, address: str) -> tuple[str, Sequence[Quota]]:
        """Count a request of a caller and return the name of its policy, and what is left of each limit.

        Args:
            key_id: the id of its key; empty if it has none that is valid.
            address: where it is.
        """
        policy, caller = ("key", key_id) if key_id else ("address", address)
        return policy, [self._counters.hit(limit, f"{policy} {caller}") for limit in self._limits[policy]]


def check(quotas: Sequence[Quota]) -> None:
    """Raise RateLimited if a request is beyond one of its limits."""
    beyond = [one for one in quotas if not one.allowed]
    if beyond:
        raise RateLimited(", ".join(str(one.limit) for one in beyond), max(one.reset for one in beyond))


def limits_of(text: str) -> tuple[Limit, ...]:
    """Return the limits in a text, as the setting has them; none if it is empty.

    >>> limits_of("10/second, 1000/hour")
    (Limit(requests=10, seconds=1), Limit(requests=1000, seconds=3600))
    """
    pairs = (one.strip().split("/") for one in text.split(",") if one.strip())
    return tuple(Limit(int(number), SECONDS[unit]) for number, unit in pairs)
