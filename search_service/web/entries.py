"""View models of documents in a list: title, snippet, values of facets, date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from index_config.schema import Field
from search_service.core.readable_address import readable_address
from search_service.highlight.passages import Passage
from search_service.search.response import Hit
from search_service.search.service import SearchService
from search_service.web.images import Image, image_of
from search_service.web.layout import Layout, numbered, safe_link, values
from search_service.web.links import Choice
from search_service.web.messages.wording import Wording
from search_service.web.responses import current_site
from search_service.web.snippets import TITLE_LENGTH, joined, markup_of, shortened, snippet
from search_service.web.text_fragments import text_fragment
from search_service.web.url_state import State


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a document's field, and the URL of the search for documents with this value; empty without one."""

    html: Markup
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a list.

    Attributes:
        href: its URL, which leads to the first match in its texts.
        image: its image, if the site shows images and it has one that may be loaded.
        matched: the URL of the page that says how it matches the words of the search; empty without any.
        others: those of its group.
    """

    href: str
    title: Markup
    snippet: Markup
    meta: Sequence[Value]
    tags: Sequence[Value]
    date: str
    link: str
    image: Image | None = None
    matched: str = ""
    others: Others | None = None


@dataclass(frozen=True, slots=True)
class Others:
    """The other documents of a group, of which an entry is the best one.

    Attributes:
        text: how many there are, in words.
        entries: the best of them.
        whole: the link to the whole group.
    """

    text: str
    entries: Sequence[Entry]
    whole: Choice


def entry(service: SearchService, hit: Hit, layout: Layout, state: State, words: Wording) -> Entry:
    """Return a hit as an entry of a list."""
    heading, is_whole_text = _title(hit, layout)
    found = [piece for field in layout.texts for piece in hit.highlights.get(field.name, ())]
    return Entry(
        href=state.href("page.document", document_id=hit.id) + text_fragment(found),
        title=heading,
        snippet=Markup() if is_whole_text else snippet(service, hit, layout, written_title(hit.source, layout)),
        meta=[value for field in layout.meta for value in field_values(hit, field, state, words)],
        tags=[value for field in layout.tags for value in field_values(hit, field, state, words)],
        date=next(iter(values(hit.source, layout.date)), ""),
        link=safe_link(hit.source, layout.link),
        image=image_of(hit.source, layout, current_site().site.image_origins) if layout.image else None,
        matched=state.href("page.matched_words", document_id=hit.id) if state.get("q") else "",
    )


def field_values(hit: Hit, field: Field, state: State, words: Wording) -> list[Value]:
    """Return the values of a facet of a document, with matches marked."""
    pieces = hit.highlights.get(field.name, ())
    marked = {piece.value: markup_of(piece) for piece in pieces}
    name = f"filter.{field.name}"
    searched = state.only("index")
    return [
        Value(
            marked.get(number) or escape(words.value(field, value)),
            words.label(field.name),
            searched.toggled(name, str(value)).href() if field.facet else "",
        )
        for number, value in numbered(hit.source, field)
    ]


def _title(hit: Hit, layout: Layout) -> tuple[Markup, bool]:
    """Return the title of a document, with matches marked, and whether it is its whole text, for want of a title."""
    titled = next(_titles(hit.source, layout), None)
    if titled is None:
        return escape(readable_address(hit.id)), False
    field, text = titled
    if len(text) > TITLE_LENGTH:
        return escape(shortened(text, TITLE_LENGTH)), False
    pieces = hit.highlights.get(field.name)
    title = joined([Passage(field.name, piece) for piece in pieces], hit.source) if pieces else escape(text)
    return title, field is not layout.title


def _titles(source: Mapping[str, Any], layout: Layout) -> Iterator[tuple[Field, str]]:
    """Yield the texts that can be the title of a document, the best first."""
    return ((field, str(value)) for field in (layout.title, *layout.texts) for value in values(source, field))


def written_title(source: Mapping[str, Any], layout: Layout) -> str:
    """Return the title of a document, or its first text if it has none; empty without either."""
    return next((text for _, text in _titles(source, layout)), "")
