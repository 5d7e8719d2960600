"""Indexing speed on Elasticsearch: through the service, and with `helpers.parallel_bulk` of elasticsearch-py."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch, helpers

from benchmarks import cluster, data
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.catalog import Catalog
from search_service.ingestion.validation import DocumentChecker

ROUNDS = 3
"""Pairs of loads, alternating: the speed of the machine varies more than the two loads differ."""

CHUNK = 500
"""Documents per request of elasticsearch-py: its default."""


def measure(url: str, collection: str) -> list[tuple[str, str]]:
    """Index a collection; return the rows of the table. The indexes COLLECTION and builtin-COLLECTION stay, merged."""
    engine, client = cluster.make_engine_at(url), cluster.make_client(url)
    pairs = [
        (index_with_service(engine, collection), index_with_client(engine, client, collection)) for _ in range(ROUNDS)
    ]
    ratio = sorted(service / bulk for service, bulk in pairs)[ROUNDS // 2]
    name = cluster.resolve_generation(client, collection)
    client.indices.forcemerge(index=name, max_num_segments=1)
    index_with_builtin_analyzer(client, collection)
    size, builtin_size = (
        read_index_megabytes(client, index) for index in (name, f"{cluster.PREFIX}builtin-{collection}")
    )
    return [
        ("Documents", f"{client.count(index=name)['count']:,}"),
        ("Through the service, documents/s", ", ".join(f"{service:,.0f}" for service, _ in pairs)),
        ("`parallel_bulk` into the same mapping, documents/s", ", ".join(f"{bulk:,.0f}" for _, bulk in pairs)),
        ("Service / `parallel_bulk` (median of pairs)", f"{ratio:.2f}"),
        ("Index, MB", f"{size:.0f}"),
        ("The same fields with the built-in `arabic` analyzer, MB", f"{builtin_size:.0f}"),
        ("Service / built-in", f"{size / builtin_size:.2f}"),
        (
            "Size of each field, MB",
            ", ".join(f"{field} {mb:.1f}" for field, mb in read_field_megabytes(client, name).items()),
        ),
    ]


def index_with_service(engine: SearchEngine, collection: str) -> float:
    """Index a collection as `arabic-search reindex` does; return documents per second."""
    schema = cluster.load_collection_schema(collection)
    checker = DocumentChecker(schema)
    start, count = time.perf_counter(), 0
    with engine.indexes.rebuild(IndexName(collection), schema) as writer:
        for raw in data.read_documents(collection):
            writer.upsert(checker.check(raw))
            count += 1
    return count / (time.perf_counter() - start)


def index_with_client(engine: SearchEngine, client: Elasticsearch, collection: str) -> float:
    """Send the unprocessed documents to an index with the same settings and mapping; return documents per second."""
    body = Catalog(client, cluster.PREFIX, engine.searcher.analysis).compiled(
        cluster.load_collection_schema(collection)
    )
    name = f"{cluster.PREFIX}bare-{collection}"
    count, seconds = _bulk_load(client, name, body["settings"], body["mappings"], collection)
    client.indices.delete(index=name)
    return count / seconds


def index_with_builtin_analyzer(client: Elasticsearch, collection: str) -> None:
    """Index the same fields with Elasticsearch's built-in `arabic` analyzer."""
    fields = cluster.load_collection_schema(collection).fields
    text = {"type": "text", "analyzer": "arabic"}
    properties: dict[str, Any] = {"id": {"type": "keyword"}}
    for field in fields:
        exact = {"text": "text", "integer": "long", "float": "double", "stored": "keyword"}.get(
            field.kind.name, field.kind.name
        )
        properties[field.name] = {"type": "keyword" if exact == "url" else exact}
        if exact == "text":
            properties[field.name] = text
        elif field.is_searched:
            properties[field.name]["fields"] = {"text": text}
    name = f"{cluster.PREFIX}builtin-{collection}"
    _bulk_load(client, name, {}, {"properties": properties}, collection)
    client.indices.forcemerge(index=name, max_num_segments=1)


def _bulk_load(
    client: Elasticsearch, name: str, settings: Mapping[str, Any], mappings: Mapping[str, Any], collection: str
) -> tuple[int, float]:
    for_loading = {"number_of_replicas": 0, "refresh_interval": -1}
    client.indices.delete(index=name, ignore_unavailable=True)
    client.indices.create(index=name, settings={**settings, **for_loading}, mappings=mappings)
    start = time.perf_counter()
    actions = _bulk_actions(name, collection)
    count = sum(ok for ok, _ in helpers.parallel_bulk(client, actions, thread_count=2, chunk_size=CHUNK))
    client.indices.refresh(index=name)
    return count, time.perf_counter() - start


def _bulk_actions(name: str, collection: str) -> Iterator[dict[str, Any]]:
    for raw in data.read_documents(collection):
        yield {"_index": name, "_id": raw["id"], "_source": raw}


def read_index_megabytes(client: Elasticsearch, name: str) -> float:
    """Return the size of an index in megabytes."""
    return float(client.indices.stats(index=name, metric="store")["_all"]["total"]["store"]["size_in_bytes"]) / 1e6


def read_field_megabytes(client: Elasticsearch, name: str, minimum: float = 0.5) -> dict[str, float]:
    """Return the size in megabytes of each field of at least `minimum` megabytes, largest first."""
    answer = client.indices.disk_usage(index=name, run_expensive_tasks=True)[name]["fields"]
    sizes = {field: usage["total_in_bytes"] / 1e6 for field, usage in answer.items()}
    return {field: size for field, size in sorted(sizes.items(), key=lambda item: -item[1]) if size >= minimum}
