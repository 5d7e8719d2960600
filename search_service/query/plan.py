"""A search as an engine gets it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from search_service.core.filters import BY_RELEVANCE, NO_FILTERS, FacetRequest, Filters, Interval, Sort
from search_service.core.results import EVERYTHING, MatchRule
from search_service.query.tree import MatchAll, Node, Query, Score


@dataclass(frozen=True)
class RuleStep:
    """A match rule to try: what matches under it, and what scores.

    Attributes:
        query: the query; where it is looser than the one before, without its quotes.
        rule: the rule's name, for the response.
        match: the documents that match.
        min_hits: the step is taken when the one before has fewer hits, in a small collection fewer than a part of it.
        scoring: returns what adds to a document's score; called once, and not at all for a step that is never tried.
    """

    query: Query
    rule: MatchRule
    match: Node
    min_hits: int = 0
    scoring: Callable[[], Iterable[Score]] = field(default=tuple, compare=False)

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """What adds to a document's score."""
        return tuple(self.scoring())


EVERY_DOCUMENT = RuleStep(Query(), EVERYTHING, MatchAll())


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A valid search: the match rules to try, and what is wanted of the documents that match.

    Attributes:
        step: the match rule, at first the strictest.
        looser: what to try next when a rule has too few hits (`ranking.match_rules`).
        highlight: the fields whose matched pieces are wanted.
    """

    step: RuleStep = EVERY_DOCUMENT
    looser: tuple[RuleStep, ...] = ()
    filters: Filters = NO_FILTERS
    sort: Sort = BY_RELEVANCE
    offset: int = 0
    size: int = 10
    facets: tuple[FacetRequest, ...] = ()
    histogram: tuple[str, Interval] | None = None
    highlight: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        """The query under the plan's match rule."""
        return self.step.query

    @property
    def rule(self) -> MatchRule:
        """The plan's match rule."""
        return self.step.rule

    @property
    def match(self) -> Node:
        """What matches under the plan's match rule, filters apart."""
        return self.step.match

    @property
    def scores(self) -> tuple[Score, ...]:
        """What adds to a document's score."""
        return self.step.scores

    def choose(self, step: RuleStep) -> SearchPlan:
        """Return the plan with one match rule and none to try after it."""
        return replace(self, step=step, looser=())
