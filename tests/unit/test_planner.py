"""Requests are validated before the index is read."""

from __future__ import annotations

from typing import Any

import pytest

from index_config.schema import Schema, load_schema
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.sentences import refused

MISSPELT = "المُنختب"


class FailingSearcher:
    """A searcher that has a schema and fails on every other call."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def schema(self, index: str) -> Schema:
        return load_schema(index)

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the index was read: {name}")


@pytest.fixture
def service(analysis: Analysis) -> SearchService:
    searcher: Any = FailingSearcher(analysis)
    return SearchService(SearchEngine("failing", searcher, searcher, searcher))


@pytest.mark.parametrize(
    ("parameter", "options"),
    [
        ("sort", {"sort": "nonsense"}),
        ("facets", {"facets": ["title"]}),
        ("facet_size", {"facets": ["category"], "facet_size": 0}),
        ("histogram", {"histogram": "week"}),
        ("filters.title", {"filters": {"title": ["x"]}}),
        ("ranges.category", {"ranges": {"category": ("1", "2")}}),
        ("date_from", {"date_from": "yesterday"}),
        ("fields", {"fields": ["category_"]}),
        ("highlight", {"highlight": ["date"]}),
        ("size", {"size": -1}),
        ("offset", {"offset": 10_001}),
        ("q", {"q": "كلمة " * 500}),
        ("q", {"q": "من " * 101}),
    ],
)
def test_an_invalid_search_does_not_read_the_index(
    parameter: str, options: dict[str, Any], service: SearchService
) -> None:
    with refused(InvalidParameter) as caught:
        service.search(IndexName("news"), SearchRequest(**{"q": MISSPELT, **options}))
    assert caught.value.parameter == parameter


def test_an_invalid_facet_does_not_read_the_index(service: SearchService) -> None:
    with refused(InvalidParameter, "field"):
        service.facet(IndexName("news"), SearchRequest(q=MISSPELT), "title")


def test_a_valid_search_reads_the_index(service: SearchService) -> None:
    with pytest.raises(AssertionError, match="document_frequencies"):
        service.search(IndexName("news"), SearchRequest(q=MISSPELT))
