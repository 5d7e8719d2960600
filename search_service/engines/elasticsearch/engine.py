"""The engine on Elasticsearch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache
from typing import Any

from elasticsearch import NotFoundError

from index_config.analyzers import ALL_STEM
from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document, values_of
from search_service.core.errors import EngineUnavailable, InvalidParameter, UnknownDocument
from search_service.core.filters import Filters
from search_service.core.index_state import Health
from search_service.core.results import (
    Completion,
    EngineHit,
    EngineResult,
    Explanation,
    FacetBucket,
    Partial,
    ScorePart,
)
from search_service.engines.base import MAX_WINDOW, SearchEngine
from search_service.engines.completion import COMPLETION_POOL, Completions, beginnings_of, completing
from search_service.engines.elasticsearch.catalog import Catalog, Generation
from search_service.engines.elasticsearch.changes import all_hits
from search_service.engines.elasticsearch.client import connect, translate_errors
from search_service.engines.elasticsearch.fields import ID
from search_service.engines.elasticsearch.health import health_of
from search_service.engines.elasticsearch.indexes import ElasticsearchIndexManager
from search_service.engines.elasticsearch.search import paging
from search_service.engines.elasticsearch.search.marks import new_sentinel
from search_service.engines.elasticsearch.search.queries import MAX_VALUES, Queries, counting
from search_service.engines.elasticsearch.search.responses import Answer, ResponseParser, buckets, document, total
from search_service.engines.elasticsearch.search.rule_selector import RulePredictor, RuleSelector
from search_service.engines.elasticsearch.search.session import Body, SearchClient, SearchSession
from search_service.engines.elasticsearch.search.term_stats import TermStats
from search_service.engines.written_forms import SAMPLE, commonest_form
from search_service.query.plan import SearchPlan
from search_service.query.tree import Phrase, Query
from search_service.ranking.more_like_this import significant_terms, similar_plan, stem_counts

TIES_AT_ONCE = 200
"""Scores fetched behind a page whose edge runs through equals; doubled until they end."""


def make_elasticsearch_engine(settings: ElasticsearchSettings, analysis: Analysis) -> SearchEngine:
    """Build the engine on an Elasticsearch of one or more nodes; it connects at its first request."""
    client = connect(settings)
    catalog = Catalog(client, settings.index_prefix, analysis)
    search_client = SearchClient(client, catalog, settings.timeout)
    return SearchEngine(
        "elasticsearch",
        ElasticsearchSearcher(search_client, analysis),
        ElasticsearchIndexManager(search_client, settings, analysis),
    )


class ElasticsearchSearcher:
    """Searches indexes in Elasticsearch.

    Args:
        search_client: sends searches to the generation of an index.
        analysis: analyses queries and texts.
    """

    def __init__(self, search_client: SearchClient, analysis: Analysis) -> None:
        self.analysis = analysis
        self._search_client = search_client
        self._client = search_client.client
        self._predictor = RulePredictor()
        self._term_stats = TermStats()
        self._sentinel = new_sentinel()
        self._queries = lru_cache(maxsize=64)(lambda schema: Queries(schema, self._sentinel))

    def schema(self, index: str) -> Schema:
        """Return the schema of an index."""
        return self._search_client.catalog.open(index).schema

    def health(self, index: str) -> Health:
        """Return which shards of an index are missing."""
        return self._search_client.run(index, lambda session: health_of(self._search_client, session.generation))

    def get(self, index: str, document_id: str) -> Document:
        """Return a document."""

        def read(session: SearchSession) -> Document:
            try:
                return document(self._client.get(index=session.name, id=document_id).body)
            except NotFoundError as error:
                if error.body.get("found") is False:
                    raise UnknownDocument(index, document_id) from None
                raise

        return self._search_client.run(index, read)

    def document_frequencies(self, index: str, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
        """Tell how many documents have each of some terms."""
        return self._search_client.run(
            index, lambda session: self._term_stats.document_frequencies(session, terms, analyzer)
        )

    def written_forms(self, index: str, words: Sequence[str]) -> Mapping[str, str]:
        """Return how documents most often write each of some folded words."""

        def read(session: SearchSession) -> Mapping[str, str]:
            queries = self._queries(session.generation.schema)
            names = [field.name for field in session.generation.schema.searched]
            answers = session.ask([queries.first(Phrase((word,)), SAMPLE, names) for word in words])
            found = {}
            for word, answer in zip(words, answers, strict=True):
                sources = (document(hit).source for hit in answer["hits"]["hits"])
                if form := commonest_form(word, sources, names, self.analysis):
                    found[word] = form
            return found

        return self._search_client.run(index, read)

    def search(self, index: str, plan: SearchPlan) -> EngineResult:
        """Search."""

        def read(session: SearchSession) -> EngineResult:
            queries = self._queries(session.generation.schema)

            def body(chosen: SearchPlan) -> Body:
                window = paging.page_window(chosen)
                return queries.page(chosen, window.offset, window.size)

            chosen, answer = self._settled(session, plan, body)
            parser = ResponseParser(session.generation.schema, self.analysis, self._sentinel)
            fetched = answer["hits"]["hits"]
            if paging.ranked(chosen) and paging.splits_ties(chosen, fetched):
                hits = self._tied_page(session, chosen)
            else:
                hits = paging.in_order(chosen, fetched)
            return parser.result(chosen, answer, [parser.hit(chosen, hit) for hit in hits], session.degraded)

        return self._search_client.run(index, read)

    def _tied_page(self, session: SearchSession, plan: SearchPlan) -> list[Answer]:
        """Look up all equals at the edges of a page, put them in order and fetch the page by their ids."""
        queries = self._queries(session.generation.schema)
        bare = replace(plan, facets=(), histogram=None, highlight=())
        size = plan.offset + plan.size + TIES_AT_ONCE
        while True:
            size = min(size, MAX_WINDOW)
            [answer] = session.ask([{**queries.page(bare, 0, size), "_source": False}])
            found = [(float(hit["_score"]), str(hit["_id"])) for hit in answer["hits"]["hits"]]
            if len(found) < size or size == MAX_WINDOW or found[plan.offset + plan.size - 1][0] != found[-1][0]:
                break
            size *= 2
        page = paging.page_of(plan, found)
        ids = {"ids": {"values": [document_id for _, document_id in page]}}
        body = queries.page(replace(plan, facets=(), histogram=None), 0, len(page))
        body["query"] = {"bool": {"must": [body["query"]], "filter": [ids]}}
        [answer] = session.ask([body])
        by_id = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
        return [{**by_id[document_id], "_score": score} for score, document_id in page if document_id in by_id]

    def scan(self, index: str, plan: SearchPlan) -> Iterator[Document]:
        """Return every document that a plan matches, in its order."""

        def select_match_rule(session: SearchSession) -> tuple[Generation, SearchPlan]:
            matching = self._queries(session.generation.schema).matching
            chosen, _ = self._settled(session, plan, lambda tried: counting(matching(tried, tried.filters)))
            return session.generation, chosen

        opened, chosen = self._search_client.run(index, select_match_rule)
        queries = self._queries(opened.schema)
        if paging.ranked(chosen):
            query = queries.scored(chosen, chosen.filters)
            order: list[dict[str, Any]] = [{"_score": "desc"}, {ID: "asc"}]
        else:
            query, order = queries.matching(chosen, chosen.filters), queries.order(chosen)
        with translate_errors(index):
            for hit in all_hits(self._client, opened.name, query.to_dict(), sort=order):
                yield document(hit)

    def facet(self, index: str, plan: SearchPlan, field: str, contains: str, size: int) -> Partial[FacetBucket]:
        """Count the values of one facet."""

        def read(session: SearchSession) -> Partial[FacetBucket]:
            queries = self._queries(session.generation.schema)

            def body(chosen: SearchPlan) -> Body:
                others = chosen.filters.without(field)
                counts = {"counts": queries.values(field).to_dict()}
                return {**counting(queries.matching(chosen, others)), "aggs": counts}

            _, answer = self._settled(session, plan, body)
            counts = answer["aggregations"]["counts"]
            if counts["sum_other_doc_count"]:
                raise InvalidParameter("facets", "too-many-distinct-values", fields=(field,), limit=MAX_VALUES)
            wanted = self.analysis.fold(contains.strip())
            found = [bucket for bucket in buckets(counts) if wanted in self.analysis.fold(bucket.value)]
            return Partial(found[:size], session.degraded)

        return self._search_client.run(index, read)

    def complete(self, index: str, query: Query, fields_: Sequence[str], size: int) -> Partial[Completion]:
        """Return values that complete what was typed, newest documents first."""
        beginnings = beginnings_of(query, self.analysis)
        if not beginnings or not fields_:
            return Partial()

        def read(session: SearchSession) -> Partial[Completion]:
            queries = self._queries(session.generation.schema)
            found = Completions(beginnings, self.analysis)
            bodies = [queries.newest(completing(name, beginnings), COMPLETION_POOL, [name]) for name in fields_]
            answers = session.ask(bodies)
            for name, answer in zip(fields_, answers, strict=True):
                for hit in answer["hits"]["hits"]:
                    found.add(name, hit["_id"], values_of(hit["_source"], name))
            return Partial(found.first(size), session.degraded)

        return self._search_client.run(index, read)

    def explain(self, index: str, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document."""
        self.get(index, document_id)

        def read(session: SearchSession) -> Explanation:
            queries = self._queries(session.generation.schema)
            chosen, _ = self._settled(session, plan, lambda tried: counting(queries.matching(tried, tried.filters)))
            search, named = queries.explain_queries(chosen, document_id)
            [answer] = session.ask([search], include_named_queries_score=True)
            scores = {
                name: value for hit in answer["hits"]["hits"] for name, value in hit.get("matched_queries", {}).items()
            }
            parts = [
                ScorePart(score.tier, score.field, term, scores[name])
                for name, (score, term) in named.items()
                if name in scores
            ]
            [counted] = session.ask([counting(queries.matching_document(chosen, document_id))])
            matches = total(counted) > 0
            if session.degraded and not matches:
                raise EngineUnavailable("not-explained", id=document_id, degraded=session.degraded)
            return Explanation(document_id, chosen.rule, matches, tuple(sorted(parts, key=lambda part: -part.score)))

        return self._search_client.run(index, read)

    def similar(
        self, index: str, document_id: str, filters: Filters, size: int, stopwords: AbstractSet[str]
    ) -> Partial[EngineHit]:
        """Return the documents most like one."""
        source = self.get(index, document_id).source

        def read(session: SearchSession) -> Partial[EngineHit]:
            counts = stem_counts(session.generation.schema, self.analysis, source, stopwords)
            document_frequencies, documents = self._frequencies(session, document_id, list(counts))
            stems = significant_terms(counts, lambda stem: document_frequencies.get(stem, 0), documents)
            if not stems:
                return Partial()
            queries = self._queries(session.generation.schema)
            wanted = similar_plan(session.generation.schema, stems, document_id, filters, size)
            [answer] = session.ask([queries.best(wanted)])
            hits = sorted(answer["hits"]["hits"], key=lambda hit: (-hit["_score"], hit["_id"]))
            found = [EngineHit(hit["_id"], hit["_score"], document(hit).source) for hit in hits]
            return Partial(found, session.degraded)

        return self._search_client.run(index, read)

    def _frequencies(
        self, session: SearchSession, document_id: str, stems: Sequence[str]
    ) -> tuple[dict[str, int], int]:
        """Return how many documents have each stem, and how many there are, in the shard of a document."""
        # Unless told, it asks the first shard, whether that is there or not.
        [copies] = self._client.search_shards(index=session.name, routing=document_id)["shards"]
        answer = self._client.termvectors(
            index=session.name, preference=f"_shards:{copies[0]['shard']}" if copies else None,
            doc={ALL_STEM: " ".join(stems)}, fields=[ALL_STEM],
            per_field_analyzer={ALL_STEM: "whitespace"},
            term_statistics=True, positions=False, offsets=False,
        )  # fmt: skip
        vector = answer["term_vectors"].get(ALL_STEM)
        if not vector:
            return {}, 0
        document_frequencies = {term: int(found.get("doc_freq", 0)) for term, found in vector["terms"].items()}
        return document_frequencies, max(0, int(vector["field_statistics"]["doc_count"]))

    def _settled(
        self, session: SearchSession, plan: SearchPlan, body: Callable[[SearchPlan], Body]
    ) -> tuple[SearchPlan, Answer]:
        """Choose the rule of a plan and return it with the answer to its search."""
        index, queries = session.generation.index, self._queries(session.generation.schema)
        likely = self._predictor.likely(index, plan)
        chosen, answer = RuleSelector(session.ask, queries, plan, body, likely).settled()
        self._predictor.note(index, plan, chosen.rule)
        return chosen, answer
