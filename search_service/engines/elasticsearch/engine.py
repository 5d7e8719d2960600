"""The engine on Elasticsearch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from elasticsearch import NotFoundError

from index_config.compile_elasticsearch import ALL_STEM
from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document, values_of
from search_service.core.errors import EngineUnavailable, InvalidParameter, UnknownDocument
from search_service.core.filters import Filters
from search_service.core.index_state import Finding, Health, IndexStats
from search_service.core.results import (
    Completion,
    EngineHit,
    EngineResult,
    Explanation,
    FacetBucket,
    Listing,
    ScorePart,
)
from search_service.engines.base import MAX_WINDOW
from search_service.engines.completion import COMPLETION_POOL, Completions, beginnings_of
from search_service.engines.elasticsearch.catalog import Catalog, Generation
from search_service.engines.elasticsearch.changes import all_hits
from search_service.engines.elasticsearch.client import connect, translated
from search_service.engines.elasticsearch.diagnose import Doctor
from search_service.engines.elasticsearch.fields import ID
from search_service.engines.elasticsearch.health import health_of, stats_of
from search_service.engines.elasticsearch.indexes import CAPABILITIES, Writing
from search_service.engines.elasticsearch.search import paging
from search_service.engines.elasticsearch.search.marks import new_sentinel
from search_service.engines.elasticsearch.search.queries import MAX_VALUES, Queries, counting
from search_service.engines.elasticsearch.search.responses import Answer, Reader, buckets, document, total
from search_service.engines.elasticsearch.search.rule_selector import Attempts, Expectations
from search_service.engines.elasticsearch.search.session import Body, Reading, Requests
from search_service.engines.elasticsearch.search.term_stats import Vocabulary
from search_service.query.plan import SearchPlan
from search_service.query.tree import Query
from search_service.ranking.more_like_this import required_of, stem_counts, telling_stems

TIES_AT_ONCE = 200
"""Scores fetched behind a page whose edge runs through equals; doubled until they end."""


class ElasticsearchEngine(Writing):
    """Keeps indexes in an Elasticsearch of one or more nodes, and searches them.

    Args:
        settings: where it is and how to reach it.
        analysis: how texts are read.
    """

    name = "elasticsearch"
    capabilities = CAPABILITIES

    def __init__(self, settings: ElasticsearchSettings, analysis: Analysis) -> None:
        self.analysis = analysis
        self._client = connect(settings)
        self._catalog = Catalog(self._client, settings.index_prefix, analysis)
        super().__init__(self._client, self._catalog, settings, analysis)
        self.requests = Requests(self._client, self._catalog, settings.timeout)
        self._expectations = Expectations()
        self._vocabulary = Vocabulary()
        self._sentinel = new_sentinel()
        self._queries = lru_cache(maxsize=64)(lambda schema: Queries(schema, self._sentinel))

    # What there is

    def indexes(self) -> tuple[str, ...]:
        """Return the names of the indexes in order."""
        return self._catalog.names()

    def schema(self, index: str, *, stale: bool = False) -> Schema:
        """Return the schema an index was made with."""
        return (self._catalog.look_up(index) if stale else self._catalog.open(index)).schema

    def stats(self, index: str) -> IndexStats:
        """Return the state of an index."""
        with translated(index):
            return stats_of(self._client, self._catalog.look_up(index))

    def health(self, index: str) -> Health:
        """Return which shards of an index are missing."""
        return self.requests.reading(index, lambda reading: health_of(self.requests, reading.generation))

    def diagnose(self, index: str) -> Sequence[Finding]:
        """Compare an index with what it should be and probe it."""
        with translated(index):
            found = self._catalog.look_up(index)
            return list(Doctor(self.requests, self._catalog, self.analysis).findings(found))

    # Reading

    def get(self, index: str, document_id: str) -> Document:
        """Return a document."""

        def read(reading: Reading) -> Document:
            try:
                return document(self._client.get(index=reading.name, id=document_id).body)
            except NotFoundError as error:
                if error.body.get("found") is False:
                    raise UnknownDocument(index, document_id) from None
                raise

        return self.requests.reading(index, read)

    def having(self, index: str, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
        """Tell how many documents have each of some terms."""
        return self.requests.reading(index, lambda reading: self._vocabulary.having(reading, terms, analyzer))

    def search(self, index: str, plan: SearchPlan) -> EngineResult:
        """Search."""

        def read(reading: Reading) -> EngineResult:
            queries = self._queries(reading.generation.schema)

            def body(chosen: SearchPlan) -> Body:
                span = paging.span_of(chosen)
                return queries.page(chosen, span.offset, span.size)

            chosen, answer = self._settled(reading, plan, body)
            reader = Reader(reading.generation.schema, self.analysis, self._sentinel)
            fetched = answer["hits"]["hits"]
            if paging.ranked(chosen) and paging.cuts_equals(chosen, fetched):
                hits = self._tied_page(reading, chosen)
            else:
                hits = paging.in_order(chosen, fetched)
            return reader.result(chosen, answer, [reader.hit(chosen, hit) for hit in hits], reading.missing)

        return self.requests.reading(index, read)

    def _tied_page(self, reading: Reading, plan: SearchPlan) -> list[Answer]:
        """Look up all equals at the edges of a page, put them in order and fetch the page by their ids."""
        queries = self._queries(reading.generation.schema)
        bare = replace(plan, facets=(), histogram=None, highlight=())
        size = plan.offset + plan.size + TIES_AT_ONCE
        while True:
            size = min(size, MAX_WINDOW)
            [answer] = reading.ask([{**queries.page(bare, 0, size), "_source": False}])
            found = [(float(hit["_score"]), str(hit["_id"])) for hit in answer["hits"]["hits"]]
            if len(found) < size or size == MAX_WINDOW or found[plan.offset + plan.size - 1][0] != found[-1][0]:
                break
            size *= 2
        page = paging.page_of(plan, found)
        ids = {"ids": {"values": [document_id for _, document_id in page]}}
        body = queries.page(replace(plan, facets=(), histogram=None), 0, len(page))
        body["query"] = {"bool": {"must": [body["query"]], "filter": [ids]}}
        [answer] = reading.ask([body])
        by_id = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
        return [{**by_id[document_id], "_score": score} for score, document_id in page if document_id in by_id]

    def scan(self, index: str, plan: SearchPlan) -> Iterator[Document]:
        """Return every document that a plan matches, in its order."""

        def settle(reading: Reading) -> tuple[Generation, SearchPlan]:
            matching = self._queries(reading.generation.schema).matching
            chosen, _ = self._settled(reading, plan, lambda tried: counting(matching(tried, tried.filters)))
            return reading.generation, chosen

        opened, chosen = self.requests.reading(index, settle)
        queries = self._queries(opened.schema)
        if paging.ranked(chosen):
            query = queries.scored(chosen, chosen.filters)
            order: list[dict[str, Any]] = [{"_score": "desc"}, {ID: "asc"}]
        else:
            query, order = queries.matching(chosen, chosen.filters), queries.order(chosen)
        with translated(index):
            for hit in all_hits(self._client, opened.name, query.to_dict(), sort=order):
                yield document(hit)

    def facet(self, index: str, plan: SearchPlan, field: str, contains: str, size: int) -> Listing[FacetBucket]:
        """Count the values of one facet."""

        def read(reading: Reading) -> Listing[FacetBucket]:
            queries = self._queries(reading.generation.schema)

            def body(chosen: SearchPlan) -> Body:
                others = chosen.filters.without(field)
                counts = {"counts": queries.values(field).to_dict()}
                return {**counting(queries.matching(chosen, others)), "aggs": counts}

            _, answer = self._settled(reading, plan, body)
            counts = answer["aggregations"]["counts"]
            if counts["sum_other_doc_count"]:
                problem = f"{field}: more than {MAX_VALUES} distinct values"
                raise InvalidParameter("facets", problem, "a narrower query or a wider interval")
            wanted = self.analysis.fold(contains.strip())
            found = [bucket for bucket in buckets(counts) if wanted in self.analysis.fold(bucket.value)]
            return Listing(found[:size], reading.missing)

        return self.requests.reading(index, read)

    def complete(self, index: str, query: Query, fields_: Sequence[str], size: int) -> Listing[Completion]:
        """Return values that complete what was typed, newest documents first."""
        beginnings = beginnings_of(query, self.analysis)
        if not beginnings or not fields_:
            return Listing()

        def read(reading: Reading) -> Listing[Completion]:
            queries = self._queries(reading.generation.schema)
            found = Completions(beginnings, self.analysis)
            answers = reading.ask([queries.completing(name, beginnings, COMPLETION_POOL) for name in fields_])
            for name, answer in zip(fields_, answers, strict=True):
                for hit in answer["hits"]["hits"]:
                    found.add(name, hit["_id"], values_of(hit["_source"], name))
            return Listing(found.first(size), reading.missing)

        return self.requests.reading(index, read)

    def explain(self, index: str, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document."""
        self.get(index, document_id)

        def read(reading: Reading) -> Explanation:
            queries = self._queries(reading.generation.schema)
            chosen, _ = self._settled(reading, plan, lambda tried: counting(queries.matching(tried, tried.filters)))
            search, named = queries.parts(chosen, document_id)
            [answer] = reading.ask([search], include_named_queries_score=True)
            scores = {
                name: score for hit in answer["hits"]["hits"] for name, score in hit.get("matched_queries", {}).items()
            }
            parts = [
                ScorePart(tier.analyzer, tier.field, term, scores[name])
                for name, (tier, term) in named.items()
                if name in scores
            ]
            [counted] = reading.ask([counting(queries.one(chosen, document_id))])
            matches = total(counted) > 0
            if reading.missing and not matches:
                raise EngineUnavailable(f"{document_id!r} cannot be explained now: {reading.missing}")
            return Explanation(document_id, chosen.rule, matches, tuple(sorted(parts, key=lambda part: -part.score)))

        return self.requests.reading(index, read)

    def similar(self, index: str, document_id: str, filters: Filters, size: int) -> Listing[EngineHit]:
        """Return the documents most like one."""
        source = self.get(index, document_id).source

        def read(reading: Reading) -> Listing[EngineHit]:
            counts = stem_counts(reading.generation.schema, self.analysis, source)
            having, documents = self._frequencies(reading, document_id, list(counts))
            stems = telling_stems(counts, lambda stem: having.get(stem, 0), documents)
            if not stems:
                return Listing()
            queries = self._queries(reading.generation.schema)
            body = queries.like(stems, required_of(len(stems)), document_id, filters, size)
            [answer] = reading.ask([body])
            hits = sorted(answer["hits"]["hits"], key=lambda hit: (-hit["_score"], hit["_id"]))
            found = [EngineHit(hit["_id"], hit["_score"], document(hit).source) for hit in hits]
            return Listing(found, reading.missing)

        return self.requests.reading(index, read)

    def _frequencies(self, reading: Reading, document_id: str, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Return how many documents have each stem, and how many there are, in the shard of a document."""
        # Unless told, it asks the first shard, whether that is there or not.
        [copies] = self._client.search_shards(index=reading.name, routing=document_id)["shards"]
        answer = self._client.termvectors(
            index=reading.name, preference=f"_shards:{copies[0]['shard']}" if copies else None,
            doc={ALL_STEM: " ".join(stems)}, fields=[ALL_STEM],
            per_field_analyzer={ALL_STEM: "whitespace"},
            term_statistics=True, positions=False, offsets=False,
        )  # fmt: skip
        vector = answer["term_vectors"].get(ALL_STEM)
        if not vector:
            return {}, 0
        having = {term: int(found.get("doc_freq", 0)) for term, found in vector["terms"].items()}
        return having, max(0, int(vector["field_statistics"]["doc_count"]))

    def _settled(
        self, reading: Reading, plan: SearchPlan, body: Callable[[SearchPlan], Body]
    ) -> tuple[SearchPlan, Answer]:
        """Choose the rule of a plan and return it with the answer to its search."""
        index, queries = reading.generation.index, self._queries(reading.generation.schema)
        likely = self._expectations.likely(index, plan)
        chosen, answer = Attempts(reading.ask, queries, plan, body, likely).settled()
        self._expectations.note(index, plan, chosen.rule)
        return chosen, answer
