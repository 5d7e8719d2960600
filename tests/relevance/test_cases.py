"""The relevance cases, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index_config.schema import schema_from_dict
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.elasticsearch.indexes import REQUEST_SECONDS, own_prefix
from tests.relevance.cases import CASES, KNOWN_FAILURES, Case

SCHEMA = schema_from_dict(
    {"name": "cases", "fields": {"text": {"kind": "text"}, "case": {"kind": "keyword", "facet": True}}}, "test_cases.py"
)
ALL = (*CASES, *KNOWN_FAILURES)
OTHERS = 400
"""Documents of no case: match rules are relaxed only in a collection of some size."""


def fill(engine: SearchEngine) -> SearchService:
    with engine.indexes.rebuild(IndexName("cases"), SCHEMA) as rebuild:
        for number, case in enumerate(ALL):
            # The best comes last, so that the order of ids or of insertion would rank it lower.
            for rank, text in reversed(list(enumerate((*case.found, *case.absent)))):
                rebuild.upsert(Document(f"{number}-{9 - rank}", {"text": text, "case": str(number)}))
        for number in range(OTHERS):
            rebuild.upsert(Document(f"other-{number}", {"text": "نص لا صلة له بما سواه"}))
    return SearchService(engine)


@pytest.fixture(scope="module", params=["embedded", "elasticsearch"])
def service(
    request: pytest.FixtureRequest, analysis: Analysis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchService]:
    if request.param == "embedded":
        folder: Path = tmp_path_factory.mktemp("cases")
        yield fill(make_embedded_engine(folder, analysis))
        return
    url = request.getfixturevalue("elasticsearch_url")
    with own_prefix(url) as prefix:
        yield fill(
            make_elasticsearch_engine(
                ElasticsearchSettings(urls=(url,), index_prefix=prefix, timeout=REQUEST_SECONDS), analysis
            )
        )


def texts_found(service: SearchService, case: Case) -> list[str]:
    request = SearchRequest(q=case.query, filters={"case": [str(ALL.index(case))]})
    return [str(hit.source["text"]) for hit in service.search(IndexName("cases"), request).hits]


def check(service: SearchService, case: Case) -> None:
    found = texts_found(service, case)
    assert [text for text in found if text in case.found] == list(case.found), case.why
    assert [text for text in found if text in case.absent] == [], case.why


@pytest.mark.parametrize("case", CASES, ids=[f"{case.query}: {case.why}" for case in CASES])
def test_a_query_ranks_its_documents(service: SearchService, case: Case) -> None:
    check(service, case)


@pytest.mark.xfail(strict=True, raises=AssertionError)
@pytest.mark.parametrize("case", KNOWN_FAILURES, ids=[f"{case.query}: {case.why}" for case in KNOWN_FAILURES])
def test_a_known_failure(service: SearchService, case: Case) -> None:
    check(service, case)


def test_there_are_many_distinct_cases() -> None:
    assert len(CASES) >= 80
    assert len(set(ALL)) == len(ALL)
