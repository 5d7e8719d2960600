"""The searches that are tried for one plan until its rule yields enough, each sent once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from search_service.core.filters import Filters
from search_service.core.results import EVERYTHING, MatchRule
from search_service.engines.elasticsearch.search.queries import Queries, counting
from search_service.engines.elasticsearch.search.responses import Answer, total
from search_service.engines.elasticsearch.search.session import Body, SearchSession
from search_service.query.plan import EVERY_DOCUMENT, SearchPlan
from search_service.ranking.match_rules import select_match_rule

Ask = Callable[[Sequence[Body]], Sequence[Answer]]
"""Sends some searches in one request."""

DECAY = 0.9
"""Factor of a rule's share for each search that ends with another rule: some seven of them change the prediction."""


def select_rule(
    session: SearchSession, predictor: RulePredictor, plan: SearchPlan, body: Callable[[SearchPlan], Body]
) -> tuple[SearchPlan, Answer]:
    """Return the plan with its match rule chosen, and the response to its search."""
    index = session.generation.index
    selector = RuleSelector(session.search, session.queries, plan, body, predictor.likely(index, plan))
    selected, answer = selector.select()
    predictor.note(index, plan, selected.rule)
    return selected, answer


class RulePredictor:
    """Which match rule of a plan is likely to be chosen, by what became of plans like it.

    Queries of one length and form mostly end with the same one, which depends on the collection. A wrong expectation
    costs a request, never another answer.
    """

    def __init__(self) -> None:
        self._shares: dict[tuple[str, int, int], list[float]] = {}

    def likely(self, index: str, plan: SearchPlan) -> int:
        """Return the place of a rule: 0 for the strictest."""
        shares = self._of(index, plan)
        return shares.index(max(shares))

    def note(self, index: str, plan: SearchPlan, chosen: MatchRule) -> None:
        """Remember which rule a plan ended with."""
        shares = self._of(index, plan)
        for place, step in enumerate((plan.step, *plan.looser)):
            shares[place] = shares[place] * DECAY + (1 - DECAY) * (step.rule == chosen)

    def _of(self, index: str, plan: SearchPlan) -> list[float]:
        steps = 1 + len(plan.looser)
        return self._shares.setdefault((index, steps, len(plan.query.required_words)), [0.0] * steps)


class RuleSelector:
    """Settles a plan with as few requests as may be.

    The search of the rule that is likely to be chosen is sent together with the counts of the stricter ones, which
    mostly is all that is sent. Where it was not the one, the next is tried.

    Args:
        ask: sends searches.
        queries: makes them.
        body: makes the search of a plan whose rule is chosen.
        likely: the place of the rule to begin with: 0 for the strictest.
    """

    def __init__(
        self, ask: Ask, queries: Queries, plan: SearchPlan, body: Callable[[SearchPlan], Body], likely: int = 0
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
        """Return the plan with its rule chosen, and the answer to its search."""
        self._try(self._likely)
        plan = select_match_rule(self._plan, self._documents, self._count)
        if plan.rule not in self._answers:
            self._try(self._place(plan))
        return plan, self._answers[plan.rule]

    def _place(self, plan: SearchPlan) -> int:
        return next(place for place, one in enumerate(self._steps) if one.rule == plan.rule)

    def _count(self, plan: SearchPlan) -> int:
        if plan.rule not in self._counts:
            self._try(self._place(plan))
        return self._counts[plan.rule]

    def _documents(self) -> int:
        if EVERYTHING not in self._counts:
            # The count of the next rule is most likely needed too.
            self._try(next(place for place, one in enumerate(self._steps) if one.rule not in self._counts))
        return self._counts[EVERYTHING]

    def _try(self, place: int) -> None:
        """Send the search of a rule, with the counts that decide whether it is chosen."""
        step = self._steps[place]
        counted = [one for one in self._steps[:place] if one.rule not in self._counts]
        if self._plan.filters and self._plan.looser:
            counted.append(step)
        if place and EVERYTHING not in self._counts:
            counted.append(self._plan.choose(EVERY_DOCUMENT))
        counts = [counting(self._queries.matching(one, Filters())) for one in counted]
        answer, *others = self._ask([self._body(step), *counts])
        self._answers[step.rule] = answer
        for one, response in zip([step, *counted], [answer, *others], strict=True):
            # One that took too long is not tried with a looser rule, which would take longer.
            self._counts[one.rule] = sys.maxsize if response.get("timed_out") else total(response)
