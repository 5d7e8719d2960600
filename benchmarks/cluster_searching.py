"""How fast Elasticsearch is searched through the service, beside the same requests without it."""

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
from benchmarks.searching import FACETS, wait_for
from index_config.field_kinds import FieldKind
from search_service.engines.base import SearchEngine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.servers import free_port

WARM_UP = 100
ROUNDS = 3
QUERIES = 400
CONNECTIONS = 8
CLIENTS = 2
"""Processes that ask at once, so that the asking is not what is measured."""

SECONDS = 6.0
Ask = Callable[[str], object]


def run(url: str, collection: str) -> list[tuple[str, str]]:
    """Return rows of the table for the indexes that `cluster_indexing` left."""
    rows = []
    engine = cluster.engine_at(url)
    queries = data.mixed_queries()[:QUERIES]
    for name, options in (("hits only", {"highlight": "false"}), ("with facets and marks", _full(collection))):
        recorded = record(engine, collection, queries, options)
        with served(url, collection) as port:
            ways = {
                "direct": direct(url, recorded),
                "elasticsearch-py": with_client(url, recorded),
                "the service": over_http(port, collection, options),
            }
            times = alternating(ways, queries)
            least = times["elasticsearch-py"]
            text = ", ".join(f"{way} {value:.2f}" for way, value in times.items())
            rows.append((f"One connection, {name}, p50 ms", text))
            rows.append((f"Service - elasticsearch-py, {name}, ms", f"{times['the service'] - least:.2f}"))
            rates = {way: loaded(way, url, port, collection, options) for way in ways}
            text = ", ".join(f"{way} {value:,.0f}" for way, value in rates.items())
            rows.append((f"{CONNECTIONS} connections, {name}, requests/s", text))
            ratio = rates["the service"] / rates["elasticsearch-py"]
            rows.append((f"Service / elasticsearch-py, {name}", f"{ratio:.2f}"))
    return rows + quality_price(url, collection)


def _full(collection: str) -> dict[str, str]:
    return {"facets": ",".join(FACETS[collection])}


def quality_price(url: str, collection: str) -> list[tuple[str, str]]:
    """Compare the whole search with one by the built-in analyzer: same fields, exact totals, hits only.

    Ours is sent by the bare client as well, once as the query that answered, once as all requests that a query takes
    (a second one where the strictest rule yields too little), and asked through the service.
    """
    engine, client = cluster.engine_at(url), cluster.client_of(url)
    service = SearchService(engine)
    texts = [field.name for field in engine.searcher.schema(collection).searched if field.kind is FieldKind.TEXT]
    builtin = f"{cluster.PREFIX}builtin-{collection}"

    def through_service(query: str) -> object:
        return service.search(collection, SearchRequest(q=query, highlight=()))

    def theirs(query: str) -> object:
        match = {"multi_match": {"query": query, "fields": texts, "type": "most_fields"}}
        return client.search(index=builtin, query=match, size=10, track_total_hits=True)

    rows = []
    for name, queries in (("headlines", data.headlines()[:QUERIES]), ("mixed queries", data.mixed_queries()[:QUERIES])):
        recorded = record(engine, collection, queries, {"highlight": "false"})
        last = {query: [{**requests[-1], "bodies": requests[-1]["bodies"][:1]}] for query, requests in recorded.items()}
        ways = {
            "the query": with_client(url, last),
            "all requests": with_client(url, recorded),
            "the service": through_service,
            "built-in": theirs,
        }
        times = alternating(ways, queries)
        base = times["built-in"]
        text = ", ".join(f"{way} {value:.1f} ({value / base:.2f} x)" for way, value in times.items())
        rows.append((f"Full quality / built-in `arabic` analyzer, {name}, p50 ms", text))
        seconds = sum(len(requests) > 1 for requests in recorded.values()) / len(recorded)
        rows.append((f"Queries that take a second request, {name}", f"{seconds:.0%}"))
    return rows


def alternating(ways: dict[str, Ask], queries: Sequence[str]) -> dict[str, float]:
    """Return the median milliseconds of each way, each query asked in all ways one after the other."""
    for query in queries[:WARM_UP]:
        for ask in ways.values():
            ask(query)
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for query in queries:
            for way, ask in ways.items():
                began = time.perf_counter()
                ask(query)
                times[way].append((time.perf_counter() - began) * 1000)
    return {way: statistics.median(found) for way, found in times.items()}


# The same requests, three ways


def record(
    engine: SearchEngine, collection: str, queries: Sequence[str], options: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the searches that the service sends for each query: most often one."""
    sent: list[dict[str, Any]] = []
    search, msearch = Elasticsearch.search, Elasticsearch.msearch

    def one(client: Elasticsearch, **options: Any) -> Any:
        sent.append({"index": options["index"], "bodies": [options["body"]]})
        return search(client, **options)

    def several(client: Elasticsearch, **options: Any) -> Any:
        lines = options["searches"]
        sent.append({"index": lines[0]["index"], "bodies": lines[1::2]})
        return msearch(client, **options)

    Elasticsearch.search, Elasticsearch.msearch = one, several  # type: ignore[method-assign, assignment]
    service = SearchService(engine)
    facets = tuple(options["facets"].split(",")) if "facets" in options else ()
    highlight = () if "highlight" in options else None
    recorded = {}
    for query in queries:
        sent.clear()
        service.search(collection, SearchRequest(q=query, facets=facets, highlight=highlight))
        recorded[query] = list(sent)
    Elasticsearch.search, Elasticsearch.msearch = search, msearch  # type: ignore[method-assign]
    return recorded


def direct(url: str, recorded: dict[str, list[dict[str, Any]]]) -> Ask:
    """Send the recorded searches as bytes over one connection."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    prepared = {query: [_raw(one) for one in requests] for query, requests in recorded.items()}

    def ask(query: str) -> object:
        for path, body, kind in prepared[query]:
            connection.request("POST", path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status == 200, content
        return None

    return ask


def _raw(request: dict[str, Any]) -> tuple[str, bytes, str]:
    bodies = request["bodies"]
    if len(bodies) == 1:
        return f"/{request['index']}/_search", orjson.dumps(bodies[0]), "application/json"
    lines = [part for body in bodies for part in (b"{}", orjson.dumps(body))]
    return f"/{request['index']}/_msearch", b"\n".join(lines) + b"\n", "application/x-ndjson"


def with_client(url: str, recorded: dict[str, list[dict[str, Any]]]) -> Ask:
    """Send the recorded searches with elasticsearch-py as it comes."""
    client = Elasticsearch(url)

    def ask(query: str) -> object:
        for one in recorded[query]:
            if len(one["bodies"]) == 1:
                client.search(index=one["index"], body=one["bodies"][0])
            else:
                client.msearch(index=one["index"], searches=_paired(one["bodies"]))
        return None

    return ask


def _paired(bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put an empty header before each search, as an msearch wants it."""
    empty: dict[str, Any] = {}
    return [part for body in bodies for part in (empty, body)]


def over_http(port: int, collection: str, options: dict[str, str]) -> Ask:
    """Ask the service."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(query: str) -> object:
        connection.request("GET", f"/v1/indexes/{collection}/search?{urlencode({'q': query, **options})}")
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return content

    return ask


@contextmanager
def served(url: str, collection: str) -> Iterator[int]:
    """Serve with gunicorn, a worker for each core."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(os.cpu_count())]
    command += ["--threads", "4", "--log-level", "warning", "search_service.wsgi:create_app()"]
    settings = {"ENGINE": "elasticsearch", "ELASTICSEARCH_URL": url, "ELASTICSEARCH_INDEX_PREFIX": cluster.PREFIX}
    with subprocess.Popen(command, env={**os.environ, **settings, "DEFAULT_INDEX": collection}) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


# Many at once


def loaded(way: str, url: str, port: int, collection: str, options: dict[str, str]) -> float:
    """Return the requests a second of several processes that ask over several connections each."""
    job = orjson.dumps({"way": way, "url": url, "port": port, "collection": collection, "options": options})
    command = [sys.executable, "-m", "benchmarks.cluster_searching"]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(CLIENTS)]
    for process in processes:
        assert process.stdin
        process.stdin.write(job)
        process.stdin.close()
    return sum(float(process.stdout.read()) for process in processes if process.stdout and process.wait() == 0)


def main() -> None:
    """Ask for some seconds over this process's part of the connections and print requests a second."""
    job = orjson.loads(sys.stdin.buffer.read())
    queries = data.mixed_queries()[:QUERIES]
    recorded = record(cluster.engine_at(job["url"]), job["collection"], queries, job["options"])
    makers: dict[str, Callable[[], Ask]] = {
        "direct": lambda: direct(job["url"], recorded),
        "elasticsearch-py": lambda: with_client(job["url"], recorded),
        "the service": lambda: over_http(job["port"], job["collection"], job["options"]),
    }
    connections = CONNECTIONS // CLIENTS

    def ask_on(number: int) -> int:
        ask = makers[job["way"]]()
        count = 0
        while time.perf_counter() < end:
            ask(queries[(number * 97 + count) % len(queries)])
            count += 1
        return count

    end = time.perf_counter() + SECONDS
    with closing(sys.stdout), ThreadPoolExecutor(connections) as pool:
        print(sum(pool.map(ask_on, range(connections))) / SECONDS)


if __name__ == "__main__":
    main()
