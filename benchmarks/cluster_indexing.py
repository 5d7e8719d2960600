"""How fast Elasticsearch is filled through the service, beside `helpers.parallel_bulk` of the bare documents."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch, helpers

from benchmarks import cluster, data
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.catalog import Catalog
from search_service.ingestion.validation import DocumentChecker

ROUNDS = 3
"""Pairs of loads, in turns: the machine's own swing is larger than what is measured."""

CHUNK = 500
"""Documents of a request of the bare client: its own default."""


def run(url: str, collection: str) -> list[tuple[str, str]]:
    """Return rows of the table; the indexes `COLLECTION` and `builtin-COLLECTION` stay, merged."""
    engine, client = cluster.engine_at(url), cluster.client_of(url)
    pairs = [(ours(engine, collection), bare(engine, client, collection)) for _ in range(ROUNDS)]
    ratio = sorted(one / other for one, other in pairs)[ROUNDS // 2]
    name = cluster.generation(client, collection)
    client.indices.forcemerge(index=name, max_num_segments=1)
    builtin(client, collection)
    sizes = {index: size_of(client, index) for index in (name, f"{cluster.PREFIX}builtin-{collection}")}
    ours_size, builtin_size = sizes.values()
    return [
        ("Documents", f"{client.count(index=name)['count']:,}"),
        ("Through the service, documents/s", ", ".join(f"{one:,.0f}" for one, _ in pairs)),
        ("`parallel_bulk` of the bare documents into the same mapping", ", ".join(f"{b:,.0f}" for _, b in pairs)),
        ("Service / bare (median of pairs)", f"{ratio:.2f}"),
        ("Index, MB", f"{ours_size:.0f}"),
        ("The same fields with the built-in `arabic` analyzer, MB", f"{builtin_size:.0f}"),
        ("Ours / built-in", f"{ours_size / builtin_size:.2f}"),
        ("What the fields take, MB", ", ".join(f"{key} {mb:.1f}" for key, mb in parts_of(client, name).items())),
    ]


def ours(engine: SearchEngine, collection: str) -> float:
    """Index a collection as `arabic-search reindex` does; return documents a second."""
    schema = cluster.schema_of(collection)
    checker = DocumentChecker(schema)
    began, count = time.perf_counter(), 0
    with engine.indexes.rebuild(collection, schema) as writer:
        for raw in data.documents(collection):
            writer.upsert(checker.check(raw))
            count += 1
    return count / (time.perf_counter() - began)


def bare(engine: SearchEngine, client: Elasticsearch, collection: str) -> float:
    """Send the documents as they are into the same settings and mapping; return documents a second."""
    body = Catalog(client, cluster.PREFIX, engine.searcher.analysis).compiled(cluster.schema_of(collection))
    name = f"{cluster.PREFIX}bare-{collection}"
    count, seconds = _bulk(client, name, body["settings"], body["mappings"], collection)
    client.indices.delete(index=name)
    return count / seconds


def builtin(client: Elasticsearch, collection: str) -> None:
    """Index the same fields as Elasticsearch's own `arabic` analyzer would have them."""
    fields = cluster.schema_of(collection).fields
    text = {"type": "text", "analyzer": "arabic"}
    properties: dict[str, Any] = {"id": {"type": "keyword"}}
    for field in fields:
        exact = {"text": "text", "integer": "long", "float": "double", "stored": "keyword"}.get(
            field.kind.name, field.kind.name
        )
        properties[field.name] = {"type": "keyword" if exact == "url" else exact}
        if exact == "text":
            properties[field.name] = text
        elif field.searchable:
            properties[field.name]["fields"] = {"text": text}
    name = f"{cluster.PREFIX}builtin-{collection}"
    _bulk(client, name, {}, {"properties": properties}, collection)
    client.indices.forcemerge(index=name, max_num_segments=1)


def _bulk(
    client: Elasticsearch, name: str, settings: Mapping[str, Any], mappings: Mapping[str, Any], collection: str
) -> tuple[int, float]:
    started = {"number_of_replicas": 0, "refresh_interval": -1}
    client.indices.delete(index=name, ignore_unavailable=True)
    client.indices.create(index=name, settings={**settings, **started}, mappings=mappings)
    began = time.perf_counter()
    actions = _actions(name, collection)
    count = sum(ok for ok, _ in helpers.parallel_bulk(client, actions, thread_count=2, chunk_size=CHUNK))
    client.indices.refresh(index=name)
    return count, time.perf_counter() - began


def _actions(name: str, collection: str) -> Iterator[dict[str, Any]]:
    for raw in data.documents(collection):
        yield {"_index": name, "_id": raw["id"], "_source": raw}


def size_of(client: Elasticsearch, name: str) -> float:
    """Return the megabytes of an index."""
    return float(client.indices.stats(index=name, metric="store")["_all"]["total"]["store"]["size_in_bytes"]) / 1e6


def parts_of(client: Elasticsearch, name: str, least: float = 0.5) -> dict[str, float]:
    """Return the megabytes of each field that takes at least half a megabyte, largest first."""
    answer = client.indices.disk_usage(index=name, run_expensive_tasks=True)[name]["fields"]
    sizes = {field: usage["total_in_bytes"] / 1e6 for field, usage in answer.items()}
    return {field: size for field, size in sorted(sizes.items(), key=lambda item: -item[1]) if size >= least}
