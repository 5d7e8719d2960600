"""Where the time of the current request goes: to the engine, to the queue, or to the service itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Timings:
    """Seconds by part; what is in no part is the service's own.

    Attributes:
        start: when the request began, as `time.perf_counter` has it.
        parts: the seconds of each part.
        depth: how many parts are being measured, one within the other; only the outermost counts.
    """

    start: float = field(default_factory=time.perf_counter)
    parts: dict[str, float] = field(default_factory=dict)
    depth: int = 0


_current: ContextVar[Timings | None] = ContextVar("timings", default=None)


def start_timings() -> Timings:
    """Begin to measure the current request."""
    timings = Timings()
    _current.set(timings)
    return timings


def end_timings() -> None:
    """End the measurement of the current request."""
    _current.set(None)


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Add the time of a block to a part of the current request, if it is measured."""
    timings = _current.get()
    if timings is None or timings.depth:
        yield
        return
    timings.depth += 1
    start = time.perf_counter()
    try:
        yield
    finally:
        timings.depth -= 1
        timings.parts[part] = timings.parts.get(part, 0.0) + time.perf_counter() - start
