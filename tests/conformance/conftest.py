"""Every engine passes the same suite: add one to ENGINES and its tests are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from index_config.schema import Schema, load_schema, schema_from_dict
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.ingestion.validation import DocumentChecker
from search_service.search.service import SearchService
from tests.elasticsearch.indexes import own_prefix

Fill = Callable[..., SearchService]


@contextmanager
def embedded(request: pytest.FixtureRequest, analysis: Analysis) -> Iterator[SearchEngine]:
    yield make_embedded_engine(request.getfixturevalue("tmp_path"), analysis)


@contextmanager
def elasticsearch(request: pytest.FixtureRequest, analysis: Analysis) -> Iterator[SearchEngine]:
    url = request.getfixturevalue("elasticsearch_url")
    with own_prefix(url) as prefix:
        yield make_elasticsearch_engine(ElasticsearchSettings(urls=(url,), index_prefix=prefix), analysis)


ENGINES: Mapping[str, Callable[[pytest.FixtureRequest, Analysis], AbstractContextManager[SearchEngine]]] = {
    "embedded": embedded,
    "elasticsearch": elasticsearch,
}


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest, analysis: Analysis) -> Iterator[SearchEngine]:
    with ENGINES[request.param](request, analysis) as made:
        yield made


@pytest.fixture
def damage(request: pytest.FixtureRequest, engine: SearchEngine, tmp_path: Path) -> Callable[[str], None]:
    """Make an index unreadable: spoil its files, or close it behind the service's back."""

    def make(index: str) -> None:
        if engine.name == "elasticsearch":
            with Elasticsearch(request.getfixturevalue("elasticsearch_url")) as client:
                client.indices.close(index=engine.indexes.generations(index)[0].name)
        for path in tmp_path.glob(f"{index}/current/**/meta.json"):
            path.write_text("{")

    return make


@pytest.fixture(scope="session")
def news_schema() -> Schema:
    return load_schema("news")


@pytest.fixture(scope="session")
def products() -> Schema:
    """A schema with every kind of field."""
    return schema_from_dict(
        {
            "name": "products",
            "default_sort": "price",
            "date": "since",
            "fields": {
                "name": {"kind": "text", "weight": 2.0, "suggest": True},
                "notes": {"kind": "text", "multi": True},
                "brand": {"kind": "keyword", "facet": True, "sort": True},
                "colours": {"kind": "keyword", "multi": True, "facet": True, "weight": 1.0},
                "since": {"kind": "date", "facet": True, "sort": True},
                "stock": {"kind": "integer", "facet": True, "sort": True},
                "price": {"kind": "float", "sort": True},
                "sold": {"kind": "boolean", "facet": True},
                "page": {"kind": "url"},
                "extra": {"kind": "stored"},
            },
        },
        "products.toml",
    )


@pytest.fixture
def fill(engine: SearchEngine) -> Fill:
    """Make an index of some documents and return the service that searches it."""

    def make(schema: Schema, documents: Iterable[Mapping[str, Any]], index: str = "things") -> SearchService:
        checker = DocumentChecker(schema)
        engine.indexes.create(index, schema)
        with engine.indexes.writer(index) as writer:
            for raw in documents:
                writer.upsert(checker.check(raw))
        return SearchService(engine)

    return make
