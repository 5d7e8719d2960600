"""Every parameter of every request can be sent in an address and in a body, and does the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_service.api.operations import operations
from search_service.search.parameters import parameters
from search_service.search.request import SearchRequest

BASE = "/v1/indexes/news"
Case = tuple[Mapping[str, Any], Mapping[str, Any]]

SEARCHES: Mapping[str, Case] = {
    "q": ({"q": "مدرسة"}, {"q": "مدرسة"}),
    "advanced": ({"q": "المياه ليس السد", "advanced": "true"}, {"q": "المياه ليس السد", "advanced": True}),
    "date_from": ({"date_from": "2024-02"}, {"date_from": "2024-02"}),
    "date_to": ({"date_to": "2024-02"}, {"date_to": "2024-02"}),
    "filters": ({"filter.category": ["بيئة", "اقتصاد"]}, {"filters": {"category": ["بيئة", "اقتصاد"]}}),
    "ranges": ({"range.date": "2023..2024-02"}, {"ranges": {"date": {"from": "2023", "to": "2024-02"}}}),
    "fields": ({"fields": "title,tags"}, {"fields": ["title", "tags"]}),
    "understanding": (
        {"q": "الائتلاق", "understanding": "compounds"}, {"q": "الائتلاق", "understanding": ["compounds"]},
    ),
    "as_typed": ({"q": "الائتلاق", "as_typed": "الائتلاق,مصر"}, {"q": "الائتلاق", "as_typed": ["الائتلاق", "مصر"]}),
    "page": ({"page": "2"}, {"page": 2}),
    "offset": ({"offset": "3"}, {"offset": 3}),
    "cursor": ({"cursor": "*", "sort": "-date"}, {"cursor": "*", "sort": "-date"}),
    "size": ({"size": "3"}, {"size": 3}),
    "sort": ({"sort": "date"}, {"sort": "date"}),
    "group_by": ({"group_by": "category"}, {"group_by": "category"}),
    "group_size": ({"group_by": "category", "group_size": "3"}, {"group_by": "category", "group_size": 3}),
    "facets": ({"facets": "category,tags"}, {"facets": ["category", "tags"]}),
    "facet_size": ({"facets": "tags", "facet_size": "2"}, {"facets": ["tags"], "facet_size": 2}),
    "histogram": ({"histogram": "month"}, {"histogram": "month"}),
    "highlight": ({"highlight": "title"}, {"highlight": ["title"]}),
    "highlight_before": (
        {"highlight_before": "<b>", "highlight_after": "</b>"}, {"highlight_before": "<b>", "highlight_after": "</b>"},
    ),
    "highlight_after": (
        {"highlight_before": "*", "highlight_after": "!"}, {"highlight_before": "*", "highlight_after": "!"},
    ),
    "fragment_length": ({"fragment_length": "50"}, {"fragment_length": 50}),
    "fragments": ({"fragments": "1"}, {"fragments": 1}),
    "source": ({"source": "title,date"}, {"source": ["title", "date"]}),
    "timeout_ms": ({"timeout_ms": "9000"}, {"timeout_ms": 9000}),
}  # fmt: skip
"""A value of each parameter of a search, in a query string and in a body."""


def answers(client: FlaskClient, path: str, query: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what both ways answer, without what differs each time."""
    found = [client.get(path, query_string=query), client.post(path, json=body)]
    assert [one.status_code for one in found] == [200, 200], [one.text for one in found]
    by_get, by_post = ({**one.get_json(), "took_ms": 0} for one in found)
    return by_get, by_post


def test_each_parameter_of_a_search_has_a_case() -> None:
    assert set(SEARCHES) == set(parameters(SearchRequest))


@pytest.mark.parametrize("name", SEARCHES)
def test_a_parameter_of_a_search_does_the_same_in_an_address_and_in_a_body(name: str, client: FlaskClient) -> None:
    query, body = ({"q": "المياه", **one} for one in SEARCHES[name])
    by_get, by_post = answers(client, f"{BASE}/search", query, body)
    assert by_get == by_post
    without = {key: value for key, value in body.items() if key != name or name == "q"}
    if name in ("highlight_before", "highlight_after"):
        without = {"q": "المياه"}
    if name == "q":
        without = {}
    plain = {**client.post(f"{BASE}/search", json=without).get_json(), "took_ms": 0}
    assert (by_post == plain) is (name == "timeout_ms"), "the parameter has an effect"


@pytest.mark.parametrize(
    ("path", "query", "body"),
    [
        (
            "/facets/tags",
            {"q": "المياه", "contains": "ال", "size": "5", "sort": "value", "filter.category": "بيئة"},
            {"q": "المياه", "contains": "ال", "size": 5, "sort": "value", "filters": {"category": "بيئة"}},
        ),
        ("/suggest", {"q": "الميا", "size": "2"}, {"q": "الميا", "size": 2}),
        ("/explain/ex-020", {"q": "لاهاي", "fields": "title"}, {"q": "لاهاي", "fields": ["title"]}),
        ("/similar/ex-035", {"size": "2", "source": "title"}, {"size": 2, "source": ["title"]}),
    ],
)
def test_other_requests_do_the_same_in_an_address_and_in_a_body(
    path: str, query: Mapping[str, Any], body: Mapping[str, Any], client: FlaskClient
) -> None:
    by_get, by_post = answers(client, BASE + path, query, body)
    assert by_get == by_post


def test_every_request_about_a_query_can_have_a_body(client: FlaskClient) -> None:
    """A long query, or many filters, do not fit into an address."""
    known = operations(client.application).values()
    without = {one.name for one in known if one.tag == "search" and "POST" not in one.methods}
    assert without == set()
