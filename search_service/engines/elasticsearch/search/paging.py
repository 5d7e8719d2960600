"""Pages by score in a stable order, ties by id.

Elasticsearch cannot sort by score and id together with a rescore, and returns ties in the order of its shards and
segments. So a page is fetched with one hit before and after it; if a page boundary splits ties, which is rare, all of
them are fetched and sorted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_service.engines.base import MAX_WINDOW
from search_service.engines.elasticsearch.search.responses import Answer
from search_service.query.plan import SearchPlan

Scored = tuple[float, str]


@dataclass(frozen=True, slots=True)
class PageWindow:
    """The hits to fetch for a page: `lead` hits before it (0 or 1), the page, and one hit after it."""

    offset: int
    size: int
    lead: int


def page_window(plan: SearchPlan) -> PageWindow:
    """Return which hits to fetch for a page."""
    if not plan.size or not ranked(plan):
        return PageWindow(plan.offset, plan.size, 0)
    lead = int(plan.offset > 0)
    first = plan.offset - lead
    return PageWindow(first, min(lead + plan.size + 1, MAX_WINDOW - first), lead)


def ranked(plan: SearchPlan) -> bool:
    """Whether hits are ordered by score."""
    return plan.sort.by_relevance and not plan.query.matches_everything


def splits_ties(plan: SearchPlan, hits: Sequence[Answer]) -> bool:
    """Whether a page boundary splits hits of equal score."""
    window = page_window(plan)
    scores = [hit["_score"] for hit in hits]
    end = window.lead + plan.size
    before = window.lead > 0 and len(scores) > 1 and scores[0] == scores[1]
    return before or (len(scores) > end > 0 and scores[end - 1] == scores[end])


def in_order(plan: SearchPlan, hits: Sequence[Answer]) -> list[Answer]:
    """Return the hits of a page from those fetched, ties by id."""
    if not ranked(plan):
        return list(hits)
    lead = page_window(plan).lead
    return sorted(hits[lead : lead + plan.size], key=lambda hit: (-hit["_score"], hit["_id"]))


def page_of(plan: SearchPlan, found: Sequence[Scored]) -> list[Scored]:
    """Return the page from all scores and ids up to its end, ties by id."""
    return sorted(found, key=lambda one: (-one[0], one[1]))[plan.offset : plan.offset + plan.size]
