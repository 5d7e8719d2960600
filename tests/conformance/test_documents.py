"""Single documents: each change is there when it is acknowledged, on the condition that it names, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from index_config.schema import Schema, schema_from_dict
from search_service.core.document import entity_tag
from search_service.core.errors import (
    InvalidDocument,
    PreconditionFailed,
    UnknownDocument,
    UnknownIndex,
)
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.documents import Condition, Outcome
from search_service.ingestion.documents import DocumentService, LineResult
from search_service.ingestion.loader import reindex_stored
from search_service.ingestion.validation import DocumentChecker
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.waiting import wait_for

THINGS = IndexName("things")
LIMIT = 10_000


@pytest.fixture
def documents(engine: SearchEngine, news_schema: Schema) -> DocumentService:
    engine.indexes.create(THINGS, news_schema)
    return DocumentService(engine, LIMIT)


def found(engine: SearchEngine, q: str = "") -> list[str]:
    return sorted(hit.id for hit in SearchService(engine).search(THINGS, SearchRequest(q=q)).hits)


class Pieces:
    """A body that arrives in pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    def read(self) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def is_ready(self) -> bool:
        return False

    def restart_time(self) -> None:
        """Nothing to do."""


def one_of(tag: str) -> tuple[Condition, ...]:
    return (Condition(frozenset({tag})),)


def test_a_document_is_there_when_it_is_acknowledged(documents: DocumentService) -> None:
    source = {"title": "وَالمَدْرَسَةُ", "tags": ["أ", "ب"], "date": "0950-01-02"}
    first = documents.put(THINGS, {"id": "a/1", **source})
    assert (first.outcome, first.document.source) == (Outcome.CREATED, source)
    assert documents.get(THINGS, "a/1").source == source
    assert documents.put(THINGS, {"id": "a/1", "title": "كتاب"}).outcome is Outcome.REPLACED
    assert documents.get(THINGS, "a/1").source == {"title": "كتاب"}
    documents.delete(THINGS, "a/1")
    for missing in ("a/1", "other"):
        with pytest.raises(UnknownDocument):
            documents.get(THINGS, missing)
        with pytest.raises(UnknownDocument):
            documents.delete(THINGS, missing)
    assert documents.put(THINGS, {"id": "a/1", "title": "كتب"}).outcome is Outcome.CREATED


def test_searches_find_a_change_soon_or_when_it_is_waited_for(documents: DocumentService, engine: SearchEngine) -> None:
    assert documents.put(THINGS, {"id": "1", "title": "كتاب"}, wait=True).visible
    assert found(engine, "كتاب") == ["1"]
    assert not documents.put(THINGS, {"id": "2", "title": "كتاب"}).visible
    wait_for(lambda: found(engine, "كتاب") == ["1", "2"])
    assert documents.delete(THINGS, "1", wait=True)
    assert found(engine) == ["2"]


def test_equal_documents_have_equal_tags_however_they_are_stored(engine: SearchEngine, products: Schema) -> None:
    extra = {"b": [1, 1.0, 1.5e300, {"z": None, "a": []}, {}], "a": {"deep": {"er": [[], [""]]}}, "e": ""}
    raw = {"id": "1", "name": "كتاب", "price": 5.0, "stock": 2**53 - 1, "notes": [], "sold": False, "extra": extra}
    engine.indexes.create(THINGS, products)
    documents = DocumentService(engine, LIMIT)
    tag = entity_tag(documents.put(THINGS, raw, wait=True).document)
    assert entity_tag(documents.get(THINGS, "1")) == tag
    assert entity_tag(next(iter(engine.indexes.stored(THINGS)))) == tag
    with engine.indexes.rebuild(THINGS, products) as rebuild:
        rebuild.copy(lambda *_: None)
    assert entity_tag(documents.get(THINGS, "1")) == tag
    documents.put(THINGS, {**raw, "price": 6.0}, one_of(tag))


def test_a_change_on_a_condition(documents: DocumentService) -> None:
    create_only, must_exist = (Condition(negated=True),), (Condition(),)
    with pytest.raises(PreconditionFailed):
        documents.put(THINGS, {"id": "1", "title": "أ"}, must_exist)
    with pytest.raises(PreconditionFailed):
        documents.delete(THINGS, "1", must_exist)
    assert documents.put(THINGS, {"id": "1", "title": "أ"}, create_only).outcome is Outcome.CREATED
    with pytest.raises(PreconditionFailed):
        documents.put(THINGS, {"id": "1", "title": "ب"}, create_only)
    tag = entity_tag(documents.get(THINGS, "1"))
    second = documents.put(THINGS, {"id": "1", "title": "ج"}, one_of(tag))
    for outdated in (one_of(tag), (Condition(frozenset({entity_tag(second.document)}), negated=True),)):
        with pytest.raises(PreconditionFailed):
            documents.put(THINGS, {"id": "1", "title": "د"}, outdated)
        with pytest.raises(PreconditionFailed):
            documents.delete(THINGS, "1", outdated)
        with pytest.raises(PreconditionFailed):
            documents.patch(THINGS, "1", {"title": "د"}, outdated)
    assert documents.get(THINGS, "1").source == {"title": "ج"}
    documents.delete(THINGS, "1", one_of(entity_tag(second.document)))
    assert documents.put(THINGS, {"id": "1", "title": "أ"}, create_only).outcome is Outcome.CREATED


def test_of_several_writers_with_one_condition_one_wins(documents: DocumentService) -> None:
    tag = entity_tag(documents.put(THINGS, {"id": "1", "title": "صفر"}).document)

    def write(number: int) -> int:
        try:
            documents.put(THINGS, {"id": "1", "title": f"كتاب {number}"}, one_of(tag))
        except PreconditionFailed:
            return 0
        return number

    with ThreadPoolExecutor(6) as pool:
        winners = list(filter(None, pool.map(write, range(1, 7))))
    assert len(winners) == 1
    assert documents.get(THINGS, "1").source == {"title": f"كتاب {winners[0]}"}


def test_patches_at_the_same_time_lose_nothing(documents: DocumentService) -> None:
    fields = ("title", "text", "author", "category", "source")
    documents.put(THINGS, {"id": "1", "title": "صفر"})
    with ThreadPoolExecutor(len(fields)) as pool:
        list(pool.map(lambda name: documents.patch(THINGS, "1", {name: "قيمة"}), fields))
    assert documents.get(THINGS, "1").source == dict.fromkeys(fields, "قيمة")


def test_a_patch_changes_what_it_names(documents: DocumentService, engine: SearchEngine) -> None:
    documents.put(THINGS, {"id": "1", "title": "كتاب", "text": "قديم", "tags": ["أ"]})
    patched = documents.patch(THINGS, "1", {"text": None, "tags": ["ب", "ج"]}, wait=True)
    assert patched.document.source == {"title": "كتاب", "tags": ["ب", "ج"]}
    assert found(engine, "قديم") == []
    for wrong in ({"title": 5}, {"no": "x"}, {"title": "س" * LIMIT}, {"title": None, "tags": None}):
        with pytest.raises(InvalidDocument):
            documents.patch(THINGS, "1", wrong)
    with pytest.raises(UnknownDocument):
        documents.patch(THINGS, "2", {"title": "x"})
    assert documents.get(THINGS, "1").source == patched.document.source


def lines(results: Iterator[LineResult]) -> list[tuple[int, str | None, str]]:
    return [
        (one.number, one.document_id, str(one.result) if isinstance(one.result, Outcome) else one.result.code)
        for one in results
    ]


def test_each_line_of_a_bulk_stands_for_itself(documents: DocumentService, engine: SearchEngine) -> None:
    documents.put(THINGS, {"id": "old", "title": "قديم"})
    body = "\n".join([
        '{"id": "1", "title": "كتاب"}',
        '{"upsert": {"id": 2, "title": "كتب"}}',
        "",
        '{"delete": "old"}',
        '{"delete": "missing"}',
        '{"id": "3"',
        '{"id": "3", "title": 5}',
        '{"upsert": []}',
        '{"delete": {"id": 1}}',
        '{"id": "3", "title": "' + "ط" * LIMIT + '"}',
        '{"id": "3", "title": "a", "title": "b"}',
        '{"id": "1", "title": "مكتبة"}',
        '  {"delete": 2}  ',
        "[" * 100_000,
        '{"id": "4", "title": "\\ud800"}',
        '{"id": "last", "title": "أخير"}',
    ]).encode()  # fmt: skip
    expected = [
        (1, "1", "created"),
        (2, "2", "created"),
        (4, "old", "deleted"),
        (5, None, "unknown-document"),
        (6, None, "line-unreadable"),
        (7, "3", "value-of-other-type"),
        (8, None, "not-an-object"),
        (9, None, "value-of-other-type"),
        (10, None, "document-too-large"),
        (11, None, "repeated-name"),
        (12, "1", "replaced"),
        (13, "2", "deleted"),
        (14, None, "document-too-large"),
        (15, None, "line-unreadable"),
        (16, "last", "created"),
    ]
    expected[3] = (5, "missing", "unknown-document")
    for size in (len(body), 1_000, 7):
        if size < len(body):
            documents.delete(THINGS, "1")
            documents.delete(THINGS, "last")
            documents.put(THINGS, {"id": "old", "title": "قديم"})
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        assert lines(documents.bulk(THINGS, Pieces(*pieces), wait=True)) == expected
        assert found(engine) == ["1", "last"]


def test_the_results_of_lines_do_not_wait_for_the_rest(documents: DocumentService) -> None:
    pieces = Pieces(b'{"id": "1", "title": "x"}\n{"id": "2"', b', "title": "x"}\n', b'{"delete": "1"}')
    results = documents.bulk(THINGS, pieces)
    assert next(results).document_id == "1"
    assert documents.get(THINGS, "1").source == {"title": "x"}
    with pytest.raises(UnknownDocument):
        documents.get(THINGS, "2")
    assert lines(results) == [(2, "2", "created"), (3, "1", "deleted")]


def test_many_lines_keep_their_order(documents: DocumentService) -> None:
    """Later lines of one id win, also across batches."""
    body = b"".join(orjson.dumps({"id": str(n % 7), "title": f"كتاب {n}"}) + b"\n" for n in range(700))
    results = lines(documents.bulk(THINGS, Pieces(body), wait=True))
    assert [number for number, _, _ in results] == list(range(1, 701))
    assert [outcome for _, _, outcome in results] == ["created"] * 7 + ["replaced"] * 693
    assert {documents.get(THINGS, str(n)).source["title"] for n in range(7)} == {f"كتاب {n}" for n in range(693, 700)}


def test_removing_what_was_selected_leaves_later_changes_alone(
    documents: DocumentService, engine: SearchEngine
) -> None:
    for number in range(5):
        documents.put(THINGS, {"id": str(number), "title": "كتاب"}, wait=number == 4)
    selected = list(engine.indexes.stored(THINGS))
    documents.put(THINGS, {"id": "2", "title": "كتاب آخر"})
    documents.delete(THINGS, "3")
    removed = documents.delete_all(THINGS, selected, wait=True)
    assert (removed.deleted, removed.changed, removed.complete, removed.visible) == (3, 2, True, True)
    assert found(engine) == ["2"]


def test_an_index_that_does_not_exist(documents: DocumentService) -> None:
    missing = IndexName("missing")
    with pytest.raises(UnknownIndex):
        documents.put(missing, {"id": "1", "title": "x"})
    with pytest.raises(UnknownIndex):
        documents.get(missing, "1")
    with pytest.raises(UnknownIndex):
        documents.delete(missing, "1")
    [result] = documents.bulk(missing, Pieces(b'{"id": "1", "title": "x"}'))
    assert isinstance(result.result, UnknownIndex)


def test_an_index_that_is_removed_and_made_again_has_none_of_its_documents(
    documents: DocumentService, engine: SearchEngine, news_schema: Schema
) -> None:
    documents.put(THINGS, {"id": "1", "title": "قديم"})
    engine.indexes.delete(THINGS)
    with pytest.raises(UnknownIndex):
        documents.put(THINGS, {"id": "2", "title": "x"})
    engine.indexes.create(THINGS, news_schema)
    documents.put(THINGS, {"id": "3", "title": "جديد"}, wait=True)
    assert found(engine) == ["3"]


def test_changes_during_a_rebuild_are_in_the_new_generation(
    documents: DocumentService, engine: SearchEngine, news_schema: Schema
) -> None:
    for number in range(4):
        documents.put(THINGS, {"id": str(number), "title": "قديم"}, wait=number == 3)
    tag = entity_tag(documents.get(THINGS, "0"))
    with engine.indexes.rebuild(THINGS, news_schema) as rebuild:
        documents.put(THINGS, {"id": "0", "title": "جديد"}, one_of(tag))
        documents.delete(THINGS, "1")
        rebuild.copy(lambda *_: None)
        documents.put(THINGS, {"id": "2", "title": "جديد"})
        documents.put(THINGS, {"id": "4", "title": "جديد"}, (Condition(negated=True),))
    assert (found(engine), found(engine, "جديد")) == (["0", "2", "3", "4"], ["0", "2", "4"])
    with pytest.raises(PreconditionFailed):
        documents.put(THINGS, {"id": "0", "title": "x"}, one_of(tag))
    documents.put(THINGS, {"id": "0", "title": "x"}, one_of(entity_tag(documents.get(THINGS, "0"))))


def test_a_change_made_before_a_rebuild_from_files_is_not_in_it(
    documents: DocumentService, engine: SearchEngine, news_schema: Schema
) -> None:
    documents.put(THINGS, {"id": "before", "title": "x"})
    with engine.indexes.rebuild(THINGS, news_schema):
        documents.put(THINGS, {"id": "during", "title": "x"})
    assert found(engine) == ["during"]


def test_a_load_after_an_acknowledged_change_replaces_it(
    documents: DocumentService, engine: SearchEngine, news_schema: Schema
) -> None:
    documents.put(THINGS, {"id": "1", "title": "من الواجهة"})
    with engine.indexes.writer(THINGS) as writer:
        writer.upsert(documents.put(THINGS, {"id": "2", "title": "x"}).document)
        writer.upsert(DocumentChecker(news_schema).check({"id": "1", "title": "من الملف"}))
    wait_for(lambda: found(engine) == ["1", "2"])
    assert documents.get(THINGS, "1").source == {"title": "من الملف"}


def test_a_rebuild_with_another_schema_rejects_what_does_not_fit(
    documents: DocumentService, engine: SearchEngine, tmp_path: Path
) -> None:
    documents.put(THINGS, {"id": "1", "title": "كتاب", "author": "ب"}, wait=True)
    other = schema_from_dict({"name": "other", "fields": {"title": {"kind": "text"}}}, "other.toml")
    report = reindex_stored(engine.indexes, THINGS, other, tmp_path / "rejects", ignore_unknown=True)
    assert report.indexed == 1
    with pytest.raises(InvalidDocument):
        documents.put(THINGS, {"id": "2", "title": "كتاب", "author": "ب"})
    documents.put(THINGS, {"id": "2", "title": "كتاب"}, wait=True)
    assert found(engine, "كتاب") == ["1", "2"]
