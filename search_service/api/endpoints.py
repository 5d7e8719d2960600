"""Typed endpoints: the annotations of a view define its request and response."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, get_type_hints

import flask
import orjson
from flask import Blueprint, Response

from search_service.api.deadlines import request_deadline
from search_service.api.problems import HEADERS
from search_service.api.reading import read_body, read_query
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.search.request_types import Request

View = TypeVar("View", bound=Callable[..., Any])


MAX_ANSWER_BYTES = 10_000_000
"""Of one answer. A page of 10 news articles has 40 KB; a page of ten documents of `MAX_DOCUMENT_BYTES` would have ten
times this, and would be in memory several times."""


def endpoint(blueprint: Blueprint, rule: str, *methods: str, smaller_with: str = "") -> Callable[[View], View]:
    """Return a decorator that registers a view that returns JSON, by default for GET.

    The annotation of the view's argument `request` is the model of the query string (GET) or the body (POST); a view
    without this argument has no parameters. The other arguments are the variables of the rule; `index` is checked.

    Args:
        blueprint: where to register it.
        rule: its path.
        methods: its methods.
        smaller_with: the parameter that makes an answer of more than `MAX_ANSWER_BYTES` smaller; without one, any
            answer is sent.
    """

    def register(view: View) -> View:
        annotations = get_type_hints(view)
        model = annotations.get("request", Request)

        @wraps(view)
        def answer(**arguments: Any) -> Response:
            http = flask.request
            if annotations.get("index") is IndexName:
                arguments["index"] = IndexName(arguments["index"])
            request = read_body(model, http) if http.method == "POST" else read_query(model, http.args)
            if "request" in annotations:
                arguments["request"] = request
            with request_deadline(request.timeout_ms):
                return json_response(view(**arguments), smaller_with)

        blueprint.add_url_rule(rule, view_func=answer, methods=methods or ("GET",))
        return view

    return register


def json_response(content: Any, smaller_with: str = "") -> Response:
    """Return a JSON response.

    Raises:
        InvalidParameter: it is too large, and the parameter `smaller_with` would make it smaller.
    """
    body = orjson.dumps(content)
    if smaller_with and len(body) > MAX_ANSWER_BYTES:
        raise InvalidParameter(smaller_with, "answer-too-large", count=len(body), limit=MAX_ANSWER_BYTES)
    return Response(body, headers=HEADERS, mimetype="application/json")
