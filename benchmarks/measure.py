"""Timing, latency percentiles, peak memory, and requests of HTTP."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from http.client import HTTPConnection
from typing import NamedTuple

REPEATS = 3
"""Throughput is that of the fastest run: the others were slowed down by other work."""


class Latency(NamedTuple):
    """Percentiles in milliseconds."""

    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p99:.1f}"


def get(connection: HTTPConnection, target: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Send a GET request that must succeed; return the body."""
    connection.request("GET", target, headers=dict(headers or {}))
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body
    return body


def best_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Run `work` several times; return the seconds of the fastest run."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def measure_latency(work: Callable[[str], object], queries: Iterable[str]) -> Latency:
    """Run `work` once per query; return the latency percentiles."""
    times = []
    for query in queries:
        start = time.perf_counter()
        work(query)
        times.append((time.perf_counter() - start) * 1000)
    return _percentiles(times)


def percentiles(seconds: Iterable[float]) -> Latency:
    """Return the latency percentiles of some times in seconds."""
    return _percentiles([one * 1000 for one in seconds])


def _percentiles(milliseconds: Sequence[float]) -> Latency:
    cuts = statistics.quantiles(milliseconds, n=100)
    return Latency(cuts[49], cuts[98])


def peak_megabytes() -> float:
    """Return the peak memory of this process in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)
