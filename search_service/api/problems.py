"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from search_service.core.errors import (
    CredentialsRefused,
    DamagedIndex,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    ForeignIndex,
    IndexReadOnly,
    InvalidDocument,
    InvalidParameter,
    NoGeneration,
    SearchServiceError,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
    UnreadableSource,
    WriterBusy,
)
from search_service.messages import rendering
from search_service.messages.rendering import FrontEnd

logger = logging.getLogger(__name__)

STATUSES: dict[type[SearchServiceError], HTTPStatus] = {
    SearchServiceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    InvalidParameter: HTTPStatus.BAD_REQUEST,
    InvalidDocument: HTTPStatus.BAD_REQUEST,
    UnreadableSource: HTTPStatus.BAD_REQUEST,
    UnknownIndex: HTTPStatus.NOT_FOUND,
    UnknownDocument: HTTPStatus.NOT_FOUND,
    WriterBusy: HTTPStatus.CONFLICT,
    NoGeneration: HTTPStatus.CONFLICT,
    ForeignIndex: HTTPStatus.CONFLICT,
    StaleIndex: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    # Not 503, upon which callers come back in a moment: it stays like this until somebody sets it right.
    CredentialsRefused: HTTPStatus.BAD_GATEWAY,
}
"""The status of each class of errors; a class that is not here has that of the class above it. A full disk is 503, too
(507 would say so, but the block may also be one that somebody set)."""

RETRY_SECONDS: dict[type[SearchServiceError], int | None] = {
    SearchServiceError: None,
    EngineUnavailable: 5,
    EngineOverloaded: 1,
    IndexReadOnly: 60,
    CredentialsRefused: None,
    DamagedIndex: None,
}
"""After how long a request may be repeated with some hope, by class like STATUSES: a node is missed for seconds, a
queue is full for less, a disk for longer."""

T = TypeVar("T")


def status_of(error: SearchServiceError) -> HTTPStatus:
    """Return the status of an answer that is this error.

    >>> status_of(EngineOverloaded("engine-overloaded"))
    <HTTPStatus.SERVICE_UNAVAILABLE: 503>
    """
    return _of_class(STATUSES, error)


def headers_of(error: SearchServiceError) -> dict[str, str]:
    """Return the headers of an answer that is this error.

    >>> headers_of(EngineOverloaded("engine-overloaded")), headers_of(UnknownIndex("news"))
    ({'Retry-After': '1'}, {})
    """
    seconds = _of_class(RETRY_SECONDS, error)
    return {"Retry-After": str(seconds)} if seconds else {}


def note(error: SearchServiceError) -> None:
    """Log an error that a request ends with, in one line, unless it is the caller's own."""
    if status_of(error) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s %s: %s", request.method, quote(request.path), error)


def _of_class(table: Mapping[type[SearchServiceError], T], error: SearchServiceError) -> T:
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


def describe(error: SearchServiceError) -> str:
    """Return the sentence of an error, with members named as in the present request."""
    return rendering.render(error, _front_end())


def _front_end() -> FrontEnd:
    return FrontEnd.JSON_BODY if request.method == "POST" else FrontEnd.QUERY_STRING


def problem(status: HTTPStatus, title: str, detail: str, code: str = "", **members: str) -> Response:
    """Return a problem document; without a code it says no more than its status."""
    kind = f"/problems/{code}" if code else "about:blank"
    content = {"type": kind, "title": title, "status": status.value, "detail": detail}
    content |= {"code": code, **members} if code else members
    return Response(orjson.dumps(content), status=status.value, mimetype="application/problem+json")


def service_problem(error: SearchServiceError) -> Response:
    """Return the problem document of one of the service's own errors."""
    note(error)
    members = {}
    if isinstance(error, InvalidParameter):
        parameter = rendering.member(error.parameter, _front_end())
        members = {"parameter": parameter, "allowed": rendering.allowed(error, _front_end())}
    answer = problem(status_of(error), rendering.title(error), describe(error), error.code, **members)
    answer.headers.update(headers_of(error))
    return answer


def _http_problem(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    answer = problem(status, status.phrase, error.description or status.phrase)
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _unexpected_problem(error: Exception) -> Response:
    logger.exception("%s %s failed", request.method, request.path, exc_info=error)
    detail = "An unexpected error happened; it has been logged."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error", detail, "internal-error")


def register(app: Flask) -> None:
    """Turn every error of an application into a problem document; no stack trace reaches a caller."""
    app.register_error_handler(SearchServiceError, service_problem)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unexpected_problem)
