"""Selects the match rule of a plan in as few requests to Elasticsearch as possible."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import orjson

from search_service.core.index_name import IndexName
from search_service.core.results import EVERYTHING, MatchRule
from search_service.engines.elasticsearch.search.queries import QueryBuilder, counting
from search_service.engines.elasticsearch.search.responses import Answer, total
from search_service.engines.elasticsearch.search.session import Body, SearchSession
from search_service.query.plan import EVERY_DOCUMENT, SearchPlan
from search_service.ranking.match_rules import select_match_rule

Ask = Callable[[Sequence[Body]], Sequence[Answer]]
"""Sends searches in one request."""

DECAY = 0.9
"""Factor of a rule's share for each search that ends with another rule: some seven of them change the prediction."""


def select_rule(
    session: SearchSession, predictor: RulePredictor, plan: SearchPlan, body: Callable[[SearchPlan], Body]
) -> tuple[SearchPlan, Answer]:
    """Return the plan with its selected match rule, and the response to its search."""
    index = session.generation.index
    selector = RuleSelector(session.search, session.queries, plan, body, predictor.likely(index, plan))
    selected, answer = selector.select()
    predictor.note(index, plan, selected.rule)
    return selected, answer


def totals(session: SearchSession, plans: Sequence[SearchPlan]) -> list[int]:
    """Return the number of hits of each plan under the match rule that is chosen for it, in one request."""
    searches: dict[bytes, Body] = {}

    def key_of(plan: SearchPlan) -> bytes:
        body = counting(session.queries.matching(plan, plan.filters))
        searches.setdefault(key := orjson.dumps(body), body)
        return key

    for plan in plans:
        restricted = replace(plan, filters=plan.filters.restriction_only)
        for step in (plan.step, *plan.looser):
            key_of(plan.choose(step))
            key_of(restricted.choose(step))
        if plan.looser:
            key_of(restricted.choose(EVERY_DOCUMENT))
    if not searches:
        return []
    found = dict(zip(list(searches), map(total, session.search(list(searches.values()))), strict=True))

    def count(plan: SearchPlan) -> int:
        return found[key_of(plan)]

    def hits(plan: SearchPlan) -> int:
        everything = replace(plan, filters=plan.filters.restriction_only).choose(EVERY_DOCUMENT)
        return count(select_match_rule(plan, lambda: count(everything), count))

    return [hits(plan) for plan in plans]


class RulePredictor:
    """Predicts the match rule that will be selected for a plan, from earlier plans with as many rules and words.

    In one collection such plans mostly end with the same rule. A wrong prediction costs a request and does not change
    the result.
    """

    def __init__(self) -> None:
        self._shares: dict[tuple[str, int, int], list[float]] = {}

    def likely(self, index: IndexName, plan: SearchPlan) -> int:
        """Return the position of the most likely rule; 0 is the strictest."""
        shares = self._of(index, plan)
        return shares.index(max(shares))

    def note(self, index: IndexName, plan: SearchPlan, chosen: MatchRule) -> None:
        """Record the selected rule of a plan."""
        shares = self._of(index, plan)
        for position, step in enumerate((plan.step, *plan.looser)):
            shares[position] = shares[position] * DECAY + (1 - DECAY) * (step.rule == chosen)

    def _of(self, index: IndexName, plan: SearchPlan) -> list[float]:
        steps = 1 + len(plan.looser)
        return self._shares.setdefault((index, steps, len(plan.query.required_words)), [0.0] * steps)


class RuleSelector:
    """Selects the match rule of one plan.

    The first request contains the search of the most likely rule and the hit counts of the stricter ones, which usually
    is enough. Otherwise another rule is tried.

    Args:
        ask: sends searches.
        queries: builds queries.
        body: returns the search body of a plan with a selected rule.
        likely: the position of the rule to try first; 0 is the strictest.
    """

    def __init__(
        self, ask: Ask, queries: QueryBuilder, plan: SearchPlan, body: Callable[[SearchPlan], Body], likely: int = 0
    ) -> None:
        self._ask = ask
        self._queries = queries
        self._body = body
        self._steps = [plan.choose(step) for step in (plan.step, *plan.looser)]
        self._plan = plan
        self._likely = likely
        self._answers: dict[MatchRule, Answer] = {}
        self._counts: dict[MatchRule, int] = {}

    def select(self) -> tuple[SearchPlan, Answer]:
        """Return the plan with its selected rule, and the response to its search."""
        self._try(self._likely)
        plan = select_match_rule(self._plan, self._documents, self._count)
        if plan.rule not in self._answers:
            self._try(self._position(plan))
        return plan, self._answers[plan.rule]

    def _position(self, plan: SearchPlan) -> int:
        return next(position for position, step in enumerate(self._steps) if step.rule == plan.rule)

    def _count(self, plan: SearchPlan) -> int:
        if plan.rule not in self._counts:
            self._try(self._position(plan))
        return self._counts[plan.rule]

    def _documents(self) -> int:
        if EVERYTHING not in self._counts:
            # The count of the next rule is most likely needed too.
            self._try(next(i for i, step in enumerate(self._steps) if step.rule not in self._counts))
        return self._counts[EVERYTHING]

    def _try(self, position: int) -> None:
        """Send the search of a rule, with the counts that decide whether it is chosen."""
        step = self._steps[position]
        counted = [stricter for stricter in self._steps[:position] if stricter.rule not in self._counts]
        if self._plan.filters != self._plan.filters.restriction_only and self._plan.looser:
            counted.append(step)
        if position and EVERYTHING not in self._counts:
            counted.append(self._plan.choose(EVERY_DOCUMENT))
        counts = [counting(self._queries.matching(plan, plan.filters.restriction_only)) for plan in counted]
        responses = self._ask([self._body(step), *counts])
        self._answers[step.rule] = responses[0]
        for plan, response in zip([step, *counted], responses, strict=True):
            # After a timeout no looser rule is tried: it would take longer.
            self._counts[plan.rule] = sys.maxsize if response.get("timed_out") else total(response)
