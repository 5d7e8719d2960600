"""Search speed on Elasticsearch: through the service, and with the same requests sent without it."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from elasticsearch import Elasticsearch

from benchmarks import cluster, data
from benchmarks.measure import get
from benchmarks.searching import FACETS, wait_for
from index_config.field_kinds import FieldKind
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.servers import free_port

WARM_UP = 100
ROUNDS = 3
QUERIES = 400
CONNECTIONS = 8
CLIENTS = 2
"""Client processes, so that the client is not the bottleneck."""

SECONDS = 6.0
Search = Callable[[str], object]
"""Sends the search for a query and waits for the response."""


def measure(url: str, collection: str) -> list[tuple[str, str]]:
    """Search the indexes that `cluster_indexing` left; return the rows of the table."""
    rows = []
    engine = cluster.make_engine_at(url)
    queries = data.read_mixed_queries()[:QUERIES]
    for name, options in (
        ("hits only", {"highlight": "false"}),
        ("with facets and highlights", _facet_parameters(collection)),
    ):
        recorded = record_requests(engine, collection, queries, options)
        with serve(url, collection) as (port, _):
            clients = {
                "raw HTTP": make_raw_http_client(url, recorded),
                "elasticsearch-py": make_elasticsearch_py_client(url, recorded),
                "the service": make_service_client(port, collection, options),
            }
            times = measure_alternating(clients, queries)
            overhead = times["the service"] - times["elasticsearch-py"]
            text = ", ".join(f"{client} {value:.2f}" for client, value in times.items())
            rows.append((f"One connection, {name}, p50 ms", text))
            rows.append((f"Service - elasticsearch-py, {name}, ms", f"{overhead:.2f}"))
            rates = {client: measure_throughput(client, url, port, collection, options) for client in clients}
            text = ", ".join(f"{client} {value:,.0f}" for client, value in rates.items())
            rows.append((f"{CONNECTIONS} connections, {name}, requests/s", text))
            ratio = rates["the service"] / rates["elasticsearch-py"]
            rows.append((f"Service / elasticsearch-py, {name}", f"{ratio:.2f}"))
    return rows + compare_with_builtin(url, collection)


def _facet_parameters(collection: str) -> dict[str, str]:
    return {"facets": ",".join(FACETS[collection])}


def compare_with_builtin(url: str, collection: str) -> list[tuple[str, str]]:
    """Compare the full query with one by the built-in analyzer: same fields, exact totals, hits only.

    The requests of the service are also sent with elasticsearch-py: once only the last request of each query, once all
    (a query takes a second one where the predicted match rule was not the right one).
    """
    engine, client = cluster.make_engine_at(url), cluster.make_client(url)
    service = SearchService(engine)
    texts = [
        field.name for field in engine.searcher.schema(IndexName(collection)).searched if field.kind is FieldKind.TEXT
    ]
    builtin = f"{cluster.PREFIX}builtin-{collection}"

    def search_service(query: str) -> object:
        return service.search(IndexName(collection), SearchRequest(q=query, highlight=False))

    def search_builtin(query: str) -> object:
        match = {"multi_match": {"query": query, "fields": texts, "type": "most_fields"}}
        return client.search(index=builtin, query=match, size=10, track_total_hits=True)

    rows = []
    for name, queries in (
        ("headlines", data.read_headlines()[:QUERIES]),
        ("mixed queries", data.read_mixed_queries()[:QUERIES]),
    ):
        recorded = record_requests(engine, collection, queries, {"highlight": "false"})
        last = {query: [{**requests[-1], "bodies": requests[-1]["bodies"][:1]}] for query, requests in recorded.items()}
        clients = {
            "last request": make_elasticsearch_py_client(url, last),
            "all requests": make_elasticsearch_py_client(url, recorded),
            "the service": search_service,
            "built-in": search_builtin,
        }
        times = measure_alternating(clients, queries)
        base = times["built-in"]
        text = ", ".join(f"{client} {value:.1f} ({value / base:.2f} x)" for client, value in times.items())
        rows.append((f"Full query / built-in `arabic` analyzer, {name}, p50 ms", text))
        share = sum(len(requests) > 1 for requests in recorded.values()) / len(recorded)
        rows.append((f"Queries that take a second request, {name}", f"{share:.0%}"))
    return rows


def measure_alternating(clients: dict[str, Search], queries: Sequence[str]) -> dict[str, float]:
    """Return the median milliseconds of each client; each query is sent by all clients one after the other."""
    for query in queries[:WARM_UP]:
        for search in clients.values():
            search(query)
    times: dict[str, list[float]] = {client: [] for client in clients}
    for _ in range(ROUNDS):
        for query in queries:
            for client, search in clients.items():
                start = time.perf_counter()
                search(query)
                times[client].append((time.perf_counter() - start) * 1000)
    return {client: statistics.median(milliseconds) for client, milliseconds in times.items()}


# The same requests, sent by three clients


def record_requests(
    engine: SearchEngine, collection: str, queries: Sequence[str], options: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the search requests that the service sends for each query: one for most."""
    sent: list[dict[str, Any]] = []
    search, msearch = Elasticsearch.search, Elasticsearch.msearch

    def record_search(client: Elasticsearch, **options: Any) -> Any:
        sent.append({"index": options["index"], "bodies": [options["body"]]})
        return search(client, **options)

    def record_msearch(client: Elasticsearch, **options: Any) -> Any:
        lines = options["searches"]
        sent.append({"index": lines[0]["index"], "bodies": lines[1::2]})
        return msearch(client, **options)

    Elasticsearch.search, Elasticsearch.msearch = record_search, record_msearch  # type: ignore[method-assign, assignment]
    service = SearchService(engine)
    facets = tuple(options["facets"].split(",")) if "facets" in options else ()
    recorded = {}
    for query in queries:
        sent.clear()
        service.search(
            IndexName(collection), SearchRequest(q=query, facets=facets, highlight="highlight" not in options)
        )
        recorded[query] = list(sent)
    Elasticsearch.search, Elasticsearch.msearch = search, msearch  # type: ignore[method-assign]
    return recorded


def make_raw_http_client(url: str, recorded: dict[str, list[dict[str, Any]]]) -> Search:
    """Return a client that sends the recorded requests as bytes over one connection."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    prepared = {query: [_encode(request) for request in requests] for query, requests in recorded.items()}

    def search(query: str) -> object:
        for path, body, content_type in prepared[query]:
            connection.request("POST", path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            content = response.read()
            assert response.status == 200, content
        return None

    return search


def _encode(request: dict[str, Any]) -> tuple[str, bytes, str]:
    bodies = request["bodies"]
    if len(bodies) == 1:
        return f"/{request['index']}/_search", orjson.dumps(bodies[0]), "application/json"
    lines = [part for body in bodies for part in (b"{}", orjson.dumps(body))]
    return f"/{request['index']}/_msearch", b"\n".join(lines) + b"\n", "application/x-ndjson"


def make_elasticsearch_py_client(url: str, recorded: dict[str, list[dict[str, Any]]]) -> Search:
    """Return a client that sends the recorded requests with elasticsearch-py."""
    client = Elasticsearch(url)

    def search(query: str) -> object:
        for request in recorded[query]:
            if len(request["bodies"]) == 1:
                client.search(index=request["index"], body=request["bodies"][0])
            else:
                client.msearch(index=request["index"], searches=_with_headers(request["bodies"]))
        return None

    return search


def _with_headers(bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put an empty header before each body, as `_msearch` requires."""
    empty: dict[str, Any] = {}
    return [part for body in bodies for part in (empty, body)]


def make_service_client(port: int, collection: str, options: dict[str, str]) -> Search:
    """Return a client of the service's HTTP API."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def search(query: str) -> object:
        return get(connection, f"/v1/indexes/{collection}/search?{urlencode({'q': query, **options})}")

    return search


@contextmanager
def serve(url: str, collection: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Serve with gunicorn, one worker per core; yield the port and the process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:search_service.server.configuration"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(os.cpu_count())]
    admission = {"MAX_CONCURRENT_SEARCHES": str(CONNECTIONS), "MAX_QUEUED_SEARCHES": str(CONNECTIONS)}  # refuse nothing
    settings = {
        **admission,
        "ENGINE": "elasticsearch",
        "ELASTICSEARCH_URL": url,
        "ELASTICSEARCH_INDEX_PREFIX": cluster.PREFIX,
    }
    with subprocess.Popen(command, env={**os.environ, **settings, "DEFAULT_INDEX": collection}) as process:
        try:
            wait_for(port)
            yield port, process
        finally:
            process.terminate()


# Throughput


def measure_throughput(client: str, url: str, port: int, collection: str, options: dict[str, str]) -> float:
    """Return the requests per second of `CLIENTS` processes with several connections each."""
    job = orjson.dumps({"client": client, "url": url, "port": port, "collection": collection, "options": options})
    command = [sys.executable, "-m", "benchmarks.cluster_searching"]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(CLIENTS)]
    for process in processes:
        assert process.stdin
        process.stdin.write(job)
        process.stdin.close()
    return sum(float(process.stdout.read()) for process in processes if process.stdout and process.wait() == 0)


def main() -> None:
    """Search for `SECONDS` over this process's share of the connections; print requests per second."""
    job = orjson.loads(sys.stdin.buffer.read())
    queries = data.read_mixed_queries()[:QUERIES]
    recorded = record_requests(cluster.make_engine_at(job["url"]), job["collection"], queries, job["options"])
    makers: dict[str, Callable[[], Search]] = {
        "raw HTTP": lambda: make_raw_http_client(job["url"], recorded),
        "elasticsearch-py": lambda: make_elasticsearch_py_client(job["url"], recorded),
        "the service": lambda: make_service_client(job["port"], job["collection"], job["options"]),
    }
    connections = CONNECTIONS // CLIENTS

    def search_repeatedly(number: int) -> int:
        search = makers[job["client"]]()
        count = 0
        while time.perf_counter() < end:
            search(queries[(number * 97 + count) % len(queries)])
            count += 1
        return count

    end = time.perf_counter() + SECONDS
    with closing(sys.stdout), ThreadPoolExecutor(connections) as pool:
        print(sum(pool.map(search_repeatedly, range(connections))) / SECONDS)


if __name__ == "__main__":
    main()
