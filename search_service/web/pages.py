"""The pages: a search and its results, and one document in full."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from search_service.api import problems
from search_service.api.deadlines import request_deadline
from search_service.api.reading import read_query
from search_service.core.errors import (
    InvalidParameter,
    SearchServiceError,
    UnknownDocument,
    UnknownIndex,
)
from search_service.core.index_name import IndexName
from search_service.messages.rendering import FrontEnd, member
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from search_service.web.crawling import add_crawling_routes
from search_service.web.direction import bdi, direction, isolated
from search_service.web.document_page import document_page
from search_service.web.embedding import VERSION_LENGTH, add_embedding
from search_service.web.export import export as export_file
from search_service.web.messages.errors import error_notice, is_reversed, no_index
from search_service.web.responses import current_site, message_page, page_wording, with_headers
from search_service.web.results_page import results_page
from search_service.web.url_state import DISPLAY, INDEX, SEARCH, State

logger = logging.getLogger(__name__)

MAY_PASS = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Statuses of pages with a link to try again. There is no `Refresh` header for browsers without scripts: they would
load the page again and again, and a page that changes by itself is lost to whoever reads slowly (WCAG 2.2.1)."""


def page_blueprint(service: SearchService, default_index: IndexName) -> Blueprint:
    """Return the pages of a service; `default_index` is searched if the URL names no index."""
    page = Blueprint("page", __name__, template_folder="templates", static_folder="static")
    version = _static_version()
    page.app_context_processor(lambda: {"static_version": version})
    page.add_app_template_filter(direction)
    page.add_app_template_filter(bdi)
    page.add_app_template_filter(isolated)
    page.after_request(with_headers)
    # Modules name each other by relative URLs, which stay in the folder of the version.
    page.add_url_rule(f"/static/{version}/<path:filename>", "module", page.send_static_file)
    add_embedding(page, version)

    @page.get("/")
    def search() -> ResponseReturnValue:
        state = State.of(request.args)
        search_request = _search_request(state)
        index = _chosen_index(state, default_index)
        with request_deadline():
            return results_page(service, index, default_index, search_request, state, page_wording())

    @page.get("/documents/<path:document_id>")
    def document(document_id: str) -> ResponseReturnValue:
        state = State.of(request.args)
        search_request = _search_request(state)
        index = _chosen_index(state, default_index)
        with request_deadline():
            document = service.document(index, document_id)
            return document_page(service, index, default_index, document, search_request, state, page_wording())

    @page.get("/export/<any(csv, json):file_format>")
    def export(file_format: str) -> ResponseReturnValue:
        state = State.of(request.args)
        with request_deadline():
            return export_file(service, _chosen_index(state, default_index), _search_request(state), file_format)

    add_crawling_routes(page, default_index)

    @page.get("/site.css")
    def site_style() -> Response:
        return Response(current_site().site.style_sheet, mimetype="text/css")

    @page.get("/site-logo")
    def site_logo() -> Response:
        site = current_site()
        if not site.logo:
            raise NotFound
        return Response(site.logo, mimetype=site.logo_type)

    @page.errorhandler(SearchServiceError)
    def refused(error: SearchServiceError) -> ResponseReturnValue:
        problems.log_error(error)
        words = page_wording()
        message = error_notice(error, words.texts)
        if isinstance(error, UnknownIndex) and error.index == default_index:
            state = State.of(request.args)
            if request.endpoint == "page.search" and not state.get(INDEX) and (others := service.names()):
                return redirect(state.having(index=others[0]).href())
            message = no_index(default_index, words.texts)
        status, headers = problems.status_of(error), problems.headers_of(error)
        way_out = _way_out(error)
        if status in MAY_PASS:
            message, way_out = replace(message, way_out=words.texts.retry), request.full_path
        page = message_page(message, words, status, way_out, headers.get("Retry-After", ""))
        page.headers.update(headers)
        return page

    @page.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        words = page_wording()
        if isinstance(error, HTTPException):
            return message_page(words.texts.nothing_here, words, HTTPStatus(error.code or 500))
        logger.exception("%s %s failed", request.method, request.path, exc_info=error)
        message = replace(words.texts.unexpected, way_out=words.texts.retry)
        return message_page(message, words, HTTPStatus.INTERNAL_SERVER_ERROR, request.full_path)

    return page


def _search_request(state: State) -> SearchRequest:
    """Return the search of a page's URL. Raises InvalidParameter if a value is invalid."""
    return read_query(SearchRequest, state.arguments, SEARCH, ignored=(INDEX, *DISPLAY))


def _chosen_index(state: State, default_index: IndexName) -> IndexName:
    """Return the index that the URL names."""
    named = state.get(INDEX)
    return IndexName(named) if named else default_index


def _way_out(error: SearchServiceError) -> str:
    """Return the URL of the same search without what is wrong with it; empty if there is nothing else to show."""
    state = State.of(request.args)
    if is_reversed(error):
        return state.having(date_from=state.get("date_to"), date_to=state.get("date_from")).href()
    if isinstance(error, InvalidParameter):
        return state.without(member(error.parameter, FrontEnd.PAGE)).href()
    if isinstance(error, UnknownDocument):
        return state.href()
    return state.without(INDEX).href() if isinstance(error, UnknownIndex) and state.get(INDEX) else ""


def _static_version() -> str:
    """Return a digest of the static files, which is part of their URLs."""
    files = sorted(file for file in (Path(__file__).parent / "static").rglob("*") if file.is_file())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:VERSION_LENGTH]
