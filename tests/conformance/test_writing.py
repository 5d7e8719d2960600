"""What is written is there, what is deleted is gone, and nobody sees half of a change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path

import pytest

from index_config.schema import Schema, schema_from_dict
from search_service.core.document import Document
from search_service.core.errors import (
    EngineUnavailable,
    InvalidParameter,
    NoGeneration,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
    WriterBusy,
)
from search_service.core.index_name import IndexName
from search_service.core.index_state import IndexState
from search_service.engines.base import SearchEngine
from search_service.engines.writing import RebuildOptions
from search_service.ingestion.loader import load
from search_service.ingestion.sources.base import Item
from search_service.ingestion.sources.files import FileSources
from search_service.search.request import SearchRequest
from tests.conformance.conftest import Fill
from tests.conformance.searches import ids
from tests.sentences import refused, sentence


def test_a_document_comes_back_as_it_was_written(fill: Fill, news_schema: Schema) -> None:
    source = {"title": "وَالمَدْرَسَةُ ـ الكُبرى", "text": "سطر\nثانٍ \u2028 ثالث", "tags": ["أ", "ب"], "date": "0950-01-02"}
    service = fill(news_schema, [{"id": "a/1", **source}])
    assert service.document(IndexName("things"), "a/1").source == source


def test_writing_an_id_again_replaces_the_document(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(
        news_schema, [{"id": "1", "title": "قديم"}, {"id": "2", "title": "آخر"}, {"id": "1", "title": "جديد"}]
    )
    with engine.indexes.writer(IndexName("things")) as writer:
        writer.upsert(Document("2", {"title": "جديد أيضا"}))
    assert ids(service, q="قديم") == []
    assert sorted(ids(service, q="جديد")) == ["1", "2"]
    assert engine.indexes.stats(IndexName("things")).documents == 2


def test_a_deleted_document_is_not_found(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}, {"id": "2", "title": "خبر"}])
    with engine.indexes.writer(IndexName("things")) as writer:
        writer.delete("1")
        writer.delete("there is none")
    assert ids(service, q="خبر") == ["2"]
    with refused(UnknownDocument, "'1'"):
        service.document(IndexName("things"), "1")


def test_what_is_written_is_seen_after_a_commit_and_before_it_only_without_transactions(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [])
    with engine.indexes.writer(IndexName("things")) as writer:
        writer.upsert(Document("1", {"title": "خبر"}))
        assert ids(service) == [] or (ids(service) == ["1"] and not engine.indexes.capabilities.transactions)
        writer.commit()
        assert ids(service) == ["1"]


def test_an_error_while_writing_keeps_what_was_committed(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    with pytest.raises(RuntimeError, match="power"), engine.indexes.writer(IndexName("things")) as writer:
        writer.upsert(Document("2", {"title": "خبر"}))
        writer.commit()
        writer.upsert(Document("3", {"title": "خبر"}))
        writer.delete("1")
        raise RuntimeError("power")
    if engine.indexes.capabilities.transactions:
        assert sorted(ids(service)) == ["1", "2"]
    else:
        assert {"2"} <= set(ids(service)) <= {"1", "2", "3"}


def test_changes_of_one_id_take_effect_in_their_order(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "gone", "title": "خبر"}])
    with engine.indexes.writer(IndexName("things")) as writer:
        for number in range(50):
            writer.upsert(Document("changed", {"title": f"خبر رقم {number}"}))
            writer.upsert(Document("gone", {"title": f"خبر رقم {number}"}))
            writer.delete("back")
            writer.delete("gone")
            writer.upsert(Document("back", {"title": f"خبر رقم {number}"}))
    assert sorted(ids(service)) == ["back", "changed"]
    assert (
        engine.searcher.get(IndexName("things"), "changed").source
        == engine.searcher.get(IndexName("things"), "back").source
        == {"title": "خبر رقم 49"}
    )


def test_a_second_writer_is_turned_away_or_writes_as_well(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [])
    if engine.indexes.capabilities.exclusive_writer:
        with (
            engine.indexes.writer(IndexName("things")),
            refused(WriterBusy, r"pid \d+"),
            engine.indexes.writer(IndexName("things")),
        ):
            pass
        with engine.indexes.writer(IndexName("things")):
            pass
    else:
        with (
            engine.indexes.writer(IndexName("things")) as first,
            engine.indexes.writer(IndexName("things")) as second,
        ):
            first.upsert(Document("1", {"title": "خبر"}))
            second.upsert(Document("2", {"title": "خبر"}))
        assert sorted(ids(service)) == ["1", "2"]


def test_a_rebuild_and_a_writer_exclude_each_other_or_nothing_written_is_lost(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [{"id": "gone", "title": "خبر"}, {"id": "changed", "title": "خبر"}])
    if engine.indexes.capabilities.exclusive_writer:
        with (
            engine.indexes.rebuild(IndexName("things"), news_schema),
            pytest.raises(WriterBusy),
            engine.indexes.writer(IndexName("things")),
        ):
            pass
        with (
            engine.indexes.writer(IndexName("things")),
            pytest.raises(WriterBusy),
            engine.indexes.rebuild(IndexName("things"), news_schema),
        ):
            pass
        with engine.indexes.writer(IndexName("things")), pytest.raises(WriterBusy):
            engine.indexes.delete(IndexName("things"))
    else:
        with (
            engine.indexes.rebuild(IndexName("things"), news_schema) as rebuild,
            engine.indexes.writer(IndexName("things")) as writer,
        ):
            writer.upsert(Document("changed", {"title": "بعد"}))
            writer.upsert(Document("new", {"title": "بعد"}))
            writer.delete("gone")
            rebuild.upsert(Document("gone", {"title": "قبل"}))
            rebuild.upsert(Document("changed", {"title": "قبل"}))
            rebuild.upsert(Document("other", {"title": "قبل"}))
        assert (sorted(ids(service, q="قبل")), sorted(ids(service, q="بعد"))) == (["other"], ["changed", "new"])
        assert engine.indexes.stats(IndexName("things")).documents == 3


def test_what_changes_a_whole_index_excludes_everything_like_it(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    fill(news_schema, [])
    with engine.indexes.rebuild(IndexName("things"), news_schema):
        with refused(WriterBusy, rf"pid {os.getpid()}"), engine.indexes.rebuild(IndexName("things"), news_schema):
            pass
        for change in (engine.indexes.delete, engine.indexes.rollback, engine.indexes.clean):
            with refused(WriterBusy, rf"pid {os.getpid()}"):
                change(IndexName("things"))
    with engine.indexes.rebuild(IndexName("things"), news_schema):
        pass


def test_a_rebuild_is_seen_all_at_once(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "old", "title": "خبر"}])
    with engine.indexes.rebuild(IndexName("things"), news_schema) as writer:
        writer.upsert(Document("new", {"title": "خبر"}))
        writer.commit()
        assert ids(service) == ["old"]
    assert ids(service) == ["new"]


def test_a_failed_rebuild_leaves_the_old_index(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "old", "title": "خبر"}])
    with pytest.raises(RuntimeError), engine.indexes.rebuild(IndexName("things"), news_schema) as writer:
        writer.upsert(Document("new", {"title": "خبر"}))
        raise RuntimeError
    assert ids(service) == ["old"]
    assert [one.state for one in engine.indexes.generations(IndexName("things"))] == ["current"]
    with engine.indexes.writer(IndexName("things")) as writer:
        writer.upsert(Document("later", {"title": "خبر"}))
    assert sorted(ids(service)) == ["later", "old"]


def rebuild_of(engine: SearchEngine, schema: Schema, document_id: str, **options: int) -> None:
    with engine.indexes.rebuild("things", schema, RebuildOptions(**options)) as writer:  # type: ignore[arg-type]
        writer.upsert(Document(document_id, {"title": "خبر"}))


def test_a_rebuild_keeps_the_generation_before_and_can_be_rolled_back(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [{"id": "first", "title": "خبر"}])
    with refused(NoGeneration, "'things'"):
        engine.indexes.rollback(IndexName("things"))
    rebuild_of(engine, news_schema, "second")
    second, first = engine.indexes.generations(IndexName("things"))
    assert (second.state, first.state, second.documents, first.documents) == ("current", "kept", 1, 1)
    assert second.name > first.name
    assert second.created >= first.created > "20"
    assert engine.indexes.rollback(IndexName("things")).name == first.name
    assert ids(service) == ["first"]
    with engine.indexes.writer(IndexName("things")) as writer:
        writer.upsert(Document("more", {"title": "خبر"}))
    assert sorted(ids(service)) == ["first", "more"]
    assert [one.state for one in engine.indexes.generations(IndexName("things"))] == ["kept", "current"]
    with pytest.raises(NoGeneration):
        engine.indexes.rollback(IndexName("things"))
    rebuild_of(engine, news_schema, "third")
    assert [one.state for one in engine.indexes.generations(IndexName("things"))] == ["current", "kept"]
    assert (
        engine.indexes.generations(IndexName("things"))[1].name == first.name
    )  # what was searched last, not what is newer
    assert ids(service) == ["third"]


@pytest.mark.full(keep=2)
@pytest.mark.parametrize("keep", [0, 2])
def test_as_many_generations_are_kept_as_are_wanted(
    fill: Fill, engine: SearchEngine, news_schema: Schema, keep: int
) -> None:
    service = fill(news_schema, [{"id": "0", "title": "خبر"}])
    for number in range(1, 4):
        rebuild_of(engine, news_schema, str(number), keep=keep)
        assert ids(service) == [str(number)]
        assert len(engine.indexes.generations(IndexName("things"))) == 1 + min(keep, number)
    assert not engine.indexes.clean(IndexName("things"))
    engine.indexes.delete(IndexName("things"))
    assert engine.indexes.names() == ()
    with pytest.raises(UnknownIndex):
        engine.indexes.generations(IndexName("things"))


def test_a_rebuild_can_take_over_the_stored_documents(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    source = {"title": "وَالمَدْرَسَةُ", "text": "سطر\nثانٍ", "tags": ["أ", "ب"], "date": "0950-01-02"}
    service = fill(news_schema, [{"id": "a/1", **source}, *({"id": str(n), "title": "خبر"} for n in range(300))])
    progress: list[tuple[int, int]] = []
    with engine.indexes.rebuild(IndexName("things"), news_schema) as rebuild:
        assert rebuild.copy(lambda done, total: progress.append((done, total))) == 301
    assert progress[-1] == (301, 301)
    assert engine.indexes.stats(IndexName("things")).documents == 301
    assert service.document(IndexName("things"), "a/1").source == source
    assert ids(service, q="المدرسة") == ["a/1"]
    assert {d.id: d.source for d in engine.indexes.stored(IndexName("things"))}["a/1"] == source
    assert len(list(engine.indexes.stored(IndexName("things")))) == 301


def test_an_index_is_merged_at_its_rebuild_where_the_engine_can(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [{"id": "old", "title": "خبر"}])
    if engine.indexes.capabilities.force_merge:
        rebuild_of(engine, news_schema, "new", force_merge=True)
        assert ids(service) == ["new"]
    else:
        with refused(InvalidParameter, "--force-merge"):
            rebuild_of(engine, news_schema, "new", force_merge=True)
        assert ids(service) == ["old"]


def test_a_rebuild_may_change_the_schema(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    fill(news_schema, [{"id": "1", "title": "خبر"}])
    other = schema_from_dict({"name": "notes", "fields": {"note": {"kind": "text"}}}, "notes.toml")
    with refused(StaleIndex, "a different version of schema"):
        engine.indexes.create(IndexName("things"), other)
    with engine.indexes.rebuild(IndexName("things"), other) as writer:
        writer.upsert(Document("n", {"note": "ملاحظة"}))
    assert engine.searcher.schema(IndexName("things")) == engine.indexes.stored_schema(IndexName("things")) == other


def test_creating_an_index_again_changes_nothing(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    engine.indexes.create(IndexName("things"), news_schema)
    assert ids(service) == ["1"]


def test_a_deleted_index_is_unknown_and_can_be_made_again(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    engine.indexes.delete(IndexName("things"))
    assert engine.indexes.names() == ()
    with refused(UnknownIndex, "'things'"):
        ids(service)
    with pytest.raises(UnknownIndex):
        engine.indexes.delete(IndexName("things"))
    assert ids(fill(news_schema, [{"id": "2", "title": "خبر"}])) == ["2"]


def test_indexes_do_not_see_each_other(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}], "b-side")
    fill(news_schema, [{"id": "2", "title": "خبر"}], "a-side")
    assert engine.indexes.names() == ("a-side", "b-side")
    assert [hit.id for hit in service.search(IndexName("a-side"), SearchRequest(q="خبر")).hits] == ["2"]


def test_stats_tell_the_state_of_an_index(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    fill(news_schema, [{"id": str(number), "title": "خبر"} for number in range(30)])
    stats = engine.indexes.stats(IndexName("things"))
    assert (stats.name, stats.schema, stats.documents, stats.state) == ("things", "news", 30, "current")
    assert stats.size_bytes > 1_000


@pytest.mark.parametrize("method", ["searcher.schema", "searcher.health", "indexes.stats", "indexes.delete"])
def test_an_unknown_index_is_named_with_those_there_are(
    method: str, fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    fill(news_schema, [], "archive")
    with refused(UnknownIndex, r"'things'.*archive"):
        attrgetter(method)(engine)("things")


def test_a_damaged_index_is_reported_and_hides_no_other(
    fill: Fill, engine: SearchEngine, news_schema: Schema, damage: Callable[[str], None]
) -> None:
    service = fill(news_schema, [{"id": "1", "title": "خبر"}])
    fill(news_schema, [{"id": "1", "title": "خبر"}], "broken")
    damage("broken")
    with refused(EngineUnavailable, "'broken'"):
        engine.searcher.health(IndexName("broken"))
    broken, whole = service.indexes()
    assert broken.state in (IndexState.DAMAGED, IndexState.UNAVAILABLE)
    assert broken.problem is not None
    assert broken.problem.params["index"] == "broken"
    assert (whole.documents, whole.state, whole.problem) == (1, IndexState.CURRENT, None)


def test_a_first_load_makes_the_index_with_its_first_document(engine: SearchEngine, news_schema: Schema) -> None:
    things = IndexName("things")
    with engine.indexes.writer(things, news_schema) as writer:
        writer.commit()
        assert engine.indexes.names() == ()
    assert engine.indexes.names() == ()
    with engine.indexes.writer(things, news_schema) as writer:
        writer.upsert(Document("1", {"title": "خبر"}))
        writer.commit()
        assert engine.indexes.names() == (things,)
    with engine.indexes.writer(things, news_schema):
        pass
    assert engine.indexes.stats(things).documents == 1
    other = schema_from_dict({"name": "other", "fields": {"title": {"kind": "text"}}}, "other.toml")
    with refused(StaleIndex, "reindex things"), engine.indexes.writer(things, other):
        pass
    with refused(UnknownIndex, "'missing'"), engine.indexes.writer(IndexName("missing")):
        pass


def test_a_writer_knows_what_it_has_not_saved(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    fill(news_schema, [])
    with engine.indexes.writer(IndexName("things")) as writer:
        for number in range(7):
            writer.upsert(Document(str(number), {"title": "خبر"}))
        assert writer.unsaved == 7
        writer.commit()
        assert writer.unsaved == 0
    with pytest.raises(RuntimeError), engine.indexes.writer(IndexName("things")) as writer:
        writer.upsert(Document("8", {"title": "خبر"}))
        raise RuntimeError
    assert writer.unsaved == 1
    assert engine.indexes.stats(IndexName("things")).documents == 7


def test_an_index_that_was_empty_stays_when_nothing_is_written(
    fill: Fill, engine: SearchEngine, news_schema: Schema
) -> None:
    fill(news_schema, [])
    with engine.indexes.writer(IndexName("things"), news_schema):
        pass
    assert engine.indexes.stats(IndexName("things")).documents == 0


class InterruptedSources(FileSources):
    """Sources in which Ctrl-C comes after some documents."""

    after = 4_000

    def __iter__(self) -> Iterator[Item]:
        for number, item in enumerate(super().__iter__()):
            if number == self.after:
                raise KeyboardInterrupt
            yield item


def test_an_interrupted_load_notes_how_many_documents_are_kept(
    engine: SearchEngine, news_schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"id": "{number}", "title": "خبر"}}\n' for number in range(4_500)), encoding="utf-8")
    sources = InterruptedSources([str(path)], news_schema, 10_000)
    with pytest.raises(KeyboardInterrupt) as caught:
        load(
            engine.indexes, IndexName("things"), news_schema, sources, tmp_path / "rejects.jsonl",
            describe=sentence, commit_every=1_500,
        )  # fmt: skip
    [note] = caught.value.__notes__
    with engine.indexes.writer(IndexName("things")) as writer:
        writer.commit()  # a refresh, where there are no transactions
    kept = engine.indexes.stats(IndexName("things")).documents
    assert note.startswith(f"{kept:,} documents of this load are in index 'things'; the command can be repeated")
    assert kept == 3_000 or (not engine.indexes.capabilities.transactions and 0 < kept <= 4_000)
