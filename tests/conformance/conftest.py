"""Every engine passes the same suite: add one to ENGINES and its tests are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from index_config.schema import Schema, load_schema, schema_from_dict
from index_config.table import load_table
from index_config.words import default_protected_words, default_stopwords
from search_service.analysis.analyzer import Analysis
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import EmbeddedEngine
from search_service.indexing.documents import DocumentChecker
from search_service.search import SearchService

Fill = Callable[..., SearchService]


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    table = load_table()
    return Analysis(table.mapping, default_protected_words(table), default_stopwords(table))


def embedded(folder: Path, analysis: Analysis) -> SearchEngine:
    return EmbeddedEngine(folder, analysis)


ENGINES: Mapping[str, Callable[[Path, Analysis], SearchEngine]] = {"embedded": embedded}


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path, analysis: Analysis) -> SearchEngine:
    return ENGINES[request.param](tmp_path, analysis)


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
        engine.create(index, schema)
        with engine.writer(index) as writer:
            for raw in documents:
                writer.upsert(checker.check(raw))
        return SearchService(engine)

    return make
