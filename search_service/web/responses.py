"""What every page shares: its headers, the variables of the search box, and the page of a message."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, make_response, render_template, request

from search_service.core.index_name import IndexName
from search_service.messages.arabic.page import label
from search_service.search.service import SearchService
from search_service.web.links import Choice
from search_service.web.messages.arabic import Notice
from search_service.web.url_state import INDEX, State

STATIC_SECONDS = 31_536_000
"""Browsers may cache static files for a year: their URLs contain a digest of their content."""

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def page_variables(
    service: SearchService, index: IndexName, default_index: IndexName, state: State
) -> dict[str, object]:
    """Return the template variables of every page: the search box, and the choice of an index if there are several."""
    fields = service.schema(index).fields
    chosen = [
        Choice(name, state.only("q").having(index="" if name == default_index else name).href(), name == index)
        for name in service.names()
    ]
    return {
        "state": state,
        "q": state.get("q"),
        "index": index,
        "indexes": chosen if len(chosen) > 1 else [],
        "suggest_labels": {field.name: label(field.name) for field in fields if field.suggest},
    }


def message_page(message: Notice, status: HTTPStatus, way_out: str = "") -> Response:
    """Return a page with a message instead of results; `way_out` is the URL of a link that works."""
    state = State.of(request.args)
    kept = state.only("q") if status == HTTPStatus.NOT_FOUND else state.only("q", INDEX)
    page = render_template("message.html", message=message, state=kept, q=state.get("q"), way_out=way_out)
    return with_headers(make_response(page, status))


def with_headers(response: Response) -> Response:
    """Return a page or static file with its headers set."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "page.static" and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response
