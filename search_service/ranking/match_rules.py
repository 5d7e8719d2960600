"""The match rules of a query, and the selection of the strictest one with enough hits.

The conditions of operators are part of every rule: what a user excludes or requires expressly is never relaxed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Literal, get_args

from search_service.core.results import EVERYTHING, NOTHING, MatchRule
from search_service.query.clauses import Condition, Phrase, Term, Unit
from search_service.query.parser import without_quotes
from search_service.query.plan import RuleStep, SearchPlan
from search_service.query.query import Query, words_of_unit
from search_service.query.tree import Boolean, Field, MatchAll, MatchNone, Node, Not, all_of, any_of
from search_service.query.understanding.rare import LONG_QUERY

ALL_UP_TO = LONG_QUERY - 1
"""Queries of up to this many content words require all of them."""

MISSING_PERCENT = 67
"""Percentage of the content words of a longer query that may be missing: `3<-67%` in Lucene's notation. A third,
rounded up, is required; half is too much for questions and headlines (ADR 3)."""

SHARE_OF_ALL = 2 / 3
"""Share of all words, including stop words, that matches in the rule `any` without a content word: it finds quotations
by their stop words if a content word is spelt differently. One half gives the same results with more matches."""

MIN_HITS = 50
"""The rule `all` with fewer hits is relaxed to `any`. On 30,000 articles and the ARCD questions this costs almost no
nDCG@10, while the rule `most` alone costs up to 9 points and leaves 8 % of the questions without a hit."""

MIN_HITS_OF_MOST = 200
"""The rule `most` with fewer hits is relaxed to `any`: nobody expects all words of a long query. With 50, headlines
have .2 points less of nDCG@10 (ADR 3)."""

MIN_HITS_OF_QUESTION = 400
"""The same for questions, of any length: who asks one reads the best answers and counts none. With 50, questions in
30,000 articles have .5 points less of nDCG@10 and 1.5 less of R@100 (ADR 3)."""

FULL_PAGE = 10
"""Quotes among other words are ignored if the query has fewer hits. If they were always required, headlines would lose
two points of nDCG@10; if they were never required, quotes would have no effect."""

MIN_HITS_SHARE = 0.05
"""Share of the documents of a small collection that is enough: of 104 articles, 50 hits would be half."""

MIN_HITS_SHARE_OF_QUESTION = 0.4
"""The same for questions. With .05, questions in 460 paragraphs have .2 points less of nDCG@10 and .4 less of R@100."""

ChosenRule = Literal["all", "most", "any"]
CHOSEN_RULES: tuple[ChosenRule, ...] = get_args(ChosenRule)
"""The rules that an evaluation can measure alone."""


def rule_steps(query: Query, fields: Sequence[str] | None = None) -> Iterator[RuleStep]:
    """Yield the match rules to try, strictest first, each with the hit count below which it is tried.

    Args:
        query: an understood query.
        fields: the fields to search; None for all searched fields.
    """
    if not query.required_units and not query.phrases:
        yield _without_words(query, fields)
        return
    plain = without_quotes(query)
    min_hits = 0
    if query.phrases and query.unquoted:
        # A third of all headlines contain quotes, so quotes among other words are required only while they fill a page.
        yield _most(query, fields)
        min_hits = FULL_PAGE
    elif query.phrases:
        # A query of quotes only: they are required, however few documents match.
        yield RuleStep(query, MatchRule("phrase"), _match(query, fields))
        min_hits = 1
    most = _most(plain, fields)
    yield replace(most, rule=replace(most.rule, relaxed=bool(min_hits)), min_hits=min_hits)
    required_of_all = _required_of_all(plain)
    if _required(plain) > 1 or required_of_all:
        node = _match(plain, fields, 1, required_of_all)
        yield RuleStep(plain, MatchRule("any", relaxed=True), node, min_hits=_min_hits(plain))


def rule_step(query: Query, name: ChosenRule, fields: Sequence[str] | None = None) -> RuleStep:
    """Return one match rule for the words and phrases of a query, to measure it alone."""
    if not query.words:
        return next(rule_steps(query, fields))
    if name == "most":
        return _most(query, fields)
    required = len(query.required_words) if name == "all" else min(1, len(query.required_words))
    required_of_all = _required_of_all(query) if name == "any" else 0
    return RuleStep(query, MatchRule(name), _match(query, fields, required, required_of_all))


def select_match_rule(plan: SearchPlan, documents: Callable[[], int], count: Callable[[SearchPlan], int]) -> SearchPlan:
    """Return a plan with its match rule selected: the strictest one with enough hits.

    The selection depends on the query and what the caller may see of the index, never on filters, order or page.

    Args:
        plan: the plan with all match rules.
        documents: returns the number of documents that the caller may see.
        count: returns the number of hits of a plan.
    """
    chosen = plan.choose(plan.step)
    if not plan.looser:
        return chosen
    hits = count(replace(chosen, filters=plan.filters.restriction_only))
    for step in plan.looser:
        if hits >= step.min_hits or hits >= min_hits_in(step, documents()):
            break
        looser = plan.choose(step)
        looser_hits = count(replace(looser, filters=plan.filters.restriction_only))
        if looser_hits > hits:  # without more hits the response names the stricter rule
            chosen, hits = looser, looser_hits
    return chosen


def min_hits_in(step: RuleStep, documents: int) -> int:
    """Return the number of hits of the stricter rule that is enough in a collection.

    >>> step = RuleStep(Query(), EVERYTHING, MatchAll(), min_hits=50)
    >>> min_hits_in(step, 29_904), min_hits_in(step, 104), min_hits_in(step, 3)
    (50, 5, 1)
    """
    share = MIN_HITS_SHARE_OF_QUESTION if step.query.is_question else MIN_HITS_SHARE
    return min(step.min_hits, max(1, round(documents * share)))


def at_least(units: Sequence[Unit], required: int) -> Node:
    """Return the node that matches documents with at least `required` of the units."""
    return Boolean(should=tuple(map(_unit, units)), minimum_should_match=required)


def in_fields(node: Node, fields: Sequence[str] | None) -> Node:
    """Return the node restricted to these fields; None for all searched fields."""
    return node if fields is None else Field(tuple(fields), node)


def variants_of(word: Term) -> tuple[Node, ...]:
    """Return a node for each spelling variant of a word: they match as exact words."""
    return tuple(Phrase((variant,)) for variant in word.variants)


def _unit(unit: Unit) -> Node:
    if isinstance(unit, Term):
        return any_of((unit, *variants_of(unit)))
    return Phrase(unit.exact) if unit.adjacent else Boolean(must=tuple(map(_unit, unit.required)))


def _min_hits(query: Query) -> int:
    if query.is_question:
        return MIN_HITS_OF_QUESTION
    return MIN_HITS if len(query.required_units) <= ALL_UP_TO else MIN_HITS_OF_MOST


def _match(
    query: Query,
    fields: Sequence[str] | None,
    required: int = 0,
    required_of_all: int = 0,
    alternatives: Sequence[Unit] = (),
) -> Node:
    """Return the node for all phrases and conditions, and one of these.

    Args:
        query: the query.
        fields: the fields to search; None for all.
        required: so many of the required words.
        required_of_all: so many of all words.
        alternatives: words of which any is enough.
    """
    nodes: list[Node] = [*query.required_phrases]
    if required:
        sufficient = [at_least(query.required_units, required)]
        if required_of_all:
            sufficient.append(at_least(query.unquoted_unique, required_of_all))
        if alternatives:
            sufficient.append(at_least(alternatives, 1))
        nodes.append(any_of(sufficient))
    conditions = map(_condition, query.conditions)
    return all_of(in_fields(node, fields) for node in (*nodes, *conditions))


def _condition(condition: Condition) -> Node:
    operands = (
        (_unit(each.node) if isinstance(each.node, Term) else each.node, each.field) for each in condition.operands
    )
    node = any_of(in_fields(node, (field,) if field else None) for node, field in operands)
    return Not(node) if condition.excluded else node


def _without_words(query: Query, fields: Sequence[str] | None) -> RuleStep:
    """Return the rule of a query without a word or phrase that it could relax."""
    if query.conditions:
        return RuleStep(query, MatchRule("all") if query.required_operands else EVERYTHING, _match(query, fields))
    empty = not query.text.strip()
    return RuleStep(query, EVERYTHING if empty else NOTHING, MatchAll() if empty else MatchNone())


def _most(query: Query, fields: Sequence[str] | None) -> RuleStep:
    units = query.required_units
    if len(units) <= ALL_UP_TO:
        return RuleStep(query, MatchRule("all"), _match(query, fields, len(units)))
    rule = MatchRule("most", minimum_should_match=f"{ALL_UP_TO}<-{MISSING_PERCENT}%")
    rare = [unit for unit in units if any(word.is_rare for word in words_of_unit(unit))]
    return RuleStep(query, rule, _match(query, fields, _required(query), alternatives=rare))


def _required(query: Query) -> int:
    words = len(query.required_units)
    return words if words <= ALL_UP_TO else words - words * MISSING_PERCENT // 100


def _required_of_all(query: Query) -> int:
    """Return the number of words that matches without a content word; 0 if the query has fewer stop words than that."""
    words = len(query.unquoted_unique)
    required = ceil(words * SHARE_OF_ALL)
    return required if words - len(query.required_units) >= required else 0
