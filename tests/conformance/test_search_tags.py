"""Entity tags of searches: a client that has the result is not sent it again."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from index_config.schema import Schema
from search_service.access.caller import SERVICE, Caller, set_caller
from search_service.access.guarded_indexes import guarded
from search_service.api.app import create_api
from search_service.core.filters import ValueFilter
from search_service.core.index_name import IndexName
from search_service.core.results import EngineResult
from search_service.engines.base import SearchEngine
from search_service.ingestion.validation import DocumentChecker
from search_service.query.plan import SearchPlan
from search_service.search.service import SearchService
from tests.conformance.conftest import fill_index

SEARCH = "/v1/indexes/things/search"
THINGS = IndexName("things")
BOOKS = [{"id": str(number), "name": "كتاب", "brand": f"دار {number % 2}", "stock": number} for number in range(9)]


@pytest.fixture
def client(engine: SearchEngine, products: Schema) -> FlaskClient:
    fill_index(engine, THINGS, products, BOOKS)
    return create_api(SearchService(guarded(engine)), THINGS).test_client()


def ask(client: FlaskClient, known: TestResponse | None = None, **query: Any) -> TestResponse:
    headers = {"If-None-Match": known.headers["ETag"]} if known else {}
    return client.get(SEARCH, query_string=query, headers=headers)


def test_an_unchanged_result_is_not_sent_again(client: FlaskClient) -> None:
    first = ask(client, q="كتاب", facets="brand")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = ask(client, first, q="كتاب", facets="brand")
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert first.headers["ETag"].startswith('W/"')


def test_other_requests_have_other_tags(client: FlaskClient) -> None:
    queries: list[dict[str, Any]] = [
        {},
        {"q": "كتاب"},
        {"q": "كتاب", "size": 1},
        {"q": "كتاب", "sort": "-stock"},
        {"filter.brand": "دار 1"},
    ]
    answers = [ask(client, **query) for query in queries]
    assert len({answer.headers["ETag"] for answer in answers}) == len(queries)
    for number, query in enumerate(queries):
        assert ask(client, answers[number - 1], **query).status_code == 200


def test_a_change_of_a_document_makes_another_tag(client: FlaskClient, engine: SearchEngine, products: Schema) -> None:
    first = ask(client, q="كتاب")
    with engine.indexes.writer(THINGS) as writer:
        writer.upsert(DocumentChecker(products).check({"id": "10", "name": "كتاب"}))
    second = ask(client, first, q="كتاب")
    assert (second.status_code, (second.json or {})["total"]) == (200, 10)
    with engine.indexes.writer(THINGS) as writer:
        writer.delete("10")
    third = ask(client, second, q="كتاب")
    assert (third.status_code, (third.json or {})["total"]) == (200, 9)


def test_only_the_embedded_engine_answers_304_without_searching(
    client: FlaskClient, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(client, q="كتاب")
    searched: list[object] = []
    search = engine.searcher.search

    def noted(index: IndexName, plan: SearchPlan) -> EngineResult:
        searched.append(plan)
        return search(index, plan)

    monkeypatch.setattr(engine.searcher, "search", noted)
    assert ask(client, first, q="كتاب").status_code == 304
    assert bool(searched) is (engine.name == "elasticsearch")


def test_callers_who_see_other_documents_have_other_tags(engine: SearchEngine, products: Schema) -> None:
    fill_index(engine, THINGS, products, BOOKS)
    service = SearchService(guarded(engine))
    client = create_api(service, THINGS).test_client()
    everything = ask(client)
    set_caller(Caller(("search",), filters=(ValueFilter("brand", ("دار 1",)),)))
    try:
        restricted = ask(client, everything)
    finally:
        set_caller(SERVICE)
    assert (restricted.status_code, (restricted.json or {})["total"]) == (200, 4)
    assert restricted.headers["ETag"] != everything.headers["ETag"]


def test_a_search_with_a_body_has_no_tag(client: FlaskClient) -> None:
    known = ask(client).headers["ETag"]
    answer = client.post(SEARCH, json={}, headers={"If-None-Match": known})
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)
    assert answer.headers["Cache-Control"] == "no-store"
