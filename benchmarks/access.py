"""What keys and rate limits add to a search: equal requests to four servers, one of which has neither.

`python -m benchmarks.access` indexes the example news and prints the table. All four run all the time, and each
query goes to all of them, in a changing order: what else the machine does concerns them alike.
"""

from __future__ import annotations

import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from benchmarks.measure import get
from benchmarks.searching import wait_for
from index_config.schema import load_schema
from search_service.access.key_admin import KeyAdmin
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.ingestion.validation import DocumentChecker
from tests.servers import CONFIGURATION, free_port
from tests.shared_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "news.jsonl"
KEYS = 1_000
ROUNDS = 15
WARM_UP = 300

LIMITS = {"SEARCH_PUBLIC": "false", "KEY_RATE_LIMIT": "1000000/minute, 100000000/hour"}


def measure(folder: Path) -> list[tuple[str, str]]:
    """Index the examples in a folder and search them; return the rows of the table."""
    documents = _index(folder)
    admin = KeyAdmin(folder / "keys.json")
    for _ in range(KEYS):
        key = admin.create(["search"], ["*"]).secret
    # A filter that every document passes: other words would be corrected, which takes longer than the filter.
    tenant = admin.create(
        ["search"], ["*"], {"category": sorted({one["category"] for one in documents if "category" in one})}
    ).secret
    servers: Mapping[str, tuple[Mapping[str, str], str]] = {
        "neither": ({}, ""),
        "a key": ({"SEARCH_PUBLIC": "false"}, key),
        "a key and two limits": (LIMITS, key),
        "a key with a filter": ({"SEARCH_PUBLIC": "false"}, tenant),
    }
    with ExitStack() as stack:
        connections = {
            name: (
                stack.enter_context(_serve(folder, environment)),
                {"Authorization": f"Bearer {secret}"} if secret else {},
            )
            for name, (environment, secret) in servers.items()
        }
        times: dict[str, list[float]] = {name: [] for name in servers}
        order = list(servers)
        for number, document in enumerate(documents * ROUNDS):
            random.shuffle(order)
            for name in order:
                milliseconds = _search(*connections[name], document["title"])
                if number >= WARM_UP:
                    times[name].append(milliseconds)
    plain = times.pop("neither")
    rows = [("Full query without key and limit, p50 ms", f"{statistics.median(plain):.2f}")]
    for name, measured in times.items():
        added = statistics.median(one - other for one, other in zip(measured, plain, strict=True))
        rows.append((f"What {name} adds, p50 ms of {len(plain):,} pairs", f"{added:.3f}"))
    return rows


def _index(folder: Path) -> list[dict[str, Any]]:
    schema = load_schema("news")
    checker = DocumentChecker(schema)
    documents = [orjson.loads(line) for line in EXAMPLES.read_bytes().splitlines()]
    with make_engine(Settings(index_dir=folder)).indexes.rebuild(IndexName("news"), schema) as writer:
        for document in documents:
            writer.upsert(checker.check(document))
    return documents


@contextmanager
def _serve(folder: Path, settings: Mapping[str, str]) -> Iterator[http.client.HTTPConnection]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", CONFIGURATION, "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "INDEX_DIR": str(folder), **settings}
    with subprocess.Popen([*command, "--workers", "1"], env=environment, cwd=folder) as process:
        try:
            wait_for(port)
            with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
                yield connection
        finally:
            process.terminate()


def _search(connection: http.client.HTTPConnection, headers: Mapping[str, str], title: str) -> float:
    start = time.perf_counter()
    get(connection, f"/v1/indexes/news/search?facets=category,source&q={quote(title)}", headers)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for name, value in measure(Path(folder)):
            print(f"{name:60} {value}")


if __name__ == "__main__":
    main()
