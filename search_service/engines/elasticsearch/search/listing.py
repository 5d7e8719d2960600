"""Pages of a listing: each continues after the sort value and id at which the page before ended."""

from __future__ import annotations

from typing import Any, NamedTuple

from search_service.core.results import Position
from search_service.engines.elasticsearch.search.responses import Answer
from search_service.engines.elasticsearch.search.session import SearchSession
from search_service.query.plan import Listing, SearchPlan
from search_service.ranking.listing import Group, groups_of


class ListingPage(NamedTuple):
    """A page, and where it ends if more follow."""

    hits: list[Answer]
    end: Position | None


def page_of_listing(session: SearchSession, plan: SearchPlan, listing: Listing) -> ListingPage:
    """Return a page of a plan with a selected match rule."""
    hits: list[Answer] = []
    positions: list[Position] = []
    after = listing.after
    for number, group in enumerate(groups_of(plan)):
        if after and number < after.group:
            continue
        behind = after if after and number == after.group else None
        [answer] = session.search([_body(session, plan, group, behind, plan.size + 1 - len(hits))])
        for hit in answer["hits"]["hits"]:
            hits.append(hit)
            positions.append(Position(number, hit["sort"][0] if group.sort.field else None, str(hit["_id"])))
        if len(hits) > plan.size:
            return ListingPage(hits[: plan.size], positions[plan.size - 1])
    return ListingPage(hits, None)


def _body(session: SearchSession, plan: SearchPlan, group: Group, after: Position | None, size: int) -> dict[str, Any]:
    """Return the search for the next documents of a group."""
    body = session.queries.group(plan, group, size)
    if after:
        body["search_after"] = [after.value, after.id] if group.sort.field else [after.id]
    return body
