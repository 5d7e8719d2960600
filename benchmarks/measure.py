"""Clocks, percentiles and memory."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

REPEATS = 3
"""A figure is the best of so many runs: the others were disturbed."""


class Latency(NamedTuple):
    """Percentiles in milliseconds."""

    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p99:.1f}"


def best_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the seconds of the fastest of some runs."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def latency(work: Callable[[str], object], queries: Iterable[str]) -> Latency:
    """Return the percentiles of doing some work for each query."""
    times = []
    for query in queries:
        began = time.perf_counter()
        work(query)
        times.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(times, n=100)
    return Latency(cuts[49], cuts[98])


def peak_megabytes() -> float:
    """Return the largest memory this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)
