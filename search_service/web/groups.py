"""Hits that share a value, such as the reports of one story: the best one in the list, the others under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from index_config.schema import Schema
from search_service.search.grouping import MAX_GROUPS
from search_service.search.request import SearchRequest
from search_service.search.response import HitGroup, SearchResponse
from search_service.search.service import SearchService
from search_service.search.validation import groupable
from search_service.web.entries import Entry, Others, entry
from search_service.web.layout import Layout
from search_service.web.links import Choice
from search_service.web.messages.wording import Wording
from search_service.web.site import IndexDisplay
from search_service.web.url_state import FILTER, State

GROUP_SIZE = 4
"""Hits of a group on the page of results; the others are behind a link."""


def grouping_of(schema: Schema, display: IndexDisplay, wanted: SearchRequest) -> str:
    """Return the field by which a site groups the hits of a search; empty if they stand for themselves.

    Under a filter of this field they do: the reader asked for the members of a group. A field that cannot group is
    ignored, as a site ignores other names that the schema does not have.
    """
    name = display.group_by or ""
    return name if name in groupable(schema) and name not in wanted.filters else ""


def entries_of(
    service: SearchService, response: SearchResponse, group_by: str, layout: Layout, state: State, words: Wording
) -> list[Entry]:
    """Return the hits of a page as entries; those of a group are one entry."""

    def entries(group: HitGroup) -> Iterator[Entry]:
        return (entry(service, hit, layout, state, words) for hit in group.hits)

    if response.groups is None:
        return [entry(service, hit, layout, state, words) for hit in response.hits]
    return [_entry(group, list(entries(group)), group_by, state, words) for group in response.groups if group.hits]


def listed(response: SearchResponse) -> int:
    """Return the number of entries that the pages of a search list."""
    return response.total if response.groups is None else min(response.total_groups, MAX_GROUPS)


def _entry(group: HitGroup, entries: list[Entry], group_by: str, state: State, words: Wording) -> Entry:
    best, *others = entries
    if group.value is None or group.total < 2:
        return best
    whole = Choice(
        words.texts.whole_group.format(n=words.number(group.total)),
        state.updated(**{f"{FILTER}{group_by}": group.value}).href(),
    )
    text = words.counted(group.total - 1, words.texts.others)
    return replace(best, others=Others(text, others, whole))
