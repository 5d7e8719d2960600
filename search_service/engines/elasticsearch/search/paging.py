"""Pages by score in a stable order, ties by id.

Elasticsearch cannot sort by score and id together with a rescore, and returns ties in the order of its shards and
segments. So a page is fetched with one hit before and after it; if a page boundary splits ties, which is rare, all of
them are fetched and sorted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search_service.engines.base import MAX_WINDOW
from search_service.engines.elasticsearch.search.responses import Answer
from search_service.engines.elasticsearch.search.session import SearchSession
from search_service.query.plan import SearchPlan

Scored = tuple[float, str]
"""A score and an id."""

TIE_MARGIN = 200
"""Scores fetched after a page whose boundary splits ties; doubled until the ties end."""


@dataclass(frozen=True, slots=True)
class PageWindow:
    """The hits to fetch for a page: `lead` hits before it (0 or 1), the page, and one hit after it."""

    offset: int
    size: int
    lead: int


def page_window(plan: SearchPlan) -> PageWindow:
    """Return which hits to fetch for a page."""
    if not plan.size or not by_score(plan):
        return PageWindow(plan.offset, plan.size, 0)
    lead = int(plan.offset > 0)
    first = plan.offset - lead
    return PageWindow(first, min(lead + plan.size + 1, MAX_WINDOW - first), lead)


def by_score(plan: SearchPlan) -> bool:
    """Whether hits are ordered by score."""
    return plan.sort.by_relevance and not plan.query.is_unranked


def page(session: SearchSession, plan: SearchPlan, fetched: Sequence[Answer]) -> list[Answer]:
    """Return the hits of a page from those fetched for it, and from further ones if its boundary splits ties."""
    if by_score(plan) and splits_ties(plan, fetched):
        return tied_page(session, plan)
    return in_order(plan, fetched)


def splits_ties(plan: SearchPlan, hits: Sequence[Answer]) -> bool:
    """Whether a page boundary splits hits of equal score."""
    window = page_window(plan)
    scores = [hit["_score"] for hit in hits]
    end = window.lead + plan.size
    before = window.lead > 0 and len(scores) > 1 and scores[0] == scores[1]
    return before or (len(scores) > end > 0 and scores[end - 1] == scores[end])


def in_order(plan: SearchPlan, hits: Sequence[Answer]) -> list[Answer]:
    """Return the hits of a page from those fetched, ties by id."""
    if not by_score(plan):
        return list(hits)
    lead = page_window(plan).lead
    return sorted(hits[lead : lead + plan.size], key=lambda hit: (-hit["_score"], hit["_id"]))


def page_of(plan: SearchPlan, scored: Sequence[Scored]) -> list[Scored]:
    """Return the page from all scores and ids up to its end, ties by id."""
    return sorted(scored, key=lambda one: (-one[0], one[1]))[plan.offset : plan.offset + plan.size]


def tied_page(session: SearchSession, plan: SearchPlan) -> list[Answer]:
    """Fetch a page whose boundary splits ties: first all scores up to the end of the ties, then the hits by id."""
    bare = replace(plan, facets=(), histogram=None, highlight=())
    end = plan.offset + plan.size
    size = end + TIE_MARGIN
    while True:
        size = min(size, MAX_WINDOW)
        [answer] = session.search([{**session.queries.page(bare, 0, size), "_source": False}])
        scored = [(float(hit["_score"]), str(hit["_id"])) for hit in answer["hits"]["hits"]]
        if len(scored) < size or size == MAX_WINDOW or scored[end - 1][0] != scored[-1][0]:
            break
        size *= 2
    page = page_of(plan, scored)
    body = session.queries.page(replace(plan, facets=(), histogram=None), 0, len(page))
    ids = {"ids": {"values": [document_id for _, document_id in page]}}
    body["query"] = {"bool": {"must": [body["query"]], "filter": [ids]}}
    [answer] = session.search([body])
    by_id = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
    return [{**by_id[document_id], "_score": score} for score, document_id in page if document_id in by_id]
