"""The pages: a search and its results, and one document in full."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from search_service.api.deadlines import request_deadline
from search_service.api.reading import read_query
from search_service.core.index_name import IndexName
from search_service.core.readable_address import readable_address
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from search_service.web.crawling import add_crawling_routes
from search_service.web.direction import bdi, direction, isolated
from search_service.web.document_page import document_page
from search_service.web.embedding import add_embedding
from search_service.web.error_pages import add_error_pages
from search_service.web.export import Exporter
from search_service.web.matched_words_page import matched_words_page
from search_service.web.metadata import absolute
from search_service.web.responses import current_site, page_wording, with_headers
from search_service.web.results_page import results_page
from search_service.web.static_files import add_static_files, static_version
from search_service.web.url_state import DISPLAY, INDEX, SEARCH, State, chosen_index


def page_blueprint(service: SearchService, default_index: IndexName) -> Blueprint:
    """Return the pages of a service; `default_index` is searched if the URL names no index."""
    page = Blueprint("page", __name__, template_folder="templates", static_folder="static")
    version = static_version()
    exporter = Exporter(service)
    page.app_context_processor(lambda: {"static_version": version})
    page.add_app_template_filter(absolute)
    page.add_app_template_filter(direction)
    page.add_app_template_filter(bdi)
    page.add_app_template_filter(isolated)
    page.add_app_template_filter(readable_address)
    page.after_request(with_headers)
    add_static_files(page, version)
    add_embedding(page, version)

    @page.get("/")
    def search() -> ResponseReturnValue:
        state = State.of(request.args)
        search_request = _search_request(state)
        index = chosen_index(state, default_index)
        with request_deadline():
            return results_page(service, index, default_index, search_request, state, page_wording())

    @page.get("/documents/<path:document_id>")
    def document(document_id: str) -> ResponseReturnValue:
        state = State.of(request.args)
        search_request = _search_request(state)
        index = chosen_index(state, default_index)
        with request_deadline():
            document = service.document(index, document_id)
            return document_page(service, index, default_index, document, search_request, state, page_wording())

    @page.get("/matches/<path:document_id>")
    def matched_words(document_id: str) -> ResponseReturnValue:
        state = State.of(request.args)
        search_request = _search_request(state)
        index = chosen_index(state, default_index)
        with request_deadline():
            return matched_words_page(service, index, default_index, document_id, search_request, state, page_wording())

    @page.get("/export/<any(csv, json):file_format>")
    def export(file_format: str) -> ResponseReturnValue:
        state = State.of(request.args)
        with request_deadline():
            answer = exporter.head if request.method == "HEAD" else exporter.export
            return answer(chosen_index(state, default_index), _search_request(state), file_format)

    add_crawling_routes(page, default_index)
    _add_site_files(page)
    add_error_pages(page, service, default_index)
    return page


def _add_site_files(page: Blueprint) -> None:
    @page.get("/site.css")
    def site_style() -> Response:
        return Response(current_site().site.style_sheet, mimetype="text/css")

    @page.get("/site-logo")
    def site_logo() -> Response:
        site = current_site()
        if not site.logo:
            raise NotFound
        return Response(site.logo, mimetype=site.logo_type)


def _search_request(state: State) -> SearchRequest:
    """Return the search of a page's URL. Raises InvalidParameter if a value is invalid."""
    return read_query(SearchRequest, state.arguments, SEARCH, ignored=(INDEX, *DISPLAY))
