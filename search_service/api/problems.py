"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import logging
from http import HTTPStatus

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from search_service.errors import (
    EngineUnavailable,
    InvalidDocument,
    InvalidParameter,
    SearchServiceError,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
    WriterBusy,
)

logger = logging.getLogger(__name__)

STATUSES: dict[type[SearchServiceError], HTTPStatus] = {
    InvalidParameter: HTTPStatus.BAD_REQUEST,
    InvalidDocument: HTTPStatus.BAD_REQUEST,
    UnknownIndex: HTTPStatus.NOT_FOUND,
    UnknownDocument: HTTPStatus.NOT_FOUND,
    WriterBusy: HTTPStatus.CONFLICT,
    StaleIndex: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem(status: HTTPStatus, title: str, detail: str, **members: str) -> Response:
    """Return a problem document."""
    content = {"type": "about:blank", "title": title, "status": status.value, "detail": detail, **members}
    return Response(orjson.dumps(content), status=status.value, mimetype="application/problem+json")


def service_problem(error: SearchServiceError) -> Response:
    """Return the problem document of one of the service's own errors."""
    status = STATUSES.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s %s: %s", request.method, request.path, error)
    members = {}
    if isinstance(error, InvalidParameter):
        members = {"parameter": error.parameter, "allowed": error.allowed}
    return problem(status, error.title, str(error), **members)


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
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error", detail)


def register(app: Flask) -> None:
    """Turn every error of an application into a problem document; no stack trace reaches a caller."""
    app.register_error_handler(SearchServiceError, service_problem)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unexpected_problem)
