"""Compiles query trees to Elasticsearch queries.

==================  =========================================================================
`compile`           a node of the query tree
`matching`          match rule and filters, without scores
`scored`            the same, scored by the tiers that score every match
`rescored`          the tiers that rescore the best matches: exact words, bigrams, the lead and n-grams
`filtered`          filters on values and ranges
`page`              the complete search body
==================  =========================================================================

The service analyses words and sends index terms separated by spaces: one `match` query per tier is equivalent to a term
query per word, and faster to build and send.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from index_config.analyzers import ALL_LEMMA, combined_field
from index_config.field_kinds import ValueType
from index_config.schema import Schema
from search_service.analysis.values import ValueKeys
from search_service.core.filters import Filters, RangeFilter, Sort, ValueFilter
from search_service.engines.base import Selection
from search_service.engines.elasticsearch import fields
from search_service.engines.elasticsearch.search.aggregations import counts, difference, main_filters
from search_service.engines.elasticsearch.search.query_dsl import (
    MATCH_ALL,
    MATCH_NONE,
    Query,
    any_of,
    bool_query,
    match,
    match_phrase,
)
from search_service.query.clauses import Phrase, Term, WordPrefix
from search_service.query.plan import SearchPlan
from search_service.query.tree import (
    Bm25,
    Bonus,
    Boolean,
    Field,
    Form,
    HasValue,
    Ids,
    IndexTerms,
    MatchAll,
    MatchNone,
    Node,
    Not,
    Score,
    SuggestPrefix,
    conjuncts,
)
from search_service.ranking.listing import Group

RESCORE_WINDOW = 300
"""Number of best matches per shard, by lemma, that the other tiers rescore. It never depends on the page: all pages
need one order. ADR 8 compares other windows and divisions."""

_NO_LETTER = re.compile(r"[^\w]")
"""What is escaped in a pattern of Lucene, where more signs have a meaning than in Python's."""

_UNIX_EPOCH = 62_135_596_800
"""Seconds from the year 1, from which the service counts, to 1970, from which Elasticsearch does."""


class QueryBuilder:
    """Builds the queries of one index.

    Args:
        schema: the schema of the index.
        keys: the keys of keyword values.
    """

    def __init__(self, schema: Schema, keys: ValueKeys) -> None:
        self._schema = schema
        self._keys = keys
        self._searched = tuple(field.name for field in schema.searched)

    # What matches

    def compile(self, node: Node, within: Sequence[str] = ()) -> Query:
        """Return the query for a node, restricted to the fields `within`; all searched fields if empty."""
        match node:
            case Term():
                return self._word(node, within)
            case Phrase(slop=0):
                names = within or self._searched
                return any_of(self._phrase(name, words) for words in node.spellings for name in names)
            case Phrase():
                return any_of(self._near(name, node) for name in within or self._searched)
            case WordPrefix():
                return any_of(self._beginning(name, node) for name in within or self._searched)
            case IndexTerms(form=Form.SHINGLE, field=name, terms=terms):
                return any_of(self._phrase(name, term.split(" ")) for term in terms)
            case IndexTerms(form=form, field=name, terms=terms, minimum_should_match=required):
                return match(self._field(form, name), terms, required)
            case Boolean():
                return self._boolean(node, within)
            case Not(node=negated):
                return bool_query(must_not=[self.compile(negated, within)])
            case Field(fields=names, node=inner):
                return self.compile(inner, names)
            case SuggestPrefix(field=name, beginning=beginning):
                return match(fields.prefix(name), [beginning])
            case Ids(ids=ids):
                return _ids(ids)
            case ValueFilter(field=name, values=values):
                return self._values(name, values)
            case RangeFilter():
                return self._range(node)
            case HasValue(field=name):
                return {"exists": {"field": self.key(name)}}
            case MatchAll():
                return MATCH_ALL
            case MatchNone():
                return MATCH_NONE

    def _word(self, word: Term, within: Sequence[str]) -> Query:
        """Return the query for a word in any field: its lemmas, or its compound parts."""
        names = [fields.terms(Form.LEMMA, name) for name in within] or [ALL_LEMMA]
        queries = [match(name, word.matching_lemmas) for name in names]
        if word.compound_parts:
            queries.append(self.compile(Phrase(word.compound_parts), within))
        return any_of(queries)

    def _boolean(self, node: Boolean, within: Sequence[str]) -> Query:
        required = node.minimum_should_match
        if not node.must and not within and (lemmas := _single_lemmas(node.should)):
            return match(ALL_LEMMA, lemmas, required)
        return bool_query(
            filter=[self.compile(child, within) for child in node.must if not isinstance(child, Not)],
            must_not=[self.compile(child.node, within) for child in node.must if isinstance(child, Not)],
            should=[self.compile(child, within) for child in node.should],
            minimum_should_match=required if node.should else None,
        )

    def matching(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query that matches a plan under some filters, without scores."""
        if isinstance(plan.match, MatchNone):
            return MATCH_NONE
        parts = [*map(self.compile, conjuncts(plan.match)), *self.filtered(filters)]
        return bool_query(filter=parts) if parts else MATCH_ALL

    def matching_document(self, plan: SearchPlan, document_id: str) -> Query:
        """Return the query for one document, if it matches."""
        return bool_query(filter=[self.matching(plan, plan.filters), _ids([document_id])])

    def filtered(self, filters: Filters) -> list[Query]:
        """Return a query for each filter."""
        values = (self._values(*one) for one in filters.values.items())
        return [*values, *map(self._range, filters.ranges), *map(self.compile, filters.restriction)]

    def _values(self, name: str, values: Sequence[str]) -> Query:
        field = self._schema.field(name)
        terms = [key for value in values if (key := self._keys.of(field, value) if field else value)]
        return {"terms": {self.key(name): terms}}

    def key(self, name: str) -> str:
        """Return the name of the field that values are filtered, counted and sorted by."""
        return fields.key(self._schema, name)

    def _range(self, range_filter: RangeFilter) -> Query:
        field = self._schema.field(range_filter.field)
        bounds: dict[str, Any] = {}
        dated = field is not None and field.kind.value_type is ValueType.DATE
        if range_filter.low is not None:
            bounds["gte"] = _milliseconds(range_filter.low) if dated else range_filter.low
        if range_filter.high is not None:
            # The last second of a date is included completely.
            bounds |= {"lt": _milliseconds(range_filter.high + 1)} if dated else {"lte": range_filter.high}
        if dated:
            bounds["format"] = "epoch_millis"
        return {"range": {range_filter.field: bounds}}

    # What scores

    def scored(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query that matches, scored by the tiers that score every match.

        Bonuses are among them: a phrase in a long text may not be among the best matches to rescore.
        """
        every_match = [score for score in plan.scores if isinstance(score, Bm25) and score.scores_every_match]
        lemmas = [score for score in every_match if score.terms.form is Form.LEMMA]
        others = [score for score in every_match if score.terms.form is not Form.LEMMA]
        content_terms = [self._bm25(score, score.content_terms) for score in lemmas]
        optional = [self._bm25(score, score.stop_terms) for score in lemmas if score.stop_terms]
        optional += [self._bm25(score, score.terms.terms) for score in others]
        optional += [self._bonus(score) for score in plan.scores if isinstance(score, Bonus)]
        if _is_any_lemma(plan.match) and not plan.query.conditions:
            # The match rule is any of the content lemmas: one clause matches and scores.
            matching = bool_query(should=content_terms, minimum_should_match=1)
            return bool_query(must=[matching], filter=self.filtered(filters), should=optional)
        parts = [*map(self.compile, conjuncts(plan.match)), *self.filtered(filters)]
        return bool_query(filter=parts, should=[*content_terms, *optional])

    def rescored(self, plan: SearchPlan) -> Query:
        """Return the query of the tiers that rescore the best matches.

        It also names the tiers that Elasticsearch has to report for `matched_by`.
        """
        clauses = []
        for score in plan.scores:
            if not isinstance(score, Bm25):
                continue
            if is_named(score):
                weight = 0.0 if score.scores_every_match else score.weight
                clauses.append(self._bm25(score, score.content_terms, tier_name(score), weight))
                if score.stop_terms and not score.scores_every_match:
                    clauses.append(self._bm25(score, score.stop_terms))
            elif not score.scores_every_match:
                clauses.append(self._bm25(score, score.terms.terms))
        return bool_query(should=clauses)

    def named(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query for results ordered by a field: tiers do not score, but report `matched_by`."""
        return bool_query(filter=[self.matching(plan, filters)], should=[self.rescored(plan)])

    def explain_queries(
        self, plan: SearchPlan, document_id: str
    ) -> tuple[dict[str, Any], dict[str, tuple[Score, str]]]:
        """Return the search that scores one document term by term, and the score and term of each query name."""
        named: dict[str, tuple[Score, str]] = {}
        clauses = []
        for score in plan.scores:
            for term in score.terms.terms if isinstance(score, Bm25) else (score.label,):
                name = f"{tier_name(score)} {term}"
                named[name] = score, term
                clauses.append(self._bm25(score, [term], name) if isinstance(score, Bm25) else self._bonus(score, name))
        scored = bool_query(filter=[_ids([document_id])], should=clauses)
        return {"query": scored, "_source": False}, named

    def _bm25(self, score: Bm25, terms: Sequence[str], name: str = "", weight: float | None = None) -> Query:
        """Return the query for terms of a score; Elasticsearch reports `_name` for each hit that matches."""
        boost = score.weight if weight is None else weight
        if score.terms.form is Form.SHINGLE:
            exact = fields.terms(Form.EXACT, score.field)
            return bool_query(should=[match_phrase(exact, [pair], boost=boost) for pair in terms], name=name)
        named: dict[str, Any] = {"_name": name} if name else {}
        return match(self._field(score.terms.form, score.field), terms, boost=boost, **named)

    def _bonus(self, score: Bonus, name: str = "") -> Query:
        """Return the query that adds a constant weight."""
        named = {"_name": name} if name else {}
        return {"constant_score": {"filter": self.compile(score.node), "boost": score.weight, **named}}

    def _field(self, form: Form, name: str) -> str:
        """Return the Elasticsearch field of a form; an empty name is the combination of all searched fields."""
        if not name:
            return combined_field(form)
        return fields.terms(form, name)

    def _phrase(self, name: str, words: Sequence[str], slop: int = 0) -> Query:
        within = {"slop": slop} if slop else {}
        return match_phrase(fields.terms(Form.EXACT, name), words, **within)

    def _near(self, name: str, phrase: Phrase) -> Query:
        """Return the query for words near each other: each pair of them, as the embedded engine does."""
        return bool_query(filter=[self._phrase(name, words, slop) for words, slop in phrase.pairs])

    def _beginning(self, name: str, prefix: WordPrefix) -> Query:
        beginnings = "|".join(_NO_LETTER.sub(r"\\\g<0>", beginning) for beginning in prefix.beginnings)
        return {"regexp": {fields.terms(Form.EXACT, name): {"value": f"({beginnings}).*"}}}

    # All of it together

    def page(self, plan: SearchPlan, offset: int, size: int) -> dict[str, Any]:
        """Return the search body for a page of hits of a plan with a selected rule."""
        main = main_filters(plan)
        has_words = not plan.query.is_unranked
        by_score = plan.sort.by_relevance and has_words
        build = self.matching if not (has_words and size) else self.scored if by_score else self.named
        body: dict[str, Any] = {"query": build(plan, main), "from": offset, "size": size}
        body["track_total_hits"] = True
        if later := self.filtered(difference(plan.filters, main)):
            body["post_filter"] = bool_query(filter=later)
        if aggregations := counts(plan, main, self.filtered, self.key):
            body["aggs"] = aggregations
        if not size:
            return body
        if by_score and plan.query.words:
            body["rescore"] = {"window_size": RESCORE_WINDOW, "query": {"rescore_query": self.rescored(plan)}}
        elif not by_score:
            body["sort"] = self.order(plan.sort)
        return body

    def group(self, plan: SearchPlan, group: Group, size: int) -> dict[str, Any]:
        """Return the search for the first documents of a group of a listing; tiers report `matched_by`."""
        matching = bool_query(filter=[self.matching(plan, plan.filters), self.compile(group.node)])
        if not plan.query.is_unranked:
            matching = bool_query(filter=[matching], should=[self.rescored(plan)])
        return {
            "query": matching,
            "size": size,
            "sort": self.order(group.sort),
            "track_total_hits": False,
        }

    def order(self, sort: Sort) -> list[dict[str, Any]]:
        """Return the order by a field, documents without it last, ties by id."""
        by_id: list[dict[str, Any]] = [{fields.ID: "asc"}]
        if not sort.field:
            return by_id
        direction = "desc" if sort.descending else "asc"
        return [{self.key(sort.field): {"order": direction, "missing": "_last"}}, *by_id]

    def selection(self, selection: Selection, filters: Filters) -> dict[str, Any]:
        """Return the search for the documents of a selection that pass some filters."""
        order: list[Any] = ["_doc"]
        if selection.newest and (field := self._schema.default_sort.removeprefix("-")):
            order = [{self.key(field): {"order": "desc", "missing": "_last"}}, {fields.ID: "asc"}]
        return {**self.first(selection.node, filters, selection.size, selection.fields), "sort": order}

    def first(
        self, node: Node, filters: Filters, size: int, names: Sequence[str] | None = None, order: str = "asc"
    ) -> dict[str, Any]:
        """Return the search for some documents of a node in the order of their ids, and some of their fields."""
        return {
            "query": bool_query(filter=[self.compile(node), *self.filtered(filters)]),
            "size": size,
            "_source": True if names is None else list(names),
            "sort": [{fields.ID: order}],
            "track_total_hits": False,
        }

    def best(self, plan: SearchPlan) -> dict[str, Any]:
        """Return the search for the best documents of a plan all of whose tiers score every match."""
        scored = self.scored(plan, plan.filters)
        return {"query": scored, "size": plan.size, "track_total_hits": False}


def counting(matching: Query) -> dict[str, Any]:
    """Return the search that only counts."""
    return {"query": matching, "size": 0, "track_total_hits": True}


def tier_name(score: Score) -> str:
    """Return the name of a tier in a query: what `matched_by` is read from."""
    return f"{score.tier} {score.field}"


def is_named(score: Bm25) -> bool:
    """Whether Elasticsearch reports that a hit matches.

    The service knows by itself that it matches by lemmas. To look the n-grams up again for each hit takes longer than
    many a search.
    """
    return score.in_matched_by and score.terms.form not in (Form.LEMMA, Form.NGRAM)


def _single_lemmas(words: Iterable[Node]) -> list[str]:
    """Return the lemmas of words that have one each and no alternatives; an empty list if any word is not so."""
    lemmas = []
    for word in words:
        if not isinstance(word, Term) or len(word.matching_lemmas) > 1 or word.compound_parts:
            return []
        lemmas.append(word.lemmas[0])
    return lemmas if len(set(lemmas)) == len(lemmas) else []


def _is_any_lemma(node: Node) -> bool:
    """Whether a node matches by any of the lemmas of its words."""
    if isinstance(node, Field):
        return _is_any_lemma(node.node)
    return (
        isinstance(node, Boolean)
        and not node.must
        and node.minimum_should_match == 1
        and all(isinstance(child, Term) and not child.compound_parts for child in node.should)
    )


def _ids(ids: Iterable[str]) -> Query:
    return {"ids": {"values": list(ids)}}


def _milliseconds(seconds: float) -> int:
    return int(seconds - _UNIX_EPOCH) * 1000
