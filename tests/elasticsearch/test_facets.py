"""Facets of an index with several shards."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.elasticsearch.search import aggregations
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.elasticsearch.indexes import REQUEST_SECONDS, own_prefix

NEWS = IndexName("news")


def test_counts_that_may_be_too_low_say_by_how_much(
    elasticsearch_url: str, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregations, "SHARD_VALUES", 5)
    dice = random.Random(3)
    written = Counter(f"كاتب {int(dice.paretovariate(0.7)) % 60}" for _ in range(400))
    authors = list(written.elements())
    dice.shuffle(authors)
    with own_prefix(elasticsearch_url) as prefix:
        settings = ElasticsearchSettings(
            urls=(elasticsearch_url,), index_prefix=prefix, timeout=REQUEST_SECONDS, shards=3, replicas=0
        )
        engine = make_elasticsearch_engine(settings, analysis)
        engine.indexes.create(NEWS, load_schema("news"))
        with engine.indexes.writer(NEWS) as writer:
            for number, author in enumerate(authors):
                writer.upsert(Document(str(number), {"title": "خبر", "author": author}))
        service = SearchService(engine)
        response = service.search(NEWS, SearchRequest(q="خبر", facets=("author",), facet_size=5))
        bound = response.facet_error_bounds["author"]
        assert bound > 0
        for bucket in response.facets["author"]:
            assert bucket.count <= written[bucket.value] <= bucket.count + bound
        assert service.facet(NEWS, SearchRequest(q="خبر"), "author", size=5).error_bound == bound
        exact = service.search(NEWS, SearchRequest(q="خبر", facets=("author",), facet_size=60))
        assert exact.facet_error_bounds == {}
        assert {bucket.value: bucket.count for bucket in exact.facets["author"]} == written
