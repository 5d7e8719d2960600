"""Requests and responses are typed: responses match their types, and JSON Schemas can be generated from these."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import TypeAdapter

from search_service.search.parameters import Form, parameters
from search_service.search.request import SearchRequest
from search_service.search.request_types import Request

QUERY = "ائتلاف لاهاي"
REQUESTS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "search": (f"/news/search?q={QUERY}&facets=category,tags&histogram=month", None),
    "suggest": ("/news/suggest?q=الميا", None),
    "explain": (f"/news/explain/ex-020?q={QUERY} الائتلاق", None),
    "facet_values": ("/news/facets/category", None),
    "get_document": ("/news/documents/ex-020", None),
    "similar_documents": ("/news/similar/ex-020", None),
    "analyze": ("/news/analyze", {"text": "وَالمَدْرَسَة"}),
    "highlight": ("/news/highlight", {"text": "وَالمَدْرَسَة", "q": "مدرسة"}),
    "list_indexes": ("", None),
}


def types_of(app: Flask, endpoint: str) -> dict[str, Any]:
    return get_type_hints(inspect.unwrap(app.view_functions[f"api.{endpoint}"]))


def test_every_endpoint_is_tested(client: FlaskClient) -> None:
    rules = client.application.url_map.iter_rules()
    assert {rule.endpoint.removeprefix("api.") for rule in rules if rule.rule.startswith("/v1/")} == set(REQUESTS)


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_a_response_matches_its_type(endpoint: str, client: FlaskClient) -> None:
    path, body = REQUESTS[endpoint]
    url = f"/v1/indexes{path}"
    answer = (client.post(url, json=body) if body else client.get(url)).get_json()
    kind = TypeAdapter(types_of(client.application, endpoint)["return"])
    assert kind.validate_python(answer, strict=True, extra="forbid") == answer


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_a_schema_can_be_generated_for_requests_and_responses(endpoint: str, client: FlaskClient) -> None:
    types = types_of(client.application, endpoint)
    request: type[Request] = types.get("request", Request)
    assert list(request.model_json_schema()["properties"]) == list(parameters(request))
    response = TypeAdapter(types["return"]).json_schema()
    assert [path for path, schema in objects(response) if not schema.get("description")] == []


def objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects with members that a JSON Schema defines."""
    for name, one in (("", schema), *schema.get("$defs", {}).items()):
        if "properties" in one:
            yield name, one


def test_every_parameter_has_a_description_and_each_form_a_parameter() -> None:
    known = parameters(SearchRequest).values()
    assert all(one.description.endswith(".") for one in known)
    assert {one.form for one in known} == set(Form)
