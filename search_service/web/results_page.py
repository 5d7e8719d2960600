"""The page of a search and its results."""

from __future__ import annotations

from flask import Response

from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.messages.rendering import FrontEnd, render
from search_service.search.request import SearchRequest
from search_service.search.response import SearchResponse
from search_service.search.service import SearchService
from search_service.web.dropped_filters import dropped_filters
from search_service.web.export import MAX_DOCUMENTS
from search_service.web.facets import FACET_VALUES, chips, facet_fields, facets
from search_service.web.groups import GROUP_SIZE, entries_of, grouping_of, listed
from search_service.web.histogram import Histogram, day, histogram, interval, is_short
from search_service.web.layout import Layout
from search_service.web.links import PAGE_SIZE, Choice, last_page, orders, page_link, pages
from search_service.web.messages.wording import Wording
from search_service.web.responses import current_site, make_page, page_variables
from search_service.web.url_state import INDEX, READING, State

AS_TYPED = "as_typed"
"""The parameter with the words that are not corrected."""


def results_page(
    service: SearchService,
    index: IndexName,
    default_index: IndexName,
    search_request: SearchRequest,
    state: State,
    words: Wording,
) -> Response:
    """Return the page of a search."""
    schema = service.schema(index)
    display = current_site().site.display(index)
    fields = facet_fields(schema, display.facets)
    dated = bool(schema.date and (field := schema.field(schema.date)) and field.facet)
    group_by = grouping_of(schema, display, search_request)
    page_parameters = {
        "facets": tuple(field.name for field in fields),
        "facet_size": FACET_VALUES,
        "size": PAGE_SIZE,
        "group_by": group_by,
        "group_size": GROUP_SIZE if group_by else 1,
        "histogram": interval(state) if dated else "",
    }
    wanted = search_request.model_copy(update=page_parameters)
    response = _search(service, index, wanted)
    number = search_request.page or 1
    layout = Layout.of(schema, display)
    return make_page(
        "search.html",
        words,
        **page_variables(service, index, default_index, state, words),
        response=response,
        total=words.counted(
            response.total, words.texts.documents if response.match_rule == "everything" else words.texts.results
        ),
        rule=words.rule(response.match_rule, response.relaxed) if response.total else "",
        corrections=words.word_notices(response.absent_words, response.unmatched_words, response.corrections),
        as_typed=_as_typed(response, state, words),
        dropped=dropped_filters(service, index, wanted, state, words) if not response.total else None,
        warnings=[render(warning, FrontEnd.PAGE, words.texts.language) for warning in response.warnings],
        entries=entries_of(service, response, group_by, layout, state, words),
        facets=facets(response, fields, state, words, service.value_key),
        histogram=_histogram(service, index, wanted, response, state, words),
        days=(day(search_request.date_from), day(search_request.date_to, end=True)),
        chips=chips(schema, state, words, service.value_key),
        cleared=state.only("q", *READING, INDEX, "sort"),
        orders=orders(schema, state, words, response.is_ranked),
        exports=[
            Choice(text, state.without().href("page.export", file_format=name))
            for name, text in words.texts.export_formats.items()
        ],
        export_limit=words.number(MAX_DOCUMENTS),
        pages=pages(listed(response), number, state, words),
        number=number,
        last_page=last_page(listed(response)),
        page_link=page_link,
        has_date=bool(schema.date),
        date_label=words.label(schema.date),
    )


def _as_typed(response: SearchResponse, state: State, words: Wording) -> list[Choice]:
    """Return for each correction the link that searches for this word as it was typed."""
    others = [word for word in state.get(AS_TYPED).split(",") if word]
    return [
        Choice(words.as_typed(one.word), state.updated(**{AS_TYPED: ",".join([*others, one.word])}).href())
        for one in response.corrections
    ]


def _histogram(
    service: SearchService,
    index: IndexName,
    wanted: SearchRequest,
    response: SearchResponse,
    state: State,
    words: Wording,
) -> Histogram | None:
    """Return the histogram of a search, by day if all documents are from a short time."""
    buckets, counted_by = response.histogram or (), wanted.histogram
    if counted_by == "month" and is_short(buckets):
        counted_by = "day"
        nothing_else = {"facets": (), "group_by": "", "page": None, "offset": 0, "size": 0}
        counts = wanted.model_copy(update={"histogram": counted_by, **nothing_else})
        buckets = _search(service, index, counts).histogram or ()
    return histogram(buckets, state, words, counted_by)


def _search(service: SearchService, index: IndexName, wanted: SearchRequest) -> SearchResponse:
    """Return the result of a search, without its histogram if that has too many bars to count."""
    try:
        return service.search(index, wanted)
    except InvalidParameter as error:
        if error.parameter != "histogram":
            raise
        return service.search(index, wanted.model_copy(update={"histogram": ""}))
