"""Chooses the match rule of a search: the strictest that yields enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from search_service.core.filters import Filters
from search_service.query.plan import SearchPlan

ENOUGH_OF_SMALL = 0.05
"""In a small collection a twentieth of its documents is enough: of 104 articles 50 would be half."""


def settle(plan: SearchPlan, documents: Callable[[], int], count: Callable[[SearchPlan], int]) -> SearchPlan:
    """Return a plan with its query and rule chosen and no fallbacks left.

    The choice depends on the query alone, never on filters, order or page.

    Args:
        plan: the plan with its strictest rule, and what to fall back to.
        documents: tells how many documents the index has.
        count: tells how many of them a plan matches.
    """
    chosen = replace(plan, fallbacks=())
    if not plan.fallbacks:
        return chosen
    found = count(replace(chosen, filters=Filters()))
    for fallback in plan.fallbacks:
        if found >= fallback.below or found >= enough(fallback.below, documents()):
            break
        looser = replace(chosen, query=fallback.query, rule=fallback.rule)
        more = count(replace(looser, filters=Filters()))
        if more > found:  # a looser rule that finds no more is not worth its name
            chosen, found = looser, more
    return chosen


def enough(below: int, documents: int) -> int:
    """Return how many documents of a collection are enough where `below` are in a large one.

    >>> enough(50, 29_904), enough(50, 104), enough(50, 3)
    (50, 5, 1)
    """
    return min(below, max(1, round(documents * ENOUGH_OF_SMALL)))
