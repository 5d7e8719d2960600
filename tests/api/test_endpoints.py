"""What a view can do: other methods, a body beside parameters, other statuses, headers, streams."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from pydantic import Field
from typing_extensions import TypedDict

from search_service.api import problems
from search_service.api.deadlines import REQUEST_SECONDS
from search_service.api.endpoints import Answer, Lines, endpoint
from search_service.api.operations import operations
from search_service.api.request_bodies import BodyStream
from search_service.core.index_name import IndexName
from search_service.search.request_types import Request


class Thing(TypedDict):
    """A thing."""

    name: str


class Waiting(Request):
    wait: Annotated[bool, Field(description="Wait.")] = False


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("test")
    app.config[REQUEST_SECONDS] = 10.0
    api = Blueprint("api", __name__)

    @endpoint(
        api,
        "/<index>/<name>",
        "PUT",
        tag="documents",
        scope="write",
        statuses={HTTPStatus.OK: "Replaced", HTTPStatus.CREATED: "Created"},
        headers={"ETag": "Its version"},
        max_body_bytes=100,
    )
    def put(index: IndexName, name: str, request: Waiting, body: dict[str, Any]) -> Answer[Thing]:
        """Replace a thing.

        It is created if it is missing.
        """
        assert index == "news"
        return Answer({"name": f"{name} {request.wait} {body}"}, HTTPStatus.CREATED, {"ETag": '"1"'})

    @endpoint(
        api, "/<index>/<name>", "DELETE", tag="documents", scope="write", statuses={HTTPStatus.NO_CONTENT: "Gone"}
    )
    def delete(index: IndexName, name: str, request: Waiting) -> Answer[None]:
        """Delete a thing."""
        assert (index, name, request.wait) == ("news", "a", True)
        return Answer(None, HTTPStatus.NO_CONTENT)

    @endpoint(api, "/<index>", "POST", tag="documents", scope="write")
    def load(request: Waiting, body: BodyStream[Thing], index: IndexName) -> Lines[Thing]:
        """Load things."""

        def sizes() -> Iterator[Thing]:
            while data := body.read():
                yield {"name": f"{index} {len(data)} {request.wait}"}

        return Lines(sizes())

    app.register_blueprint(api)
    problems.register(app)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_body_beside_parameters_and_another_status_with_headers(client: FlaskClient) -> None:
    response = client.put("/news/a?wait=true", json={"b": 1})
    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert response.get_json() == {"name": "a True {'b': 1}"}


@pytest.mark.parametrize(
    ("url", "body", "status", "parameter"),
    [
        ("/news/a", b"[]", 400, "body"),
        ("/news/a", b"", 400, "body"),
        ("/news/a", b'{"a": 1, "a": 2}', 400, "a"),
        ("/news/a", b'{"a": "' + b"x" * 100 + b'"}', 413, "body"),
        ("/news/a?wait=1", b"{}", 400, "wait"),
        ("/News/a", b"{}", 400, "index"),
    ],
)
def test_a_body_and_its_parameters_are_checked(
    url: str, body: bytes, status: int, parameter: str, client: FlaskClient
) -> None:
    response = client.put(url, data=body, content_type="application/json")
    assert (response.status_code, response.get_json()["parameter"]) == (status, parameter)


def test_an_answer_without_content(client: FlaskClient) -> None:
    response = client.delete("/news/a?wait=true")
    assert (response.status_code, response.data) == (204, b"")
    assert "Content-Type" not in response.headers


def test_a_stream_is_read_and_answered_in_parts(client: FlaskClient) -> None:
    response = client.post("/news?wait=true", data=b"x" * 2_500_000, content_type="application/x-ndjson")
    assert response.mimetype == "application/x-ndjson"
    names = [json.loads(line)["name"] for line in response.text.splitlines()]
    assert names == ["news 65536 True"] * 38 + ["news 9632 True"]


def test_operations_are_recorded_by_the_application(app: Flask) -> None:
    known = operations(app)
    assert set(known) == {"api.put", "api.delete", "api.load"}
    put = known["api.put"]
    assert (put.summary, put.description) == ("Replace a thing", "It is created if it is missing.")
    assert (put.methods, put.scope, put.content, put.max_body_bytes) == (("PUT",), "write", Thing, 100)
    assert (known["api.load"].max_body_bytes, known["api.delete"].content) == (None, None)


def test_a_view_needs_a_summary() -> None:
    def view() -> Thing:
        return {"name": ""}

    with pytest.raises(TypeError, match="docstring"):
        endpoint(Blueprint("api", __name__), "/", tag="service")(view)
