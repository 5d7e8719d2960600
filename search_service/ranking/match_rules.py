"""Chooses the match rule of a search: the strictest that yields enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from search_service.core.filters import Filters
from search_service.query.plan import SearchPlan

MIN_HITS_SHARE = 0.05
"""In a small collection a twentieth of its documents is enough: of 104 articles 50 would be half."""


def select_match_rule(plan: SearchPlan, documents: Callable[[], int], count: Callable[[SearchPlan], int]) -> SearchPlan:
    """Return a plan with its query and rule chosen and no fallbacks left.

    The choice depends on the query alone, never on filters, order or page.

    Args:
        plan: the plan with its strictest rule, and what to fall back to.
        documents: tells how many documents the index has.
        count: tells how many of them a plan matches.
    """
    chosen = replace(plan, rule_steps=())
    if not plan.rule_steps:
        return chosen
    found = count(replace(chosen, filters=Filters()))
    for step in plan.rule_steps:
        if found >= step.min_hits or found >= min_hits_in(step.min_hits, documents()):
            break
        looser = replace(chosen, query=step.query, rule=step.rule)
        more = count(replace(looser, filters=Filters()))
        if more > found:  # a looser rule that finds no more is not worth its name
            chosen, found = looser, more
    return chosen


def min_hits_in(min_hits: int, documents: int) -> int:
    """Return how many documents of a collection are enough where `min_hits` are in a large one.

    >>> min_hits_in(50, 29_904), min_hits_in(50, 104), min_hits_in(50, 3)
    (50, 5, 1)
    """
    return min(min_hits, max(1, round(documents * MIN_HITS_SHARE)))
