"""The client knows the whole contract: every operation, parameter and member of docs/openapi.json, with its type.

A change of the contract fails here until the client has it, too: add the parameter to `parameters.py`, the member to
`answers/`, or the operation to `operations/` and `interface.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

import arabic_search_client
from arabic_search_client import AsyncClient, Client
from arabic_search_client.calls import HEADERS, MAX_QUERY_STRING
from arabic_search_client.interface import Operations
from arabic_search_client.methods import Method
from arabic_search_client.operations.documents import change_documents
from tests.api.contract import COMMITTED, schema_errors

from .shapes import Shape, members, parameters_of, samples_of, shape_in, shape_of, union, without_null

DOCUMENT = json.loads(COMMITTED.read_text(encoding="utf-8"))
METHODS = {name: one for name, one in vars(Operations).items() if isinstance(one, Method)}
LONG = "ب" * MAX_QUERY_STRING

FROM_HEAD = {"etag"}
"""Members of answers that the client takes from the head."""

WITH_TAG = {"search", "search_by_post", "get_document"}
"""Operations whose `If-None-Match` has a method of its own, `…_if_changed`."""

OF_PATH = {"index", "document_id", "field", "job_id", "code", "etag"}
"""Parameters that are part of the path; `etag` is a header field."""


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield method, path and description of each operation of the document."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def operation_of(request: httpx.Request) -> Mapping[str, Any]:
    """Return the operation of the document that a request is of."""
    sent = request.url.raw_path.decode().partition("?")[0]
    for method, path, operation in operations():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        if request.method == method and re.fullmatch(pattern, sent):
            return operation
    raise AssertionError(f"no operation {request.method} {request.url}")


def body_schema(operation: Mapping[str, Any], content_type: str) -> Mapping[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] | None = content[content_type]["schema"] if content else None
    return schema


def requests_of(name: str) -> list[httpx.Request]:
    """Return the requests of a method: with every kind of value of each parameter, and with a long text."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    known = {one: samples_of(type_, one) for one, (_, type_) in parameters_of(METHODS[name].build).items()}
    with Client("http://search", http=httpx.Client(transport=httpx.MockTransport(answer))) as client:
        for number in range(max(map(len, known.values()), default=1)):
            arguments = {one: values[number % len(values)] for one, values in known.items()}
            getattr(client, name)(**arguments)
        long = next((one for one in ("q", "source") if one in known), None)
        if long:
            value = [LONG] if long == "source" else LONG
            getattr(client, name)(**{**arguments, long: value})
    return sent


SENT = {name: requests_of(name) for name in METHODS}


def test_every_operation_has_a_method_of_its_name() -> None:
    reached = {operation_of(request)["operationId"] for requests in SENT.values() for request in requests}
    assert reached | {"change_documents"} == {operation["operationId"] for _, _, operation in operations()}
    for name, requests in SENT.items():
        expected = name.removesuffix("_if_changed")
        assert operation_of(requests[0])["operationId"] == expected
        assert operation_of(requests[-1])["operationId"] in (expected, f"{expected}_by_post")


@pytest.mark.parametrize("name", METHODS)
def test_a_request_has_what_the_contract_allows(name: str) -> None:
    for request in SENT[name]:
        operation = operation_of(request)
        declared = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        written = {one for one, _ in parse_qsl(urlsplit(str(request.url)).query)}
        prefixes = {"filters": "filter.", "ranges": "range."}
        allowed = {prefixes.get(one, one) for one in declared}
        assert {re.sub(r"\..*", ".", one) for one in written} <= allowed
        if request.content and LONG not in request.content.decode():
            schema = body_schema(operation, request.headers["Content-Type"])
            assert schema is not None
            assert schema_errors(DOCUMENT, schema, json.loads(request.content)) == []


@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_every_parameter_of_the_contract_with_its_type(name: str) -> None:
    known = parameters_of(METHODS[name].build)
    for request in SENT[name]:
        operation = operation_of(request)
        expected = {one["name"]: shape_in(DOCUMENT, one["schema"]) for one in operation.get("parameters", ())}
        path = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
        schema = body_schema(operation, request.headers.get("Content-Type", ""))
        whole_body = set()
        if schema is not None:
            shape = shape_in(DOCUMENT, schema)
            if shape[0] == "object":
                expected |= {member: one for member, _, one in shape[1:]}
            else:  # the body is one parameter: the document
                whole_body = {"document", "changes"}
        headers = expected.keys() & set(HEADERS.values())
        for header in headers:
            del expected[header]
        if operation["operationId"] not in WITH_TAG:
            assert {HEADERS[one] for one in known.keys() & HEADERS.keys()} == headers
        assert set(path) <= OF_PATH
        assert known.keys() - OF_PATH - HEADERS.keys() - whole_body == expected.keys() - set(path)
        for one in expected.keys() - set(path):
            if request.method == "POST" or one not in ("filters", "ranges"):  # texts in an address
                assert without_null(shape_of(known[one][1])) == without_null(expected[one]), one


@pytest.mark.parametrize("name", [*METHODS, "change_documents"])
def test_an_answer_has_every_member_of_the_contract_with_its_type(name: str) -> None:
    if name == "change_documents":
        operation = DOCUMENT["paths"]["/v1/indexes/{index}/documents"]["post"]
        schema = operation["responses"]["200"]["content"]["application/x-ndjson"]["schema"]["x-line"]
        [[returned]] = [get_args(one) for one in get_args(get_type_hints(change_documents)["return"])]
        assert without_head(shape_of(returned)) == shape_in(DOCUMENT, schema)
        return
    [returned] = get_args(get_type_hints(METHODS[name].build)["return"])
    for status, answer in operation_of(SENT[name][0])["responses"].items():
        if status in ("200", "201", "202"):
            expected = shape_in(DOCUMENT, answer["content"]["application/json"]["schema"])
            if name.endswith("_if_changed"):
                expected = union([expected, "null"])
            assert without_head(shape_of(returned)) == expected
        elif status == "204":
            assert returned is type(None)


def without_head(shape: Shape) -> Shape:
    """Return the shape of an answer without the members that the client takes from its head."""
    if isinstance(shape, tuple) and shape[0] == "object":
        return members(
            (name, required, without_head(one)) for name, required, one in shape[1:] if name not in FROM_HEAD
        )
    if isinstance(shape, tuple) and shape[0] in ("list", "map", "union"):
        return (shape[0], *map(without_head, shape[1:]))
    return shape


def test_the_version_of_the_client_is_that_of_the_contract() -> None:
    assert arabic_search_client.__version__ == DOCUMENT["info"]["version"]


def test_both_clients_have_the_same_methods() -> None:
    names = [{one for one in dir(kind) if not one.startswith("_")} for kind in (Client, AsyncClient)]
    assert names[0] - {"close"} == names[1] - {"aclose"}
