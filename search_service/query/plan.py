"""A search as an engine gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search_service.core.filters import BY_RELEVANCE, NO_FILTERS, FacetRequest, Filters, Interval, Sort
from search_service.core.results import MatchRule
from search_service.query.tree import Query


@dataclass(frozen=True, slots=True)
class RuleStep:
    """A looser reading of a query, taken when the one before it yields too little.

    Attributes:
        query: the analysed query.
        rule: which documents count.
        min_hits: the documents that the reading before must yield, or in a small collection a part of them.
    """

    query: Query
    rule: MatchRule
    min_hits: int


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A search as an engine gets it: checked and analysed.

    Attributes:
        query: the analysed query; matches everything when it has no words.
        rule: which documents count, at its strictest.
        rule_steps: what to loosen it to, in this order (`engines.rules`).
        fields: the searched fields and the weight of each.
        whole: whether `fields` are all searched fields of the schema (then fields that combine them may be used).
        highlight: the fields whose matched pieces are wanted.
        weights: what each tier adds to a score; None for the usual (`engines.ranking`).
        today: the day that ages are counted from, in seconds; 0 where the schema does not ask for it.
    """

    query: Query
    rule: MatchRule
    fields: Mapping[str, float]
    rule_steps: tuple[RuleStep, ...] = ()
    whole: bool = True
    filters: Filters = NO_FILTERS
    sort: Sort = BY_RELEVANCE
    offset: int = 0
    size: int = 10
    facets: tuple[FacetRequest, ...] = ()
    histogram: tuple[str, Interval] | None = None
    highlight: tuple[str, ...] = ()
    weights: Mapping[str, float] | None = None
    today: int = 0
