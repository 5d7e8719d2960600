"""The Elasticsearch node of the benchmarks: that of ELASTICSEARCH_URL, or one that is started here."""

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
REQUEST_TIMEOUT_SECONDS = 300
"""Long enough for a forced merge of a whole index."""


@contextmanager
def running_node() -> Iterator[str]:
    """Yield the URL of a node; afterwards remove the benchmark indexes from it, or stop it."""
    if url := os.environ.get("ELASTICSEARCH_URL"):
        try:
            yield url
        finally:
            remove_indexes(url)
        return
    install()
    with open_folder() as folder:
        node = Node(folder, heap=HEAP, java_options="").start()
        try:
            yield node.url
        finally:
            node.stop()


def make_engine_at(url: str) -> SearchEngine:
    """Return the service's engine for a node."""
    settings = ElasticsearchSettings(urls=(url,), index_prefix=PREFIX, timeout=REQUEST_TIMEOUT_SECONDS, replicas=0)
    return make_elasticsearch_engine(settings, make_engine(Settings()).searcher.analysis)


def make_client(url: str) -> Elasticsearch:
    """Return an elasticsearch-py client with default settings."""
    return Elasticsearch(url, request_timeout=REQUEST_TIMEOUT_SECONDS)


def remove_indexes(url: str) -> None:
    """Remove the benchmark indexes."""
    with make_client(url) as client:
        for name in client.indices.get(index=f"{PREFIX}*,.{PREFIX}*", expand_wildcards="all"):
            client.indices.delete(index=name)


def load_collection_schema(collection: str) -> Schema:
    """Return the schema of the collection `news` or `scale`."""
    return load_schema("news") if collection == "news" else data.make_scale_schema()


def resolve_generation(client: Elasticsearch, index: str) -> str:
    """Return the name of the index that an alias of the service points to."""
    [name] = client.indices.get_alias(name=f"{PREFIX}{index}")
    return str(name)
