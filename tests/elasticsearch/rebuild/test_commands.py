"""Rebuilds from the command line, and what they note."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index_config.schema import schema_from_dict
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.writing import KEEP_ONE
from search_service.ingestion.loader import reindex_stored
from tests.elasticsearch.conftest import NEWS, NewsIndex, document
from tests.elasticsearch.rebuild.writers import Processes


def test_documents_written_meanwhile_that_do_not_fit_the_new_schema_are_noted(
    news_index: NewsIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news_index.write(document(1), Document("2", {"title": "خبر", "category": "رياضة"}))
    other = schema_from_dict({"name": "short", "fields": {"title": {"kind": "text"}}}, "short.toml")

    def write(_index: str) -> Iterator[Document]:
        news_index.write(Document("late", {"title": "خبر", "category": "رياضة"}), document(4))
        yield document(1)

    engine = news_index.another_engine()
    monkeypatch.setattr(engine.indexes, "stored", write)
    rejects = tmp_path / "rejects.jsonl"
    report = reindex_stored(engine.indexes, IndexName("news"), other, rejects, KEEP_ONE)
    assert (report.indexed, report.rejected) == (1, 1)
    [reject] = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert (reject["source"], reject["raw"]) == ("(in the index)", "late")
    assert news_index.ids() == {"1", "4"}


def test_commands_load_rebuild_roll_back_and_delete_an_index(news_index: NewsIndex, processes: Processes) -> None:
    source = processes.source(*(document(number) for number in range(30)), Document("x", {"mood": "bad"}))
    assert "1 rejected" in processes.command("index", "news", source, status=1)
    output = processes.command("reindex", "news", source, "--dry-run", status=1)
    assert "index     30 documents into a new generation, and reject 1" in output
    assert news_index.states() == ["current"]
    assert "30 documents indexed" in processes.command("reindex", "news", "--from-stored", "--force-merge")
    assert news_index.states() == ["current", "kept"]
    assert "again, with 30 documents" in processes.command("rollback", "news")
    assert news_index.states() == ["kept", "current"]
    assert "cannot be rolled back" in processes.command("rollback", "news", status=5)
    assert "The index 'news' is deleted" in processes.command("delete", "news", "--yes")
    assert news_index.engine.indexes.names() == ()


def test_notes_are_hidden_and_old_ones_are_removed(news_index: NewsIndex) -> None:
    news_index.write(document(1), document(2))
    coordination = news_index.coordination
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.delete("1")
        writer.delete("1")
    assert list(coordination.tombstones(IndexName("news"), {0: -1})) == ["1"]
    assert news_index.engine.indexes.names() == ("news",)
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(2))
    assert list(coordination.tombstones(IndexName("news"), {0: -1})) == []
    news_index.client.indices.delete(index=f"{coordination.name}-1")
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.delete("2")
    assert list(coordination.tombstones(IndexName("news"), {0: -1})) == ["2"]
    assert news_index.ids() == set()
