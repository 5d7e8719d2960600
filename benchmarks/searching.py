"""Search latency: of the search service in this process, and over HTTP on loopback."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import data
from benchmarks.measure import get, measure_latency
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService

FACETS = {"news": ("source", "category", "author"), "scale": ("src", "cat", "publisher")}
WARM_UP = 100
START_SECONDS = 30


def measure(folder: Path, collection: str) -> list[tuple[str, str]]:
    """Search the index in `folder`; return the rows of the table."""
    service = SearchService(make_engine(Settings(index_dir=folder)))
    facets = FACETS[collection]

    def search_full(query: str) -> object:
        return service.search(IndexName(collection), SearchRequest(q=query, facets=facets))

    def search_bare(query: str) -> object:
        return service.search(IndexName(collection), SearchRequest(q=query, highlight=()))

    rows = []
    for name, queries in (
        ("headlines (8 to 10 words)", data.read_headlines()),
        ("mixed queries", data.read_mixed_queries()),
    ):
        for query in queries[:WARM_UP]:
            search_full(query)
        rows.append((f"Full query, {name}, p50 / p99 ms", str(measure_latency(search_full, queries))))
        rows.append((f"Without facets and highlights, {name}", str(measure_latency(search_bare, queries))))
    with serve(folder, collection) as connection:

        def search_over_http(query: str) -> object:
            parameters = urlencode({"q": query, "facets": ",".join(facets)})
            return get(connection, f"/v1/indexes/{collection}/search?{parameters}")

        for query in data.read_headlines()[:WARM_UP]:
            search_over_http(query)
        for name, queries in (("headlines", data.read_headlines()), ("mixed queries", data.read_mixed_queries())):
            latency = measure_latency(search_over_http, queries)
            rows.append((f"Full query through gunicorn, {name}", str(latency)))
    return rows


@contextmanager
def serve(folder: Path, collection: str) -> Iterator[http.client.HTTPConnection]:
    """Serve an index with gunicorn (one worker) and yield a connection to it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:search_service.server.configuration"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1"]
    environment = {**os.environ, "INDEX_DIR": str(folder), "DEFAULT_INDEX": collection}
    with subprocess.Popen(command, env=environment) as process:
        try:
            wait_for(port)
            with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
                yield connection
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Wait until a server listens on the port; raise TimeoutError after `START_SECONDS`."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"no server listens on port {port} after {START_SECONDS} s")
