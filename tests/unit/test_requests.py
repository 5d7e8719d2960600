"""Requests: the values of a parameter in a query string, in a JSON body and as an option."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import Field
from werkzeug.datastructures import MultiDict

from search_service.api.reading import read_query
from search_service.api.schemas.requests import FacetRequest
from search_service.cli.request_options import SEARCH_OPTIONS
from search_service.core.errors import InvalidParameter
from search_service.search.parameters import Form, Parameter, WireNames, parameters
from search_service.search.request import QueryRequest, SearchRequest
from search_service.search.request_types import MAX_NAMES, Names


def test_absent_parameters_have_their_defaults() -> None:
    assert read_query(SearchRequest, MultiDict()) == SearchRequest()
    request = SearchRequest()
    assert (request.start, request.size, request.highlight, request.fields) == (0, 10, True, None)
    assert (request.filters, request.ranges, request.facets) == ({}, {}, ())


def test_a_request_is_immutable() -> None:
    with pytest.raises(ValueError, match="frozen"):
        SearchRequest().size = 5


@pytest.mark.parametrize(
    ("query", "members"),
    [
        ("title , text,", {"fields": ["title", "text"]}),
        ("", {"fields": []}),
    ],
)
def test_names_are_separated_by_commas(query: str, members: dict[str, Any]) -> None:
    assert read_query(SearchRequest, MultiDict({"fields": query})) == SearchRequest(**members)


def test_names_can_be_repeated_parameters() -> None:
    query = MultiDict([("facets", "tags,date"), ("facets", "category"), ("highlight", "title"), ("highlight", "text")])
    request = read_query(SearchRequest, query)
    assert (request.facets, request.highlight) == (("tags", "date", "category"), ("title", "text"))


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("", ()), ("title", ("title",)), ("title,text", ("title", "text"))],
)
def test_highlight_is_true_false_or_names(text: str, value: object) -> None:
    assert read_query(SearchRequest, MultiDict({"highlight": text})).highlight == value


def test_an_empty_number_counts_as_absent() -> None:
    """Forms send empty fields too."""
    assert read_query(SearchRequest, MultiDict({"page": "", "offset": "3", "size": ""})) == SearchRequest(offset=3)


@pytest.mark.parametrize(
    ("given", "values"),
    [("x", ("x",)), (["x", "y"], ("x", "y")), (7, ("7",)), ([True, 2], ("true", "2")), ((), ())],
)
def test_filter_values_become_strings(given: Any, values: tuple[str, ...]) -> None:
    assert SearchRequest(filters={"field": given}).filters == {"field": values}


@pytest.mark.parametrize(
    ("given", "ends"),
    [({"from": 1.5}, ("1.5", "")), ({"from": None, "to": "2024"}, ("", "2024")), (("1", "2"), ("1", "2"))],
)
def test_either_end_of_a_range_is_optional(given: Any, ends: tuple[str, str]) -> None:
    assert SearchRequest(ranges={"field": given}).ranges == {"field": ends}


@pytest.mark.parametrize(
    ("members", "code", "parameter"),
    [
        ({"queries": "x"}, "unknown-parameter", "queries"),
        ({"q": 1}, "wrong-type", "q"),
        ({"fields": "title"}, "wrong-type", "fields"),
        ({"fields": [1]}, "wrong-type", "fields"),
        ({"highlight": "title"}, "wrong-type", "highlight"),
        ({"filters": []}, "wrong-type", "filters"),
        ({"filters": {"field": {}}}, "wrong-type", "filters.field"),
        ({"ranges": {"field": "1..2"}}, "not-a-range", "ranges.field"),
        ({"ranges": {"field": {}}}, "not-a-range", "ranges.field"),
        ({"ranges": {"field": {"form": 1}}}, "not-a-range", "ranges.field"),
        ({"size": 1.0}, "wrong-type", "size"),
        ({"size": True}, "wrong-type", "size"),
        ({"size": -1}, "out-of-range", "size"),
        ({"page": 1, "offset": 0}, "mutually-exclusive", "page"),
    ],
    ids=str,
)
def test_an_invalid_parameter_is_reported_with_a_code(members: dict[str, Any], code: str, parameter: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        SearchRequest(**members)
    assert (refused.value.code, refused.value.parameter) == (code, parameter)


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("range.date", "not-a-range", "ranges.date"),
        ("filters", "unknown-parameter", "filters"),
        ("date.from", "unknown-parameter", "date.from"),
    ],
)
def test_an_invalid_name_in_a_query_string_is_reported_with_a_code(query: str, code: str, parameter: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        read_query(SearchRequest, MultiDict({query: "x"}))
    assert (refused.value.code, refused.value.parameter) == (code, parameter)


def test_a_front_end_can_accept_some_parameters_and_names_of_its_own() -> None:
    def read(query: dict[str, str]) -> SearchRequest:
        return read_query(SearchRequest, MultiDict(query), ("q", "filters"), ignored=("index",))

    assert read({"q": "x", "index": "news", "filter.category": "y"}).filters == {"category": ("y",)}
    with pytest.raises(InvalidParameter) as refused:
        read({"size": "3"})
    assert refused.value.message.params["allowed"] == ("q", "filter.FIELD", "index")


def test_a_request_for_a_facet_searches_the_same_documents() -> None:
    request = FacetRequest(q="x", filters={"category": "y"}, date_from="2024", contains="z", size=3)
    assert request.to_search() == SearchRequest(q="x", filters={"category": "y"}, date_from="2024")


class NearbyRequest(QueryRequest):
    nearby: Annotated[int, Field(ge=0, le=9, description="Words between.")] = 0
    near: Annotated[Names, WireNames("near", "--near", "FIELD"), Field(description="Where.")] = ()


def test_a_new_parameter_is_one_field() -> None:
    known = parameters(NearbyRequest)
    assert (known["nearby"].option, known["nearby"].high, known["near"].form) == ("--nearby", 9, Form.NAMES)
    assert read_query(NearbyRequest, MultiDict({"nearby": "3", "near": "a,b"})) == NearbyRequest(
        nearby=3, near=["a", "b"]
    )
    with pytest.raises(InvalidParameter, match="out-of-range: parameter='nearby' value=10 low=0 high=9"):
        NearbyRequest(nearby=10)


@pytest.mark.parametrize("check", [lambda one: one.option, lambda one: one.query])
def test_the_names_of_parameters_are_unique(check: Callable[[Parameter], str]) -> None:
    names = [check(one) for one in parameters(SearchRequest).values()]
    assert len(set(names)) == len(names)


def test_every_parameter_except_the_query_is_an_option() -> None:
    known = parameters(SearchRequest)
    assert [known[name].option for name in SEARCH_OPTIONS] == [
        one.option for one in known.values() if one.name not in ("q", "timeout_ms", "cursor")
    ]
    assert (known["filters"].form, known["filters"].query, known["filters"].option) == (
        Form.VALUES, "filter.", "--filter",
    )  # fmt: skip


def test_a_repeated_name_counts_once() -> None:
    assert SearchRequest(highlight=["title"] * 50_000).highlight == ("title",)
    assert SearchRequest(facets=["tags", "date", "tags"]).facets == ("tags", "date")


@pytest.mark.parametrize("member", ["facets", "fields", "highlight", "source", "understanding"])
def test_a_list_of_too_many_names_is_refused(member: str) -> None:
    with pytest.raises(InvalidParameter, match=f"too-long.*'{member}'.*count=1001"):
        SearchRequest.model_validate({member: [f"name{number}" for number in range(MAX_NAMES + 1)]})
