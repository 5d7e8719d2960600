"""The match rules of a query, and the choice among them: the strictest that has enough hits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import ceil

from search_service.core.filters import NO_FILTERS
from search_service.core.results import EVERYTHING, NOTHING, MatchRule
from search_service.query.parser import without_quotes
from search_service.query.plan import RuleStep, SearchPlan
from search_service.query.tree import Boolean, Field, MatchAll, MatchNone, Node, Phrase, Query, Term, all_of, any_of

ALL_UP_TO = 3
"""Up to this many content words all are required."""

MISSING_PERCENT = 67
"""Of more content words so many may be missing: the rule `3<-67%` in Lucene's notation. It asks for a third, rounded
up; half is too much for questions and headlines (ADR 3)."""

SHARE_OF_ALL = 2 / 3
"""Of all words, stop words among them, so many are enough where any content word is: quotations are recognised by their
stop words when a content word is spelt otherwise. Half of them gives the same with longer lists of matches."""

MIN_HITS = 50
"""A rule with fewer hits is loosened to any word. On 30,000 articles and the ARCD questions this costs next to nothing
of nDCG@10, where the bare rule costs up to 9 points and leaves 8 % of the questions without a result."""

FULL_PAGE = 10
"""Quotes beside other words are taken as plain words when fewer documents have them. Held to at any price they cost
headlines two points of nDCG@10, not held to at all they would not be quotes."""

MIN_HITS_SHARE = 0.05
"""In a small collection a twentieth of its documents is enough: of 104 articles 50 would be half."""


def rule_steps(query: Query, fields: Sequence[str] | None = None) -> Iterator[RuleStep]:
    """Yield the match rules to try, strictest first, each with the hit count below which it is tried.

    Args:
        query: an understood query.
        fields: the fields to search; None for all searched fields.
    """
    if not query.words:
        empty = not query.text.strip()
        yield RuleStep(query, EVERYTHING if empty else NOTHING, MatchAll() if empty else MatchNone())
        return
    plain = without_quotes(query)
    min_hits = 0
    if query.phrases and query.unquoted:
        # Quotes among other words are held to while they fill a page: a third of all headlines quote somebody.
        yield _most(query, fields)
        min_hits = FULL_PAGE
    elif query.phrases:
        # Nothing but quotes: they are what is wanted, however few documents have them.
        yield RuleStep(query, MatchRule("phrase"), _match(query, fields))
        min_hits = 1
    most = _most(plain, fields)
    yield replace(most, rule=replace(most.rule, relaxed=bool(min_hits)), min_hits=min_hits)
    of_all = _enough_of_all(plain)
    if _required(plain) > 1 or of_all:
        yield RuleStep(plain, MatchRule("any", relaxed=True), _match(plain, fields, 1, of_all), min_hits=MIN_HITS)


def select_match_rule(plan: SearchPlan, documents: Callable[[], int], count: Callable[[SearchPlan], int]) -> SearchPlan:
    """Return a plan with its match rule chosen.

    The choice depends on the query alone, never on filters, order or page.

    Args:
        plan: the plan with its strictest rule, and the looser ones.
        documents: returns how many documents the index has.
        count: returns how many of them a plan matches.
    """
    chosen = plan.choose(plan.step)
    if not plan.looser:
        return chosen
    hits = count(replace(chosen, filters=NO_FILTERS))
    for step in plan.looser:
        if hits >= step.min_hits or hits >= min_hits_in(step.min_hits, documents()):
            break
        looser = plan.choose(step)
        more = count(replace(looser, filters=NO_FILTERS))
        if more > hits:  # a looser rule that finds no more is not worth its name
            chosen, hits = looser, more
    return chosen


def min_hits_in(min_hits: int, documents: int) -> int:
    """Return how many documents of a collection are enough where `min_hits` are in a large one.

    >>> min_hits_in(50, 29_904), min_hits_in(50, 104), min_hits_in(50, 3)
    (50, 5, 1)
    """
    return min(min_hits, max(1, round(documents * MIN_HITS_SHARE)))


def enough_of(words: Sequence[Term], required: int) -> Node:
    """Return the node for documents that have so many of some words."""
    return Boolean(should=tuple(words), minimum_should_match=required)


def in_fields(node: Node, fields: Sequence[str] | None) -> Node:
    """Return a node that is looked up in some fields only; None for all searched fields."""
    return node if fields is None else Field(tuple(fields), node)


def _match(query: Query, fields: Sequence[str] | None, required: int = 0, of_all: int = 0) -> Node:
    """Return the node for all phrases, and so many of the required words or of all words."""
    nodes: list[Node] = [Phrase(words) for words in query.phrases]
    if required:
        enough = [enough_of(query.required_words, required)]
        if of_all:
            enough.append(enough_of(query.unquoted_unique, of_all))
        nodes.append(any_of(enough))
    return all_of(in_fields(node, fields) for node in nodes)


def _most(query: Query, fields: Sequence[str] | None) -> RuleStep:
    if len(query.required_words) <= ALL_UP_TO:
        rule = MatchRule("all")
    else:
        rule = MatchRule("most", minimum_should_match=f"{ALL_UP_TO}<-{MISSING_PERCENT}%")
    return RuleStep(query, rule, _match(query, fields, _required(query)))


def _required(query: Query) -> int:
    words = len(query.required_words)
    return words if words <= ALL_UP_TO else words - words * MISSING_PERCENT // 100


def _enough_of_all(query: Query) -> int:
    """Return how many of all words are enough without a content word; 0 where there are too few stop words for that."""
    words = len(query.unquoted_unique)
    wanted = ceil(words * SHARE_OF_ALL)
    return wanted if words - len(query.required_words) >= wanted else 0
