"""View models of the templates: results, facets, orders, pages and chips, each with its URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from index_config.field_kinds import FieldKind, ValueType
from index_config.schema import Field, Schema
from search_service.core.results import FacetBucket
from search_service.engines.base import MAX_WINDOW
from search_service.highlight.fragmenter import Fragment
from search_service.messages.arabic.page import label
from search_service.search.service import Hit, SearchResponse
from search_service.web.messages.arabic import order_words, range_words, value_words
from search_service.web.url_state import PAGE, State

PAGE_SIZE = 10

FACET_VALUES = 30
"""Values requested for each facet."""

SHOWN_VALUES = 6
"""Values of a facet that are visible; the others are collapsed under "more"."""

SNIPPETS = 2
"""Fragments under a title."""

BEGINNING_LENGTH = 240
"""Code points of a text that are shown if it has no marks."""

PAGES_AROUND = 2
"""Pages on each side of the current page that have a link."""

ELLIPSIS = " … "

KeyOf = Callable[[Field, str], str]
"""Returns the key of a value of a field: values with equal keys are one value."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The roles of a schema's fields on the page.

    Attributes:
        title: the text with the greatest weight, or a keyword with a greater one that is not a facet, such as the name
            of a book.
        texts: the other texts, greatest weight first.
        meta: facets with one value: source, section, author.
        tags: facets with several values.
        date: the schema's date, or None.
        link: the first field of kind url, or None.
        rest: all other fields; only the page of a document shows them.
    """

    title: Field
    texts: tuple[Field, ...]
    meta: tuple[Field, ...]
    tags: tuple[Field, ...]
    date: Field | None
    link: Field | None
    rest: tuple[Field, ...]

    @classmethod
    def of(cls, schema: Schema) -> Layout:
        """Return the layout of a schema."""
        texts = sorted((f for f in schema.fields if f.kind is FieldKind.TEXT), key=lambda f: -f.weight)
        names = [f for f in schema.searched if f.kind is FieldKind.KEYWORD and not (f.facet or f.multi)]
        title = max([*texts, *names], key=lambda f: f.weight, default=schema.searched[0])
        keywords = [f for f in schema.fields if f.kind is FieldKind.KEYWORD and f.facet and f is not title]
        date = schema.field(schema.date) if schema.date else None
        link = next((f for f in schema.fields if f.kind is FieldKind.URL), None)
        placed = [title, *texts, *keywords, date, link]
        return cls(
            title=title,
            texts=tuple(f for f in texts if f is not title),
            meta=tuple(f for f in keywords if not f.multi),
            tags=tuple(f for f in keywords if f.multi),
            date=date,
            link=link,
            rest=tuple(f for f in schema.fields if f not in placed),
        )


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


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that selects a value of a facet, an order, a page or an index."""

    text: str
    href: str
    chosen: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: the visible values and those collapsed under "more"."""

    label: str
    shown: Sequence[Choice]
    more: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the URL of the search without it."""

    label: str
    text: str
    href: str


def values(source: Mapping[str, Any], field: Field | None) -> list[Any]:
    """Return the non-empty values of a field of a document."""
    return [value for _, value in numbered(source, field)]


def numbered(source: Mapping[str, Any], field: Field | None) -> list[tuple[int, Any]]:
    """Return the non-empty values of a field, each with its number in the document."""
    value = source.get(field.name) if field else None
    items = value if isinstance(value, list) else [value]
    return [(number, item) for number, item in enumerate(items) if item is not None and str(item).strip()]


def safe_link(source: Mapping[str, Any], field: Field | None) -> str:
    """Return the URL in a field if its scheme is http or https, else an empty string."""
    link = next(iter(values(source, field)), "").strip()
    return link if link.lower().startswith(("http://", "https://")) else ""


def entry(hit: Hit, layout: Layout, state: State) -> Entry:
    """Return a hit as an entry of a list."""
    return Entry(
        href=state.href("page.document", document_id=hit.id),
        title=_title(hit, layout.title),
        snippet=_snippet(hit, layout),
        meta=[value for field in layout.meta for value in field_values(hit, field, state)],
        tags=[value for field in layout.tags for value in field_values(hit, field, state)],
        date=next(iter(values(hit.source, layout.date)), ""),
        link=safe_link(hit.source, layout.link),
    )


def field_values(hit: Hit, field: Field, state: State) -> list[Value]:
    """Return the values of a facet of a document, with matches marked."""
    pieces = hit.highlights.get(field.name, ())
    marked = {piece.value: markup_of(piece) for piece in pieces}
    name = f"filter.{field.name}"
    searched = state.only("index")
    return [
        Value(marked.get(number, escape(value)), label(field.name), searched.toggled(name, str(value)).href())
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


def facets(response: SearchResponse, schema: Schema, state: State, key: KeyOf) -> list[Facet]:
    """Return the facets that have values to choose from."""
    counted = [_facet(field, response.facets.get(field.name, ()), state, key) for field in facet_fields(schema)]
    return [facet for facet in counted if facet.shown]


def facet_fields(schema: Schema) -> tuple[Field, ...]:
    """Return the fields whose values are counted as facets."""
    return tuple(field for field in schema.fields if field.facet and field.kind.value_type is not ValueType.DATE)


def _facet(field: Field, buckets: Sequence[FacetBucket], state: State, key: KeyOf) -> Facet:
    """Return a facet, selected values first: they can be deselected even if they are not among the counted values."""
    counted = {key(field, bucket.value): bucket for bucket in buckets}
    chosen = _chosen(field, state, key)
    choices = []
    for value_key, spellings in {**chosen, **{other: () for other in counted if other not in chosen}}.items():
        bucket = counted.get(value_key)
        value = bucket.value if bucket else spellings[0]
        href = _toggled(field, state, spellings or (value,)).href()
        choices.append(Choice(value_words(field, value), href, bool(spellings), bucket.count if bucket else None))
    seen = max(SHOWN_VALUES, len(chosen))
    return Facet(label(field.name), choices[:seen], choices[seen:])


def chips(schema: Schema, state: State, key: KeyOf) -> list[Chip]:
    """Return the active filters."""
    fields = [schema.field(name.removeprefix("filter.")) for name in state.names("filter.")]
    active = [
        Chip(label(field.name), value_words(field, spellings[0]), _toggled(field, state, spellings).href())
        for field in fields
        if field
        for spellings in _chosen(field, state, key).values()
    ]
    low, high = state.get("date_from"), state.get("date_to")
    if low or high:
        active.append(Chip(label(schema.date), range_words(low, high), state.without("date_from", "date_to").href()))
    return active


def _chosen(field: Field, state: State, key: KeyOf) -> dict[str, tuple[str, ...]]:
    """Return the selected values of a field, each by its key with the spellings that the URL has of it."""
    chosen: dict[str, tuple[str, ...]] = {}
    for value in state.all(f"filter.{field.name}"):
        chosen[key(field, value)] = (*chosen.get(key(field, value), ()), value)
    return chosen


def _toggled(field: Field, state: State, spellings: Sequence[str]) -> State:
    """Return the state with a value selected, or with none of its spellings if it is."""
    for spelling in dict.fromkeys(spellings):
        state = state.toggled(f"filter.{field.name}", spelling)
    return state


def orders(schema: Schema, state: State, is_ranked: bool) -> list[Choice]:
    """Return the available orders, with the current one marked; by relevance only what the query can rank."""
    relevance = ["relevance"] if is_ranked else []
    fields = [field.name for field in schema.fields if field.sort]
    fields.sort(key=lambda name: name != schema.date)
    names = [*relevance, *(order for name in fields for order in (f"-{name}", name))]
    default = relevance[0] if relevance else schema.default_sort
    current = state.get("sort") or default
    current = default if current not in names else current
    return [Choice(order_words(name, schema.date), state.having(sort=name).href(), name == current) for name in names]


def pages(total: int, number: int, state: State) -> list[Choice | None]:
    """Return the page links, None for each gap; nothing if there is only one page."""
    last = min(-(-total // PAGE_SIZE), MAX_WINDOW // PAGE_SIZE)
    if last < 2:
        return []
    near = range(max(1, number - PAGES_AROUND), min(last, number + PAGES_AROUND) + 1)
    links: list[Choice | None] = []
    previous = 0
    for page in sorted({1, *near, last}):
        if page > previous + 1:
            links.append(None)
        links.append(page_link(page, state, str(page), page == number))
        previous = page
    return links


def page_link(number: int, state: State, text: str, chosen: bool = False) -> Choice:
    """Return the link to a page; the URL of the first page has no number."""
    return Choice(text, state.having(**{PAGE: "" if number == 1 else str(number)}).href(), chosen)
