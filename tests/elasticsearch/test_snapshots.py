"""Backups on Elasticsearch: snapshots in a repository, restored as a new generation."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from elasticsearch import TransportError
from elasticsearch.exceptions import ApiError

from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document
from search_service.core.errors import InvalidParameter, UnknownIndex, UnreadableSource
from search_service.core.index_name import IndexName
from search_service.engines.base import IndexManager
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.elasticsearch.snapshots import Snapshots
from tests.elasticsearch.conftest import NewsIndex
from tests.elasticsearch.indexes import REQUEST_SECONDS
from tests.sentences import refused

NEWS, COPY = IndexName("news"), IndexName("copy")


@pytest.fixture
def repository(news_index: NewsIndex) -> Iterator[str]:
    """A snapshot repository in a folder of the node."""
    name = news_index.alias.removesuffix("news").strip("-_") or "snapshots"
    client = news_index.client.options(request_timeout=60)
    try:
        client.snapshot.create_repository(name=name, repository={"type": "fs", "settings": {"location": name}})
    except (ApiError, TransportError) as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"this node has no path.repo: {error}")
    yield name
    client.snapshot.delete(repository=name, snapshot="*")
    client.snapshot.delete_repository(name=name)


@pytest.fixture
def indexes(news_index: NewsIndex, repository: str) -> IndexManager:
    settings = ElasticsearchSettings(
        urls=news_index.settings.urls,
        index_prefix=news_index.settings.index_prefix,
        snapshot_repository=repository,
        timeout=REQUEST_SECONDS,
    )
    news_index.write(*(Document(str(number), {"title": f"خبر {number}"}) for number in range(20)))
    return make_elasticsearch_engine(settings, news_index.analysis).indexes


def ids(indexes: IndexManager, index: IndexName) -> set[str]:
    return {document.id for document in indexes.stored(index)}


def test_a_snapshot_is_restored_under_another_name(
    news_index: NewsIndex, indexes: IndexManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is restored is not used before all of it is there: a node may take its time to begin."""
    active: list[int] = []
    wait = Snapshots.wait_for_restore

    def look(snapshots: Snapshots, name: str, new: str) -> None:
        wait(snapshots, name, new)
        active.append(news_index.client.cluster.health(index=new)["active_primary_shards"])

    monkeypatch.setattr(Snapshots, "wait_for_restore", look)
    written = indexes.backup(NEWS, "first")
    assert (written.documents, written.current) == (20, True)
    restored = indexes.restore("first", COPY)
    assert (restored.index, restored.documents, restored.current) == (COPY, 20, True)
    assert active == [news_index.settings.shards]
    assert ids(indexes, COPY) == ids(indexes, NEWS)
    assert [str(one.state) for one in indexes.generations(COPY)] == ["current"]
    assert [one for one in indexes.diagnose(COPY) if not one.ok] == []
    with indexes.writer(COPY) as writer:
        writer.upsert(Document("later", {"title": "بعد النسخة"}))
    assert "later" in ids(indexes, COPY)


def test_an_index_is_replaced_on_request_and_rolled_back(news_index: NewsIndex, indexes: IndexManager) -> None:
    indexes.backup(NEWS, "first")
    news_index.write(Document("later", {"title": "بعد النسخة"}))
    with refused(InvalidParameter, "'news' exists"):
        indexes.restore("first")
    indexes.restore("first", replace=True)
    assert "later" not in ids(indexes, NEWS)
    assert [str(one.state) for one in indexes.generations(NEWS)] == ["current", "kept"]
    indexes.rollback(NEWS)
    assert "later" in ids(indexes, NEWS)


def test_what_cannot_be_done_is_said(news_index: NewsIndex, indexes: IndexManager, repository: str) -> None:
    indexes.backup(NEWS, "first")
    with refused(InvalidParameter, "first exists"):
        indexes.backup(NEWS, "first")
    with refused(InvalidParameter, "'Upper Case' is not a name of a snapshot"):
        indexes.backup(NEWS, "Upper Case")
    with pytest.raises(UnknownIndex):
        indexes.backup(COPY, "second")
    with refused(UnreadableSource, f"The repository '{repository}' has no snapshot 'missing'"):
        indexes.restore("missing")
    news_index.client.snapshot.create(
        repository=repository, snapshot="foreign", indices=[f"{news_index.alias}*"], wait_for_completion=True
    )
    with refused(UnreadableSource, "foreign is not a backup"):
        indexes.restore("foreign", COPY)
    assert indexes.names() == ("news",)


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "is not set: register"), ("none", "no snapshot repository 'none'")]
)
def test_a_repository_is_needed(news_index: NewsIndex, name: str, sentence: str) -> None:
    settings = news_index.settings.model_copy(update={"snapshot_repository": name})
    indexes = make_elasticsearch_engine(settings, news_index.analysis).indexes
    with refused(InvalidParameter, f"ELASTICSEARCH_SNAPSHOT_REPOSITORY.*{sentence}"):
        indexes.backup(NEWS, "first")
    with refused(InvalidParameter, f"ELASTICSEARCH_SNAPSHOT_REPOSITORY.*{sentence}"):
        indexes.restore("first")


def test_a_clock_that_was_set_back_does_not_change_the_order(
    news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second generation is made by a clock that shows an earlier year."""
    indexes, schema = news_index.engine.indexes, news_index.engine.indexes.stored_schema(NEWS)
    news_index.write(Document("1", {"title": "قديم"}))
    first = indexes.generations(NEWS)[0].name
    monkeypatch.setattr("search_service.engines.elasticsearch.catalog.time.time_ns", lambda: 1_000_000_000 * 10**9)
    with indexes.rebuild(NEWS, schema) as writer:
        writer.upsert(Document("1", {"title": "جديد"}))
    second, kept = indexes.generations(NEWS)
    assert (kept.name, str(second.state), str(kept.state)) == (first, "current", "kept")
    assert indexes.rollback(NEWS).name == first
