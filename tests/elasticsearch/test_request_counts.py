"""The requests that a search sends to Elasticsearch; predicting its match rule never changes an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.search.rule_selector import RulePredictor
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.elasticsearch.conftest import NewsIndex, news_index_in
from tests.elasticsearch.proxy import Proxy, Request

FULL = "خبر رقم"
"""A query whose strictest match rule has enough hits: every document has its words."""

POOR = "خبر عن زلازل البحر"
"""One whose strictest match rule has no hits: no document has all of its words."""

QUERIES = (FULL, POOR, '"خبر رقم"', '"خبر رقم" زلازل', "خبر", "غريبة", "خبر غريبة", "")


@pytest.fixture(scope="module")
def news(elasticsearch_url: str, analysis: Analysis) -> Iterator[NewsIndex]:
    titles = [*("خبر رقم جديد" for _ in range(60)), "زلازل", "البحر", "نادر", "عن"]
    categories = ("رياضة", "سياسة")
    with news_index_in(elasticsearch_url, analysis) as news_index:
        news_index.write(
            *(
                Document(str(number), {"title": title, "category": categories[number % 2]})
                for number, title in enumerate(titles)
            )
        )
        yield news_index


@dataclass
class RequestCounter:
    """An engine, and the searches of each request that it sent."""

    engine: SearchEngine
    sent: list[int] = field(default_factory=list)

    def requests(self, query: str, **options: object) -> int:
        """Search, and return how many requests it took."""
        self.sent.clear()
        request = SearchRequest(q=query, size=0, **options)  # type: ignore[arg-type]  # equals of a page are looked up
        SearchService(self.engine).search(IndexName("news"), request)
        return len(self.sent)


@pytest.fixture
def counter(news: NewsIndex, proxy: Proxy) -> RequestCounter:
    counter = RequestCounter(news.another_engine(proxy.url))
    counter.engine.searcher.document_frequencies(
        IndexName("news"), ("خبر", "رقم", "جديد", "زلازل", "البحر", "عن"), "exact"
    )

    def rule(request: Request) -> None:
        if found := re.search("/_(m?)search", request.path):
            counter.sent.append(len(request.body.splitlines()) // 2 if found[1] else 1)
        request.pass_on()

    proxy.rule = rule
    return counter


def test_the_frequencies_of_new_words_cost_one_request_once(counter: RequestCounter) -> None:
    assert [counter.requests("نادر"), counter.requests("نادر")] == [2, 1]


def test_a_search_whose_strictest_rule_has_enough_hits_is_one_request(counter: RequestCounter) -> None:
    assert counter.requests(FULL) == 1
    assert counter.sent == [1]


def test_after_a_search_that_needed_another_rule_the_next_like_it_is_one_request(counter: RequestCounter) -> None:
    assert counter.requests(POOR) == 2
    assert counter.requests(POOR) == 1
    assert counter.requests(POOR, filters={"category": ["رياضة"]}) == 1
    with_facets = [counter.requests(POOR, facets=("category",), sort="-date") for _ in range(2)]
    assert with_facets == [2, 1], "the spellings of values are read once"


def test_the_prediction_follows_recent_searches(counter: RequestCounter) -> None:
    assert counter.requests("خبر رقم خبر زلازل") == 2
    assert counter.requests("زلازل رقم خبر") == 1
    assert [counter.requests("جديد خبر رقم") for _ in range(3)] == [2, 2, 1]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("filters", [{}, {"category": ["رياضة"]}], ids=["unfiltered", "filtered"])
def test_no_prediction_changes_an_answer(
    news: NewsIndex, query: str, filters: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = SearchRequest(q=query, filters=filters, facets=("category",))
    rules = 1 + len(SearchService(news.engine).plan(IndexName("news"), request).looser)
    found = set()
    for place in range(rules):
        monkeypatch.setattr(RulePredictor, "likely", lambda _self, _index, _plan, place=place: place)
        answer = SearchService(news.engine).search(IndexName("news"), request)
        hits = tuple((hit.id, hit.score) for hit in answer.hits)
        found.add((answer.match_rule, answer.relaxed, answer.total, hits, tuple(answer.facets["category"])))
    assert len(found) == 1
