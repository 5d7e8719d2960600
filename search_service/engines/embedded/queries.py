"""From a search plan to tantivy's query.

A search is one flat query::

    must    const 0   the match rule: phrases, and enough of the counted words
    must    const 0   the filters
    should            the tiers that score, from strict to loose

so that what matches never depends on what scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import tantivy
from tantivy import Occur, Query

from index_config.analyzers import ALL_LEAD, ALL_NGRAM, ALL_STEM
from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.core.filters import Filters, RangeFilter
from search_service.core.results import NOTHING
from search_service.engines.embedded import fields
from search_service.query.plan import SearchPlan
from search_service.query.tree import QueryWord
from search_service.ranking.tiers import ANALYZERS, Tier, newer_than, tiers


class QueryBuilder:
    """Builds the queries of one index."""

    def __init__(self, schema: Schema, tantivy_schema: tantivy.Schema) -> None:
        self._schema = schema
        self._tantivy = tantivy_schema

    def scored(self, plan: SearchPlan) -> Query:
        """Return the query that matches and ranks."""
        clauses = [(Occur.Must, Query.const_score_query(self.matching(plan, plan.filters), 0.0))]
        for tier in tiers(plan, self._schema):
            clauses += [(Occur.Should, Query.boost_query(query, tier.weight)) for query in self._terms(tier, plan)]
        return Query.boolean_query(clauses)

    def matching(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query for what counts as a match under some filters, without scores."""
        if plan.rule == NOTHING:
            return Query.empty_query()
        parts = [*self._rule(plan), *self._filters(filters)]
        if not parts:
            return Query.all_query()
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, part) for part in parts])

    def by_id(self, document_id: str) -> Query:
        """Return the query for one document."""
        return self._term(fields.ID, document_id, "basic")

    def has_stem(self, stem: str) -> Query:
        """Return the query for documents that have a stem in any searched field."""
        return self._term(ALL_STEM, stem, "basic")

    def one(self, query: Query, document_id: str) -> Query:
        """Return a query restricted to one document."""
        return Query.boolean_query(
            [(Occur.Must, Query.const_score_query(self.by_id(document_id), 0.0)), (Occur.Must, query)]
        )

    def parts(self, plan: SearchPlan, document_id: str) -> Iterator[tuple[Tier, str, Query]]:
        """Yield each term of each tier with the query that scores it for one document."""
        for tier in tiers(plan, self._schema):
            for term, query in zip(tier.terms, self._terms(tier, plan), strict=True):
                yield tier, term, self.one(Query.boost_query(query, tier.weight), document_id)

    def flags(self, plan: SearchPlan, ids: Sequence[str]) -> Query:
        """Return a query that finds documents by id and whose score is a bit for each analyzer that matches.

        The bits follow `ANALYZERS`; a bit far above them keeps the sum exact in 32-bit floats. None is looked up for
        stems: every match rule asks for them, or for what takes their place.
        """
        found: dict[str, list[Query]] = {analyzer: [] for analyzer in ANALYZERS}
        for tier in tiers(plan, self._schema):
            if tier.analyzer in found and tier.analyzer != "stem":
                found[tier.analyzer] += self._terms(replace(tier, terms=tier.content_terms), plan)
        clauses = [(Occur.Must, Query.const_score_query(_any([self.by_id(one) for one in ids]), FLAG_BASE))]
        for bit, analyzer in enumerate(ANALYZERS):
            if found[analyzer]:
                clauses.append((Occur.Should, Query.const_score_query(_any(found[analyzer]), float(1 << bit))))
        return Query.boolean_query(clauses)

    def completion(self, name: str, beginnings: Iterable[str]) -> Query:
        """Return the query for values of a suggest field whose words begin as typed."""
        return Query.boolean_query([(Occur.Must, self._term(fields.prefix(name), b, "basic")) for b in beginnings])

    def like(self, stems: Mapping[str, float], required: int, without: str, filters: Filters) -> Query:
        """Return the query for documents that share at least `required` of some weighted stems."""
        shared = [(Occur.Should, self.has_stem(stem)) for stem in stems]
        enough = Query.boolean_query(shared, minimum_number_should_match=required)
        clauses = [(Occur.Must, Query.const_score_query(enough, 0.0))]
        clauses += [(Occur.Must, Query.const_score_query(part, 0.0)) for part in self._filters(filters)]
        clauses.append((Occur.MustNot, self.by_id(without)))
        for field in self._schema.searched:
            for stem, weight in stems.items():
                term = self._term(fields.stem(field.name), stem)
                clauses.append((Occur.Should, Query.boost_query(term, weight * field.weight)))
        return Query.boolean_query(clauses)

    def equal(self, query: Query, name: str, value: str | float | None) -> Query:
        """Return a query restricted to documents with one value in a sort field (None: without any)."""
        if value is None:
            return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, Query.exists_query(name))])
        if isinstance(value, str):
            return Query.boolean_query([(Occur.Must, query), (Occur.Must, self._term(name, value, "basic"))])
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, self._range(RangeFilter(name, value, value)))])

    def _rule(self, plan: SearchPlan) -> list[Query]:
        """Phrases must be there; of the words, as many as the rule requires."""
        parts = [self._together(plan, phrase) for phrase in plan.query.phrases]
        if plan.rule.required:
            enough = [self._having(plan, plan.query.required_words, plan.rule.required)]
            if plan.rule.of_all:
                enough.append(self._having(plan, plan.query.unquoted_unique, plan.rule.of_all))
            parts.append(_any(enough))
        return parts

    def _having(self, plan: SearchPlan, words: Sequence[QueryWord], required: int) -> Query:
        clauses = [(Occur.Should, self._has_word(plan, word)) for word in words]
        return Query.boolean_query(clauses, minimum_number_should_match=required)

    def _has_word(self, plan: SearchPlan, word: QueryWord) -> Query:
        """A word counts in whichever field it stands; its exact form never matches without its stem."""
        compound_parts = [self._together(plan, word.compound_parts)] if word.compound_parts else []
        if plan.whole:
            return _any([*(self.has_stem(stem) for stem in word.stems), *compound_parts])
        stems = [self._term(fields.stem(name), stem, "basic") for name in plan.fields for stem in word.stems]
        return _any([*stems, *compound_parts])

    def _together(self, plan: SearchPlan, words: Sequence[str]) -> Query:
        return _any([self._phrase(name, words) for name in plan.fields])

    def _terms(self, tier: Tier, plan: SearchPlan) -> list[Query]:
        """Return a query for each term of a tier."""
        match tier.analyzer:
            case "stem" | "related":
                return [self._term(fields.stem(tier.field), term) for term in tier.terms]
            case "exact":
                return [self._term(fields.exact(tier.field), term) for term in tier.terms]
            case "shingle":
                name = fields.exact(tier.field)
                return [Query.phrase_query(self._tantivy, name, list(term.split(" "))) for term in tier.terms]
            case "quotation":
                return [Query.const_score_query(self._together(plan, term.split(" ")), 1.0) for term in tier.terms]
            case "complete":
                words = plan.query.required_words
                return [Query.const_score_query(self._having(plan, words, len(words)), 1.0)]
            case "fresh":
                return [Query.const_score_query(self._range(newer_than(plan, tier, term)), 1.0) for term in tier.terms]
            case "lead":
                return [self._term(ALL_LEAD, term) for term in tier.terms]
            case _:
                return [self._term(ALL_NGRAM, term) for term in tier.terms]

    def _filters(self, filters: Filters) -> list[Query]:
        parts = [self._values(name, values) for name, values in filters.values.items()]
        return parts + [self._range(wanted) for wanted in filters.ranges]

    def _values(self, name: str, values: Sequence[str]) -> Query:
        field = self._schema.field(name)
        integers = field is not None and field.kind is FieldKind.INTEGER
        terms = [int(value) for value in values] if integers else list(values)
        return Query.term_set_query(self._tantivy, name, terms)

    def _range(self, wanted: RangeFilter) -> Query:
        field = self._schema.field(wanted.field)
        floats = field is not None and field.kind is FieldKind.FLOAT
        low, high = wanted.low, wanted.high
        if not floats:
            low, high = (None if bound is None else int(bound) for bound in (low, high))
        kind = tantivy.FieldType.Float if floats else tantivy.FieldType.Integer
        return Query.range_query(self._tantivy, wanted.field, kind, low, high)

    def _term(self, name: str, value: str, option: str = "freq") -> Query:
        return Query.term_query(self._tantivy, name, value, option)

    def _phrase(self, name: str, words: Sequence[str]) -> Query:
        if len(words) == 1:
            return self._term(fields.exact(name), words[0], "basic")
        return Query.phrase_query(self._tantivy, fields.exact(name), list(words))


FLAG_BASE = float(1 << 20)
"""The score that finding a document by its id adds in `QueryBuilder.flags`."""


def analyzers_in(score: float) -> tuple[str, ...]:
    """Return the analyzers whose bits are in a score made by `QueryBuilder.flags`, and that of stems.

    >>> analyzers_in(FLAG_BASE + 1)
    ('exact', 'stem')
    """
    bits = int(score - FLAG_BASE)
    return tuple(analyzer for bit, analyzer in enumerate(ANALYZERS) if bits >> bit & 1 or analyzer == "stem")


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])
