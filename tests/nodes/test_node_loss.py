"""Three nodes of which one dies: nothing that was acknowledged is lost, and searching goes on."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import EngineUnavailable
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.bulk import sender
from search_service.engines.elasticsearch.bulk import writer as bulk_writer
from search_service.engines.elasticsearch.retry import Backoff
from search_service.ingestion.validation import DocumentChecker
from tests.elasticsearch.failures.site import SEARCH, Site
from tests.nodes.cluster import Cluster
from tests.shared_data import records
from tests.waiting import wait_for

NEWS = load_schema("news")
ARTICLES = 1_000
"""Of 29,904: the whole set takes three nodes on two processors some minutes."""

CHUNK = 50
"""Documents of a request, so that many of them are under way when a node dies."""

WATCHED_ANSWERS = 20
PAUSE_SECONDS = 10.0
"""So long searching may stop at most; it takes half a second, on a machine with nothing else to do."""

READY_SECONDS = 120.0

logger = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def cluster(nodes: Cluster) -> Cluster:
    nodes.use("three")
    return nodes


@pytest.fixture(scope="module")
def articles() -> list[Document]:
    checker = DocumentChecker(NEWS)
    return [checker.check(one) for one in records("data", "news", "docs.jsonl.gz", limit=ARTICLES)]


@pytest.fixture
def whole(cluster: Cluster) -> None:
    """Make sure that all nodes are up and every copy is there, whatever the test before did to them."""
    cluster.revive()


def wait_for_copies(cluster: Cluster) -> None:
    cluster.wait_for(
        lambda health: health["status"] == "green" and health["number_of_nodes"] == len(cluster.nodes), READY_SECONDS
    )


@pytest.fixture
def site(
    cluster: Cluster, analysis: Analysis, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Site:
    """A service whose indexes have three shards, each with a copy."""
    monkeypatch.setattr(bulk_writer, "CHUNK_DOCUMENTS", CHUNK)
    settings = cluster.settings(ELASTICSEARCH_SHARDS="3", ELASTICSEARCH_REPLICAS="1").elasticsearch
    return Site(settings, analysis, caplog)


@pytest.fixture
def filled(cluster: Cluster, site: Site, articles: list[Document]) -> None:
    """Make sure that the articles are there, with their copies, whichever tests ran before."""
    if "news" not in site.engine.indexes.names():
        site.engine.indexes.create(IndexName("news"), NEWS)
        with site.engine.indexes.writer(IndexName("news")) as writer:
            for article in articles:
                writer.upsert(article)
        wait_for_copies(cluster)
    site.logged()


@dataclass(frozen=True)
class Seen:
    """What a search answered."""

    began: float
    ended: float
    status: int
    content: Any

    @property
    def whole(self) -> bool:
        return self.status == 200 and not self.content["partial"]


class Searcher(threading.Thread):
    """Searches all the time, one search after the other."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.seen: list[Seen] = []
        self._client = site.client
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.1):
            began = time.monotonic()
            response = self._client.get(SEARCH)
            self.seen.append(Seen(began, time.monotonic(), response.status_code, response.get_json()))

    def __enter__(self) -> Searcher:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.join()

    def answered_in_full(self, since: float) -> int:
        """How many searches that began after a moment were answered in full."""
        return sum(one.whole and one.began >= since for one in list(self.seen))

    def check_pause(self, moment: float) -> None:
        """Make sure that soon after a moment a search was answered in full again, and none failed."""
        assert [one for one in self.seen if one.status != 200] == []
        pause = min(one.ended for one in self.seen if one.whole and one.began >= moment) - moment
        logger.info("answered in full again after %.2f s", pause)
        assert pause < PAUSE_SECONDS


def wait_for_readiness(site: Site) -> None:
    wait_for(
        lambda: site.client.get("/readyz").get_json()["status"] == "ready",
        READY_SECONDS,
        lambda: site.client.get("/readyz").text,
    )


@pytest.mark.usefixtures("whole")
def test_nothing_that_was_acknowledged_is_lost_when_the_master_dies_during_indexing(
    cluster: Cluster, site: Site, articles: list[Document]
) -> None:
    site.engine.indexes.create(IndexName("news"), NEWS)
    wait_for_copies(cluster)  # an index whose copies are not there yet has nothing to go on with
    master = cluster.nodes[cluster.master()]
    with Searcher(site) as searcher, site.engine.indexes.writer(IndexName("news")) as writer:
        for number, article in enumerate(articles):
            writer.upsert(article)
            if number == ARTICLES // 3:
                writer.commit()
                died = time.monotonic()
                threading.Thread(target=master.kill).start()
        writer.commit()
        wait_for(lambda: searcher.answered_in_full(since=died))
    assert not writer.rejected()
    assert {document.id for document in site.engine.indexes.stored(IndexName("news"))} == {
        article.id for article in articles
    }
    assert site.get("/v1/indexes/news/search")["total"] == ARTICLES
    searcher.check_pause(died)

    answer = site.get("/readyz")
    assert answer["status"] == "degraded"
    assert all(warning.startswith("1 copy of shard ") for warning in answer["warnings"])
    master.start()
    wait_for_readiness(site)
    assert site.get("/v1/indexes/news/search")["total"] == ARTICLES


@pytest.mark.usefixtures("whole", "filled")
def test_searching_goes_on_when_a_node_dies_and_a_rebuild_that_loses_its_shards_changes_nothing(
    cluster: Cluster,
    site: Site,
    articles: list[Document],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender, "REQUEST_SECONDS", 5.0)
    retry_seconds = Backoff.__init__
    monkeypatch.setattr(Backoff, "__init__", lambda self, _seconds, *others: retry_seconds(self, 5.0, *others))
    total = site.get()["total"]
    engine = site.engine
    [generation] = [one.name for one in engine.indexes.generations(IndexName("news")) if one.state.value == "current"]
    with Searcher(site) as searcher:
        with pytest.raises(EngineUnavailable), engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
            for article in articles[: ARTICLES // 2]:
                rebuild.upsert(article)
            filled = next(
                one.name for one in engine.indexes.generations(IndexName("news")) if one.state.value == "unfinished"
            )
            lost = cluster.nodes[cluster.holding(filled, primary=True)]
            died = time.monotonic()
            lost.kill()
            for article in articles[ARTICLES // 2 :]:
                rebuild.upsert(article)
        wait_for(lambda: searcher.answered_in_full(since=died) > WATCHED_ANSWERS, READY_SECONDS)
    assert {one.content["total"] for one in searcher.seen if one.whole} == {total}
    searcher.check_pause(died)
    assert [(one.name, one.state.value) for one in engine.indexes.generations(IndexName("news"))] == [
        (generation, "current")
    ]
    assert site.get("/v1/indexes/news/search")["total"] == ARTICLES
    assert site.get("/readyz")["status"] == "degraded"


@pytest.mark.usefixtures("filled")
def test_a_cluster_without_a_master_is_searched_as_far_as_it_goes(cluster: Cluster, site: Site) -> None:
    total = site.get()["total"]
    _, *others = [node for node in cluster.nodes.values() if node.is_running]  # a test before may have killed one
    for node in others:
        node.kill()
    answer = site.get()
    assert answer.get("partial", False) or answer["total"] == total
    assert answer["total"] <= total
    answer = site.get("/readyz")
    assert answer["status"] == "degraded"
    assert "the cluster has no master, so nothing can be written" in answer["warnings"]
