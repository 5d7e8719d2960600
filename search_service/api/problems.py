"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

import orjson
from flask import Flask, Response, after_this_request, current_app, has_request_context, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from search_service.api.operations import operations
from search_service.api.schemas import responses
from search_service.core.errors import (
    BodyTimeout,
    BodyTooLarge,
    ClientDisconnected,
    ContentTypeUnsupported,
    CredentialsRefused,
    DamagedIndex,
    DeadlineExceeded,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    Forbidden,
    ForeignIndex,
    IndexExists,
    IndexReadOnly,
    InvalidDocument,
    InvalidParameter,
    JobRunning,
    KeysUnavailable,
    NoGeneration,
    PreconditionFailed,
    RateLimited,
    SearchServiceError,
    ServiceOverloaded,
    StaleIndex,
    StorageUnavailable,
    Unauthenticated,
    UnknownDocument,
    UnknownIndex,
    UnknownJob,
    UnreadableSource,
    WriterBusy,
)
from search_service.core.message import Message, message
from search_service.messages import rendering
from search_service.messages.rendering import MAX_SHOWN, FrontEnd, Language

logger = logging.getLogger(__name__)

STATUSES: dict[type[SearchServiceError], HTTPStatus] = {
    SearchServiceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    InvalidParameter: HTTPStatus.BAD_REQUEST,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ContentTypeUnsupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    BodyTimeout: HTTPStatus.REQUEST_TIMEOUT,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    InvalidDocument: HTTPStatus.BAD_REQUEST,
    UnreadableSource: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    KeysUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    UnknownIndex: HTTPStatus.NOT_FOUND,
    UnknownDocument: HTTPStatus.NOT_FOUND,
    UnknownJob: HTTPStatus.NOT_FOUND,
    JobRunning: HTTPStatus.CONFLICT,
    WriterBusy: HTTPStatus.CONFLICT,
    IndexExists: HTTPStatus.CONFLICT,
    NoGeneration: HTTPStatus.CONFLICT,
    ForeignIndex: HTTPStatus.CONFLICT,
    ServiceOverloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    StaleIndex: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    DeadlineExceeded: HTTPStatus.GATEWAY_TIMEOUT,
    ClientDisconnected: HTTPStatus.REQUEST_TIMEOUT,  # nobody reads it
    # Not 503, which invites a retry: the error lasts until an administrator changes the configuration.
    CredentialsRefused: HTTPStatus.BAD_GATEWAY,
}
"""The status of each error class; a class that is not listed inherits the status of its base class. A full disk is 503
(not 507: an administrator may have set the write block)."""

RETRY_SECONDS: dict[type[SearchServiceError], int | None] = {
    SearchServiceError: None,
    ServiceOverloaded: 1,
    EngineUnavailable: 5,
    EngineOverloaded: 1,
    DeadlineExceeded: 5,
    IndexReadOnly: 60,
    StorageUnavailable: 60,
    CredentialsRefused: None,
    DamagedIndex: None,
    KeysUnavailable: 60,
}
"""`Retry-After` by error class: a node is away for seconds, a queue is full for less, a disk for longer.
A request exceeds its deadline because the machine is busy or because the request is too large; waiting helps only in
the first case. It gets the same delay as an unavailable engine."""

HEADERS: Mapping[str, str] = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""The headers of all answers of the HTTP interface. An answer is stale as soon as its index changes."""

CHALLENGE = 'Bearer realm="arabic-search"'
"""How a client authenticates, as RFC 6750 writes it."""

T = TypeVar("T")


def status_of(error: SearchServiceError) -> HTTPStatus:
    """Return the HTTP status of an error.

    >>> status_of(EngineOverloaded("engine-overloaded"))
    <HTTPStatus.SERVICE_UNAVAILABLE: 503>
    """
    return _of_class(STATUSES, error)


def headers_of(error: SearchServiceError) -> dict[str, str]:
    """Return the HTTP headers of an error.

    >>> headers_of(EngineOverloaded("engine-overloaded")), headers_of(UnknownIndex("news"))
    ({'Retry-After': '1'}, {})
    """
    seconds = error.seconds if isinstance(error, RateLimited) else _of_class(RETRY_SECONDS, error)
    headers = {"Retry-After": str(seconds)} if seconds else {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = (
            CHALLENGE if error.code == "key-required" else f'{CHALLENGE}, error="invalid_token"'
        )
    if isinstance(error, Forbidden) and error.scope:
        headers["WWW-Authenticate"] = f'{CHALLENGE}, error="insufficient_scope", scope="{error.scope}"'
    return headers


def log_error(error: SearchServiceError) -> None:
    """Log an error of a request in one line, unless the caller caused it (status below 500).

    Refusals for overload are logged by `Admission`, together.
    """
    if status_of(error) >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, ServiceOverloaded):
        logger.error("%s %s: %s", request.method, quote(request.path), error)


def _of_class(table: Mapping[type[SearchServiceError], T], error: SearchServiceError) -> T:
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


def language() -> Language:
    """Return the language of messages that the current request prefers; English outside of a request."""
    if not has_request_context():
        return Language.ENGLISH
    preferred = request.accept_languages.best_match([one.value for one in Language])
    return Language(preferred) if preferred else Language.ENGLISH


def say(reported: Message) -> str:
    """Return the sentence of a message in the language of the current request, by which the answer then varies."""
    if has_request_context():
        after_this_request(_varying)
    return rendering.render(reported, FrontEnd.JSON_BODY, language())


def _varying(response: Response) -> Response:
    response.vary.add("Accept-Language")
    return response


def _front_end() -> FrontEnd:
    operation = operations(current_app).get(request.endpoint or "")
    in_body = operation is not None and operation.reads_request_from_body(request.method)
    return FrontEnd.JSON_BODY if in_body else FrontEnd.QUERY_STRING


def content_of(error: SearchServiceError, front_end: FrontEnd, language: Language) -> responses.Problem:
    """Return the members of the problem document of one of the service's own errors."""
    content = _content(
        status_of(error), rendering.title(error, language), rendering.render(error, front_end, language), error.code
    )
    if isinstance(error, InvalidParameter):
        content["parameter"] = rendering.member(error.parameter[:MAX_SHOWN], front_end)
        content["allowed"] = rendering.allowed(error, front_end, language)
    return content


def content_about_http(status: HTTPStatus, reason: Message, language: Language) -> responses.Problem:
    """Return the members of the problem document of a message about HTTP itself."""
    detail = rendering.render(reason, FrontEnd.QUERY_STRING, language)
    return _content(status, rendering.status_title(status, language), detail, reason.code)


def _content(status: HTTPStatus, title: str, detail: str, code: str) -> responses.Problem:
    return {"type": f"/problems/{code}", "title": title, "status": status.value, "detail": detail, "code": code}


def _response(content: responses.Problem) -> Response:
    """Return a problem document; its texts are in the language of the request."""
    response = Response(
        orjson.dumps(content), status=content["status"], headers=HEADERS, mimetype="application/problem+json"
    )
    response.content_language.add(language().value)
    response.vary.add("Accept-Language")
    return response


def problem_of(status: HTTPStatus, reason: Message) -> Response:
    """Return the problem document of a message about HTTP itself."""
    return _response(content_about_http(status, reason, language()))


def not_ready_problem(error: SearchServiceError) -> Response:
    """Return the problem document of an index that is not ready, always with the status that load balancers expect."""
    content = content_of(error, _front_end(), language())
    content.update({"title": rendering.not_ready(language()), "status": HTTPStatus.SERVICE_UNAVAILABLE.value})
    return _response(content)


def service_problem(error: SearchServiceError) -> Response:
    """Return the problem document of one of the service's own errors."""
    log_error(error)
    response = _response(content_of(error, _front_end(), language()))
    response.headers.update(headers_of(error))
    return response


def http_problem(error: HTTPException) -> Response:
    """Return the problem document of an error of Flask."""
    status = HTTPStatus(error.code or 500)
    if isinstance(error, MethodNotAllowed):
        allowed = tuple(sorted(error.valid_methods or ()))
        response = problem_of(status, message("method-not-allowed", allowed=allowed))
        response.headers["Allow"] = ", ".join(allowed)
        return response
    return problem_of(status, message("unknown-route" if isinstance(error, NotFound) else "request-invalid"))


def _unexpected_problem(error: Exception) -> Response:
    logger.exception("%s %s failed", request.method, quote(request.path), exc_info=error)
    return problem_of(HTTPStatus.INTERNAL_SERVER_ERROR, message("internal-error"))


def register(app: Flask) -> None:
    """Register error handlers that return problem documents; stack traces are only logged."""
    app.register_error_handler(SearchServiceError, service_problem)
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(Exception, _unexpected_problem)
