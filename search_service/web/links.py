"""View models of links that choose an order or a page of the results."""

from __future__ import annotations

from dataclasses import dataclass

from index_config.schema import Schema
from search_service.engines.base import MAX_WINDOW
from search_service.web.messages.wording import Wording
from search_service.web.url_state import PAGE, State

PAGE_SIZE = 10

PAGES_AROUND = 2
"""Pages on each side of the current page that have a link."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that selects a value of a facet, an order, a page or an index."""

    text: str
    href: str
    chosen: bool = False
    count: int | None = None


def orders(schema: Schema, state: State, words: Wording, is_ranked: bool) -> list[Choice]:
    """Return the available orders, with the current one marked; by relevance only what the query can rank."""
    relevance = ["relevance"] if is_ranked else []
    fields = [field.name for field in schema.fields if field.sort]
    fields.sort(key=lambda name: name != schema.date)
    names = [*relevance, *(order for name in fields for order in (f"-{name}", name))]
    default = relevance[0] if relevance else schema.default_sort
    current = state.get("sort") or default
    current = default if current not in names else current
    return [Choice(words.order(name, schema.date), state.updated(sort=name).href(), name == current) for name in names]


def pages(total: int, number: int, state: State, words: Wording) -> list[Choice | None]:
    """Return the page links, None for each gap; nothing if there is only one page."""
    last = last_page(total)
    if last < 2:
        return []
    near = range(max(1, number - PAGES_AROUND), min(last, number + PAGES_AROUND) + 1)
    links: list[Choice | None] = []
    previous = 0
    for page in sorted({1, *near, last}):
        if page > previous + 1:
            links.append(None)
        links.append(page_link(page, state, words.number(page), page == number))
        previous = page
    return links


def last_page(total: int) -> int:
    """Return the number of the last page that can be shown."""
    return min(-(-total // PAGE_SIZE), MAX_WINDOW // PAGE_SIZE)


def page_link(number: int, state: State, text: str, chosen: bool = False) -> Choice:
    """Return the link to a page; the URL of the first page has no number."""
    return Choice(text, state.updated(**{PAGE: "" if number == 1 else str(number)}).href(), chosen)
