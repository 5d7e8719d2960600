"""The searches that are tried for one plan until its rule yields enough, each sent once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from search_service.engines.elasticsearch.answers import Answer, total
from search_service.engines.elasticsearch.queries import Queries, counting
from search_service.engines.elasticsearch.requests import Body
from search_service.engines.rules import settle
from search_service.model import Filters, SearchPlan
from search_service.query import EVERYTHING, MatchRule, Query

Ask = Callable[[Sequence[Body]], Sequence[Answer]]
"""Sends some searches in one request."""


class Attempts:
    """Settles a plan with as few requests as may be.

    A search without filters is its own count: where its strictest rule yields enough, as it mostly does, it is all that
    is sent. Where not, the next rule is tried in the request that asks for the number of documents.

    Args:
        ask: sends searches.
        queries: makes them.
        plan: what is wanted.
        body: makes the search of a plan whose rule is chosen.
    """

    def __init__(self, ask: Ask, queries: Queries, plan: SearchPlan, body: Callable[[SearchPlan], Body]) -> None:
        self._ask = ask
        self._queries = queries
        self._plan = plan
        self._body = body
        self._answers: dict[MatchRule, Answer] = {}
        self._counts: dict[MatchRule, int] = {}

    def settled(self) -> tuple[SearchPlan, Answer]:
        """Return the plan with its rule chosen, and the answer to its search."""
        plan = settle(self._plan, self._documents, self._count)
        if plan.rule not in self._answers:
            self._try(plan)
        return plan, self._answers[plan.rule]

    def _count(self, plan: SearchPlan) -> int:
        if plan.rule not in self._counts:
            self._try(plan)
        return self._counts[plan.rule]

    def _documents(self) -> int:
        fallback = next(one for one in self._plan.fallbacks if one.rule not in self._answers)
        everything = replace(self._plan, query=Query(), rule=EVERYTHING)
        next_one = replace(self._plan, query=fallback.query, rule=fallback.rule)
        return total(self._try(next_one, self._counting(everything))[-1])

    def _try(self, plan: SearchPlan, *others: Body) -> Sequence[Answer]:
        """Send the search of a plan, what it takes to count without filters, and others."""
        bodies = [self._body(replace(plan, filters=self._plan.filters))]
        counted = bool(self._plan.filters and self._plan.fallbacks)
        if counted:
            bodies.append(self._counting(plan))
        answers = self._ask([*bodies, *others])
        self._answers[plan.rule] = answers[0]
        count = answers[1 if counted else 0]
        # One that took too long is not tried with a looser rule, which would take longer.
        self._counts[plan.rule] = sys.maxsize if count.get("timed_out") else total(count)
        return answers

    def _counting(self, plan: SearchPlan) -> Body:
        return counting(self._queries.matching(plan, Filters()))
