"""What the service adds to bare elasticsearch-py, and where it goes: `python -m benchmarks.cluster_overhead`.

Bare elasticsearch-py sends the same requests, made beforehand, with its default settings, and reads the same answers.
Each query goes to both, one after the other in a changing order. What a machine does besides concerns both alike, but a
busy one has neither's code in its caches: milliseconds can be twice those of a quiet one. So the processor time of the
service is reported too, and that of each stage, measured in one process that answers without a server.
"""

from __future__ import annotations

import io
import os
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from elasticsearch import Elasticsearch

from benchmarks import cluster, cluster_indexing, data
from benchmarks.cluster_searching import (
    QUERIES,
    WARM_UP,
    Search,
    make_elasticsearch_py_client,
    make_service_client,
    record_requests,
    serve,
)
from search_service.api import endpoints, serializers
from search_service.api.routes import search as search_route
from search_service.engines.elasticsearch import engine as engine_module
from search_service.engines.elasticsearch.search import responses, session, term_stats
from search_service.engines.elasticsearch.search.queries import QueryBuilder
from search_service.highlight.matcher import Matcher
from search_service.search import planner
from search_service.search import service as service_module
from search_service.server.wsgi import create_app

COLLECTION = "news"
OPTIONS = {"highlight": "false"}
ROUNDS = 3

HTTP = "HTTP: Flask and its hooks, header fields, JSON"

STAGES: Sequence[tuple[str, Any, str]] = (
    ("the rest of the use case", service_module.SearchService, "search"),
    ("reading the parameters (Pydantic)", endpoints, "read_query"),
    ("checking them against the schema", service_module, "validate"),
    ("analysing and parsing the query", planner, "parse"),
    ("understanding it: frequencies, names, spelling", planner, "understand_query"),
    ("understanding it: frequencies, names, spelling", term_stats, "_document_counts"),
    ("match rules and tiers", service_module, "make_plan"),
    ("selecting the match rule", engine_module, "select_rule"),
    ("compiling the body", QueryBuilder, "page"),
    ("compiling the body", QueryBuilder, "matching"),
    ("elasticsearch-py", Elasticsearch, "search"),
    ("elasticsearch-py", Elasticsearch, "msearch"),
    ("elasticsearch-py", session.SearchSession, "search"),
    ("reading the hits, `matched_by`", responses.ResponseParser, "hits"),
    ("marks and fragments", Matcher, "__init__"),
    ("marks and fragments", Matcher, "marks_of_fields"),
    ("marks and fragments", service_module.SearchService, "_hit"),
    ("the answer, its entity tag", serializers, "search_result"),
    ("the answer, its entity tag", search_route, "tagged"),
)
"""Functions by stage. The time of a function does not include that of others among them."""


def measure(url: str) -> list[tuple[str, str]]:
    """Search the index that `cluster_indexing` left; return the rows of the table."""
    queries = data.read_mixed_queries()[:QUERIES]
    engine = cluster.make_engine_at(url)
    record_requests(engine, COLLECTION, queries, OPTIONS)  # document frequencies are in the cache afterwards
    recorded = record_requests(engine, COLLECTION, queries, OPTIONS)
    single = {query for query, requests in recorded.items() if len(requests) == 1}
    rows = [("Queries that take one request", f"{len(single)} of {len(queries)}")]
    with serve(url, COLLECTION) as (port, process):
        clients = {
            "elasticsearch-py": make_elasticsearch_py_client(url, recorded),
            "the service": make_service_client(port, COLLECTION, OPTIONS),
        }
        times, processor = _measure_pairs(clients, queries, process)
    for name, chosen in (("one request", single), ("several", set(queries) - single), ("all", set(queries))):
        of_client = {client: [ms for query, ms in measured if query in chosen] for client, measured in times.items()}
        bare, service = of_client.values()
        text = ", ".join(f"{client} {_percentiles(measured)}" for client, measured in of_client.items())
        rows.append((f"{name}: p50 / p99 ms", text))
        added = statistics.median(one - other for one, other in zip(service, bare, strict=True))
        rows.append((f"{name}: what the service adds, p50 ms of {len(bare):,} pairs", f"{added:.2f}"))
        cpu = statistics.median(ms for query, ms in processor if query in chosen)
        rows.append((f"{name}: processor time of the service, p50 ms", f"{cpu:.2f}"))
    return rows + _measure_stages(url, [query for query in queries if query in single])


def _percentiles(milliseconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=100)
    return f"{cuts[49]:.2f} / {cuts[98]:.2f}"


def _measure_pairs(
    clients: Mapping[str, Search], queries: Sequence[str], server: subprocess.Popen[bytes]
) -> tuple[dict[str, list[tuple[str, float]]], list[tuple[str, float]]]:
    """Return the milliseconds of each query by client, and the processor time of the server."""
    for query in queries[:WARM_UP]:
        for search in clients.values():
            search(query)
    times: dict[str, list[tuple[str, float]]] = {client: [] for client in clients}
    processor = []
    order = list(clients)
    for query in list(queries) * ROUNDS:
        random.shuffle(order)
        for client in order:
            used, start = _processor_milliseconds(server), time.perf_counter()
            clients[client](query)
            times[client].append((query, (time.perf_counter() - start) * 1000))
            if client == "the service":
                processor.append((query, _processor_milliseconds(server) - used))
    return times, processor


def _processor_milliseconds(server: subprocess.Popen[bytes]) -> float:
    """Return the processor time that the workers of a server have used so far."""
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
    threads = (thread for worker in workers for thread in Path(f"/proc/{worker}/task").glob("*/schedstat"))
    return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e6


# Stages


class StageClock:
    """Adds the processor time of functions up by stage, each without that of the functions it calls."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that also measures itself."""

        @wraps(function)
        def measured(*arguments: Any, **options: Any) -> Any:
            start = time.thread_time()
            self._inner.append(0.0)
            try:
                return function(*arguments, **options)
            finally:
                took = (time.thread_time() - start) * 1000
                self.milliseconds[stage] += took - self._inner.pop()
                self._inner[-1] += took

        return measured


def _measure_stages(url: str, queries: Sequence[str]) -> list[tuple[str, str]]:
    """Return the processor time of each stage of searches that take one request."""
    with _answering(url) as answer:
        for query in queries:
            answer(query)
        clock, totals, of_stages = StageClock(), [], defaultdict(list)
        with ExitStack() as stack:
            for stage, owner, name in STAGES:
                stack.enter_context(mock.patch.object(owner, name, clock.wrap(stage, getattr(owner, name))))
            whole = clock.wrap(HTTP, answer)
            for query in list(queries) * ROUNDS:
                clock.milliseconds.clear()
                whole(query)
                totals.append(sum(clock.milliseconds.values()))
                for stage, took in clock.milliseconds.items():
                    of_stages[stage].append(took)
    rows = [("Processor time in one process, without gunicorn, p50 ms", f"{statistics.median(totals):.2f}")]
    ordered = sorted(of_stages.items(), key=lambda item: -sum(item[1]))
    return rows + [(f"of this {stage}", f"{statistics.median(took):.2f}") for stage, took in ordered]


@contextmanager
def _answering(url: str) -> Iterator[Callable[[str], bytes]]:
    """Yield a function that answers a search as the application does, without a server."""
    settings = {"ENGINE": "elasticsearch", "ELASTICSEARCH_URL": url, "ELASTICSEARCH_INDEX_PREFIX": cluster.PREFIX}
    with mock.patch.dict(os.environ, {**settings, "DEFAULT_INDEX": COLLECTION}):
        app = create_app()

    def start(_status: str, _headers: Any, _error: Any = None) -> Callable[[bytes], object]:
        return io.BytesIO().write

    def answer(query: str) -> bytes:
        environment = {
            "REQUEST_METHOD": "GET", "PATH_INFO": f"/v1/indexes/{COLLECTION}/search",
            "QUERY_STRING": urlencode({"q": query, **OPTIONS}), "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        }  # fmt: skip
        return b"".join(app(environment, start))

    yield answer


def main() -> None:
    """Index the news unless they are there, and print the table."""
    data.require_collections()
    with cluster.running_node() as url:
        if not cluster.make_client(url).indices.exists_alias(name=f"{cluster.PREFIX}{COLLECTION}"):
            cluster_indexing.index_with_service(cluster.make_engine_at(url), COLLECTION)
        for name, value in measure(url):
            print(f"{name:70} {value}")


if __name__ == "__main__":
    main()
