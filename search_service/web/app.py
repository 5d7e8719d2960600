"""The application factory: the HTTP interface and the search page in one application."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from search_service.admin.jobs import JobService
from search_service.api import problems
from search_service.api.access import AccessControl
from search_service.api.admission import Admission
from search_service.api.app import DEFAULT_DOCUMENT_BYTES, DEFAULT_REQUEST_SECONDS, create_api
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService
from search_service.web.pages import page_blueprint
from search_service.web.reference import reference_blueprint
from search_service.web.responses import SITE, message_page, page_wording
from search_service.web.site_file import LoadedSite


def create_app(
    service: SearchService,
    default_index: IndexName,
    request_seconds: float = DEFAULT_REQUEST_SECONDS,
    gate: Admission | None = None,
    control: AccessControl | None = None,
    cors_origins: Collection[str] = (),
    max_document_bytes: int = DEFAULT_DOCUMENT_BYTES,
    jobs: JobService | None = None,
    site: LoadedSite | None = None,
) -> Flask:
    """Return an application with the HTTP interface and the search page at `/`.

    The arguments are `create_api`'s, and what a site decides of the page.
    """
    app = create_api(service, default_index, request_seconds, gate, control, cors_origins, max_document_bytes, jobs)
    app.extensions[SITE] = site or LoadedSite()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.register_blueprint(page_blueprint(service, default_index))
    app.register_blueprint(reference_blueprint())
    app.register_error_handler(NotFound, _nothing_here)
    return app


def _nothing_here(error: NotFound) -> ResponseReturnValue:
    """Return the response for an unknown URL: a page for browsers, a problem document for programs."""
    if request.path.startswith("/v1/") or "text/html" not in request.accept_mimetypes.values():
        return problems.http_problem(error)
    words = page_wording()
    return message_page(words.texts.nothing_here, words, HTTPStatus.NOT_FOUND)
