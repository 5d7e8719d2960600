"""What callers, readers and the administrator see when Elasticsearch fails: never a stack trace or a wrong answer."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.engines.elasticsearch.catalog import FRESH_SECONDS
from search_service.errors import IndexReadOnly
from search_service.indexing.documents import DocumentChecker
from search_service.settings import ElasticsearchSettings
from tests.elasticsearch.indexes import own_prefix
from tests.elasticsearch.proxy import Proxy, Request, proxy_of
from tests.elasticsearch.site import PAGE, SEARCH, Site
from tests.servers import free_port

NEWS = load_schema("news")
TOPICS = ("زلزال عنيف يهز العاصمة", "ارتفاع أسعار النفط عالميا", "منتخب السلة يفوز باللقب", "لقاح جديد ضد الملاريا")
DOCUMENTS: list[dict[str, str]] = [
    {"id": str(number), "title": f"الخبر رقم {number}", "text": TOPICS[number % 4], "category": "رياضة"}
    for number in range(20)
]
UNAVAILABLE = "The search engine is not available"
SILENT = "محرك البحث لا يستجيب"
STALE_SECONDS = FRESH_SECONDS + 0.1
"""So long a name is taken to be that of the same generation."""


class Room:
    """A place for indexes in an Elasticsearch, a proxy before it, and the service that goes through the proxy."""

    def __init__(self, site: Site, proxy: Proxy, client: Elasticsearch, prefix: str) -> None:
        self.site = site
        self.proxy = proxy
        self.elasticsearch = client
        self.prefix = prefix
        self.alias = f"{prefix}news"
        self.generation = f"{self.alias}-00000000000000000001"

    def make(self, **settings: Any) -> None:
        """Make an index `news` by hand."""
        compiled = self.site.engine._catalog.compiled(NEWS)
        settings = {**compiled["settings"]["index"], "number_of_replicas": 0, **settings}
        self.elasticsearch.indices.create(
            index=self.generation, settings=settings, mappings=compiled["mappings"], aliases={self.alias: {}},
            wait_for_active_shards=0,
        )  # fmt: skip

    def fill(self, documents: list[dict[str, str]]) -> None:
        """Write documents."""
        operations = [line for one in documents for line in ({"index": {"_id": one["id"]}}, one)]
        assert not self.elasticsearch.bulk(index=self.alias, operations=operations, refresh=True)["errors"]

    def on_search(self, rule: Callable[[Request], None]) -> None:
        """Do that to searches, and pass on the rest."""
        self.proxy.rule = lambda request: rule(request) if SEARCHES.search(request.path) else request.pass_on()


SEARCHES = re.compile("/_m?search")


@contextmanager
def room_in(url: str, prefix: str, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> Iterator[Room]:
    with proxy_of(url) as proxy, Elasticsearch(url) as client:
        site = Site(ElasticsearchSettings(urls=(proxy.url,), index_prefix=prefix), analysis, caplog)
        yield Room(site, proxy, client, prefix)


@pytest.fixture
def room(elasticsearch_url: str, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> Iterator[Room]:
    """A room of one's own, without an index."""
    with own_prefix(elasticsearch_url) as prefix, room_in(elasticsearch_url, prefix, analysis, caplog) as made:
        yield made


@pytest.fixture
def own_news(room: Room) -> Room:
    """A room of one's own with an index that may be changed."""
    room.make()
    room.fill(DOCUMENTS)
    return room


@pytest.fixture(scope="module")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    with own_prefix(elasticsearch_url) as made:
        yield made


@pytest.fixture
def news(elasticsearch_url: str, prefix: str, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> Iterator[Room]:
    """A room with an index that stays as it is."""
    with room_in(elasticsearch_url, prefix, analysis, caplog) as made:
        if not made.elasticsearch.indices.exists(index=made.alias):
            made.make()
            made.fill(DOCUMENTS)
        yield made


def site_at(url: str, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> Site:
    return Site(ElasticsearchSettings(urls=(url,), timeout=2.0), analysis, caplog)


# Not there, or not Elasticsearch


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
def test_the_page_of_a_proxy_is_no_answer(status: int, news: Room) -> None:
    assert news.site.get()["total"] == len(DOCUMENTS)
    news.on_search(page_of_a_proxy(status))
    detail = news.site.fails(503, UNAVAILABLE, SILENT)
    assert news.proxy.url in detail
    assert ("not Elasticsearch: status 200, text/html" if status == 200 else "Down for maintenance") in detail


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2"])
def test_an_answer_that_is_cut_off_is_no_answer(content: bytes, news: Room) -> None:
    news.on_search(lambda request: request.answer(200, content))
    news.site.fails(503, UNAVAILABLE, SILENT)


def test_a_connection_that_is_cut_is_tried_again(news: Room) -> None:
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
    news: Room, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    site = Site(ElasticsearchSettings(urls=(gone, news.proxy.url), index_prefix=news.prefix), analysis, caplog)
    for _ in range(5):
        assert site.get()["total"] == len(DOCUMENTS)
    [logged] = site.logged()
    assert f"{gone} is lost, the others go on" in logged


def test_readiness_is_logged_when_it_changes_and_not_at_every_question(news: Room) -> None:
    assert news.site.get("/readyz") == {"status": "ready", "index": "news"}
    assert news.site.logged() == []
    news.proxy.rule = Request.lose
    logged = []
    for _ in range(3):
        assert news.site.client.get("/readyz").status_code == 503
        logged += news.site.logged()
    assert len(logged) == 1
    assert logged[0].startswith("index 'news' is not ready: Elasticsearch at")
    news.proxy.rule = Request.pass_on
    assert news.site.get("/readyz")["status"] == "ready"
    assert news.site.logged() == ["index 'news' is ready again"]


# Too slow, or too much to do


def slowly(request: Request) -> None:
    time.sleep(1.5)
    request.pass_on()


def test_a_slow_answer_is_a_timeout(news: Room, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> None:
    settings = ElasticsearchSettings(urls=(news.proxy.url,), index_prefix=news.prefix, timeout=0.5)
    site = Site(settings, analysis, caplog)
    assert site.get()["total"] == len(DOCUMENTS)
    news.on_search(slowly)
    detail = site.fails(504, "The search engine did not answer in time", "تأخر محرك البحث عن الرد")
    assert news.proxy.url in detail
    assert "ELASTICSEARCH_TIMEOUT" in detail


def test_a_search_that_is_cut_short_is_labelled(news: Room) -> None:
    def shorten(request: Request) -> None:
        body = json.loads(request.body)
        assert body["timeout"] == "8000ms"  # of ten seconds: Elasticsearch has to stop before the request does
        status, content, kind = request.forward()
        request.answer(status, content.replace(b'"timed_out":false', b'"timed_out":true'), kind)

    news.on_search(shorten)
    answer = news.site.get()
    assert answer["partial"] is True
    assert answer["missing"] == "the search took too long and was cut short"
    assert news.site.logged() == ["index 'news': the search took too long and was cut short"]


@pytest.mark.parametrize("several", [False, True], ids=["one search", "several at once"])
def test_an_engine_with_too_much_to_do(several: bool, news: Room) -> None:
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


def test_one_refusal_for_too_much_to_do_is_not_seen(news: Room) -> None:
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


def test_a_cluster_that_is_not_ready_yet(news: Room) -> None:
    news.on_search(lambda request: request.refuse(503, "cluster_block_exception"))
    assert "cluster_block_exception" in news.site.fails(503, UNAVAILABLE, SILENT)


# A part of the index


@pytest.fixture(params=[0, 1], ids=["shard 1 is gone", "shard 0 is gone"])
def half(request: pytest.FixtureRequest, room: Room) -> list[str]:
    """The ids in an index of two shards, one of which is on no node: those in the other one."""
    client = room.elasticsearch
    room.make(number_of_shards=2, **{"routing.allocation.enable": "none"})
    node = next(iter(client.nodes.info(filter_path="nodes.*.name")["nodes"].values()))["name"]
    place = {"index": room.generation, "shard": request.param, "node": node, "accept_data_loss": True}
    client.cluster.reroute(commands=[{"allocate_empty_primary": place}])
    client.cluster.health(index=room.generation, wait_for_active_shards=1, timeout="30s")
    there = [one for one in DOCUMENTS if client.search_shards(index=room.alias, routing=one["id"])["shards"][0]]
    room.fill(there)
    assert 0 < len(there) < len(DOCUMENTS)
    return [one["id"] for one in there]


def test_a_part_of_the_documents_is_labelled_as_such(room: Room, half: list[str]) -> None:
    answer = room.site.get(f"{SEARCH}&facets=category")
    assert (answer["total"], answer["partial"]) == (len(half), True)
    assert answer["missing"] == "1 of 2 shards did not answer"
    assert answer["facets"]["category"] == [{"value": "رياضة", "count": len(half)}]
    [logged] = room.site.logged()
    assert logged == "index 'news': 1 of 2 shards did not answer (no_shard_available_action_exception)"


@pytest.mark.parametrize(
    "address", ["facets/category?q=الخبر", "suggest?q=الخب", "similar/{id}", "search?q=الخبر&sort=date"]
)
def test_every_kind_of_answer_is_labelled(address: str, room: Room, half: list[str]) -> None:
    answer = room.site.get(f"/v1/indexes/news/{address.format(id=half[0])}")
    assert (answer["partial"], answer["missing"]) == (True, "1 of 2 shards did not answer")
    assert len(room.site.logged()) == 1


def test_the_page_says_that_results_are_missing(room: Room, half: list[str]) -> None:
    for address in (PAGE, f"/documents/{half[0]}"):
        response = room.site.client.get(address)
        assert response.status_code == 200
        assert "النتائج ناقصة" in response.text


def test_a_document_of_a_missing_shard_is_not_unknown(room: Room, half: list[str]) -> None:
    gone = next(str(one["id"]) for one in DOCUMENTS if one["id"] not in half)
    assert room.site.get(f"/v1/indexes/news/documents/{half[0]}")["id"] == half[0]
    room.site.problem(503, UNAVAILABLE, f"/v1/indexes/news/documents/{gone}")
    room.site.problem(503, UNAVAILABLE, f"/v1/indexes/news/explain/{gone}?q=الخبر")


def test_readiness_tells_what_is_missing(room: Room, half: list[str]) -> None:
    answer = room.site.get("/readyz")
    assert (answer["status"], answer["index"]) == ("degraded", "news")
    [missing] = answer["missing"]
    assert missing.endswith("with all of its copies")
    [index] = room.site.get("/v1/indexes")["indexes"]
    assert (index["documents"], index["problem"]) == (len(half), "1 of 2 shards are missing and not counted")


def test_an_index_without_any_shard_is_not_ready(room: Room) -> None:
    room.make(number_of_shards=2, **{"routing.allocation.require._name": "no such node"})
    assert "no_shard_available" in room.site.fails(503, UNAVAILABLE, SILENT)
    detail = room.site.problem(503, "Not ready", "/readyz")
    assert "shard 0 with all of its copies, shard 1 with all of its copies" in detail


# Not the index that it should be


def test_an_index_that_somebody_else_made_is_left_alone(room: Room) -> None:
    room.elasticsearch.indices.create(index=room.alias, mappings={"properties": {"title": {"type": "text"}}})
    detail = room.site.fails(409, "Not an index of this service", "ليس من فهارس هذه الخدمة")
    assert "'news' is an index of Elasticsearch that this service did not make" in detail
    assert "choose another name" in detail
    assert room.site.get("/v1/indexes") == {"indexes": []}


def test_an_alias_of_several_indexes_is_refused(own_news: Room) -> None:
    own_news.elasticsearch.indices.create(index=f"{own_news.prefix}other", aliases={own_news.alias: {}})
    time.sleep(STALE_SECONDS)
    detail = own_news.site.problem(409, "Not an index of this service")
    assert f"is an alias of several indexes ({own_news.generation}, {own_news.prefix}other)" in detail


def test_an_alias_that_hides_documents_is_refused(own_news: Room) -> None:
    hiding = {"term": {"category": "سياسة"}}
    own_news.elasticsearch.indices.put_alias(index=own_news.generation, name=f"{own_news.prefix}public", filter=hiding)
    own_news.site.problem(409, "Not an index of this service", "/v1/indexes/public/search")


@pytest.mark.parametrize("name", ["*", "news*", "_all", "other,news", "<news>", "NEWS", "."])
def test_a_name_is_never_a_pattern(name: str, news: Room) -> None:
    assert "there are: news" in news.site.problem(404, "Unknown index", f"/v1/indexes/{name}/search")


@pytest.mark.parametrize("change", ["fingerprint", "schema"])
def test_an_index_made_with_another_configuration_asks_to_be_rebuilt(change: str, own_news: Room) -> None:
    meta = own_news.elasticsearch.indices.get_mapping(index=own_news.alias)[own_news.generation]["mappings"]["_meta"]
    [content] = meta.values()
    content[change] = "another"
    own_news.elasticsearch.indices.put_mapping(index=own_news.alias, meta=meta)
    time.sleep(STALE_SECONDS)
    detail = own_news.site.fails(503, "The index must be rebuilt", "الفهرس قديم")
    assert "arabic-search reindex news" in detail
    assert "Retry-After" not in own_news.site.client.get(SEARCH).headers
    own_news.site.problem(503, "Not ready", "/readyz")


def test_an_index_that_was_closed_is_not_unknown(own_news: Room) -> None:
    own_news.elasticsearch.indices.close(index=own_news.generation)
    assert "index 'news' is closed in Elasticsearch" in own_news.site.fails(503, UNAVAILABLE, SILENT)


def test_an_index_that_nobody_may_read(own_news: Room) -> None:
    own_news.elasticsearch.indices.add_block(index=own_news.generation, block="read")
    assert "closed to readers" in own_news.site.fails(503, UNAVAILABLE, SILENT)


def test_an_index_that_is_replaced_between_two_requests_is_searched_in_its_new_form(own_news: Room) -> None:
    own_news.site.get()
    own_news.elasticsearch.indices.delete(index=own_news.generation)
    own_news.generation = own_news.generation.replace("1", "2")
    own_news.make()
    for address in (SEARCH, f"{SEARCH}&filter.category=رياضة", "/v1/indexes/news/suggest?q=الخب"):
        own_news.site.get(address)
    assert own_news.site.get()["total"] == 0
    assert own_news.site.logged() == []


def test_an_index_that_is_deleted_between_two_requests_is_unknown(own_news: Room) -> None:
    assert own_news.site.get()["total"] == len(DOCUMENTS)
    own_news.elasticsearch.indices.delete(index=own_news.generation)
    assert own_news.site.problem(404, "Unknown index") == "there is no index 'news'; there is none yet"
    own_news.site.page(404, "لا يوجد فهرس بعد")


# Mistakes of our own


def test_a_search_that_elasticsearch_finds_wrong_is_a_fault_and_no_outage(news: Room) -> None:
    def spoil(request: Request) -> None:
        request.body = b'{"query": {"no_such_query": {}}}'
        request.pass_on()

    news.on_search(spoil)
    title = "The search engine could not carry out the request"
    detail = news.site.fails(500, title, "حدث خطأ غير متوقع")
    assert "unknown query [no_such_query]" in detail
    assert "Retry-After" not in news.site.client.get(SEARCH).headers


# Writing


def test_a_block_on_writes_is_named(own_news: Room) -> None:
    name = own_news.generation
    own_news.elasticsearch.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    assert own_news.site.get()["total"] == len(DOCUMENTS)
    named = "index 'news' takes no writes, most often because the disk is full"
    with pytest.raises(IndexReadOnly, match=named), own_news.site.engine.writer("news") as writer:
        writer.upsert(DocumentChecker(NEWS).check(DOCUMENTS[0]))
