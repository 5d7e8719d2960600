"""What tests of the writing side share: an engine with names of its own, and ways to it that fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from elasticsearch import Elasticsearch

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document
from search_service.core.errors import WriterBusy
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.bulk.sender import Target
from search_service.engines.elasticsearch.bulk.writer import BulkWriter
from search_service.engines.elasticsearch.catalog import Catalog
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.elasticsearch.fields import DocumentMaker
from search_service.engines.elasticsearch.rebuild.coordination import CoordinationIndex
from search_service.engines.elasticsearch.rebuild.lease import Lease
from tests.elasticsearch.indexes import REQUEST_SECONDS, client_of, own_prefix
from tests.elasticsearch.proxy import Proxy, proxy_of

NEWS = load_schema("news")
WAIT_SECONDS = 60.0


class NewsIndex:
    """The index `news` of an engine whose index names have their own prefix."""

    def __init__(self, url: str, prefix: str, analysis: Analysis) -> None:
        self.settings = ElasticsearchSettings(urls=(url,), index_prefix=prefix, timeout=REQUEST_SECONDS)
        self.analysis = analysis
        self.engine = make_elasticsearch_engine(self.settings, analysis)
        self.client = client_of(url)
        self.alias = f"{prefix}news"
        self.coordination = CoordinationIndex(self.client, prefix)
        self.compiled = Catalog(self.client, prefix, analysis).compiled(NEWS)

    def another_engine(self, url: str = "") -> SearchEngine:
        """The engine of another process, which may go another way."""
        urls = (url,) if url else self.settings.urls
        return make_elasticsearch_engine(self.settings.model_copy(update={"urls": urls}), self.analysis)

    def contents(self) -> dict[str, str]:
        """The title of each document."""
        return {
            document.id: str(document.source.get("title")) for document in self.engine.indexes.stored(IndexName("news"))
        }

    def ids(self) -> set[str]:
        return set(self.contents())

    def title(self, document_id: str) -> str:
        return str(self.engine.searcher.get(IndexName("news"), document_id).source["title"])

    def states(self) -> list[str]:
        return [one.state.value for one in self.engine.indexes.generations(IndexName("news"))]

    def blocked(self, name: str = "") -> bool:
        """Whether writes to the index, or to a generation of it, are stopped."""
        found = self.client.indices.get_settings(index=name or self.alias, name="index.blocks.write").body
        return any(one["settings"] for one in found.values())

    def can_take_lease(self, seconds: float) -> bool:
        """Whether a lease of `news` can be had, which lasts so long; it is given back."""
        try:
            with Lease(self.coordination, IndexName("news"), "test", seconds=seconds):
                return True
        except WriterBusy:
            return False

    def write(self, *documents: Document) -> None:
        with self.engine.indexes.writer(IndexName("news")) as writer:
            for document in documents:
                writer.upsert(document)

    def writer(self, client: Elasticsearch | None = None, retry_seconds: float = WAIT_SECONDS) -> BulkWriter:
        """A writer that goes another way than the engine does."""
        target, maker = Target(self.alias, IndexName("news")), DocumentMaker(NEWS, self.analysis)
        return BulkWriter(client or self.client, target, maker, retry_seconds=retry_seconds)


@contextmanager
def news_index_in(url: str, analysis: Analysis) -> Iterator[NewsIndex]:
    """Make an empty index and remove it afterwards."""
    with own_prefix(url) as prefix:
        news_index = NewsIndex(url, prefix, analysis)
        news_index.engine.indexes.create(IndexName("news"), NEWS)
        yield news_index
        news_index.client.close()


@pytest.fixture
def news_index(elasticsearch_url: str, analysis: Analysis) -> Iterator[NewsIndex]:
    with news_index_in(elasticsearch_url, analysis) as news_index:
        yield news_index


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    with proxy_of(elasticsearch_url) as proxy:
        yield proxy


@pytest.fixture
def proxied_client(proxy: Proxy) -> Iterator[Elasticsearch]:
    """A client that talks to Elasticsearch through the proxy."""
    with client_of(proxy.url) as client:
        yield client


def document(number: int, title: str = "خبر") -> Document:
    return Document(str(number), {"title": f"{title} رقم {number}"})
