"""A node that turns requests away, and is killed and started again, in the middle of a load and of a rebuild."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.bulk import writer as bulk_writer
from search_service.engines.elasticsearch.client import connect
from tests.elasticsearch.conftest import NEWS, NewsIndex
from tests.elasticsearch.indexes import REQUEST_SECONDS, delete_all
from tests.nodes.cluster import Cluster
from tests.waiting import wait_for

PREFIX = "restart-"

RESTART_SECONDS = 120.0
"""A node takes a quarter of a minute to start, and three times that where other tests run beside it."""

LOADED = 2_000

CHUNK_BYTES = 20_000
"""The node turns away more than three requests of so many bytes at once (`PRESSURE_LIMIT`)."""


@pytest.fixture
def news_index(nodes: Cluster, analysis: Analysis) -> Iterator[NewsIndex]:
    """An empty index on the node."""
    nodes.use("one")
    settings = nodes.settings().elasticsearch.model_copy(update={"index_prefix": PREFIX, "timeout": REQUEST_SECONDS})
    with connect(settings) as client:
        made = NewsIndex(settings, client, analysis)
        made.engine.indexes.create(IndexName("news"), NEWS)
        yield made
        nodes.revive()
        delete_all(client, PREFIX)


class Loader(threading.Thread):
    """Writes many documents, and deletes some of them again."""

    def __init__(self, news_index: NewsIndex) -> None:
        super().__init__()
        self.failure: BaseException | None = None
        self.steps = threading.Semaphore(0)
        self._engine = news_index.another_engine()

    def run(self) -> None:
        text = "خبر " * 20
        try:
            with self._engine.indexes.writer(IndexName("news")) as writer:
                for number in range(LOADED):
                    writer.upsert(Document(str(number), {"title": f"خبر {number}", "text": text}))
                    if number % 300 == 0:
                        self.steps.release()
                    if number % 10 == 9:
                        writer.delete(str(number - 5))
        except BaseException as error:
            self.failure = error


def rejections(news_index: NewsIndex) -> int:
    """Return how many requests the node has turned away."""
    [statistics] = news_index.client.nodes.stats(metric="indexing_pressure")["nodes"].values()
    total: int = statistics["indexing_pressure"]["memory"]["total"]["coordinating_rejections"]
    return total


def test_a_load_and_a_rebuild_go_on_when_the_node_has_too_much_to_do_and_when_it_is_killed_and_started_again(
    nodes: Cluster, news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    [node] = nodes.nodes.values()
    monkeypatch.setattr(bulk_writer, "CHUNK_BYTES", CHUNK_BYTES)
    loader = Loader(news_index)
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        loader.start()
        for _ in range(4):
            assert loader.steps.acquire(timeout=RESTART_SECONDS)
        wait_for(lambda: rejections(news_index) > 0, RESTART_SECONDS)
        node.kill()
        for number in range(100):
            rebuild.upsert(Document(f"source {number}", {"title": "خبر"}))
        starting = threading.Timer(1.5, node.start)  # long enough for requests to meet nobody
        starting.start()
        rebuild.commit()
    loader.join(RESTART_SECONDS)
    assert not loader.failure
    assert not loader.is_alive()
    expected = {str(number) for number in range(LOADED) if number % 10 != 4}
    assert news_index.ids() == expected | {f"source {number}" for number in range(100)}
    assert news_index.states() == ["current", "kept"]
    assert "trying again for another" in caplog.text
