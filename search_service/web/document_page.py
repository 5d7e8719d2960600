"""The page of one document in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from flask import Response
from markupsafe import Markup, escape

from index_config.field_kinds import FieldKind
from index_config.schema import Field, Schema
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.core.readable_address import readable_address
from search_service.search.request import SearchRequest
from search_service.search.response import Hit
from search_service.search.service import MAX_TEXT_LENGTH, SearchService
from search_service.web.citation import citation
from search_service.web.entries import entry, written_title
from search_service.web.groups import grouping_of
from search_service.web.layout import Layout, values
from search_service.web.messages.wording import Wording
from search_service.web.metadata import metadata
from search_service.web.neighbours import neighbours
from search_service.web.responses import current_site, make_page, page_variables
from search_service.web.snippets import TITLE_LENGTH, markup_of, shortened
from search_service.web.url_state import INDEX, State

SIMILAR = 5

DESCRIPTION_LENGTH = 160
"""Code points of a description: what search engines show of one."""


def document_page(
    service: SearchService,
    index: IndexName,
    default_index: IndexName,
    document: Document,
    search_request: SearchRequest,
    state: State,
    words: Wording,
) -> Response:
    """Return the page of a document, with its place in the search that led to it."""
    schema = service.schema(index)
    mark = _marker(service, index, search_request)
    display = current_site().site.display(index)
    layout = Layout.of(schema, display)
    hit = Hit(document.id, 0.0, (), document.source, {})
    whole = written_title(document.source, layout)
    title = shortened(whole, TITLE_LENGTH) or readable_address(document.id)
    similar = service.similar(index, document.id, SIMILAR)
    marked_title = mark(title)
    contents = _texts(service, schema, layout, document, mark, title == whole)
    paragraphs = (one for _, texts in contents for one in texts)
    shown = entry(service, hit, layout, state.only(INDEX), words)
    return make_page(
        "document.html",
        words,
        **page_variables(service, index, default_index, state, words),
        title=title,
        marked_title=marked_title,
        entry=shown,
        contents=contents,
        description=_description(document, layout, whole),
        match_count=sum(text.count("<mark>") for text in (marked_title, *paragraphs)),
        neighbours=neighbours(
            service,
            index,
            document.id,
            search_request.model_copy(update={"group_by": grouping_of(schema, display, search_request)}),
            state,
        ),
        citation=citation(schema, layout, document.source, title, shown.link or metadata().canonical, words),
        rest=[
            (words.label(field.name), text)
            for field in layout.rest
            if (text := words.values(field, values(document.source, field)))
        ],
        similar=[entry(service, hit, layout, state.only(INDEX), words) for hit in similar.items],
        similar_degraded=similar.degraded,
        id=document.id,
    )


def _description(document: Document, layout: Layout, title: str) -> str:
    """Return the beginning of the first text that is not the title; empty without one."""
    texts = (" ".join(str(text).split()) for field in layout.texts for text in values(document.source, field))
    return shortened(next((text for text in texts if text and text != title), ""), DESCRIPTION_LENGTH)


def _texts(
    service: SearchService,
    schema: Schema,
    layout: Layout,
    document: Document,
    mark: Callable[[str], Markup],
    title_is_whole: bool,
) -> list[tuple[Field, list[Markup]]]:
    """Return the paragraphs of every text but a whole title, in the order of the schema, with marks.

    An abstract that is the beginning of another text is left out: readers would read it twice. Paragraphs beyond
    `MAX_TEXT_LENGTH` are not marked.
    """
    texts: list[tuple[Field, list[Markup]]] = []
    length = 0
    elsewhere = (*layout.meta, layout.image_alt, layout.title if title_is_whole else None)
    fields = [field for field in schema.fields if field.kind is FieldKind.TEXT and field not in elsewhere]
    for field in _without_beginnings(service, document, fields):
        paragraphs: list[Markup] = []
        for line in _lines(values(document.source, field)):
            length += len(line)
            paragraphs.append(mark(line) if length <= MAX_TEXT_LENGTH else escape(line))
        if paragraphs:
            texts.append((field, paragraphs))
    return texts


def _without_beginnings(service: SearchService, document: Document, fields: Sequence[Field]) -> list[Field]:
    """Return the fields without those whose text is the beginning of another one's; of equal texts the last stays."""
    texts = {field: "\n".join(map(str, values(document.source, field))) for field in fields}
    kept = dict(texts)
    for field, text in texts.items():
        others = (other for name, other in kept.items() if name is not field)
        if any(service.begins_with(other, text) for other in others):
            del kept[field]
    return list(kept)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    return (line for text in texts for line in text.splitlines() if line.strip())


def _marker(service: SearchService, index: IndexName, search_request: SearchRequest) -> Callable[[str], Markup]:
    """Return a function that escapes a text and marks the matches of a query."""
    if not search_request.q.strip():
        return escape
    mark = service.marker(index, search_request)
    return lambda text: markup_of(mark(text))
