"""Compiles query trees to tantivy queries.

A search is one flat query::

    must    const 0   match rule and filters
    should            ranking tiers

Therefore tiers never change which documents match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import tantivy
from tantivy import Occur, Query

from index_config.analyzers import ALL_LEMMA, combined_field
from index_config.field_kinds import ValueType
from index_config.schema import Field as SchemaField
from index_config.schema import Schema
from search_service.analysis.values import ValueKeys
from search_service.core.filters import Filters, RangeFilter, ValueFilter
from search_service.engines.embedded import fields
from search_service.query.clauses import Phrase, Term, WordPrefix
from search_service.query.plan import SearchPlan
from search_service.query.tree import (
    Bm25,
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
from search_service.ranking.tiers import MATCHED_BY

MATCHED_BY_BASE = float(1 << 20)
"""The score of the match by id in `QueryBuilder.matched_by`."""

_ANY_TERM = "(?s).*"
"""The regular expression of every term, also of one with a line break."""

_COLUMNS = (ValueType.INTEGER, ValueType.FLOAT, ValueType.DATE)
"""Types whose values always have a column."""


class QueryBuilder:
    """Builds the queries of one index; `keys` are those of its keyword values."""

    def __init__(
        self, schema: Schema, tantivy_schema: tantivy.Schema, keys: ValueKeys, searcher: tantivy.Searcher
    ) -> None:
        self._schema = schema
        self._keys = keys
        self._tantivy = tantivy_schema
        self._searcher = searcher
        self._searched = tuple(field.name for field in schema.searched)

    # What matches

    def compile(self, node: Node, within: Sequence[str] = ()) -> Query:
        """Return the query for a node, restricted to the fields `within`; all searched fields if empty."""
        match node:
            case Term():
                return self._word(node, within)
            case Phrase(slop=0):
                names = within or self._searched
                return _any([self._phrase(name, words) for words in node.spellings for name in names])
            case Phrase():
                return _any([self._near(name, node) for name in within or self._searched])
            case WordPrefix():
                return _any([self._beginning(name, node) for name in within or self._searched])
            case IndexTerms(terms=terms, minimum_should_match=required):
                clauses = [(Occur.Should, query) for query in self._index_terms(node)]
                return (
                    clauses[0][1]
                    if len(terms) == 1
                    else Query.boolean_query(clauses, minimum_number_should_match=required)
                )
            case Boolean():
                return self._boolean(node, within)
            case Not():
                return self._boolean(Boolean(must=(MatchAll(), node)), within)
            case Field():
                return self.compile(node.node, node.fields)
            case SuggestPrefix():
                return self._term(fields.prefix(node.field), node.beginning)
            case Ids(ids=ids):
                return _any([self._term(fields.ID, document_id) for document_id in ids])
            case ValueFilter(field=name, values=values):
                return self._values(name, values)
            case RangeFilter():
                return self._range(node)
            case HasValue(field=name):
                return Query.exists_query(name)
            case MatchAll():
                return Query.all_query()
            case MatchNone():
                return Query.empty_query()

    def _word(self, word: Term, within: Sequence[str]) -> Query:
        """Return the query for a word in any field: its lemmas, or its compound parts."""
        names = [fields.lemma(name) for name in within] or [ALL_LEMMA]
        queries = [self._term(name, lemma) for name in names for lemma in word.matching_lemmas]
        if word.compound_parts:
            queries.append(self.compile(Phrase(word.compound_parts), within))
        return _any(queries)

    def _boolean(self, node: Boolean, within: Sequence[str]) -> Query:
        clauses = self._musts(node.must, within)
        should = [(Occur.Should, self.compile(child, within)) for child in node.should]
        if not clauses:
            return Query.boolean_query(should, minimum_number_should_match=node.minimum_should_match)
        if should:
            clauses.append((Occur.Must, self._boolean(replace(node, must=()), within)))
        return Query.boolean_query(clauses)

    def _musts(self, nodes: Iterable[Node], within: Sequence[str] = ()) -> list[tuple[Occur, Query]]:
        clauses = [
            (Occur.MustNot, self.compile(node.node, within))
            if isinstance(node, Not)
            else (Occur.Must, self.compile(node, within))
            for node in nodes
        ]
        if clauses and all(occur is Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, Query.all_query()))  # without it tantivy matches nothing
        return clauses

    def matching(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query that matches a plan under some filters, without scores."""
        return self.filtered(plan.match, filters)

    def filtered(self, node: Node, filters: Filters) -> Query:
        """Return the query for a node under some filters, without scores."""
        clauses = self._musts(conjuncts(node))
        clauses += [(Occur.Must, part) for part in self._filters(filters)]
        if not clauses:
            return Query.all_query()
        return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)

    def exists(self, field: SchemaField, filters: Filters) -> Query | None:
        """Return the query for documents with a value of a field; None if the field is not indexed.

        A text must have a word. All terms of 20,000 texts take 20 ms.
        """
        if field.facet or field.sort or field.kind.value_type in _COLUMNS:
            query = Query.exists_query(field.name)
        elif field.is_searched:
            query = Query.regex_query(self._tantivy, fields.exact(field.name), _ANY_TERM)
        elif field.kind.filter:
            query = Query.regex_query(self._tantivy, field.name, _ANY_TERM)
        else:
            return None
        restricted = [(Occur.Must, part) for part in self._filters(filters)]
        return Query.boolean_query([(Occur.Must, query), *restricted]) if restricted else query

    def restrict_to_document(self, query: Query, document_id: str) -> Query:
        """Return a query restricted to one document."""
        only = Query.const_score_query(self.compile(Ids((document_id,))), 0.0)
        return Query.boolean_query([(Occur.Must, only), (Occur.Must, query)])

    def restrict_to_value(self, query: Query, name: str, value: str | float | None) -> Query:
        """Return a query restricted to documents with one indexed value in a sort field (None: without any)."""
        if value is None:
            return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, Query.exists_query(name))])
        equal = self._term(name, value) if isinstance(value, str) else self._range(RangeFilter(name, value, value))
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, equal)])

    # What scores

    def scored(self, plan: SearchPlan) -> Query:
        """Return the query that matches and ranks."""
        clauses = [(Occur.Must, Query.const_score_query(self.matching(plan, plan.filters), 0.0))]
        for score in plan.scores:
            clauses += [(Occur.Should, Query.boost_query(query, score.weight)) for query in self._scoring(score)]
        return Query.boolean_query(clauses)

    def explain_queries(self, plan: SearchPlan, document_id: str) -> Iterator[tuple[Score, str, Query]]:
        """Yield each scoring node and term with the query that scores it for one document."""
        for score in plan.scores:
            terms = score.terms.terms if isinstance(score, Bm25) else (score.label,)
            for term, query in zip(terms, self._scoring(score), strict=True):
                yield score, term, self.restrict_to_document(Query.boost_query(query, score.weight), document_id)

    def matched_by(self, plan: SearchPlan, ids: Sequence[str]) -> Query:
        """Return a query that matches documents by id, with a score that has one bit for each matching tier.

        The bits are in the order of `MATCHED_BY`; the base score keeps the sum exact in 32-bit floats. Lemmas are not
        searched: every match rule requires lemmas or phrases.
        """
        queries_by_tier: dict[str, list[Query]] = {tier: [] for tier in MATCHED_BY}
        for score in plan.scores:
            if isinstance(score, Bm25) and score.in_matched_by and score.terms.form is not Form.LEMMA:
                terms = IndexTerms(score.terms.form, score.field, score.content_terms)
                queries_by_tier[score.tier] += self._index_terms(terms)
        clauses = [(Occur.Must, Query.const_score_query(self.compile(Ids(tuple(ids))), MATCHED_BY_BASE))]
        for bit, tier in enumerate(MATCHED_BY):
            if queries_by_tier[tier]:
                clauses.append((Occur.Should, Query.const_score_query(_any(queries_by_tier[tier]), float(1 << bit))))
        return Query.boolean_query(clauses)

    def _scoring(self, score: Score) -> list[Query]:
        """Return a query for each term of a score."""
        if isinstance(score, Bm25):
            return self._index_terms(score.terms)
        return [Query.const_score_query(self.compile(score.node), 1.0)]

    def _index_terms(self, node: IndexTerms) -> list[Query]:
        if node.form is Form.SHINGLE:
            return [self._phrase(node.field, term.split(" ")) for term in node.terms]
        name = f"{node.field}.{node.form}" if node.field else combined_field(node.form)
        option = "basic" if name == ALL_LEMMA else "freq"
        return [self._term(name, term, option) for term in node.terms]

    # Filters

    def _filters(self, filters: Filters) -> list[Query]:
        parts = [self._values(name, values) for name, values in filters.values.items()]
        return [*parts, *map(self._range, filters.ranges), *map(self.compile, filters.restriction)]

    def _values(self, name: str, values: Sequence[str]) -> Query:
        field = self._schema.field(name)
        terms: list[Any] = list(values)
        if field is not None and field.kind.value_type is ValueType.INTEGER:
            terms = [int(value) for value in values]
        elif field is not None:
            terms = [key for value in values if (key := self._keys.of(field, value))]
        return Query.term_set_query(self._tantivy, name, terms) if terms else Query.empty_query()

    def _range(self, range_filter: RangeFilter) -> Query:
        field = self._schema.field(range_filter.field)
        floats = field is not None and field.kind.value_type is ValueType.FLOAT
        low, high = range_filter.low, range_filter.high
        if not floats:
            low, high = (None if bound is None else int(bound) for bound in (low, high))
        kind = tantivy.FieldType.Float if floats else tantivy.FieldType.Integer
        return Query.range_query(self._tantivy, range_filter.field, kind, low, high)

    def _term(self, name: str, value: str, option: str = "basic") -> Query:
        return Query.term_query(self._tantivy, name, value, option)

    def _phrase(self, name: str, words: Sequence[str], slop: int = 0) -> Query:
        if len(words) == 1:
            return self._term(fields.exact(name), words[0])
        return Query.phrase_query(self._tantivy, fields.exact(name), list(words), slop)

    def _near(self, name: str, phrase: Phrase) -> Query:
        """Return the query for words near each other: each pair of them, because tantivy misses some of three words."""
        return Query.boolean_query([(Occur.Must, self._phrase(name, words, slop)) for words, slop in phrase.pairs])

    def _beginning(self, name: str, prefix: WordPrefix) -> Query:
        """Return the query for a beginning. Its words are looked up, which is faster than a regular expression."""
        field = fields.exact(name)
        found = (self._searcher.terms_with_prefix(field, beginning) for beginning in prefix.beginnings)
        return Query.term_set_query(self._tantivy, field, [word for words in found for word, _ in words])


def matched_tiers(score: float) -> tuple[str, ...]:
    """Return the tiers in a score of `QueryBuilder.matched_by`; the lemma is always among them.

    >>> matched_tiers(MATCHED_BY_BASE + 1)
    ('exact', 'lemma')
    """
    bits = int(score - MATCHED_BY_BASE)
    return tuple(tier for bit, tier in enumerate(MATCHED_BY) if bits >> bit & 1 or tier == "lemma")


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])
