"""View models of documents in a list: title, snippet, values of facets, date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from index_config.schema import Field
from search_service.highlight.fragmenter import Fragment
from search_service.search.service import Hit
from search_service.web.layout import Layout, numbered, safe_link, values
from search_service.web.messages.wording import Wording
from search_service.web.url_state import State

SNIPPETS = 2
"""Fragments under a title."""

BEGINNING_LENGTH = 240
"""Code points of a text that are shown if it has no marks."""

ELLIPSIS = " … "


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a document's field, and the URL of the search for documents with this value."""

    html: Markup
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a list."""

    href: str
    title: Markup
    snippet: Markup
    meta: Sequence[Value]
    tags: Sequence[Value]
    date: str
    link: str


def entry(hit: Hit, layout: Layout, state: State, words: Wording) -> Entry:
    """Return a hit as an entry of a list."""
    return Entry(
        href=state.href("page.document", document_id=hit.id),
        title=_title(hit, layout.title),
        snippet=_snippet(hit, layout),
        meta=[value for field in layout.meta for value in field_values(hit, field, state, words)],
        tags=[value for field in layout.tags for value in field_values(hit, field, state, words)],
        date=next(iter(values(hit.source, layout.date)), ""),
        link=safe_link(hit.source, layout.link),
    )


def field_values(hit: Hit, field: Field, state: State, words: Wording) -> list[Value]:
    """Return the values of a facet of a document, with matches marked."""
    pieces = hit.highlights.get(field.name, ())
    marked = {piece.value: markup_of(piece) for piece in pieces}
    name = f"filter.{field.name}"
    searched = state.only("index")
    return [
        Value(marked.get(number, escape(value)), words.label(field.name), searched.toggled(name, str(value)).href())
        for number, value in numbered(hit.source, field)
    ]


def markup_of(fragment: Fragment) -> Markup:
    """Return a fragment as it is written into the page: the fragmenter has escaped it and added the marks."""
    return Markup(fragment.html)  # nosec B704


def _title(hit: Hit, field: Field) -> Markup:
    if pieces := hit.highlights.get(field.name):
        return _joined([(field, piece) for piece in pieces], hit.source)
    return escape(next(iter(values(hit.source, field)), "") or hit.id)


def _snippet(hit: Hit, layout: Layout) -> Markup:
    """Return the fragments of the other texts, each sentence once, or the beginning of the first text."""
    by_text: dict[str, tuple[Field, Fragment]] = {}
    for field in layout.texts:
        for fragment in hit.highlights.get(field.name, ()):
            by_text.setdefault(fragment.text.strip(" .…"), (field, fragment))
    if by_text:
        return _joined(list(by_text.values())[:SNIPPETS], hit.source)
    return escape(next((_beginning(text) for field in layout.texts for text in values(hit.source, field)), ""))


def _joined(pieces: Sequence[tuple[Field, Fragment]], source: Mapping[str, Any]) -> Markup:
    """Return fragments joined with ellipses, also at a text that continues before the first or after the last one."""
    text = escape(ELLIPSIS).join(markup_of(piece) for _, piece in pieces)
    field, last = pieces[-1]
    whole = dict(numbered(source, field))[last.value]
    before = Markup("…\N{NO-BREAK SPACE}") if pieces[0][1].start else Markup()
    after = Markup("\N{NO-BREAK SPACE}…") if last.start + len(last.text) < len(whole) else Markup()
    return before + text + after


def _beginning(text: str) -> str:
    if len(text) <= BEGINNING_LENGTH:
        return text
    return text[:BEGINNING_LENGTH].rsplit(None, 1)[0] + "\N{NO-BREAK SPACE}…"
