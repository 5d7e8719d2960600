"""Elasticsearch for measurements: the one that ELASTICSEARCH_URL names, or a node of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import Elasticsearch

from benchmarks import data
from index_config.schema import Schema, load_schema
from search_service.config.settings import ElasticsearchSettings, Settings
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.factory import make_engine
from tests.elasticsearch.distribution import install
from tests.elasticsearch.node import Node
from tests.elasticsearch.plugin import open_folder

PREFIX = "bench-"
HEAP = "2g"
PATIENT_SECONDS = 300
"""What a merge of everything may take."""


@contextmanager
def running() -> Iterator[str]:
    """Give the address of an Elasticsearch, and remove our indexes from it afterwards."""
    if url := os.environ.get("ELASTICSEARCH_URL"):
        try:
            yield url
        finally:
            remove(url)
        return
    install()
    with open_folder() as folder:
        node = Node(folder, heap=HEAP).start()
        try:
            yield node.url
        finally:
            node.stop()


def engine_at(url: str) -> SearchEngine:
    """Return the service's engine there."""
    settings = ElasticsearchSettings(urls=(url,), index_prefix=PREFIX, timeout=PATIENT_SECONDS, replicas=0)
    return make_elasticsearch_engine(settings, make_engine(Settings()).searcher.analysis)


def client_of(url: str) -> Elasticsearch:
    """Return the bare client, as anybody would make it."""
    return Elasticsearch(url, request_timeout=PATIENT_SECONDS)


def remove(url: str) -> None:
    """Remove our indexes."""
    with client_of(url) as client:
        for name in client.indices.get(index=f"{PREFIX}*,.{PREFIX}*", expand_wildcards="all"):
            client.indices.delete(index=name)


def schema_of(collection: str) -> Schema:
    """Return the schema of a collection."""
    return load_schema("news") if collection == "news" else data.scale_schema()


def generation(client: Elasticsearch, index: str) -> str:
    """Return the index that an alias of ours points to."""
    [name] = client.indices.get_alias(name=f"{PREFIX}{index}")
    return str(name)
