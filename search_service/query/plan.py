"""The plan of a search, which engines execute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from search_service.core.filters import BY_RELEVANCE, NO_FILTERS, FacetRequest, Filters, Interval, Sort
from search_service.core.results import EVERYTHING, MatchRule, Position
from search_service.query.query import Query
from search_service.query.tree import MatchAll, Node, Score


@dataclass(frozen=True)
class RuleStep:
    """A match rule to try, with its matching and scoring nodes.

    Attributes:
        query: the query, without quotes if this rule ignores them.
        rule: the rule as the response reports it.
        match: the node that matches.
        min_hits: this rule is tried if the stricter one has fewer hits; lower in a small collection.
        scoring: returns the nodes that score; called once, and never for a rule that is not tried.
    """

    query: Query
    rule: MatchRule
    match: Node
    min_hits: int = 0
    scoring: Callable[[], Iterable[Score]] = field(default=tuple, compare=False)

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """The nodes that score."""
        return tuple(self.scoring())


@dataclass(frozen=True, slots=True)
class Listing:
    """Pages that are read one after the other, however many there are (`ranking.listing`).

    Attributes:
        after: where the page before ended; None for the first one.
    """

    after: Position | None = None


EVERY_DOCUMENT = RuleStep(Query(), EVERYTHING, MatchAll())


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A validated search: the match rules to try, filters, order, page, facets and highlighting.

    Attributes:
        step: the strictest match rule, or the selected one.
        looser: the rules to try if `step` has too few hits (`ranking.match_rules`).
        highlight: the fields to highlight.
        listing: which page, if pages are read one after the other; `offset` does not count then.
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
    listing: Listing | None = None

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
        """The node that matches under the plan's match rule, without filters."""
        return self.step.match

    @property
    def scores(self) -> tuple[Score, ...]:
        """The nodes that score."""
        return self.step.scores

    def choose(self, step: RuleStep) -> SearchPlan:
        """Return the plan with this match rule and no looser ones."""
        return replace(self, step=step, looser=())
