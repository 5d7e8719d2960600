"""Typed endpoints: the annotations of a view define its request and response."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import flask
import orjson
from flask import Blueprint, Response

from search_service.access.keys import Scope
from search_service.api.deadlines import request_deadline
from search_service.api.operations import Operation, Tag, record
from search_service.api.problems import HEADERS
from search_service.api.reading import read_query
from search_service.api.request_bodies import MAX_BODY_BYTES, BodyStream, check_content_type, read_body, read_object
from search_service.api.streams import interleaved
from search_service.core.errors import InvalidParameter, SearchServiceError
from search_service.core.index_name import IndexName
from search_service.search.request_types import Request

View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")

MAX_ANSWER_BYTES = 10_000_000
"""Of one answer. A page of 10 news articles has 40 KB; a page of ten documents of `MAX_DOCUMENT_BYTES` would have ten
times this, and would be in memory several times."""

OK: Mapping[HTTPStatus, str] = {HTTPStatus.OK: "The answer"}


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a view returns if its status is not always 200, or if it has headers.

    Attributes:
        content: becomes the JSON body; None for an empty one.
    """

    content: T
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines(Generic[T]):
    """A streamed answer: one line of JSON for each item, sent as soon as there is one."""

    items: Iterable[T]
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def endpoint(
    blueprint: Blueprint,
    rule: str,
    *methods: str,
    tag: Tag,
    scope: Scope | None = "search",
    statuses: Mapping[HTTPStatus, str] = OK,
    headers: Mapping[str, str] | None = None,
    request_headers: Mapping[str, str] | None = None,
    raises: tuple[type[SearchServiceError], ...] = (),
    answers: Any = None,
    page: bool = False,
    smaller_with: str = "",
    max_body_bytes: int = MAX_BODY_BYTES,
) -> Callable[[View], View]:
    """Return a decorator that registers a view, by default for GET.

    The annotations of the view are its contract. Its arguments are the variables of the rule (`index` is checked), and:

    - `request`, a model: the parameters. They are read from the JSON body if the method has one and the view has no
      argument `body`, else from the query string. A view without `request` has no parameters.
    - `body`: the JSON object in the body, or, if the annotation is `BodyStream[...]`, the body that the view reads.

    It returns what becomes the JSON of the answer, or an `Answer`, or `Lines`. The first line of its docstring is the
    summary of the operation, the rest its description.

    Args:
        blueprint: where to register it.
        rule: its path.
        methods: its methods.
        tag: its subject.
        scope: what the caller must be allowed to do; None if everybody may call it.
        statuses: the statuses of answers that are no errors, each with its meaning.
        headers: the headers of these answers, each with its meaning.
        request_headers: the headers that the view reads, each with its meaning.
        raises: errors beside those that every operation has.
        answers: the type of the answer of a view that returns a `Response`. Such a view reads its parameters itself,
            and has no deadline.
        page: whether such a view also has a page in HTML, for clients that prefer one.
        smaller_with: the parameter that makes an answer of more than `MAX_ANSWER_BYTES` smaller; without one, any
            answer is sent.
        max_body_bytes: the largest body that is read; `BodyStream` has no limit.
    """

    def register(view: View) -> View:
        annotations = get_type_hints(view, include_extras=True)
        body = annotations.get("body")
        is_stream = get_origin(body) is BodyStream
        content = answers or _content(annotations.get("return"))
        operation = Operation(
            name=view.__name__,
            rule=rule,
            methods=methods or ("GET",),
            tag=tag,
            scope=scope,
            **_documentation(view),
            request=None if answers else annotations.get("request", Request),
            request_in_body="request" in annotations and body is None,
            body=body,
            content=None if content is NoneType else content,
            statuses=statuses,
            headers=headers or {},
            request_headers=request_headers or {},
            raises=raises,
            page=page,
            smaller_with=smaller_with,
            max_body_bytes=None if is_stream else max_body_bytes,
        )
        model = operation.request or Request

        @wraps(view)
        def answer(**arguments: Any) -> Response:
            http = flask.request
            if "index" in annotations:
                arguments["index"] = IndexName(arguments["index"])
            if answers:
                response: Response = view(**arguments)
                return response
            check_content_type(http, operation.content_types(http.method))
            in_body = operation.reads_request_from_body(http.method)
            request = read_body(model, http, max_body_bytes) if in_body else read_query(model, http.args)
            if "request" in annotations:
                arguments["request"] = request
            if body:
                arguments["body"] = BodyStream(http) if is_stream else read_object(http, max_body_bytes)
            with request_deadline(request.timeout_ms):
                return _response(view(**arguments), smaller_with)

        blueprint.add_url_rule(rule, view_func=answer, methods=operation.methods)
        record(blueprint, operation)
        return view

    return register


def _content(returned: Any) -> Any:
    """Return the type of the content of an answer."""
    return get_args(returned)[0] if get_origin(returned) is Answer else returned


def _documentation(view: Callable[..., Any]) -> dict[str, str]:
    """Return summary and description of a view.

    Raises:
        TypeError: it has no docstring.
    """
    summary, _, description = (inspect.getdoc(view) or "").partition("\n")
    if not summary:
        raise TypeError(f"{view.__qualname__} needs a docstring: it is the summary of the operation")
    return {"summary": summary.removesuffix("."), "description": description.strip()}


def _response(returned: Any, smaller_with: str) -> Response:
    """Return the response of what a view returned."""
    if not isinstance(returned, Answer | Lines):
        return json_response(returned, smaller_with)
    if isinstance(returned, Lines):
        lines = (orjson.dumps(item) + b"\n" for item in returned.items)
        pieces = interleaved(lines, flask.request.environ.get("gunicorn.socket"))
        response = Response(flask.stream_with_context(pieces), headers=HEADERS, mimetype="application/x-ndjson")
    elif returned.content is None:
        response = Response(headers=HEADERS)
        del response.headers["Content-Type"]
    else:
        response = json_response(returned.content, smaller_with)
    response.status_code = returned.status
    response.headers.update(returned.headers)
    return response


def json_response(content: Any, smaller_with: str = "") -> Response:
    """Return a JSON response.

    Raises:
        InvalidParameter: it is too large, and the parameter `smaller_with` would make it smaller.
    """
    body = orjson.dumps(content)
    if smaller_with and len(body) > MAX_ANSWER_BYTES:
        raise InvalidParameter(smaller_with, "answer-too-large", count=len(body), limit=MAX_ANSWER_BYTES)
    return Response(body, headers=HEADERS, mimetype="application/json")
