"""The engine on Elasticsearch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, TypeVar

from elasticsearch import NotFoundError

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document
from search_service.core.errors import EngineUnavailable, UnknownDocument
from search_service.core.filters import NO_FILTERS, FacetOrder, Filters
from search_service.core.index_name import IndexName
from search_service.core.index_state import Health
from search_service.core.results import EngineHit, EngineResult, Explanation, FacetValues, Partial
from search_service.engines.base import SearchEngine, Selection
from search_service.engines.elasticsearch.catalog import Catalog
from search_service.engines.elasticsearch.changes import all_hits
from search_service.engines.elasticsearch.client import connect, translate_errors
from search_service.engines.elasticsearch.documents import ElasticsearchDocuments
from search_service.engines.elasticsearch.fields import ID
from search_service.engines.elasticsearch.health import health_of
from search_service.engines.elasticsearch.indexes import ElasticsearchIndexManager
from search_service.engines.elasticsearch.search import facets, paging
from search_service.engines.elasticsearch.search.explain import explain
from search_service.engines.elasticsearch.search.listing import page_of_listing
from search_service.engines.elasticsearch.search.more_like_this import similar
from search_service.engines.elasticsearch.search.queries import counting
from search_service.engines.elasticsearch.search.responses import ResponseParser, document
from search_service.engines.elasticsearch.search.rule_selector import RulePredictor, select_rule, totals
from search_service.engines.elasticsearch.search.selection import selected
from search_service.engines.elasticsearch.search.session import Body, SearchClient, SearchSession
from search_service.engines.elasticsearch.search.term_stats import TermStats
from search_service.engines.elasticsearch.search.written_forms import written_forms
from search_service.engines.elasticsearch.search.written_values import WrittenValues
from search_service.engines.facet_values import contains_folded
from search_service.highlight.matcher import ChunkCache
from search_service.query.plan import SearchPlan
from search_service.query.tree import Ids

T = TypeVar("T")


def make_elasticsearch_engine(settings: ElasticsearchSettings, analysis: Analysis) -> SearchEngine:
    """Build the engine on an Elasticsearch of one or more nodes; it connects at its first request."""
    client = connect(settings)
    catalog = Catalog(client, settings.index_prefix, analysis)
    search_client = SearchClient(client, catalog, analysis.value_keys, settings.timeout)
    indexes = ElasticsearchIndexManager(search_client, settings, analysis)
    return SearchEngine(
        "elasticsearch",
        ElasticsearchSearcher(search_client, analysis),
        indexes,
        ElasticsearchDocuments(search_client, indexes, analysis),
    )


class ElasticsearchSearcher:
    """Searches indexes in Elasticsearch.

    Args:
        search_client: opens sessions on indexes.
        analysis: analyses queries and texts.
    """

    def __init__(self, search_client: SearchClient, analysis: Analysis) -> None:
        self.analysis = analysis
        self._search_client = search_client
        self._predictor = RulePredictor()
        self._term_stats = TermStats()
        self._written_values = WrittenValues(analysis.value_keys)
        self._chunks = ChunkCache(analysis)

    def schema(self, index: IndexName) -> Schema:
        """Return the schema of an index."""
        return self._search_client.catalog.open(index).schema

    def version(self, index: IndexName) -> str:
        """Return nothing: only a request could say whether there was a refresh, and which copies it has reached."""
        self._search_client.catalog.open(index)
        return ""

    def health(self, index: IndexName) -> Health:
        """Return the missing shards of an index."""
        return self._search_client.run(index, lambda session: health_of(self._search_client, session.generation))

    def get(self, index: IndexName, document_id: str, filters: Filters = NO_FILTERS) -> Document:
        """Return a document. With filters it is searched for, so a new one is there after a refresh."""
        return self._search_client.run(index, lambda session: _get(session, document_id, filters))

    def document_frequencies(
        self, index: IndexName, terms: Sequence[str], analyzer: str, filters: Filters = NO_FILTERS
    ) -> Mapping[str, int]:
        """Return the document frequency of each term."""
        return self._search_client.run(
            index, lambda session: self._term_stats.document_frequencies(session, terms, analyzer, filters)
        )

    def document_count(self, index: IndexName, filters: Filters = NO_FILTERS) -> int:
        """Return the number of documents when the last document frequencies were read."""
        return self._search_client.run(index, lambda session: self._term_stats.document_count(session, filters))

    def field_counts(self, index: IndexName, filters: Filters = NO_FILTERS) -> Mapping[str, int]:
        """Return how many documents have each field."""
        return self._search_client.run(index, lambda session: facets.field_counts(session, filters))

    def written_forms(self, index: IndexName, words: Sequence[str], filters: Filters = NO_FILTERS) -> Mapping[str, str]:
        """Return the form in which documents most often write each folded word."""
        return self._search_client.run(index, lambda session: written_forms(session, self.analysis, words, filters))

    def search(self, index: IndexName, plan: SearchPlan) -> EngineResult:
        """Choose the match rule and return one page of hits."""

        def read(session: SearchSession) -> EngineResult:
            def body(step: SearchPlan) -> Body:
                window = paging.page_window(step)
                return session.queries.page(step, window.offset, 0 if plan.listing else window.size)

            selected, answer = select_rule(session, self._predictor, plan, body)
            parser = ResponseParser(session.schema, self.analysis, self._chunks)
            if plan.listing:
                hits, end = page_of_listing(session, selected, plan.listing)
            else:
                hits, end = paging.page(session, selected, answer["hits"]["hits"]), None
            counted = parser.facets(selected, answer)
            facets = self._written_values.shown(session, counted, plan.filters.restriction_only)
            result = parser.result(selected, answer, parser.hits(selected, hits), facets, session.degraded)
            return replace(result, end=end) if end else result

        return self._search_client.run(index, read)

    def scan(self, index: IndexName, plan: SearchPlan) -> Iterator[Document]:
        """Yield every document that a plan matches, in its order."""

        def select(session: SearchSession) -> tuple[SearchSession, SearchPlan]:
            matching = session.queries.matching
            selected, _ = select_rule(
                session, self._predictor, plan, lambda step: counting(matching(step, step.filters))
            )
            return session, selected

        session, selected = self._search_client.run(index, select)
        queries = session.queries
        if paging.by_score(selected):
            query = queries.scored(selected, selected.filters)
            order: list[dict[str, Any]] = [{"_score": "desc"}, {ID: "asc"}]
        else:
            query, order = queries.matching(selected, selected.filters), queries.order(selected.sort)
        with translate_errors(index):
            for hit in all_hits(session.client, session.name, query, sort=order):
                yield document(hit)

    def facet(
        self,
        index: IndexName,
        plan: SearchPlan,
        field: str,
        contains: str,
        size: int,
        order: FacetOrder = FacetOrder.COUNT,
    ) -> FacetValues:
        """Count the values of one facet."""

        def read(session: SearchSession) -> FacetValues:
            counted_field = session.schema.field(field)
            matches = contains_folded(self.analysis, counted_field, contains) if counted_field else None
            counted = facets.find_values(session, self._predictor, plan, field, size, matches, order)
            restriction = plan.filters.restriction_only
            counted = self._written_values.shown(session, {field: counted}, restriction)[field]
            return FacetValues(counted.buckets, session.degraded, counted.error_bound)

        return self._search_client.run(index, read)

    def count_groups(self, index: IndexName, plan: SearchPlan, field: str) -> int:
        """Return the number of different values that matches have in a field."""
        return self._search_client.run(index, lambda session: facets.count_groups(session, plan, field))

    def select(
        self, index: IndexName, selections: Sequence[Selection], filters: Filters = NO_FILTERS
    ) -> Partial[Sequence[Document]]:
        """Return some documents of each selection."""
        return self._partial(index, lambda session: selected(session, selections, filters))

    def count(self, index: IndexName, plans: Sequence[SearchPlan]) -> Sequence[int]:
        """Return the total of each search."""
        return self._search_client.run(index, lambda session: totals(session, plans))

    def explain(self, index: IndexName, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document."""
        self.get(index, document_id, plan.filters.restriction_only)
        return self._search_client.run(index, lambda session: explain(session, self._predictor, plan, document_id))

    def similar(
        self, index: IndexName, document_id: str, filters: Filters, size: int, stopwords: AbstractSet[str]
    ) -> Partial[EngineHit]:
        """Return the documents most like one."""
        seed = self.get(index, document_id, filters.restriction_only)
        return self._partial(index, lambda session: similar(session, self.analysis, seed, filters, size, stopwords))

    def _partial(self, index: IndexName, read: Callable[[SearchSession], Sequence[T]]) -> Partial[T]:
        """Return what is read from an index, with the parts of the index that did not answer."""
        return self._search_client.run(index, lambda session: Partial(read(session), session.degraded))


def _get(session: SearchSession, document_id: str, filters: Filters) -> Document:
    if filters:
        [answer] = session.search([session.queries.first(Ids((document_id,)), filters, 1)])
        if not answer["hits"]["hits"] and session.degraded:
            raise EngineUnavailable("no-shard-answers", index=session.generation.index, degraded=session.degraded)
        if not answer["hits"]["hits"]:
            raise UnknownDocument(session.generation.index, document_id)
        return document(answer["hits"]["hits"][0])
    try:
        return document(session.client.get(index=session.name, id=document_id).body)
    except NotFoundError as error:
        if error.body.get("found") is False:
            raise UnknownDocument(session.generation.index, document_id) from None
        raise
