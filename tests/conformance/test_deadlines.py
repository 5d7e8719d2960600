"""The work of a request ends at its deadline, on every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from index_config.schema import Schema
from search_service.core.deadline import deadline
from search_service.core.errors import ClientDisconnected, DeadlineExceeded
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill

THINGS = IndexName("things")
QUERY = SearchRequest(q="خبر", facets=("author",), histogram="day")

WORK: Mapping[str, Callable[[SearchService], object]] = {
    "search": lambda service: service.search(THINGS, QUERY),
    "search in the order of dates": lambda service: service.search(THINGS, QUERY.model_copy(update={"sort": "-date"})),
    "facet": lambda service: service.facet(THINGS, QUERY, "author"),
    "suggest": lambda service: service.suggest(THINGS, "خبر"),
    "similar": lambda service: service.similar(THINGS, "1"),
    "explain": lambda service: service.explain(THINGS, QUERY, "1"),
    "highlight": lambda service: service.highlight(THINGS, "هذا خبر", "خبر"),
}


@pytest.fixture
def service(read_only: Fill, news_schema: Schema) -> SearchService:
    documents = [{"id": str(number), "title": f"خبر {number}", "author": "كاتب"} for number in range(1, 4)]
    return read_only(news_schema, documents)


@pytest.mark.parametrize("name", WORK)
def test_no_work_is_done_after_the_deadline(name: str, service: SearchService) -> None:
    with deadline(60):
        WORK[name](service)
    with deadline(0), pytest.raises(DeadlineExceeded):
        WORK[name](service)
    WORK[name](service)


@pytest.mark.parametrize("name", WORK)
def test_no_work_is_done_for_a_client_that_has_gone(name: str, service: SearchService) -> None:
    with deadline(60, lambda: True), pytest.raises(ClientDisconnected):
        WORK[name](service)
