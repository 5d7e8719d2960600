"""From a search plan to Elasticsearch's queries.

==================  =========================================================================
`matching`          what counts as a match, without scores
`scored`            the same, scored by the stems and by what adds a constant
`rescored`          what scores the best of them again: exact words, pairs, the lead and n-grams
`filtered`          filters on values and ranges
`required_words`           facets, each under every filter but its own, and the histogram
`marked`            the words to mark
`page`              all of it together
`completing`        values of a suggest field whose words begin as typed
`like`              documents that share telling stems
==================  =========================================================================

Words are analysed by the service and sent as they stand in the index, joined by spaces: one `match` query for a tier
instead of a term query for each word says the same and is built and sent faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch.dsl import A, Search, query
from elasticsearch.dsl.aggs import Agg
from elasticsearch.dsl.query import Query

from index_config.analyzers import ALL_LEAD, ALL_NGRAM, ALL_STEM
from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.core.filters import Filters, Interval, RangeFilter
from search_service.core.results import NOTHING
from search_service.engines.elasticsearch import fields
from search_service.query.plan import SearchPlan
from search_service.query.tree import QueryWord
from search_service.ranking.tiers import Tier, newer_than, tiers

WINDOW = 300
"""The best documents of each shard, by their stems, that the other tiers score again. It never depends on the page:
pages of one order could not be cut from different ones. See ADR 8 for what other windows and divisions gave."""

MAX_VALUES = 65_000
"""Distinct values that are counted when all are wanted. Elasticsearch refuses more than 65,536 buckets."""

SHARD_VALUES = 10_000
"""Distinct values that each shard reports: counts are exact while no shard has more."""

EXACT_UP_TO = 3
"""Up to so many words of a query, exact words score every match, not only the best: a single word can have thousands of
relatives by its stem, of which the best 300 need not be those that have the word itself."""

FIRST = ("stem", "related")
"""Tiers that score every match: they are what makes it one."""

NAMED = ("exact", "shingle")
"""Tiers of which Elasticsearch tells whether a hit matches them; of the others the service knows by itself. To look the
n-grams up again for each hit takes longer than many a search."""

_HISTOGRAM_FORMATS = {Interval.DAY: "uuuu-MM-dd", Interval.MONTH: "uuuu-MM", Interval.YEAR: "uuuu"}
_UNIX_EPOCH = 62_135_596_800
"""Seconds from the year 1, from which the service counts, to 1970, from which Elasticsearch does."""


class Queries:
    """Builds the queries of one index.

    Args:
        schema: what the index was made with.
        sentinel: stands before and behind a marked piece; nothing that a document could hold.
    """

    def __init__(self, schema: Schema, sentinel: str) -> None:
        self._schema = schema
        self._sentinel = sentinel

    # What matches

    def matching(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query for what counts as a match under some filters."""
        if plan.rule == NOTHING:
            return query.MatchNone()
        parts = [*self._rule(plan), *self.filtered(filters)]
        return query.Bool(filter=parts) if parts else query.MatchAll()

    def _rule(self, plan: SearchPlan) -> list[Query]:
        """Phrases must be there; of the counted words, as many as the rule requires."""
        parts = [self._together(plan, phrase) for phrase in plan.query.phrases]
        if plan.rule.required:
            enough = [self._words(plan, plan.query.required_words, plan.rule.required)]
            if plan.rule.of_all:
                enough.append(self._words(plan, plan.query.unquoted_unique, plan.rule.of_all))
            parts.append(_any(enough))
        return parts

    def _words(self, plan: SearchPlan, words: Sequence[QueryWord], required: int) -> Query:
        """A word counts in whichever field it stands; its exact form never matches without its stem."""
        if plan.whole and not any(word.expansions or word.compound_parts for word in words):
            stems = " ".join(word.stem for word in words)
            return query.Match(ALL_STEM, {"query": stems, "minimum_should_match": required})
        names = [ALL_STEM] if plan.whole else [fields.stem(name) for name in plan.fields]
        each = [_any([*self._stems(word, names), *self._compound_parts(word, plan)]) for word in words]
        return query.Bool(should=each, minimum_should_match=required)

    def _stems(self, word: QueryWord, names: Iterable[str]) -> list[Query]:
        return [query.Match(name, {"query": " ".join(word.stems)}) for name in names]

    def _compound_parts(self, word: QueryWord, plan: SearchPlan) -> list[Query]:
        return [self._together(plan, word.compound_parts)] if word.compound_parts else []

    def _together(self, plan: SearchPlan, words: Sequence[str]) -> Query:
        return _any(self._phrase(name, words) for name in plan.fields)

    def filtered(self, filters: Filters) -> list[Query]:
        """Return a query for each filter."""
        values = [query.Terms(name, list(wanted)) for name, wanted in filters.values.items()]
        return [*values, *(self._range(wanted) for wanted in filters.ranges)]

    def _range(self, wanted: RangeFilter) -> Query:
        field = self._schema.field(wanted.field)
        bounds: dict[str, Any] = {}
        dated = field is not None and field.kind is FieldKind.DATE
        if wanted.low is not None:
            bounds["gte"] = _milliseconds(wanted.low) if dated else wanted.low
        if wanted.high is not None:
            # A date stands for whole seconds: the last one is included to its end.
            bounds |= {"lt": _milliseconds(wanted.high + 1)} if dated else {"lte": wanted.high}
        if dated:
            bounds["format"] = "epoch_millis"
        return query.Range(wanted.field, bounds)

    # What scores

    def scored(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query that matches, scored by what is read for every match: stems, if it is short exact words.

        What adds a constant is read for every match as well: what stands once in a long text is not among the best.
        """
        found = list(tiers(plan, self._schema))
        stems = [tier for tier in found if tier.analyzer in FIRST]
        content_terms = [self._tier(tier, tier.content_terms) for tier in stems]
        others = [self._tier(tier, rest) for tier in stems if (rest := tier.others)]
        if _short(plan):
            others += [self._tier(tier, tier.terms) for tier in found if tier.analyzer == "exact"]
        others += [self._constant(tier, term, plan) for tier in found if tier.constant for term in tier.terms]
        if plan.rule.required == 1 and not plan.rule.of_all and not plan.query.phrase_alternatives:
            # Any of the telling stems is the rule itself: it need not be looked up twice.
            matching = query.Bool(should=content_terms, minimum_should_match=1)
            return query.Bool(must=[matching], filter=self.filtered(filters), should=others)
        return query.Bool(filter=[*self._rule(plan), *self.filtered(filters)], should=[*content_terms, *others])

    def rescored(self, plan: SearchPlan) -> Query:
        """Return what else adds to the score of the best: exact words, pairs, the lead and n-grams."""
        clauses = []
        for tier in tiers(plan, self._schema):
            if tier.analyzer in NAMED:
                scores = tier.analyzer != "exact" or not _short(plan)
                clauses.append(
                    self._tier(tier if scores else replace(tier, weight=0.0), tier.content_terms, tier_name(tier))
                )
                clauses += [self._tier(tier, rest) for rest in (tier.others,) if rest and scores]
            elif tier.analyzer not in FIRST and not tier.constant:
                clauses.append(self._tier(tier, tier.terms))
        return query.Bool(should=clauses)

    def named(self, plan: SearchPlan, filters: Filters) -> Query:
        """Return the query that matches, with the tiers for their names only: in a field's order nothing scores."""
        return query.Bool(filter=[self.matching(plan, filters)], should=[self.rescored(plan)])

    def one(self, plan: SearchPlan, document_id: str) -> Query:
        """Return the query for one document, if it matches."""
        return query.Bool(filter=[self.matching(plan, plan.filters), query.Ids(values=[document_id])])

    def parts(self, plan: SearchPlan, document_id: str) -> tuple[dict[str, Any], dict[str, tuple[Tier, str]]]:
        """Return the search that scores one document term by term, and what the names in its answer stand for."""
        named = {f"{tier_name(tier)} {term}": (tier, term) for tier in tiers(plan, self._schema) for term in tier.terms}
        clauses = [
            self._constant(tier, term, plan, name) if tier.constant else self._tier(tier, [term], name)
            for name, (tier, term) in named.items()
        ]
        found = query.Bool(filter=[query.Ids(values=[document_id])], should=clauses)
        return {"query": found.to_dict(), "_source": False}, named

    def _tier(self, tier: Tier, terms: Sequence[str], name: str = "") -> Query:
        """Return the query for terms of a tier; by `_name` Elasticsearch tells which queries a hit matches."""
        named: dict[str, Any] = {"_name": name} if name else {}
        words = {"query": " ".join(terms), "boost": tier.weight, **named}
        match tier.analyzer:
            case "stem" | "related":
                return query.Match(fields.stem(tier.field), words)
            case "exact":
                return query.Match(fields.exact(self._schema, tier.field), words)
            case "lead":
                return query.Match(ALL_LEAD, words)
            case "ngram":
                return query.Match(ALL_NGRAM, words)
            case _:
                exact = fields.exact(self._schema, tier.field)
                pairs = [query.MatchPhrase(exact, {"query": pair, "boost": tier.weight}) for pair in terms]
                return query.Bool(should=pairs, **named)

    def _constant(self, tier: Tier, term: str, plan: SearchPlan, name: str = "") -> Query:
        """Return the query for a term of a tier that adds its weight as it is."""
        words = plan.query.required_words
        match tier.analyzer:
            case "complete":
                matching = self._words(plan, words, len(words))
            case "fresh":
                matching = self._range(newer_than(plan, tier, term))
            case _:
                matching = self._together(plan, term.split(" "))
        return query.ConstantScore(filter=matching, boost=tier.weight, **({"_name": name} if name else {}))

    def _phrase(self, name: str, words: Sequence[str]) -> Query:
        return query.MatchPhrase(fields.exact(self._schema, name), {"query": " ".join(words)})

    # What is counted

    def required_words(self, plan: SearchPlan, main: Filters) -> dict[str, Agg[Any]]:
        """Return the aggregations of a plan; those whose own filter is not among `main` are under the others'."""
        found: dict[str, Agg[Any]] = {}
        for request in plan.facets:
            found[f"facet {request.field}"] = self._under(
                plan, main, request.field, self.values(request.field, request.size)
            )
        if plan.histogram:
            name, width = plan.histogram
            bars = A(
                "date_histogram", field=name, calendar_interval=width.value, format=_HISTOGRAM_FORMATS[width],
                min_doc_count=1,
            )  # fmt: skip
            found["histogram"] = self._under(plan, main, name, bars)
        return found

    def values(self, name: str, size: int = MAX_VALUES) -> Agg[Any]:
        """Return the aggregation for the values of a field, most frequent first, equals by value."""
        order = [{"_count": "desc"}, {"_key": "asc"}]
        return A("terms", field=name, size=size, shard_size=max(size, SHARD_VALUES), order=order)

    def _under(self, plan: SearchPlan, main: Filters, name: str, counts: Agg[Any]) -> Agg[Any]:
        """Put an aggregation under every filter but its own that the query does not hold already."""
        missing = _beside(plan.filters.without(name), main)
        return A("filter", query.Bool(filter=self.filtered(missing)), aggs={"counts": counts})

    # What is marked

    def marked(self, plan: SearchPlan) -> dict[str, Any]:
        """Return the highlighting of the counted words by their stems, and of phrases where they stand."""
        stems = " ".join(stem for word in plan.query.required_words for stem in word.stems)
        wanted: dict[str, Any] = {}
        for name in plan.highlight:
            if stems:
                field = fields.stem(name)
                wanted[field] = {"highlight_query": {"match": {field: stems}}}
            if together := plan.query.phrase_alternatives:
                phrases = _any(self._phrase(name, phrase) for phrase in together)
                wanted[fields.exact(self._schema, name)] = {"highlight_query": phrases.to_dict()}
        return {
            "fields": wanted,
            "number_of_fragments": 0,
            "pre_tags": [self._sentinel],
            "post_tags": [self._sentinel],
            "max_analyzed_offset": -1,  # a longer text is marked to there; unset, it would fail the search
        }

    # All of it together

    def page(self, plan: SearchPlan, offset: int, size: int) -> dict[str, Any]:
        """Return the whole search for some hits of a plan whose rule is chosen."""
        main = self._main_filters(plan)
        worded = not plan.query.matches_everything
        by_score = plan.sort.by_relevance and worded
        made = self.matching if not (worded and size) else self.scored if by_score else self.named
        # Put together here: `Search` copies all of it twice, which takes as long as everything else.
        body: dict[str, Any] = {"query": made(plan, main).to_dict(), "from": offset, "size": size}
        body["track_total_hits"] = True
        if later := self.filtered(_beside(plan.filters, main)):
            body["post_filter"] = query.Bool(filter=later).to_dict()
        if required_words := self.required_words(plan, main):
            body["aggs"] = {name: aggregation.to_dict() for name, aggregation in required_words.items()}
        if not size:
            return body
        if by_score:
            body["rescore"] = {"window_size": WINDOW, "query": {"rescore_query": self.rescored(plan).to_dict()}}
        else:
            body["sort"] = self.order(plan)
        if plan.highlight and worded:
            body["highlight"] = self.marked(plan)
        return body

    def order(self, plan: SearchPlan) -> list[dict[str, Any]]:
        """Return the order by a field, documents without it last and equals by their ids."""
        by_id: list[dict[str, Any]] = [{fields.ID: "asc"}]
        if not plan.sort.field:
            return by_id
        direction = "desc" if plan.sort.descending else "asc"
        return [{plan.sort.field: {"order": direction, "missing": "_last"}}, *by_id]

    def _main_filters(self, plan: SearchPlan) -> Filters:
        """Return the filters that the query itself can hold: all but those of fields that are counted without them."""
        required_words = {request.field for request in plan.facets} | ({plan.histogram[0]} if plan.histogram else set())
        filters = plan.filters
        for name in required_words:
            filters = filters.without(name)
        return filters

    # Completion and similar documents

    def completing(self, name: str, beginnings: Sequence[str], size: int) -> dict[str, Any]:
        """Return the search for values of a suggest field whose words begin as typed, newest documents first."""
        wanted = query.Match(fields.prefix(name), {"query": " ".join(beginnings), "operator": "and"})
        newest = self._schema.default_sort.removeprefix("-")
        order: list[dict[str, Any]] = [{newest: {"order": "desc", "missing": "_last"}}] if newest else []
        body: dict[str, Any] = Search().query(query.Bool(filter=[wanted])).extra(size=size).source([name]).to_dict()
        return {**body, "sort": [*order, {fields.ID: "asc"}], "track_total_hits": False}

    def like(
        self, stems: Mapping[str, float], required: int, without: str, filters: Filters, size: int
    ) -> dict[str, Any]:
        """Return the search for documents that share at least `required` of some weighted stems."""
        enough = query.Match(ALL_STEM, {"query": " ".join(stems), "minimum_should_match": required})
        scored = [
            query.Term(fields.stem(field.name), {"value": stem, "boost": weight * field.weight})
            for field in self._schema.searched
            for stem, weight in stems.items()
        ]
        found = query.Bool(
            filter=[enough, *self.filtered(filters)], must_not=[query.Ids(values=[without])], should=scored
        )
        body: dict[str, Any] = Search().query(found).extra(size=size, track_total_hits=False).to_dict()
        return body


def counting(matching: Query) -> dict[str, Any]:
    """Return the search that only counts."""
    return {"query": matching.to_dict(), "size": 0, "track_total_hits": True}


def _short(plan: SearchPlan) -> bool:
    return len(plan.query.words) <= EXACT_UP_TO


def tier_name(tier: Tier) -> str:
    """Return the name of a tier in a query: what `matched_by` is read from."""
    return f"{tier.analyzer} {tier.field}"


def _beside(filters: Filters, others: Filters) -> Filters:
    """Return the filters that are not among others."""
    values = {name: wanted for name, wanted in filters.values.items() if name not in others.values}
    return Filters(values, tuple(wanted for wanted in filters.ranges if wanted not in others.ranges))


def _any(queries: Iterable[Query]) -> Query:
    several = list(queries)
    return several[0] if len(several) == 1 else query.Bool(should=several, minimum_should_match=1)


def _milliseconds(seconds: float) -> int:
    return int(seconds - _UNIX_EPOCH) * 1000
