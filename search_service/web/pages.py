"""The pages: a search and its results, and one document in full."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from index_config.field_kinds import FieldKind
from index_config.schema import Field, Schema
from search_service.api import problems
from search_service.api.deadlines import request_deadline
from search_service.api.reading import read_query
from search_service.core.document import Document
from search_service.core.errors import (
    InvalidParameter,
    SearchServiceError,
    ServiceOverloaded,
    UnknownDocument,
    UnknownIndex,
)
from search_service.core.index_name import IndexName
from search_service.messages.arabic.page import label
from search_service.messages.rendering import FrontEnd, member, render
from search_service.search.request import SearchRequest
from search_service.search.service import MAX_TEXT_LENGTH, Hit, SearchResponse, SearchService
from search_service.web import histogram, views
from search_service.web.messages import arabic as messages
from search_service.web.messages.arabic import Notice
from search_service.web.url_state import INDEX, State
from search_service.web.views import Layout, markup_of

logger = logging.getLogger(__name__)

CONTROLS = ("q", "advanced", "page", "sort", "date_from", "date_to", "filters")
"""The search parameters of the page's URL, which can also contain an index. All but `advanced` have a control."""

SIMILAR = 5
STATIC_SECONDS = 31_536_000
"""Browsers may cache static files for a year: their URLs contain a digest of their content."""

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def page_blueprint(service: SearchService, default_index: IndexName) -> Blueprint:
    """Return the pages of a service; `default_index` is searched if the URL names no index."""
    page = Blueprint("page", __name__, template_folder="templates", static_folder="static")
    version = _static_version()
    page.app_context_processor(lambda: {"static_version": version, "counted": messages.counted, "messages": messages})
    page.after_request(with_headers)

    @page.get("/")
    def search() -> ResponseReturnValue:
        search_request = read_query(SearchRequest, request.args, CONTROLS, ignored=(INDEX,))
        index = _chosen_index(default_index)
        with request_deadline():
            return _results(service, index, default_index, search_request)

    @page.get("/documents/<path:document_id>")
    def document(document_id: str) -> ResponseReturnValue:
        read_query(SearchRequest, request.args, CONTROLS, ignored=(INDEX,))
        index = _chosen_index(default_index)
        with request_deadline():
            return _document(service, index, default_index, service.document(index, document_id))

    @page.errorhandler(SearchServiceError)
    def refused(error: SearchServiceError) -> ResponseReturnValue:
        problems.log_error(error)
        message = messages.error_notice(error)
        if isinstance(error, UnknownIndex) and error.index == default_index:
            message = messages.no_index(default_index)
        page = message_page(message, problems.status_of(error), _way_out(error))
        page.headers.update(problems.headers_of(error))
        return page

    @page.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        if isinstance(error, HTTPException):
            return message_page(messages.NOTHING_HERE, HTTPStatus(error.code or 500))
        logger.exception("%s %s failed", request.method, request.path, exc_info=error)
        return message_page(messages.UNEXPECTED, HTTPStatus.INTERNAL_SERVER_ERROR)

    return page


def _chosen_index(default_index: IndexName) -> IndexName:
    """Return the index that the URL names."""
    named = request.args.get(INDEX)
    return IndexName(named) if named else default_index


def message_page(message: Notice, status: HTTPStatus, way_out: str = "") -> Response:
    """Return a page with a message instead of results; `way_out` is the URL of a link that works."""
    state = State.of(request.args)
    kept = state.only("q") if status == HTTPStatus.NOT_FOUND else state.only("q", INDEX)
    page = render_template("message.html", message=message, state=kept, q=state.get("q"), way_out=way_out)
    return with_headers(make_response(page, status))


def _results(service: SearchService, index: IndexName, default_index: IndexName, search_request: SearchRequest) -> str:
    schema = service.schema(index)
    state = State.of(request.args)
    dated = bool(schema.date and (field := schema.field(schema.date)) and field.facet)
    page_parameters = {
        "facets": tuple(field.name for field in views.facet_fields(schema)),
        "facet_size": views.FACET_VALUES,
        "size": views.PAGE_SIZE,
        "histogram": "month" if dated else "",
    }
    response = _search(service, index, search_request.model_copy(update=page_parameters))
    number = search_request.page or 1
    layout = Layout.of(schema)
    return render_template(
        "search.html",
        **_common(service, index, default_index, state),
        response=response,
        total=messages.counted(
            response.total, messages.DOCUMENTS if response.match_rule == "everything" else messages.RESULTS
        ),
        rule=messages.rule_words(response.match_rule, response.relaxed) if response.total else "",
        corrections=messages.word_notices(response.absent_words, response.corrections if response.total else ()),
        warnings=[render(warning, FrontEnd.PAGE) for warning in response.warnings],
        entries=[views.entry(hit, layout, state) for hit in response.hits],
        facets=views.facets(response, schema, state, service.value_key),
        bars=histogram.bars(response.histogram or (), state),
        days=(histogram.day(search_request.date_from), histogram.day(search_request.date_to, end=True)),
        chips=views.chips(schema, state, service.value_key),
        cleared=state.only("q", INDEX, "sort"),
        orders=views.orders(schema, state, response.is_ranked),
        pages=views.pages(response.total, number, state),
        number=number,
        page_link=views.page_link,
        has_date=bool(schema.date),
    )


def _search(service: SearchService, index: IndexName, wanted: SearchRequest) -> SearchResponse:
    """Return the result of a search, without its histogram if that has too many bars to count."""
    try:
        return service.search(index, wanted)
    except InvalidParameter as error:
        if error.parameter != "histogram":
            raise
        return service.search(index, wanted.model_copy(update={"histogram": ""}))


def _document(service: SearchService, index: IndexName, default_index: IndexName, document: Document) -> str:
    schema = service.schema(index)
    state = State.of(request.args)
    mark = _marker(service, index, state.get("q"))
    layout = Layout.of(schema)
    hit = Hit(document.id, 0.0, (), document.source, {})
    title = "".join(str(text) for text in views.values(document.source, layout.title)[:1]) or document.id
    similar = service.similar(index, document.id, SIMILAR)
    return render_template(
        "document.html",
        **_common(service, index, default_index, state),
        title=title,
        marked_title=mark(title),
        entry=views.entry(hit, layout, state.only(INDEX)),
        texts=_texts(schema, layout, document, mark),
        rest=[(label(field.name), text) for field in layout.rest if (text := _field_text(document, field))],
        similar=[views.entry(hit, layout, state.only(INDEX)) for hit in similar.items],
        similar_degraded=similar.degraded,
        id=document.id,
    )


def _common(service: SearchService, index: IndexName, default_index: IndexName, state: State) -> dict[str, object]:
    """Return the template variables of every page: the search box, and the choice of an index if there are several."""
    fields = service.schema(index).fields
    chosen = [
        views.Choice(name, state.only("q").having(index="" if name == default_index else name).href(), name == index)
        for name in service.names()
    ]
    return {
        "state": state,
        "q": state.get("q"),
        "index": index,
        "indexes": chosen if len(chosen) > 1 else [],
        "suggest_labels": {field.name: label(field.name) for field in fields if field.suggest},
    }


def _texts(
    schema: Schema, layout: Layout, document: Document, mark: Callable[[str], Markup]
) -> list[tuple[Field, list[Markup]]]:
    """Return the paragraphs of every text but the title, in the order of the schema, with marks.

    Paragraphs beyond `MAX_TEXT_LENGTH` are not marked.
    """
    texts: list[tuple[Field, list[Markup]]] = []
    length = 0
    for field in schema.fields:
        if field.kind is not FieldKind.TEXT or field is layout.title:
            continue
        paragraphs: list[Markup] = []
        for line in _lines(views.values(document.source, field)):
            length += len(line)
            paragraphs.append(mark(line) if length <= MAX_TEXT_LENGTH else escape(line))
        if paragraphs:
            texts.append((field, paragraphs))
    return texts


def _lines(texts: Iterable[str]) -> Iterator[str]:
    return (line for text in texts for line in text.splitlines() if line.strip())


def _marker(service: SearchService, index: IndexName, q: str) -> Callable[[str], Markup]:
    """Return a function that escapes a text and marks the matches of a query."""
    if not q.strip():
        return escape
    mark = service.marker(index, q)
    return lambda text: markup_of(mark(text))


def _field_text(document: Document, field: Field) -> str:
    return "، ".join(messages.value_words(field, value) for value in views.values(document.source, field))


def _way_out(error: SearchServiceError) -> str:
    """Return the URL of the same search without the invalid parameter, or of a second try; empty if none would work."""
    state = State.of(request.args)
    if isinstance(error, ServiceOverloaded):
        return request.full_path
    if isinstance(error, InvalidParameter):
        return state.without(member(error.parameter, FrontEnd.PAGE)).href()
    if isinstance(error, UnknownDocument):
        return state.href()
    return state.without(INDEX).href() if isinstance(error, UnknownIndex) and state.get(INDEX) else ""


def with_headers(response: Response) -> Response:
    """Return a page or static file with its headers set."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "page.static" and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _static_version() -> str:
    """Return a digest of the static files, which is part of their URLs."""
    files = sorted((Path(__file__).parent / "static").iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
