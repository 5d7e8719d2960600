"""Several searches in one request."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from search_service.api import serializers
from search_service.api.routes import multi_search
from search_service.api.schemas.requests import MAX_SEARCHES
from search_service.core.deadline import check_deadline, deadline, seconds_left
from search_service.core.errors import DeadlineExceeded


def outcomes(client: FlaskClient, *searches: dict[str, Any], **others: Any) -> list[Any]:
    answer = client.post("/v1/multi-search", json={"searches": searches, **others})
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.get_json()["outcomes"]
    return found


def test_each_search_has_the_result_that_it_has_alone(client: FlaskClient) -> None:
    searches: list[dict[str, Any]] = [
        {"q": "المياه", "size": 2, "facets": ["category"]},
        {"q": "", "sort": "-date", "filters": {"category": "بيئة"}, "page": None},
        {"cursor": "*", "size": 3, "highlight": False},
    ]
    found = outcomes(client, *({"index": "news", **one} for one in searches))
    for outcome, search in zip(found, searches, strict=True):
        alone = client.post("/v1/indexes/news/search", json=search).get_json()
        assert (outcome["index"], outcome["status"]) == ("news", 200)
        varying = {"took_ms": 0, "next_cursor": ""}
        assert {**outcome["result"], **varying} == {**alone, **varying}


def test_a_problem_of_one_search_leaves_the_others_alone(client: FlaskClient) -> None:
    found = outcomes(
        client,
        {"index": "missing", "q": "x"},
        {"index": "news", "size": 1},
        {"index": "news", "sort": "title"},
        {"index": "news", "colour": "red"},
        {"index": "Not A Name"},
        {"q": "x"},
        {"index": 7},
        {"index": "news", "timeout_ms": 10**9},
    )
    assert [(one["status"], one.get("problem", {}).get("code")) for one in found] == [
        (404, "unknown-index"), (200, None), (400, "not-sortable"), (400, "unknown-parameter"),
        (400, "not-an-index-name"), (400, "missing-parameter"), (400, "wrong-type"), (400, "out-of-range"),
    ]  # fmt: skip
    assert [one["index"] for one in found[4:7]] == ["Not A Name", None, None]


def test_problems_are_in_the_language_of_the_request(client: FlaskClient) -> None:
    answer = client.post(
        "/v1/multi-search", json={"searches": [{"index": "missing"}]}, headers={"Accept-Language": "ar"}
    )
    assert "فهرس" in answer.get_json()["outcomes"][0]["problem"]["detail"]


@pytest.mark.parametrize(
    ("searches", "code"),
    [
        ([{"index": "news"}] * (MAX_SEARCHES + 1), "too-long"),
        (["news"], "wrong-type"),
        ({"index": "news"}, "wrong-type"),
        (None, "missing-parameter"),
    ],
)
def test_a_list_that_is_none_is_a_problem_of_the_request(client: FlaskClient, searches: Any, code: str) -> None:
    answer = client.post("/v1/multi-search", json={"searches": searches})
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["parameter"]) == (400, code, "searches")


def test_no_search_is_a_request_without_outcomes(client: FlaskClient) -> None:
    assert outcomes(client) == []
    assert len(outcomes(client, *([{"index": "news", "size": 0}] * MAX_SEARCHES))) == MAX_SEARCHES


def test_all_searches_share_the_size_of_an_answer(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multi_search, "MAX_ANSWER_BYTES", 3_000)
    found = outcomes(client, *({"index": "news", "size": size, "highlight": False} for size in (0, 50, 0)))
    assert [one["status"] for one in found] == [200, 400, 200]
    assert found[1]["problem"]["code"] == "answer-too-large"


def test_all_searches_share_a_time_limit(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> object:
        check_deadline()
        with pytest.raises(DeadlineExceeded):
            while True:
                check_deadline()
        return {}

    monkeypatch.setattr(serializers, "search_result", late)
    first, second = outcomes(client, {"index": "news"}, {"index": "news", "timeout_ms": 9_000}, timeout_ms=2_000)
    assert first["status"] == 200
    assert (second["status"], second["problem"]["code"]) == (504, "deadline-exceeded")


def test_a_deadline_within_another_ends_no_later() -> None:
    with deadline(5.0):
        with deadline(100.0):
            assert seconds_left(1_000.0) <= 5.0
        with deadline(1.0):
            assert seconds_left(1_000.0) <= 1.0
        assert seconds_left(1_000.0) > 1.0
