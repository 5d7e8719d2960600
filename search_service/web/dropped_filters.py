"""What the page offers where filters leave nothing: a link for each that can be dropped, with what that gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from search_service.core.index_name import IndexName
from search_service.search.dropped_filters import DATES, WithoutFilters, count_without_filters
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from search_service.web.links import Choice
from search_service.web.messages.wording import Wording
from search_service.web.url_state import FILTER, State


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence about the results without filters, and the links to them."""

    text: Markup
    choices: Sequence[Choice]


def dropped_filters(
    service: SearchService, index: IndexName, request: SearchRequest, state: State, words: Wording
) -> Dropped | None:
    """Return what a search without results finds without its filters; None if that is nothing, either."""
    without = count_without_filters(service, index, request)
    if without is None or not without.total:
        return None
    results = words.counted(without.total, words.texts.results)
    text = escape(words.texts.found_without_filters.format(results=results))
    return Dropped(text, list(_choices(without, state, words, service.schema(index).date)))


def _choices(without: WithoutFilters, state: State, words: Wording, date: str) -> Iterator[Choice]:
    cleared = state
    for name, total in without.without.items():
        _, _, field = name.partition(".")
        parameters = ("date_from", "date_to") if name == DATES else (f"{FILTER}{field}",)
        cleared = cleared.without(*parameters)
        if total:
            label = words.label(date if name == DATES else field)
            text = words.without_filter(label, _value(name, field, state, words), total)
            yield Choice(text, state.without(*parameters).href())
    if len(without.without) > 1:
        results = words.counted(without.total, words.texts.results)
        yield Choice(words.texts.without_all.format(results=results), cleared.href())


def _value(name: str, field: str, state: State, words: Wording) -> str:
    """Return what a filter asks for."""
    if name == DATES:
        return words.range(state.get("date_from"), state.get("date_to"))
    return words.texts.comma.join(state.all(f"{FILTER}{field}"))
