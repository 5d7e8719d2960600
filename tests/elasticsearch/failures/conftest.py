"""What callers, readers and the administrator see when Elasticsearch fails: never a stack trace or a wrong answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.engines.elasticsearch.catalog import Catalog
from search_service.engines.elasticsearch.fields import DocumentMaker, document_of
from tests.elasticsearch.failures.site import Site
from tests.elasticsearch.indexes import client_of, own_prefix
from tests.elasticsearch.proxy import Proxy, Request, proxy_of

NEWS = load_schema("news")
TOPICS = ("زلزال عنيف يهز العاصمة", "ارتفاع أسعار النفط عالميا", "منتخب السلة يفوز باللقب", "لقاح جديد ضد الملاريا")
DOCUMENTS: list[dict[str, str]] = [
    {"id": str(number), "title": f"الخبر رقم {number}", "text": TOPICS[number % 4], "category": "رياضة"}
    for number in range(20)
]


class ProxiedNews:
    """A place for indexes in an Elasticsearch, a proxy before it, and the service that goes through the proxy."""

    def __init__(self, site: Site, proxy: Proxy, client: Elasticsearch, prefix: str) -> None:
        self.site = site
        self.proxy = proxy
        self.elasticsearch = client
        self.prefix = prefix
        self.alias = f"{prefix}news"
        self.generation = f"{self.alias}-00000000000000000001"

    def make(self, *, active: int = 1, **settings: Any) -> None:
        """Make an index `news` by hand, and wait until so many copies of each shard are active."""
        compiled = Catalog(self.elasticsearch, self.prefix, self.site.analysis).compiled(NEWS)
        settings = {**compiled["settings"]["index"], "number_of_replicas": 0, **settings}
        self.elasticsearch.indices.create(
            index=self.generation, settings=settings, mappings=compiled["mappings"], aliases={self.alias: {}},
            wait_for_active_shards=active,
        )  # fmt: skip

    def fill(self, documents: list[dict[str, str]]) -> None:
        """Write documents."""
        maker = DocumentMaker(NEWS, self.site.analysis)
        made = [maker.make(document_of(one, one["id"])) for one in documents]
        operations = [line for one in made for line in ({"index": {"_id": one["id"]}}, one)]
        assert not self.elasticsearch.bulk(index=self.alias, operations=operations, refresh=True)["errors"]

    def place(self, shard: int) -> None:
        """Give an empty shard a node, where it has none."""
        client = self.elasticsearch
        node = next(iter(client.nodes.info(filter_path="nodes.*.name")["nodes"].values()))["name"]
        place = {"index": self.generation, "shard": shard, "node": node, "accept_data_loss": True}
        client.cluster.reroute(commands=[{"allocate_empty_primary": place}])
        client.cluster.health(index=self.generation, wait_for_active_shards=1, timeout="30s")

    def on_search(self, rule: Callable[[Request], None]) -> None:
        """Do that to searches, and pass on the rest."""
        self.proxy.rule = lambda request: rule(request) if SEARCHES.search(request.path) else request.pass_on()


SEARCHES = re.compile("/_m?search")


@contextmanager
def proxied_news_in(
    url: str, prefix: str, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> Iterator[ProxiedNews]:
    with proxy_of(url) as proxy, client_of(url) as client:
        site = Site(ElasticsearchSettings(urls=(proxy.url,), index_prefix=prefix), analysis, caplog)
        yield ProxiedNews(site, proxy, client, prefix)


@pytest.fixture
def no_index(elasticsearch_url: str, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> Iterator[ProxiedNews]:
    """A prefix of the test's own, without an index."""
    with own_prefix(elasticsearch_url) as prefix, proxied_news_in(elasticsearch_url, prefix, analysis, caplog) as made:
        yield made


@pytest.fixture
def own_news(no_index: ProxiedNews) -> ProxiedNews:
    """A prefix of the test's own, with an index that may be changed."""
    no_index.make()
    no_index.fill(DOCUMENTS)
    return no_index


@pytest.fixture(scope="package")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    with own_prefix(elasticsearch_url) as made:
        yield made


@pytest.fixture
def news(
    elasticsearch_url: str, prefix: str, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> Iterator[ProxiedNews]:
    """An index that stays as it is, which the tests of the package share."""
    with proxied_news_in(elasticsearch_url, prefix, analysis, caplog) as made:
        if not made.elasticsearch.indices.exists(index=made.alias):
            made.make()
            made.fill(DOCUMENTS)
        yield made
