"""Every engine passes the same suite: add one to ENGINES and its tests are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from index_config.schema import Schema, load_schema, schema_from_dict
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.elasticsearch.search import facets as elasticsearch_facets
from search_service.engines.elasticsearch.search import written_values as elasticsearch_values
from search_service.engines.embedded import facets as embedded_facets
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.ingestion.validation import DocumentChecker
from search_service.search.service import SearchService
from tests.elasticsearch.indexes import REQUEST_SECONDS, client_of, own_prefix, remove_indexes

Fill = Callable[..., SearchService]
Open = Callable[[pytest.FixtureRequest, Path, Analysis], AbstractContextManager[SearchEngine]]


@contextmanager
def embedded(_request: pytest.FixtureRequest, folder: Path, analysis: Analysis) -> Iterator[SearchEngine]:
    yield make_embedded_engine(folder, analysis)


@contextmanager
def elasticsearch(request: pytest.FixtureRequest, _folder: Path, analysis: Analysis) -> Iterator[SearchEngine]:
    url = request.getfixturevalue("elasticsearch_url")
    prefix = request.getfixturevalue("prefix")
    yield make_elasticsearch_engine(
        ElasticsearchSettings(urls=(url,), index_prefix=prefix, timeout=REQUEST_SECONDS), analysis
    )
    remove_indexes(url, prefix)


@contextmanager
def elasticsearch_beside(request: pytest.FixtureRequest, _folder: Path, analysis: Analysis) -> Iterator[SearchEngine]:
    url = request.getfixturevalue("elasticsearch_url")
    with own_prefix(url) as prefix:
        yield make_elasticsearch_engine(
            ElasticsearchSettings(urls=(url,), index_prefix=prefix, timeout=REQUEST_SECONDS), analysis
        )


ENGINES: Mapping[str, Open] = {"embedded": embedded, "elasticsearch": elasticsearch}
READ_ONLY: Mapping[str, Open] = {"embedded": embedded, "elasticsearch": elasticsearch_beside}
"""Engines whose indexes outlive a test."""


@pytest.fixture(scope="session")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    """A prefix for the indexes of one test after the other."""
    with own_prefix(elasticsearch_url) as made:
        yield made


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path, analysis: Analysis) -> Iterator[SearchEngine]:
    """An engine without an index, for one test."""
    with ENGINES[request.param](request, tmp_path, analysis) as made:
        yield made


@pytest.fixture
def damage(request: pytest.FixtureRequest, engine: SearchEngine, tmp_path: Path) -> Callable[[str], None]:
    """Make an index unreadable: spoil its files, or close it behind the service's back."""

    def make(index: str) -> None:
        if engine.name == "elasticsearch":
            with client_of(request.getfixturevalue("elasticsearch_url")) as client:
                client.indices.close(index=engine.indexes.generations(IndexName(index))[0].name)
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
        fill_index(engine, index, schema, documents)
        return SearchService(engine)

    return make


@pytest.fixture(scope="module", params=list(ENGINES))
def read_only(
    request: pytest.FixtureRequest, analysis: Analysis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fill]:
    """Make an index `things` for all tests of a module that read the same documents; equal documents are indexed once.

    Elasticsearch takes half a second of processor time for each new index.
    """
    made: dict[str, SearchService] = {}
    with ExitStack() as stack:

        def make(schema: Schema, documents: Sequence[Mapping[str, Any]], commit_every: int = 0) -> SearchService:
            key = repr((schema, documents, commit_every))
            if key not in made:
                folder = tmp_path_factory.mktemp("read-only")
                engine = stack.enter_context(READ_ONLY[request.param](request, folder, analysis))
                fill_index(engine, "things", schema, documents, commit_every)
                made[key] = SearchService(engine)
            return made[key]

        yield make


@pytest.fixture
def shop(read_only: Fill, products: Schema) -> SearchService:
    """Four products; read only."""
    rows = [
        ("1", "قهوة", "سنابل", ["أسود"], "2023-12-31T23:30:00Z", 5, 1.5, True),
        ("2", "قهوة", "سنابل", ["أسود", "أحمر"], "2024-01-01", 7, 2.5, False),
        ("3", "قهوة", "مرافئ", ["أحمر"], "2024-01-31", 5, 0.5, False),
        ("4", "شاي", "مرافئ", ["أخضر"], "2024-02-01", -3, 9.25, True),
    ]
    names = ("id", "name", "brand", "colours", "since", "stock", "price", "sold")
    return read_only(products, [dict(zip(names, row, strict=True)) for row in rows])


def fill_index(
    engine: SearchEngine,
    index: str,
    schema: Schema,
    documents: Iterable[Mapping[str, Any]],
    commit_every: int = 0,
) -> None:
    """Make an index of some documents, with a commit after every so many of them."""
    checker = DocumentChecker(schema)
    engine.indexes.create(IndexName(index), schema)
    with engine.indexes.writer(IndexName(index)) as writer:
        for number, raw in enumerate(documents, 1):
            writer.upsert(checker.check(raw))
            if commit_every and number % commit_every == 0:
                writer.commit()


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engines keep 40 values of a segment and fetch 60 at once, instead of 65,000, and look up 7 spellings."""
    monkeypatch.setattr(embedded_facets, "SEGMENT_VALUES", 40)
    monkeypatch.setattr(embedded_facets, "MAX_BUCKETS", 60)
    monkeypatch.setattr(embedded_facets, "TIE_MARGIN", 5)
    monkeypatch.setattr(elasticsearch_facets, "MAX_VALUES", 60)
    monkeypatch.setattr(elasticsearch_facets, "PAGE_VALUES", 70)
    monkeypatch.setattr(elasticsearch_values, "KEYS_PER_REQUEST", 7)
