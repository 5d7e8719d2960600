"""Elasticsearch is not there, or what answers is something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from tests.elasticsearch.failures.conftest import DOCUMENTS, ProxiedNews
from tests.elasticsearch.failures.site import PAGE, SEARCH, SILENT, UNAVAILABLE, Site
from tests.elasticsearch.proxy import Request
from tests.servers import free_port


def site_at(url: str, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> Site:
    return Site(ElasticsearchSettings(urls=(url,), timeout=2.0), analysis, caplog)


def test_elasticsearch_that_does_not_run_is_named_with_what_to_check(
    analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    site = site_at(url, analysis, caplog)
    detail = site.fails(503, UNAVAILABLE, SILENT)
    assert url in detail
    assert "refused" in detail
    assert "ELASTICSEARCH_URL" in detail
    assert url in site.problem(503, "Not ready", "/readyz")
    assert site.client.get("/healthz").status_code == 200


def test_a_host_that_does_not_exist_is_named(analysis: Analysis, caplog: pytest.LogCaptureFixture) -> None:
    detail = site_at("http://no.such.host.invalid:9200", analysis, caplog).fails(503, UNAVAILABLE, SILENT)
    assert "http://no.such.host.invalid:9200" in detail


def test_callers_are_told_when_to_come_back(analysis: Analysis, caplog: pytest.LogCaptureFixture) -> None:
    site = site_at(f"http://127.0.0.1:{free_port()}", analysis, caplog)
    assert site.client.get(SEARCH).headers["Retry-After"] == "5"
    assert site.client.get(PAGE).headers["Retry-After"] == "5"


def page_of_a_proxy(status: int) -> Callable[[Request], None]:
    """What is put up before a server that is being worked on."""

    def answer(request: Request) -> None:
        content = b"<html><head><title>Down for\nmaintenance</title></head><body>secret</body></html>"
        request.handler.send_response(status)
        request.handler.send_header("content-type", "text/html")
        request.handler.send_header("content-length", str(len(content)))
        request.handler.end_headers()
        request.handler.wfile.write(content)

    return answer


@pytest.mark.parametrize("status", [200, 404, 502, 503])
def test_the_page_of_a_proxy_is_no_answer(status: int, news: ProxiedNews) -> None:
    assert news.site.get()["total"] == len(DOCUMENTS)
    news.on_search(page_of_a_proxy(status))
    detail = news.site.fails(503, UNAVAILABLE, SILENT)
    assert news.proxy.url in detail
    assert ("not Elasticsearch: status 200, text/html" if status == 200 else "Down for maintenance") in detail


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2"])
def test_an_answer_that_is_cut_off_is_no_answer(content: bytes, news: ProxiedNews) -> None:
    news.on_search(lambda request: request.answer(200, content))
    news.site.fails(503, UNAVAILABLE, SILENT)


def test_a_connection_that_is_cut_is_tried_again(news: ProxiedNews) -> None:
    lost = []

    def lose_two(request: Request) -> None:
        lost.append(request)
        (request.lose if len(lost) < 3 else request.pass_on)()

    news.on_search(lose_two)
    assert news.site.get()["total"] == len(DOCUMENTS)
    assert news.site.logged() == []
    news.on_search(Request.lose)
    news.site.fails(503, UNAVAILABLE, SILENT)


def test_a_host_that_is_lost_is_logged_once_while_another_answers(
    news: ProxiedNews, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    site = Site(ElasticsearchSettings(urls=(gone, news.proxy.url), index_prefix=news.prefix), analysis, caplog)
    for _ in range(5):
        assert site.get()["total"] == len(DOCUMENTS)
    [logged] = site.logged()
    assert f"{gone} is lost; other nodes take over" in logged


def test_readiness_is_logged_when_it_changes_and_not_at_every_question(news: ProxiedNews) -> None:
    assert news.site.get("/readyz") == {"status": "ready", "index": "news"}
    assert news.site.logged() == []
    news.proxy.rule = Request.lose
    logged = []
    for _ in range(3):
        assert news.site.client.get("/readyz").status_code == 503
        logged += news.site.logged()
    assert len(logged) == 1
    assert logged[0].startswith("index 'news' is not ready: engine-unreachable: address=")
    news.proxy.rule = Request.pass_on
    assert news.site.get("/readyz")["status"] == "ready"
    assert news.site.logged() == ["index 'news' is ready again"]
