"""Loading: which documents are indexed, which are rejected, and what remains after a failure."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index_config.schema import Schema, load_schema, schema_from_dict
from search_service.config.settings import Settings
from search_service.core.errors import (
    InvalidParameter,
    NothingToIndex,
    StaleIndex,
    UnknownIndex,
    UnreadableSource,
    WriterBusy,
)
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.engines.writing import KEEP_ONE
from search_service.ingestion.loader import load
from search_service.ingestion.report import LoadReport
from search_service.ingestion.sources.files import FileSources
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.sentences import refused, sentence

EXAMPLES = Path(__file__).parents[2] / "examples" / "news.jsonl"
NEWS = load_schema("news")
LIMIT = 10_000


class LoadedIndex:
    """An index, a folder for source files, and the load under test."""

    def __init__(self, folder: Path) -> None:
        self.engine: SearchEngine = make_engine(Settings(index_dir=folder / "indexes"))
        self.folder = folder
        self.rejects = folder / "rejects.jsonl"

    def write(self, name: str, *lines: str | bytes | dict[str, Any]) -> Path:
        path = self.folder / name
        encoded = [json.dumps(line) if isinstance(line, dict) else line for line in lines]
        path.write_bytes(b"".join((e if isinstance(e, bytes) else e.encode()) + b"\n" for e in encoded))
        return path

    def load(
        self, *paths: Path, schema: Schema = NEWS, limit: int = LIMIT, rebuild: bool = False, **options: Any
    ) -> LoadReport:
        sources = FileSources([str(path) for path in paths], schema, limit, exclude=[self.rejects])
        return load(
            self.engine.indexes,
            IndexName("news"),
            schema,
            sources,
            self.rejects,
            KEEP_ONE if rebuild else None,
            describe=sentence,
            **options,
        )

    def rejected(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.rejects.read_bytes().splitlines()]

    def count(self) -> int:
        return self.engine.indexes.stats(IndexName("news")).documents

    def contents(self) -> list[tuple[str, Any]]:
        """Return the hits, their number and the facets of an empty query."""
        response = SearchService(self.engine).search(IndexName("news"), SearchRequest(size=100, facets=("category",)))
        hits = [(hit.id, dict(hit.source)) for hit in response.hits]
        return [*hits, ("total", response.total), ("facets", response.facets)]


@pytest.fixture
def index(tmp_path: Path) -> LoadedIndex:
    return LoadedIndex(tmp_path)


def document(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "title": f"خبر رقم {number}", **fields}


# What is indexed


@pytest.mark.parametrize("rebuild", [False, True])
def test_the_example_collection_is_indexed(index: LoadedIndex, rebuild: bool) -> None:
    report = index.load(EXAMPLES, limit=1_000_000, rebuild=rebuild)
    lines = len(EXAMPLES.read_bytes().splitlines())
    assert (report.indexed, report.rejected, report.reject_file) == (lines, 0, None)
    assert report.seconds > 0
    assert report.documents_per_second == pytest.approx(lines / report.seconds)
    assert index.count() == lines
    assert not index.rejects.exists()


@pytest.mark.parametrize("modes", [(False, False), (True, True), (False, True), (True, False)])
def test_the_same_load_twice_gives_the_same_index(index: LoadedIndex, modes: tuple[bool, bool]) -> None:
    index.load(EXAMPLES, limit=1_000_000, rebuild=modes[0])
    first = index.contents()
    index.load(EXAMPLES, limit=1_000_000, rebuild=modes[1])
    assert index.contents() == first


def test_the_last_document_of_an_id_wins(index: LoadedIndex) -> None:
    report = index.load(index.write("a.jsonl", document(1), document(2), document(1, text="الأخير")))
    assert report.indexed == 3
    assert index.count() == 2
    assert index.engine.searcher.get(IndexName("news"), "1").source["text"] == "الأخير"


def test_csv_cells_are_parsed_by_the_schema(index: LoadedIndex) -> None:
    schema = schema_from_dict(
        {
            "name": "books",
            "fields": {
                "title": {"kind": "text"},
                "pages": {"kind": "integer"},
                "tags": {"kind": "keyword", "multi": True},
            },
        },
        "books.toml",
    )
    index.load(index.write("a.csv", "id,title,pages,tags", "1,ألف ليلة,900,حكاية|تراث"), schema=schema)
    source = index.engine.searcher.get(IndexName("news"), "1").source
    assert source == {"title": "ألف ليلة", "pages": 900, "tags": ["حكاية", "تراث"]}


def test_text_and_html_files_of_a_folder_are_indexed(index: LoadedIndex) -> None:
    folder = index.folder / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("عنوان\nنص", encoding="utf-8")
    (folder / "b.html").write_text("<title>صفحة</title><p>نص الصفحة", encoding="utf-8")
    index.load(folder)
    assert [index.engine.searcher.get(IndexName("news"), name).source["title"] for name in ("a.txt", "b.html")] == [
        "عنوان",
        "صفحة",
    ]


def test_ignore_unknown_drops_unknown_fields(index: LoadedIndex) -> None:
    path = index.write("a.jsonl", document(1, mood="x"))
    assert index.load(path).rejected == 1
    assert index.load(path, ignore_unknown=True).indexed == 1
    assert "mood" not in index.engine.searcher.get(IndexName("news"), "1").source


# Rejected documents

REJECTED: list[tuple[str, str | bytes | dict[str, Any], str]] = [
    ("bad JSON", '{"id": "7", "title": "x"', "is not JSON"),
    ("not an object", '["x"]', "The document is a list, not a JSON object"),
    ("wrong type", document(7, text=5), "'text' is a number, not a string"),
    ("several values", document(7, source=["a", "b"]), "'source' holds a list"),
    ("bad date", document(7, date="31/12/2024"), "'date': '31/12/2024' is not a date"),
    ("no such day", document(7, date="2023-02-29"), "'date': '2023-02-29' is not a date"),
    ("missing id", {"title": "x"}, "'id' is missing"),
    ("empty id", {"id": "", "title": "x"}, "'id' is missing"),
    ("no field", {"id": "7"}, "The document has no field with a value"),
    ("unknown field", document(7, mood="x"), "'mood' is not a field of the schema"),
    ("not UTF-8", '{"id": "7", "title": "خبر"}'.encode("cp1256"), "is not UTF-8"),
    ("lone surrogate", '{"id": "7", "title": "\\ud83d"}', "contains an unpaired surrogate"),
    ("NUL escape", '{"id": "7", "title": "a\\u0000b"}', "'title' contains a NUL character at position 1"),
    ("NUL byte", b'{"id": "7", "title": "a\0b"}', "contains a NUL character"),
    ("NUL in a list", document(7, tags=["a", "b\0"]), "'tags' contains a NUL character"),
    ("too large", document(7, text="x" * LIMIT), "is larger than 10000 bytes"),
]


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize(("line", "reason"), [pytest.param(*case[1:], id=case[0]) for case in REJECTED])
def test_a_rejected_document_is_in_the_reject_file_with_its_line(
    index: LoadedIndex, line: str | bytes | dict[str, Any], reason: str, rebuild: bool
) -> None:
    path = index.write("a.jsonl", document(1), "", line, document(2))
    report = index.load(path, rebuild=rebuild)
    assert (report.indexed, report.rejected, report.reject_file) == (2, 1, index.rejects)
    assert index.count() == 2
    [reject] = index.rejected()
    assert list(reject) == ["source", "line", "code", "params", "reason", "raw"]
    assert (reject["source"], reject["line"]) == (str(path), 3)
    assert reject["reason"].startswith(reason)
    assert reject["raw"]
    assert len(reject["raw"]) <= 2_000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,x,31/12/2024", "'date': '31/12/2024' is not a date"),
        (",x,2024", "'id' is missing"),
        ("7,a\0b,2024", "'title' contains a NUL character at position 1"),
        ("7,x", "has 2 cells, and the header has 3"),
        ('7,"x" y,2024', "is not CSV"),
    ],
)
def test_a_rejected_row_is_in_the_reject_file_with_its_line(index: LoadedIndex, row: str, reason: str) -> None:
    report = index.load(index.write("a.csv", "id,title,date", "1,خبر,2024", row, "2,خبر,2024"))
    assert (report.indexed, report.rejected) == (2, 1)
    [reject] = index.rejected()
    assert reject["line"] == 3
    assert reject["reason"].startswith(reason)
    assert reject["raw"] == row + "\n"


def test_the_reject_file_holds_the_last_load_only(index: LoadedIndex) -> None:
    bad, good = index.write("bad.jsonl", "{", document(1)), index.write("good.jsonl", document(1))
    index.load(bad)
    index.load(bad)
    assert len(index.rejected()) == 1
    index.load(good)
    assert not index.rejects.exists()


def test_the_reject_file_may_be_a_device(index: LoadedIndex) -> None:
    index.rejects = Path(os.devnull)
    assert index.load(index.write("a.jsonl", "{", document(1))).rejected == 1
    assert index.rejects.exists()


@pytest.mark.parametrize("path", ["folder", "missing/x.jsonl"])
def test_a_reject_file_that_cannot_be_written_is_refused_before_indexing(index: LoadedIndex, path: str) -> None:
    (index.folder / "folder").mkdir()
    index.rejects = index.folder / path
    with refused(InvalidParameter, "--reject-file"):
        index.load(index.write("a.jsonl", document(1)))
    assert index.engine.indexes.names() == ()


# Failures


class Interrupted(BaseException):
    """An interrupt, as Ctrl-C raises one."""


class InterruptedSources(FileSources):
    """Sources that raise after some documents."""

    after = 25

    def __iter__(self) -> Iterator[Any]:
        for number, item in enumerate(super().__iter__()):
            if number == self.after:
                raise Interrupted
            yield item


@pytest.mark.parametrize(("rebuild", "expected"), [(False, 21), (True, 1)])
def test_an_interrupted_load_keeps_the_last_commit(index: LoadedIndex, rebuild: bool, expected: int) -> None:
    index.load(index.write("old.jsonl", document(1_000)))
    path = index.write("new.jsonl", *[document(number) for number in range(50)])
    sources = InterruptedSources([str(path)], NEWS, LIMIT)
    with pytest.raises(Interrupted):
        load(
            index.engine.indexes,
            IndexName("news"),
            NEWS,
            sources,
            index.rejects,
            KEEP_ONE if rebuild else None,
            commit_every=10,
        )
    assert index.count() == expected
    assert index.load(path, rebuild=True).indexed == index.count() == 50


@pytest.mark.parametrize("lines", [["{", "["], [""]])
def test_a_rebuild_without_documents_keeps_the_old_index(index: LoadedIndex, lines: list[str]) -> None:
    index.load(index.write("old.jsonl", document(1)))
    with refused(NothingToIndex, "the index is unchanged"):
        index.load(index.write("new.jsonl", *lines), rebuild=True)
    assert index.count() == 1


def test_a_first_rebuild_without_documents_creates_no_index(index: LoadedIndex) -> None:
    with pytest.raises(NothingToIndex):
        index.load(index.write("new.jsonl", "{"), rebuild=True)
    with pytest.raises(UnknownIndex):
        index.count()
    assert index.load(index.write("a.jsonl", document(1)), rebuild=True).indexed == 1


def test_a_second_load_is_refused_and_changes_nothing(index: LoadedIndex) -> None:
    index.load(index.write("bad.jsonl", "{", document(1)))
    rejected = index.rejected()
    with index.engine.indexes.writer(IndexName("news")):
        for rebuild in (False, True):
            with refused(WriterBusy, str(os.getpid())):
                index.load(index.write("a.jsonl", document(2)), rebuild=rebuild)
    assert index.rejected() == rejected
    assert index.count() == 1


def test_another_schema_needs_a_rebuild(index: LoadedIndex) -> None:
    index.load(index.write("a.jsonl", document(1)))
    other = schema_from_dict({"name": "other", "fields": {"title": {"kind": "text"}}}, "other.toml")
    with refused(StaleIndex, "reindex news"):
        index.load(index.write("a.jsonl", document(1)), schema=other)
    index.load(index.write("a.jsonl", document(1)), schema=other, rebuild=True)
    assert index.engine.searcher.schema(IndexName("news")).name == "other"


def test_a_missing_source_creates_no_index(index: LoadedIndex) -> None:
    with pytest.raises(UnreadableSource):
        index.load(index.folder / "missing.jsonl")
    assert index.engine.indexes.names() == ()


# Progress


class RecordedProgress:
    """Progress that records its calls."""

    def __init__(self) -> None:
        self.totals: list[int | None] = []
        self.seen: list[tuple[int, int, int, int]] = []
        self.closed = 0

    def begin(self, total: int | None) -> None:
        self.totals.append(total)

    def update(self, bytes_read: int, indexed: int, saved: int, rejected: int) -> None:
        self.seen.append((bytes_read, indexed, saved, rejected))

    def close(self) -> None:
        self.closed += 1


def test_progress_gets_the_final_figures(index: LoadedIndex) -> None:
    recorded = RecordedProgress()
    path = index.write("a.jsonl", "{", document(1), document(2))
    index.load(path, progress=recorded)
    assert recorded.totals == [path.stat().st_size]
    assert recorded.seen[-1] == (path.stat().st_size, 2, 2, 1)
    assert recorded.closed == 1


def test_progress_is_closed_after_an_error(index: LoadedIndex) -> None:
    recorded = RecordedProgress()
    with pytest.raises(NothingToIndex):
        index.load(index.write("a.jsonl", "{"), progress=recorded, rebuild=True)
    assert recorded.closed == 1
