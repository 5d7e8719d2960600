"""A rebuild that loses Elasticsearch for longer than it tries again."""

from __future__ import annotations

import pytest

from search_service.core.errors import EngineUnavailable
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.retry import Backoff
from tests.elasticsearch.conftest import NEWS, NewsIndex, document
from tests.elasticsearch.proxy import Proxy, Request
from tests.waiting import wait_for


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
