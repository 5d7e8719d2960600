"""Latency at twice the capacity: of what is accepted, of what is refused, and of health checks meanwhile.

`python -m benchmarks.overload` indexes the news and prints the table. Requests arrive at random times, each on a
connection of its own, whether earlier ones are answered or not; 64 connections are idle, and 20 send a byte a second.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks import data, indexing
from benchmarks.searching import FACETS, wait_for
from tests.servers import CONFIGURATION, free_port

SECONDS = 12.0
UNLOADED = 400
"""Requests that are sent one after the other."""

IDLE = 64
SLOW = 20
WORKERS = 2


def measure(folder: Path, collection: str) -> list[tuple[str, str]]:
    """Serve the index in `folder`; return the rows of the table."""
    with serve(folder, collection) as port:
        path = f"/v1/indexes/{collection}/search?facets={','.join(FACETS[collection])}&q="
        return asyncio.run(Load(port, [path + quote(query) for query in data.read_headlines()]).table())


@contextmanager
def serve(folder: Path, collection: str) -> Iterator[int]:
    """Serve an index as `arabic-search serve` does; yield the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", CONFIGURATION, "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "INDEX_DIR": str(folder), "DEFAULT_INDEX": collection}
    with subprocess.Popen([*command, "--workers", str(WORKERS)], env=environment) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


class Load:
    """Sends requests to a server and notes the milliseconds of each by its status.

    Args:
        port: of the server.
        paths: of the requests.
        seconds: of the load.
        unloaded: requests before it, one after the other.
    """

    def __init__(self, port: int, paths: Sequence[str], seconds: float = SECONDS, unloaded: int = UNLOADED) -> None:
        self._unloaded_requests = unloaded
        self._port = port
        self._paths = itertools.cycle(paths)
        self._dice = random.Random(11)
        self._seconds = seconds
        self._times: dict[int, list[float]] = {}
        self.unloaded: list[float] = []
        self.capacity = 0.0
        self.times: dict[int, list[float]] = {}
        self.checks: list[float] = []
        self.half: dict[int, list[float]] = {}

    async def run(self) -> None:
        """Measure without load, the capacity, and at twice the capacity."""
        for _ in range(self._unloaded_requests // 4):
            await self._search()
        self.unloaded = await self._unloaded()
        self.capacity = await self._capacity()
        crowd = [asyncio.create_task(self._stay(slow=number < SLOW)) for number in range(IDLE + SLOW)]
        health = asyncio.create_task(self._check_health())
        self.times = await self._at_rate(2 * self.capacity)
        for task in (*crowd, health):
            task.cancel()
        await asyncio.gather(*crowd, health, return_exceptions=True)
        self.half = await self._at_rate(self.capacity / 2)

    async def table(self) -> list[tuple[str, str]]:
        """Run, and return the rows of the table."""
        await self.run()
        accepted, refused = self.times.get(200, []), self.times.get(503, [])
        others = {status: len(found) for status, found in self.times.items() if status not in (200, 503)}
        ratio = percentile(accepted, 99) / percentile(self.unloaded, 99)
        return [
            ("Without load, p50 / p99 ms", show(self.unloaded)),
            ("Capacity, requests/s", f"{self.capacity:.0f}"),
            ("Twice that: accepted per second", f"{len(accepted) / self._seconds:.0f}"),
            ("Accepted, p50 / p99 ms", f"{show(accepted)} ({ratio:.1f} times the p99 without load)"),
            ("Refused (503), p50 / p99 ms", f"{show(refused)} ({len(refused)} requests; others: {others or 'none'})"),
            ("Half the capacity: refused", f"{len(self.half.get(503, []))} of {sum(map(len, self.half.values()))}"),
            (f"Health checks beside {IDLE} idle and {SLOW} slow connections, p50 / max ms",
             f"{percentile(self.checks, 50):.1f} / {max(self.checks):.1f}"),
        ]  # fmt: skip

    async def _unloaded(self) -> list[float]:
        self._times = {}
        for _ in range(self._unloaded_requests):
            await self._search()
        return self._times[200]

    async def _capacity(self) -> float:
        """Return the requests per second of as many clients as there are requests in progress."""
        self._times = {}
        end = time.perf_counter() + self._seconds / 2

        async def client() -> None:
            while time.perf_counter() < end:
                await self._search()

        await asyncio.gather(*(client() for _ in range(2 * WORKERS)))
        return len(self._times[200]) / (self._seconds / 2)

    async def _at_rate(self, rate: float) -> dict[int, list[float]]:
        self._times = {}
        due = time.perf_counter()
        tasks: list[Awaitable[None]] = []
        for _ in range(int(rate * self._seconds)):
            due += self._dice.expovariate(rate)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(self._search()))
        await asyncio.gather(*tasks)
        return self._times

    async def _search(self) -> None:
        start = time.perf_counter()
        status = await self._get(next(self._paths))
        self._times.setdefault(status, []).append((time.perf_counter() - start) * 1000)

    async def _get(self, path: str) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
        finally:  # also when the load ends in the middle of a health check
            writer.close()
        return int(answer[9:12])

    async def _stay(self, slow: bool) -> None:
        """Hold a connection open as long as the server lets it, then open another."""
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            closed = asyncio.create_task(reader.read())
            try:
                while not closed.done():
                    await asyncio.wait({closed}, timeout=1)
                    if slow:
                        writer.write(b"G")
            finally:
                closed.cancel()
                writer.close()

    async def _check_health(self) -> None:
        while True:
            start = time.perf_counter()
            assert await self._get("/healthz") == 200
            self.checks.append((time.perf_counter() - start) * 1000)
            await asyncio.sleep(0.1)


def percentile(times: list[float], percent: int) -> float:
    """Return a percentile; 0 without times."""
    return statistics.quantiles(times, n=100)[percent - 1] if len(times) > 1 else 0.0


def show(times: list[float]) -> str:
    """Return p50 and p99."""
    return f"{percentile(times, 50):.1f} / {percentile(times, 99):.1f}"


def main() -> None:
    """Index the news in a temporary folder, or take the one that is named, and print the table."""
    data.require_collections()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(name)
        if len(sys.argv) <= 1:
            indexing.index_collection(folder, "news")
        for title, value in measure(folder, "news"):
            print(f"| {title} | {value} |")


if __name__ == "__main__":
    main()
