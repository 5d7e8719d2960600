"""Which changes of the contract break a client."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from .compatibility import incompatible_changes
from .contract import COMMITTED

SEARCH = "/v1/indexes/{index}/search"


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(COMMITTED.read_text(encoding="utf-8"))


def parameter(document: Any, name: str) -> Any:
    return next(one for one in document["paths"][SEARCH]["get"]["parameters"] if one["name"] == name)


def schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def remove_path(document: Any) -> None:
    del document["paths"][SEARCH]


def remove_method(document: Any) -> None:
    del document["paths"][SEARCH]["post"]


def remove_parameter(document: Any) -> None:
    document["paths"][SEARCH]["get"]["parameters"].remove(parameter(document, "sort"))


def require_parameter(document: Any) -> None:
    parameter(document, "q")["required"] = True


def add_required_parameter(document: Any) -> None:
    added = {"name": "user", "in": "query", "required": True, "schema": {"type": "string"}}
    document["paths"][SEARCH]["get"]["parameters"].append(added)


def narrow_parameter(document: Any) -> None:
    parameter(document, "size")["schema"]["maximum"] = 50


def narrow_type_of_parameter(document: Any) -> None:
    parameter(document, "q")["schema"]["type"] = "integer"


def write_parameter_otherwise(document: Any) -> None:
    parameter(document, "facets")["explode"] = True


def remove_member_of_body(document: Any) -> None:
    del schema(document, "SearchRequest")["properties"]["sort"]


def require_member_of_body(document: Any) -> None:
    schema(document, "SearchRequest")["required"] = ["q"]


def narrow_member_of_body(document: Any) -> None:
    schema(document, "SearchRequest")["properties"]["highlight"]["anyOf"].pop(0)


def remove_member_of_answer(document: Any) -> None:
    del schema(document, "Hit")["properties"]["score"]


def make_member_of_answer_optional(document: Any) -> None:
    schema(document, "Bucket")["required"].remove("count")


def widen_member_of_answer(document: Any) -> None:
    schema(document, "Bucket")["properties"]["value"]["type"] = ["string", "null"]


def rename_operation(document: Any) -> None:
    document["paths"][SEARCH]["get"]["operationId"] = "query"


def ask_for_a_key(document: Any) -> None:
    document["paths"][SEARCH]["get"]["security"] = [{"key": ["search"]}]


def remove_status(document: Any) -> None:
    answers = document["paths"][SEARCH]["get"]["responses"]
    answers["202"] = answers.pop("200")


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (remove_path, "GET /v1/indexes/{index}/search: removed"),
        (remove_method, "POST /v1/indexes/{index}/search: removed"),
        (remove_parameter, "parameter sort removed"),
        (require_parameter, "parameter q is required"),
        (add_required_parameter, "parameter user is required"),
        (narrow_parameter, "parameter size: maximum is 50"),
        (narrow_type_of_parameter, "parameter q: no longer string"),
        (write_parameter_otherwise, "parameter facets is written otherwise"),
        (remove_member_of_body, "body.sort: removed"),
        (require_member_of_body, "body.q: is required"),
        (narrow_member_of_body, "body.highlight: no longer boolean"),
        (remove_member_of_answer, "200.hits[].score: removed"),
        (make_member_of_answer_optional, "facets[][].count: can be absent"),
        (widen_member_of_answer, "value: can be null"),
        (rename_operation, "operationId"),
        (ask_for_a_key, "needs a key"),
        (remove_status, "status 200 removed"),
    ],
)
def test_a_breaking_change_is_found(change: Callable[[Any], None], reported: str, document: Any) -> None:
    changed = copy.deepcopy(document)
    change(changed)
    assert any(reported in line for line in incompatible_changes(document, changed))


def add_path(document: Any) -> None:
    document["paths"]["/v2"] = document["paths"][SEARCH]


def add_parameter(document: Any) -> None:
    added = {"name": "user", "in": "query", "schema": {"type": "string"}}
    document["paths"][SEARCH]["get"]["parameters"].append(added)


def widen_parameter(document: Any) -> None:
    parameter(document, "size")["schema"]["maximum"] = 200


def add_member_of_answer(document: Any) -> None:
    schema(document, "Hit")["properties"]["group"] = {"type": "string"}


def add_error(document: Any) -> None:
    answers = document["paths"][SEARCH]["get"]["responses"]
    answers["429"] = answers["503"]


@pytest.mark.parametrize(
    "change", [lambda _document: None, add_path, add_parameter, widen_parameter, add_member_of_answer, add_error]
)
def test_an_addition_breaks_nothing(change: Callable[[Any], None], document: Any) -> None:
    changed = copy.deepcopy(document)
    change(changed)
    assert incompatible_changes(document, changed) == []
