"""A service over the example collection, asked over HTTP."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from flask.testing import FlaskClient

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.api.app import create_api
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.ingestion.validation import DocumentChecker
from search_service.search.service import SearchService

EXAMPLES = Path(__file__).parents[2] / "examples" / "news.jsonl"


@pytest.fixture(scope="package")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the index, once `engine` has filled it."""
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="package")
def engine(analysis: Analysis, index_folder: Path) -> SearchEngine:
    engine = make_embedded_engine(index_folder, analysis)
    schema = load_schema("news")
    checker = DocumentChecker(schema)
    with engine.indexes.rebuild(IndexName("news"), schema) as writer:
        for line in EXAMPLES.read_bytes().splitlines():
            writer.upsert(checker.check(orjson.loads(line)))
        hostile = {"id": "path/with مسافة & <b>", "title": "<script>alert('هجوم')</script> هجوم"}
        writer.upsert(checker.check(hostile))
    return engine


@pytest.fixture
def client(engine: SearchEngine) -> FlaskClient:
    return create_api(SearchService(engine), IndexName("news")).test_client()
