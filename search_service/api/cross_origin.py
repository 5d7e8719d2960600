"""CORS: which sites' pages may use the HTTP interface in a browser. None by default; the search page is no other site.

No answer allows cookies or passwords of the browser (`Access-Control-Allow-Credentials`): keys are sent by the page.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, request

REQUEST_HEADERS = "Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Prefer, X-Request-ID"
"""Header fields that a page may send."""

RESPONSE_HEADERS = (
    "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, WWW-Authenticate, X-Request-ID"
)
"""Header fields that a page may read, besides those that every page may."""

MAX_AGE = 7_200
"""Seconds for which a browser remembers the answer to a preflight: the most that Chromium does."""


def register(app: Flask, origins: Collection[str]) -> None:
    """Allow the pages of some origins, `*` for all, to use the HTTP interface of an application.

    Call it before others add checks: a preflight has no key.
    """

    @app.before_request
    def answer_preflight() -> Response | None:
        is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not (is_preflight and _is_api() and _allowed()):
            return None
        response = Response(status=204)
        adapter = app.create_url_adapter(request)
        methods = sorted(adapter.allowed_methods()) if adapter else []
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
        response.headers["Access-Control-Max-Age"] = str(MAX_AGE)
        return response

    @app.after_request
    def allow(response: Response) -> Response:
        if not _is_api():
            return response
        if "*" not in origins:
            response.vary.add("Origin")
        if allowed := _allowed():
            response.headers["Access-Control-Allow-Origin"] = allowed
            response.headers["Access-Control-Expose-Headers"] = RESPONSE_HEADERS
        return response

    def _allowed() -> str:
        """Return what the current request's origin is answered; empty if it is not allowed."""
        origin = request.headers.get("Origin", "")
        if "*" in origins:
            return "*" if origin else ""
        return origin if origin in origins else ""


def _is_api() -> bool:
    return request.path.startswith("/v1/") or request.path == "/openapi.json"
