"""What is written is there, what is deleted is gone, and nobody sees half of a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_config.schema import Schema, schema_from_dict
from search_service.engines.base import SearchEngine
from search_service.errors import EngineUnavailable, StaleIndex, UnknownDocument, UnknownIndex, WriterBusy
from search_service.model import Document, SearchRequest
from search_service.search import SearchService
from tests.conformance.conftest import Fill


def ids(service: SearchService, **request: object) -> list[str]:
    return [hit.id for hit in service.search("things", SearchRequest(**request)).hits]  # type: ignore[arg-type]


def test_a_document_comes_back_as_it_was_written(fill: Fill, news_schema: Schema) -> None:
    source = {"title": "وَالمَدْرَسَةُ ـ الكُبرى", "text": "سطر\nثانٍ \u2028 ثالث", "tags": ["أ", "ب"], "date": "0950-01-02"}
    service = fill(news_schema, [{"id": "a/1", **source}])
    assert service.document("things", "a/1").source == source


def test_writing_an_id_again_replaces_the_document(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(
        news_schema, [{"id": "1", "title": "قديم"}, {"id": "2", "title": "آخر"}, {"id": "1", "title": "جديد"}]
    )
    with engine.writer("things") as writer:
        writer.upsert(Document("2", {"title": "جديد أيضا"}))
    assert ids(service, q="قديم") == []
    assert sorted(ids(service, q="جديد")) == ["1", "2"]
    assert engine.stats("things").documents == 2


def test_a_deleted_document_is_not_found(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}, {"id": "2", "title": "خبر"}])
    with engine.writer("things") as writer:
        writer.delete("1")
        writer.delete("there is none")
    assert ids(service, q="خبر") == ["2"]
    with pytest.raises(UnknownDocument, match="'1'"):
        service.document("things", "1")


def test_nothing_is_seen_before_a_commit(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [])
    with engine.writer("things") as writer:
        writer.upsert(Document("1", {"title": "خبر"}))
        assert ids(service) == []
        writer.commit()
        assert ids(service) == ["1"]


def test_an_error_while_writing_goes_back_to_the_last_commit(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    with pytest.raises(RuntimeError, match="power"), engine.writer("things") as writer:
        writer.upsert(Document("2", {"title": "خبر"}))
        writer.commit()
        writer.upsert(Document("3", {"title": "خبر"}))
        writer.delete("1")
        raise RuntimeError("power")
    assert sorted(ids(service)) == ["1", "2"]


def test_a_second_writer_is_told_who_holds_the_index(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    fill(news_schema, [])
    with engine.writer("things"), pytest.raises(WriterBusy, match=r"pid \d+"), engine.writer("things"):
        pass
    with engine.writer("things"):
        pass


def test_a_rebuild_and_a_writer_exclude_each_other(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    fill(news_schema, [])
    with engine.rebuild("things", news_schema), pytest.raises(WriterBusy), engine.writer("things"):
        pass
    with engine.writer("things"), pytest.raises(WriterBusy), engine.rebuild("things", news_schema):
        pass
    with engine.writer("things"), pytest.raises(WriterBusy):
        engine.delete_index("things")


def test_a_rebuild_is_seen_all_at_once(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "old", "title": "خبر"}])
    with engine.rebuild("things", news_schema) as writer:
        writer.upsert(Document("new", {"title": "خبر"}))
        writer.commit()
        assert ids(service) == ["old"]
    assert ids(service) == ["new"]


def test_a_failed_rebuild_leaves_the_old_index(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "old", "title": "خبر"}])
    with pytest.raises(RuntimeError), engine.rebuild("things", news_schema) as writer:
        writer.upsert(Document("new", {"title": "خبر"}))
        raise RuntimeError
    assert ids(service) == ["old"]
    with engine.writer("things") as writer:
        writer.upsert(Document("later", {"title": "خبر"}))
    assert sorted(ids(service)) == ["later", "old"]


def test_a_rebuild_may_change_the_schema(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    fill(news_schema, [{"id": "1", "title": "خبر"}])
    other = schema_from_dict({"name": "notes", "fields": {"note": {"kind": "text"}}}, "notes.toml")
    with pytest.raises(StaleIndex, match="another schema"):
        engine.create("things", other)
    with engine.rebuild("things", other) as writer:
        writer.upsert(Document("n", {"note": "ملاحظة"}))
    assert engine.schema("things") == other


def test_creating_an_index_again_changes_nothing(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    engine.create("things", news_schema)
    assert ids(service) == ["1"]


def test_a_deleted_index_is_unknown_and_can_be_made_again(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    engine.delete_index("things")
    assert engine.indexes() == ()
    with pytest.raises(UnknownIndex, match="'things'"):
        ids(service)
    with pytest.raises(UnknownIndex):
        engine.delete_index("things")
    assert ids(fill(news_schema, [{"id": "2", "title": "خبر"}])) == ["2"]


def test_indexes_do_not_see_each_other(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}], "b-side")
    fill(news_schema, [{"id": "2", "title": "خبر"}], "a-side")
    assert engine.indexes() == ("a-side", "b-side")
    assert [hit.id for hit in service.search("a-side", SearchRequest(q="خبر")).hits] == ["2"]


def test_stats_tell_the_state_of_an_index(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    fill(news_schema, [{"id": str(number), "title": "خبر"} for number in range(30)])
    stats = engine.stats("things")
    assert (stats.name, stats.schema, stats.documents, stats.current) == ("things", "news", 30, True)
    assert stats.size_bytes > 1_000


@pytest.mark.parametrize("method", ["schema", "stats", "health", "delete_index"])
def test_an_unknown_index_is_named_with_those_there_are(
    method: str, fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    fill(news_schema, [], "archive")
    with pytest.raises(UnknownIndex, match=r"'things'.*archive"):
        getattr(engine, method)("things")


def test_a_damaged_index_is_reported_and_hides_no_other(
    fill: Fill, engine: SearchEngine, news_schema: Schema, tmp_path: Path
) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    fill(news_schema, [{"id": "1", "title": "خبر"}], "broken")
    for path in tmp_path.glob("broken/current/**/meta.json"):
        path.write_text("{")
    with pytest.raises(EngineUnavailable, match="'broken'"):
        engine.health("broken")
    broken, whole = service.indexes()
    assert "damaged" in broken.problem
    assert (whole.documents, whole.problem) == (1, "")
