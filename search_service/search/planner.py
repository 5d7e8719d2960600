"""Turns a search request into a plan, in three steps.

==============  ========================================================================
`validate`      checks the request against the schema (`validation.py`); reads nothing
`understand`    parses the query, expands its words, corrects its spelling; reads the index
`make_plan`     orders the match rules to try; reads nothing
==============  ========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.dates import today
from search_service.core.errors import InvalidParameter
from search_service.core.filters import BY_RELEVANCE, Sort
from search_service.core.index_name import IndexName
from search_service.engines.base import Searcher
from search_service.query.parser import parse_query
from search_service.query.plan import SearchPlan
from search_service.query.query import Query
from search_service.query.questions import is_question
from search_service.query.resources import QueryResources
from search_service.query.terms import read_terms
from search_service.query.understanding.context import Context, DocumentFrequencies
from search_service.query.understanding.pipeline import UnderstoodQuery, understand_query
from search_service.ranking.match_rules import ChosenRule, rule_step, rule_steps
from search_service.ranking.tiers import Scope, scores
from search_service.search.validation import ValidRequest, check_length

MAX_QUERY_WORDS = 100
"""Longer queries are refused: 100 words take some 20 ms on 30,000 articles."""


def parse(
    text: str, analysis: Analysis, resources: QueryResources, schema: Schema | None = None, advanced: bool = False
) -> Query:
    """Return the parsed query.

    Raises:
        InvalidParameter: the text is too long.
    """
    check_length(text)
    query = parse_query(text, analysis, resources.stopwords, schema, advanced)
    if query.size > MAX_QUERY_WORDS:
        raise InvalidParameter("q", "too-long", count=query.size, limit=MAX_QUERY_WORDS, unit="words")
    return replace(query, is_question=is_question(query, resources.question_words))


def understand(
    searcher: Searcher,
    index: IndexName,
    text: str,
    resources: QueryResources,
    steps: Sequence[str],
    advanced: bool = False,
    frequencies: DocumentFrequencies | None = None,
    as_typed: Sequence[str] = (),
) -> UnderstoodQuery:
    """Return the parsed query with expansions and corrections, which depend on the index.

    `frequencies` are the document frequencies in the index, for a caller that has looked up some already; `as_typed`
    are words that are not corrected.

    Raises:
        InvalidParameter: the text is too long.
        UnknownIndex: the index does not exist.
    """
    query = parse(text, searcher.analysis, resources, searcher.schema(index), advanced)
    context = Context(
        searcher.analysis,
        resources,
        frequencies or partial(searcher.document_frequencies, index),
        partial(searcher.written_forms, index),
        partial(searcher.document_count, index),
        as_typed={term.exact for word in as_typed for term in read_terms(word, searcher.analysis)},
    )
    return understand_query(query, context, steps)


def make_plan(
    valid: ValidRequest,
    query: Query,
    weights: Mapping[str, float] | None = None,
    match_rule: ChosenRule | None = None,
) -> SearchPlan:
    """Return the plan for a valid request and its understood query.

    `weights` replace those of the tiers. `match_rule` is the only rule to try; without it, all are, strictest first.
    """
    now = today() if valid.schema.freshness else 0
    fields = None if valid.all_fields else tuple(valid.fields)
    steps = []
    for step in [rule_step(query, match_rule, fields)] if match_rule else rule_steps(query, fields):
        scope = Scope(step.query, valid.schema, valid.fields, valid.all_fields, step.rule.relaxed, now)
        steps.append(replace(step, scoring=partial(scores, scope, weights)))
    return SearchPlan(
        step=steps[0],
        looser=tuple(steps[1:]),
        filters=valid.filters,
        sort=valid.sort or _default_sort(valid.schema, query),
        offset=valid.offset,
        size=valid.size,
        facets=valid.facets,
        histogram=valid.histogram,
        highlight=valid.highlight,
    )


def _default_sort(schema: Schema, query: Query) -> Sort:
    if not query.is_unranked:
        return BY_RELEVANCE
    return Sort(schema.default_sort.removeprefix("-"), schema.default_sort.startswith("-"))
