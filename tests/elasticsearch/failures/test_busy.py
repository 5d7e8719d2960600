"""Elasticsearch is too slow, has too much to do, or is asked for something wrong."""

from __future__ import annotations

import json
import threading
import time

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from tests.elasticsearch.failures.conftest import DOCUMENTS, ProxiedNews
from tests.elasticsearch.failures.site import SEARCH, SILENT, UNAVAILABLE, Site
from tests.elasticsearch.proxy import Request, proxy_of

LIMIT = 4.0
"""Seconds of a time limit that a node which does not hang keeps, also on a busy machine."""

TRIED_AGAIN = 4.0
"""Seconds in which a lost node is tried again more than once."""


def test_a_slow_answer_is_a_timeout(news: ProxiedNews, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> None:
    settings = ElasticsearchSettings(urls=(news.proxy.url,), index_prefix=news.prefix, timeout=2.0)
    assert news.site.get()["total"] == len(DOCUMENTS)
    site = Site(settings, analysis, caplog)
    over = threading.Event()
    news.on_search(lambda request: request.pass_on_when(over))
    detail = site.fails(504, "The search engine did not answer in time", "تأخر محرك البحث عن الرد")
    over.set()
    assert news.proxy.url in detail
    assert "ELASTICSEARCH_TIMEOUT" in detail


def test_a_host_that_hangs_costs_others_their_time_once(
    news: ProxiedNews, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> None:
    with proxy_of(news.proxy.url) as hanging:
        urls = (hanging.url, news.proxy.url)
        site = Site(ElasticsearchSettings(urls=urls, index_prefix=news.prefix, timeout=LIMIT), analysis, caplog)
        over = threading.Event()
        hanging.rule = lambda request: request.pass_on_when(over)
        statuses: list[int] = []
        end = time.monotonic() + LIMIT + TRIED_AGAIN
        while time.monotonic() < end or statuses.count(200) < 10:
            statuses.append(site.client.get(SEARCH).status_code)
            assert statuses.count(504) <= 1
        over.set()
        assert set(statuses) <= {200, 504}
        assert sum("is lost" in line for line in site.logged()) == 1


def test_a_search_that_is_cut_short_is_labelled(news: ProxiedNews) -> None:
    def shorten(request: Request) -> None:
        body = json.loads(request.body)
        # Of ten seconds, or of what a busy machine has left of them: Elasticsearch has to stop before the request does.
        assert 0 < int(body["timeout"].removesuffix("ms")) <= 8000
        status, content, kind = request.forward()
        request.answer(status, content.replace(b'"timed_out":false', b'"timed_out":true'), kind)

    news.on_search(shorten)
    answer = news.site.get()
    assert answer["partial"] is True
    assert answer["warnings"] == ["the search reached its time limit and was cut short"]
    assert news.site.logged() == ["index 'news': search-cut-short"]


@pytest.mark.parametrize("several", [False, True], ids=["one search", "several at once"])
def test_an_engine_with_too_much_to_do(several: bool, news: ProxiedNews) -> None:
    def refuse(request: Request) -> None:
        error = {"type": "es_rejected_execution_exception", "reason": "queue is full"}
        one = {"error": error, "status": 429}
        if "_msearch" in request.path:
            request.answer(200, json.dumps({"responses": [one] * 2}).encode())
        else:
            request.answer(429, json.dumps(one).encode())

    news.on_search(refuse)
    address = f"{SEARCH}&filter.category=رياضة" if several else SEARCH
    detail = news.site.problem(503, "The search engine is overloaded", address)
    assert "queue is full" in detail
    assert news.site.client.get(address).headers["Retry-After"] == "1"
    news.site.page(503, "محرك البحث مشغول الآن")


def test_one_refusal_for_too_much_to_do_is_not_seen(news: ProxiedNews) -> None:
    seen: list[Request] = []

    def refuse_first(request: Request) -> None:
        seen.append(request)
        if len(seen) == 1:
            request.refuse(429, "es_rejected_execution_exception")
        else:
            request.pass_on()

    news.on_search(refuse_first)
    assert news.site.get()["total"] == len(DOCUMENTS)
    assert [one.body for one in seen[:1]] == [one.body for one in seen[1:2]]


def test_a_cluster_that_is_not_ready_yet(news: ProxiedNews) -> None:
    news.on_search(lambda request: request.refuse(503, "cluster_block_exception"))
    assert "cluster_block_exception" in news.site.fails(503, UNAVAILABLE, SILENT)


def test_a_search_that_elasticsearch_finds_wrong_is_a_fault_and_no_outage(news: ProxiedNews) -> None:
    def spoil(request: Request) -> None:
        request.body = b'{"query": {"no_such_query": {}}}'
        request.pass_on()

    news.on_search(spoil)
    title = "The search engine could not carry out the request"
    detail = news.site.fails(500, title, "حدث خطأ غير متوقع")
    assert "unknown query [no_such_query]" in detail
    assert "Retry-After" not in news.site.client.get(SEARCH).headers
