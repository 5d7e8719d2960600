"""Latency of searches with and without 200 changes of documents a second, under gunicorn with two workers.

`python -m benchmarks.writing` serves the news and searches at some fifth of the capacity. Windows with and without
changes take turns, so that both see the same machine. The changes replace documents of the index, by PUT or in one
stream. To accept and to close a connection takes a third of the time of a PUT, so there are figures with a connection
for each and with connections that are used again.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import orjson

from benchmarks import data, indexing
from benchmarks.overload import percentile, serve
from benchmarks.searching import FACETS

RATE = 200
"""Changes a second."""

WINDOW_SECONDS = 6.0
WINDOWS = 8
"""Pairs of windows: one without changes, one with."""

SEARCHES = 12
"""Searches a second, some fifth of the capacity of two cores: at more, it is the queue that is measured."""


SATURATING = 6
"""Connections that search without a pause: as many as two workers accept, one in progress and two waiting at each."""


class Bench:
    """Searches at a steady rate, and changes documents.

    Args:
        port: of the server.
        collection: the name of the index.
        documents: what the changes write, as JSON with an id.
    """

    def __init__(self, port: int, collection: str, documents: Sequence[bytes]) -> None:
        self._port = port
        path = f"/v1/indexes/{collection}/search?facets={','.join(FACETS[collection])}&q="
        self._paths = itertools.cycle([path + quote(query) for query in data.read_headlines()])
        self._documents = itertools.cycle(documents)
        self._base = f"/v1/indexes/{collection}/documents"
        self._dice = random.Random(13)
        self._kept: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._keeps = False
        self.refused = 0
        self.statuses: Counter[bytes] = Counter()
        self.changed: list[float] = []
        self.visible: list[float] = []

    async def pairs(self, change: Callable[[float], Awaitable[None]]) -> tuple[list[float], list[float]]:
        """Return the milliseconds of searches without and with changes."""
        without: list[float] = []
        beside: list[float] = []
        await self.searches(3.0)
        for _ in range(WINDOWS):
            without += await self.searches(WINDOW_SECONDS)
            changes = asyncio.ensure_future(change(WINDOW_SECONDS + 0.5))
            await asyncio.sleep(0.5)
            beside += await self.searches(WINDOW_SECONDS)
            await changes
            await asyncio.sleep(1.0)  # what waits is applied
        return without, beside

    async def searches(self, seconds: float) -> list[float]:
        """Search at random moments, whether earlier searches are answered or not; return the milliseconds of each."""
        times: list[float] = []

        async def one() -> None:
            start = time.perf_counter()
            answer = await self._get(next(self._paths))
            if answer.startswith(b"HTTP/1.1 503"):
                self.refused += 1
            else:
                assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
                times.append((time.perf_counter() - start) * 1000)

        tasks = []
        due = time.perf_counter()
        for _ in range(int(SEARCHES * seconds)):
            due += self._dice.expovariate(SEARCHES)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(one()))
        await asyncio.gather(*tasks)
        return times

    async def put_kept(self, seconds: float) -> None:
        """Replace documents, one request each, on connections that are used again, as most clients do."""
        self._keeps = True
        await self.put(seconds)
        for _, writer in self._kept:  # before the server closes them
            writer.close()
        self._kept.clear()

    async def put(self, seconds: float) -> None:
        """Replace documents, one request each, on a connection of its own."""

        async def one(document: bytes) -> None:
            name = quote(str(orjson.loads(document)["id"]), safe="")
            start = time.perf_counter()
            answer = await self._put(name, document)
            self.statuses[answer[9:12]] += 1
            self.changed.append((time.perf_counter() - start) * 1000)

        await self._steadily(seconds, one)

    async def stream(self, seconds: float) -> None:
        """Replace documents in one stream of lines."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(
            f"POST {self._base} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )

        async def one(document: bytes) -> None:
            line = document + b"\n"
            writer.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")

        await self._steadily(seconds, one)
        writer.write(b"0\r\n\r\n")
        answer = await reader.read()
        assert answer.count(b'"status":20') >= RATE * seconds - 1, answer[-500:]
        writer.close()

    async def watch(self, seconds: float) -> None:
        """Measure how long a change takes until a search finds it."""
        for number in range(int(seconds)):
            word = f"مميزة{number}{self._dice.randrange(10**6)}"
            start = time.perf_counter()
            await self._put("watched", orjson.dumps({"title": word}))
            path = f"{self._base.removesuffix('/documents')}/search?size=1&understanding=false&q={quote(word)}"
            while b'"total":1,' not in await self._get(path):
                await asyncio.sleep(0.02)
            self.visible.append((time.perf_counter() - start) * 1000)
            await asyncio.sleep(0.3)

    async def saturate(self, seconds: float) -> None:
        """Search without a pause on more connections than there are cores."""
        end = time.perf_counter() + seconds

        async def loop() -> None:
            while time.perf_counter() < end:
                await self._get(next(self._paths))

        await asyncio.gather(*(loop() for _ in range(SATURATING)))

    async def _steadily(self, seconds: float, one: Callable[[bytes], Awaitable[None]]) -> None:
        due = time.perf_counter()
        tasks = []
        for _ in range(int(RATE * seconds)):
            due += 1 / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.ensure_future(one(next(self._documents))))
        await asyncio.gather(*tasks)

    async def _get(self, path: str) -> bytes:
        return await self._exchange(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())

    async def _put(self, name: str, document: bytes) -> bytes:
        connection = "keep-alive" if self._keeps else "close"
        head = (
            f"PUT {self._base}/{name} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(document)}\r\n\r\n"
        )
        exchange = self._exchange_kept if self._keeps else self._exchange
        return await exchange(head.encode() + document)

    async def _exchange_kept(self, request: bytes) -> bytes:
        """Send a request on a connection that waits for one, or on a new one."""
        reader, writer = self._kept.pop() if self._kept else await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        answer = head + await reader.readexactly(length)
        if b"connection: close" in head.lower():
            writer.close()
        else:
            self._kept.append((reader, writer))
        return answer

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer


def show(times: list[float]) -> str:
    """Return the median, the 95th and the 99th percentile."""
    return f"{statistics.median(times):.1f} / {percentile(times, 95):.1f} / {percentile(times, 99):.1f}"


async def measure(port: int, collection: str, documents: Sequence[bytes], kinds: Sequence[str]) -> None:
    """Print the figures of each kind of changes."""
    for kind in kinds:
        bench = Bench(port, collection, documents)
        without, beside = await bench.pairs(getattr(bench, kind))
        ratio = percentile(beside, 99) / percentile(without, 99)
        print(f"{kind}: searches without changes, p50 / p95 / p99 ms: {show(without)}")
        print(f"{kind}: searches beside {RATE} changes a second: {show(beside)} ({ratio:.2f} times the p99)")
        print(f"{kind}: searches refused: {bench.refused}")
        if bench.changed:
            print(f"{kind}: changes: {show(bench.changed)}, statuses {dict(bench.statuses)}")
    for where, seconds in (("", 0.0), (", while searches use all cores", 14.0)):
        bench = Bench(port, collection, documents)
        await asyncio.gather(bench.put(12.0), bench.watch(12.0), bench.saturate(seconds))
        print(f"visible after{where}, p50 / max ms: {statistics.median(bench.visible):.0f} / {max(bench.visible):.0f}")


def main() -> None:
    """Index the news in a temporary folder, or take the one that is named, and print the figures."""
    data.require_collections()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(name)
        if len(sys.argv) <= 1:
            indexing.index_collection(folder, "news")
        documents = [orjson.dumps(one) for one in itertools.islice(data.read_documents("news"), 3_000)]
        os.environ["LOOPBACK_ADMIN"] = "true"  # which lets this program write
        with serve(folder, "news") as port:
            asyncio.run(measure(port, "news", documents, sys.argv[2:] or ("put", "put_kept", "stream")))


if __name__ == "__main__":
    main()
