"""Waiting for a condition, the one way in which tests wait."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 60.0
"""Longest wait unless a test names another one: a busy machine takes several times as long as a quiet one."""

INTERVAL = 0.01


def wait_for(
    condition: Callable[[], object],
    seconds: float = SECONDS,
    what: Callable[[], str] = str,
    interval: float = INTERVAL,
) -> None:
    """Poll until a condition is true.

    Args:
        condition: called again and again; what it raises ends the wait.
        seconds: the longest wait.
        what: called after the longest wait; describes the state for the error.
        interval: seconds from one call to the next.

    Raises:
        TimeoutError: the condition was still false.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"condition still false after {seconds:g} s {what()}".rstrip())
        time.sleep(interval)
