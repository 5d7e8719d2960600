"""A node that is killed and started again in the middle of a load and of a rebuild, and one that stays away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import EngineUnavailable
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.bulk import writer as bulk_writer
from search_service.engines.elasticsearch.retry import Backoff
from tests.elasticsearch.conftest import NEWS, NewsIndex, document, news_index_in
from tests.elasticsearch.node import Node
from tests.elasticsearch.plugin import open_folder
from tests.elasticsearch.proxy import Proxy, Request
from tests.waiting import wait_for

RESTART_SECONDS = 120.0
"""A node takes a quarter of a minute to start, and three times that where other tests run beside it."""

LOADED = 2_000

CHUNK_BYTES = 20_000


@pytest.fixture
def node(elasticsearch_files: Path) -> Iterator[Node]:
    """A node of the test's own that turns away more than three requests of `CHUNK_BYTES` at once."""
    assert elasticsearch_files.is_dir()
    with open_folder() as folder:
        node = Node(folder, {"indexing_pressure.memory.limit": "70kb"}).start()
        yield node
        node.stop()


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
    node: Node, analysis: Analysis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bulk_writer, "CHUNK_BYTES", CHUNK_BYTES)
    with news_index_in(node.url, analysis) as news_index:
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


def test_a_rebuild_that_loses_elasticsearch_leaves_the_old_index_and_the_next_one_clears_up(
    news_index: NewsIndex, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    news_index.write(document(1, "قديم"))
    original = Backoff.__init__
    with monkeypatch.context() as patch:
        patch.setattr(Backoff, "__init__", lambda self, _seconds, *others: original(self, 1.0, *others))
        proxied_client = news_index.another_engine(proxy.url)
        with pytest.raises(EngineUnavailable), proxied_client.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
            rebuild.upsert(document(1, "جديد"))
            rebuild.commit()
            proxy.rule = Request.lose
    assert "arabic-search generations news --clean" in caplog.text
    assert news_index.states() == ["unfinished", "current"]
    assert news_index.contents() == {"1": "قديم رقم 1"}
    wait_for(lambda: news_index.can_take_lease(0.5))  # this process lives, so its lease has to run out
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(1, "جديد"))
    assert news_index.states() == ["current", "kept"]
