"""The OpenAPI document: valid, complete, as committed, and compatible with the released one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from search_service.analysis.analyzer import Analysis
from search_service.api.openapi.document import document_text
from search_service.api.openapi.examples import EXAMPLES
from search_service.api.operations import operations
from search_service.cli.main import main
from search_service.search.parameters import parameters
from search_service.search.request import SearchRequest

from .compatibility import incompatible_changes, may_be_incompatible
from .contract import COMMITTED, RELEASED, make_app

WRITE = "run `arabic-search config openapi --out docs/openapi.json` and commit what it writes"


@pytest.fixture(scope="module")
def app(index_folder: Path, analysis: Analysis) -> Flask:
    return make_app(index_folder, analysis)


@pytest.fixture
def site(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def document(app: Flask) -> Any:
    return json.loads(document_text(app))


def test_the_document_is_valid(document: Any) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_service_has_its_document(site: FlaskClient, document: Any) -> None:
    response = site.get("/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.get_json() == document
    again = site.get("/openapi.json", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_committed_copy_is_up_to_date(document: Any) -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == document, WRITE


def test_the_contract_is_compatible_with_the_released_one(document: Any) -> None:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    if not may_be_incompatible(released["info"]["version"], document["info"]["version"]):
        assert incompatible_changes(released, document) == []


def test_every_route_but_the_pages_is_in_the_document(app: Flask, document: Any) -> None:
    known = operations(app)
    others = {rule.endpoint for rule in app.url_map.iter_rules()} - known.keys()
    assert {"page.search", "reference.docs"} <= others
    assert [name for name in others if not name.startswith(("page.", "reference."))] == []
    ids = {one["operationId"] for methods in document["paths"].values() for one in methods.values()}
    assert ids >= {operation.name for operation in known.values()}


def test_everything_is_described(document: Any) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation["summary"], place
            assert all(one.get("description") for one in operation.get("parameters", ())), place
            assert operation["operationId"].isidentifier(), place
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name
        assert "\n" not in schema["description"], name
        undescribed = [member for member, one in schema.get("properties", {}).items() if not one.get("description")]
        assert undescribed == [], name


def test_operation_ids_are_unique(document: Any) -> None:
    ids = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
    assert len(set(ids)) == len(ids)


def test_the_query_string_is_described_as_it_is_read(document: Any) -> None:
    search = document["paths"]["/v1/indexes/{index}/search"]["get"]
    described = {one["name"]: one for one in search["parameters"] if one["in"] == "query"}
    assert set(described) == set(parameters(SearchRequest))
    assert described["filters"]["explode"]
    assert described["filters"]["schema"]["propertyNames"] == {"pattern": r"^filter\."}
    assert (described["facets"]["style"], described["facets"]["explode"]) == ("form", False)
    assert (described["size"]["schema"]["minimum"], described["size"]["schema"]["maximum"]) == (0, 100)


def test_a_null_member_of_a_body_is_allowed_unless_it_is_required(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["SearchRequest"]["properties"]["q"]["type"] == ["string", "null"]
    assert schemas["HighlightRequest"]["properties"]["q"]["type"] == "string"


def test_the_command_writes_the_document(tmp_path: Path, document: Any) -> None:
    out = tmp_path / "openapi.json"
    main(["config", "openapi", "--out", str(out)], standalone_mode=False)
    assert json.loads(out.read_text(encoding="utf-8")) == document


def test_a_curl_command_says_what_the_example_sends() -> None:
    [words, *_] = EXAMPLES["search"]
    path = "/v1/indexes/{index}/search"
    assert words.curl(path, "http://localhost").startswith(
        "curl --get http://localhost/v1/indexes/news/search \\\n  --data-urlencode 'q=ائتلاف لاهاي' \\\n"
    )
    [lemmas] = EXAMPLES["analyze"]
    assert lemmas.curl("/analyze", "").endswith(r"""--data '{"text": "وَالمَدْرَسَة", "analyzer": "lemma"}'""")
