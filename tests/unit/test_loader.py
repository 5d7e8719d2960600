"""Loading: what is indexed, what is refused and where it is noted, and what stays when something goes wrong."""

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
    SearchServiceError,
    StaleIndex,
    UnknownIndex,
    UnreadableSource,
    WriterBusy,
)
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.engines.writing import KEEP_ONE
from search_service.ingestion.loader import NothingToIndex, load
from search_service.ingestion.report import LoadReport
from search_service.ingestion.sources.files import FileSources
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.sentences import refused, sentence

EXAMPLES = Path(__file__).parents[2] / "examples" / "news.jsonl"
NEWS = load_schema("news")
LIMIT = 10_000


class Room:
    """An engine, a folder for files, and the load under test."""

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
            "news",
            schema,
            sources,
            self.rejects,
            KEEP_ONE if rebuild else None,
            describe=sentence,
            **options,
        )

    def noted(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.rejects.read_bytes().splitlines()]

    def count(self) -> int:
        return self.engine.indexes.stats("news").documents

    def contents(self) -> list[tuple[str, Any]]:
        """Everything in the index, in order."""
        response = SearchService(self.engine).search("news", SearchRequest(size=100, facets=("category",)))
        hits = [(hit.id, dict(hit.source)) for hit in response.hits]
        return [*hits, ("total", response.total), ("facets", response.facets)]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def document(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "title": f"خبر رقم {number}", **fields}


# What is indexed


@pytest.mark.parametrize("rebuild", [False, True])
def test_the_example_collection(room: Room, rebuild: bool) -> None:
    report = room.load(EXAMPLES, limit=1_000_000, rebuild=rebuild)
    lines = len(EXAMPLES.read_bytes().splitlines())
    assert (report.indexed, report.rejected, report.reject_file) == (lines, 0, None)
    assert report.seconds > 0
    assert report.documents_per_second == pytest.approx(lines / report.seconds)
    assert room.count() == lines
    assert not room.rejects.exists()


@pytest.mark.parametrize("modes", [(False, False), (True, True), (False, True), (True, False)])
def test_the_same_load_twice_gives_the_same_index(room: Room, modes: tuple[bool, bool]) -> None:
    room.load(EXAMPLES, limit=1_000_000, rebuild=modes[0])
    first = room.contents()
    room.load(EXAMPLES, limit=1_000_000, rebuild=modes[1])
    assert room.contents() == first


def test_the_last_document_of_an_id_stays(room: Room) -> None:
    report = room.load(room.write("a.jsonl", document(1), document(2), document(1, text="الأخير")))
    assert report.indexed == 3
    assert room.count() == 2
    assert room.engine.searcher.get("news", "1").source["text"] == "الأخير"


def test_a_csv_file_is_read_as_texts(room: Room) -> None:
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
    room.load(room.write("a.csv", "id,title,pages,tags", "1,ألف ليلة,900,حكاية|تراث"), schema=schema)
    source = room.engine.searcher.get("news", "1").source
    assert source == {"title": "ألف ليلة", "pages": 900, "tags": ["حكاية", "تراث"]}


def test_texts_and_pages_of_a_folder(room: Room) -> None:
    folder = room.folder / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("عنوان\nنص", encoding="utf-8")
    (folder / "b.html").write_text("<title>صفحة</title><p>نص الصفحة", encoding="utf-8")
    room.load(folder)
    assert [room.engine.searcher.get("news", name).source["title"] for name in ("a.txt", "b.html")] == ["عنوان", "صفحة"]


def test_unknown_fields_are_dropped_when_asked_for(room: Room) -> None:
    path = room.write("a.jsonl", document(1, mood="x"))
    assert room.load(path).rejected == 1
    assert room.load(path, ignore_unknown=True).indexed == 1
    assert "mood" not in room.engine.searcher.get("news", "1").source


# What is refused

REFUSED: list[tuple[str, str | bytes | dict[str, Any], str]] = [
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
@pytest.mark.parametrize(("line", "reason"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_a_document_that_is_refused_is_noted_with_its_line(
    room: Room, line: str | bytes | dict[str, Any], reason: str, rebuild: bool
) -> None:
    path = room.write("a.jsonl", document(1), "", line, document(2))
    report = room.load(path, rebuild=rebuild)
    assert (report.indexed, report.rejected, report.reject_file) == (2, 1, room.rejects)
    assert room.count() == 2
    [noted] = room.noted()
    assert list(noted) == ["source", "line", "code", "params", "reason", "raw"]
    assert (noted["source"], noted["line"]) == (str(path), 3)
    assert noted["reason"].startswith(reason)
    assert noted["raw"]
    assert len(noted["raw"]) <= 2_000


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
def test_a_row_that_is_refused_is_noted_with_its_line(room: Room, row: str, reason: str) -> None:
    report = room.load(room.write("a.csv", "id,title,date", "1,خبر,2024", row, "2,خبر,2024"))
    assert (report.indexed, report.rejected) == (2, 1)
    [noted] = room.noted()
    assert noted["line"] == 3
    assert noted["reason"].startswith(reason)
    assert noted["raw"] == row + "\n"


def test_the_reject_file_is_of_the_last_load(room: Room) -> None:
    bad, good = room.write("bad.jsonl", "{", document(1)), room.write("good.jsonl", document(1))
    room.load(bad)
    room.load(bad)
    assert len(room.noted()) == 1
    room.load(good)
    assert not room.rejects.exists()


def test_a_device_can_take_the_rejects(room: Room) -> None:
    room.rejects = Path(os.devnull)
    assert room.load(room.write("a.jsonl", "{", document(1))).rejected == 1
    assert room.rejects.exists()


@pytest.mark.parametrize("place", ["folder", "missing/x.jsonl"])
def test_a_place_where_rejects_cannot_be_noted_is_refused_first(room: Room, place: str) -> None:
    (room.folder / "folder").mkdir()
    room.rejects = room.folder / place
    with refused(InvalidParameter, "--reject-file"):
        room.load(room.write("a.jsonl", document(1)))
    assert room.engine.indexes.names() == ()


# What stays when something goes wrong


class Interrupted(BaseException):
    """As Ctrl-C."""


class InterruptedSources(FileSources):
    """Breaks off after some documents."""

    after = 25

    def __iter__(self) -> Iterator[Any]:
        for number, item in enumerate(super().__iter__()):
            if number == self.after:
                raise Interrupted
            yield item


@pytest.mark.parametrize(("rebuild", "expected"), [(False, 21), (True, 1)])
def test_an_interrupted_load_keeps_the_last_commit(room: Room, rebuild: bool, expected: int) -> None:
    room.load(room.write("old.jsonl", document(1_000)))
    path = room.write("new.jsonl", *[document(number) for number in range(50)])
    sources = InterruptedSources([str(path)], NEWS, LIMIT)
    with pytest.raises(Interrupted):
        load(room.engine.indexes, "news", NEWS, sources, room.rejects, KEEP_ONE if rebuild else None, commit_every=10)
    assert room.count() == expected
    assert room.load(path, rebuild=True).indexed == room.count() == 50


@pytest.mark.parametrize("lines", [["{", "["], [""]])
def test_a_rebuild_never_puts_an_empty_index_in_place_of_a_live_one(room: Room, lines: list[str]) -> None:
    room.load(room.write("old.jsonl", document(1)))
    with refused(NothingToIndex, "the index is unchanged"):
        room.load(room.write("new.jsonl", *lines), rebuild=True)
    assert room.count() == 1


def test_a_rebuild_of_nothing_makes_no_index(room: Room) -> None:
    with pytest.raises(NothingToIndex):
        room.load(room.write("new.jsonl", "{"), rebuild=True)
    with pytest.raises(UnknownIndex):
        room.count()
    assert room.load(room.write("a.jsonl", document(1)), rebuild=True).indexed == 1


def test_a_second_load_is_turned_away_and_touches_nothing(room: Room) -> None:
    room.load(room.write("bad.jsonl", "{", document(1)))
    noted = room.noted()
    with room.engine.indexes.writer("news"):
        for rebuild in (False, True):
            with refused(WriterBusy, str(os.getpid())):
                room.load(room.write("a.jsonl", document(2)), rebuild=rebuild)
    assert room.noted() == noted
    assert room.count() == 1


def test_another_schema_needs_a_rebuild(room: Room) -> None:
    room.load(room.write("a.jsonl", document(1)))
    other = schema_from_dict({"name": "other", "fields": {"title": {"kind": "text"}}}, "other.toml")
    with refused(StaleIndex, "reindex news"):
        room.load(room.write("a.jsonl", document(1)), schema=other)
    room.load(room.write("a.jsonl", document(1)), schema=other, rebuild=True)
    assert room.engine.searcher.schema("news").name == "other"


def test_a_source_that_does_not_exist_makes_no_index(room: Room) -> None:
    with pytest.raises(UnreadableSource):
        room.load(room.folder / "missing.jsonl")
    assert room.engine.indexes.names() == ()


def test_errors_of_loading_are_errors_of_the_service() -> None:
    assert issubclass(NothingToIndex, SearchServiceError)


# Progress


class Figures:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.totals: list[int | None] = []
        self.seen: list[tuple[int, int, int]] = []
        self.closed = 0

    def begin(self, total: int | None) -> None:
        self.totals.append(total)

    def update(self, bytes_read: int, indexed: int, rejected: int) -> None:
        self.seen.append((bytes_read, indexed, rejected))

    def close(self) -> None:
        self.closed += 1


def test_progress_is_told_the_end(room: Room) -> None:
    figures = Figures()
    path = room.write("a.jsonl", "{", document(1), document(2))
    room.load(path, progress=figures)
    assert figures.totals == [path.stat().st_size]
    assert figures.seen[-1] == (path.stat().st_size, 2, 1)
    assert figures.closed == 1


def test_progress_is_closed_after_an_error(room: Room) -> None:
    figures = Figures()
    with pytest.raises(NothingToIndex):
        room.load(room.write("a.jsonl", "{"), progress=figures, rebuild=True)
    assert figures.closed == 1
