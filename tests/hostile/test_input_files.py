"""Files that are empty, cut, damaged, of another kind, or no files: a load says which, and why, and goes on."""

from __future__ import annotations

import gzip
import json
import os
import random
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from index_config.schema import load_schema, schema_from_dict
from search_service.core.errors import InvalidDocument, UnreadableSource
from search_service.ingestion.sources.base import Item, LoadWarning, RawDocument, Reject
from search_service.ingestion.sources.files import FORMATS, FileSources
from search_service.ingestion.sources.recognition import code_page, wide_encoding
from search_service.ingestion.validation import DocumentChecker
from tests.hostile.other_user import as_reader
from tests.rotation import Rotation
from tests.sentences import refused, sentence

NEWS = load_schema("news")
LIMIT = 100_000
LINES = '{"id": "1", "title": "خبر عاجل من القاهرة", "date": "2024-03-11"}\n{"id": "2", "title": "خبر"}\n'
TABLE = "id,title,date\n1,خبر عاجل من القاهرة,2024-03-11\n2,خبر,2024\n"
PAGE = "<html><title>خبر</title><body><p>خبر عاجل من القاهرة</p></body></html>"
ARTICLE = "خبر عاجل\nوصل الوفد إلى القاهرة أمس.\n"
CONTENTS = {".jsonl": LINES, ".json": LINES, ".csv": TABLE, ".txt": ARTICLE, ".html": PAGE}
UNDECLARED = (".jsonl", ".json", ".csv", ".txt")
"""The formats that cannot say what they are encoded in."""


def read(*paths: Path) -> list[Item]:
    return list(FileSources([str(path) for path in paths], NEWS, LIMIT))


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def reasons(items: list[Item]) -> list[str]:
    """Return the sentences of rejects and warnings."""
    return [sentence(item.reason) for item in items if not isinstance(item, RawDocument)]


# Compressed files


@pytest.mark.parametrize("ending", CONTENTS)
def test_a_gz_file_of_no_bytes_is_rejected(tmp_path: Path, ending: str) -> None:
    [item] = read(write(tmp_path / f"a{ending}.gz", b""))
    assert isinstance(item, Reject)
    assert sentence(item.reason) == ("cannot be read: it is empty, though its name ends in .gz")


@pytest.mark.parametrize("content", [b"", b"\n \n"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json.gz", "a.ndjson"])
def test_a_file_of_nothing_is_a_warning(tmp_path: Path, name: str, content: bytes) -> None:
    packed = gzip.compress(content, mtime=0) if name.endswith(".gz") else content
    [item] = read(write(tmp_path / name, packed))
    assert isinstance(item, LoadWarning)
    assert (item.origin.path, sentence(item.reason)) == (str(tmp_path / name), "holds no document")


@pytest.mark.parametrize(("name", "content"), [("a.csv", b""), ("a.csv", b"id,title\n"), ("a.json", b"[]\n")])
def test_a_table_without_rows_and_an_empty_array_are_a_warning(tmp_path: Path, name: str, content: bytes) -> None:
    assert reasons(read(write(tmp_path / name, content))) == ["holds no document"]


def test_gz_files_put_together_are_read_to_their_end(tmp_path: Path) -> None:
    parts = [gzip.compress(line.encode(), mtime=0) for line in LINES.splitlines(keepends=True)]
    assert len(read(write(tmp_path / "a.jsonl.gz", b"".join(parts)))) == 2
    documents = read(write(tmp_path / "b.jsonl.gz", b"".join(parts) + b"rubbish"))
    assert len(documents) == 3
    assert reasons(documents)[0].startswith("cannot be read further: Not a gzipped file")


def test_a_gz_file_cut_anywhere_gives_what_is_before_the_cut(tmp_path: Path, rotation: Rotation) -> None:
    dice = rotation.dice("cuts")
    lines = b"".join(b'{"id": "%d", "title": "%s"}\n' % (n, dice.randbytes(40).hex().encode()) for n in range(500))
    packed = gzip.compress(lines, mtime=0)
    for _ in range(60):
        *documents, last = read(write(tmp_path / "a.jsonl.gz", packed[: dice.randrange(1, len(packed))]))
        assert all(isinstance(item, RawDocument) for item in documents)
        assert isinstance(last, Reject)
        assert sentence(last.reason).startswith("cannot be read")


# Other encodings


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("ending", UNDECLARED)
@pytest.mark.parametrize("packed", [False, True])
def test_utf_16_and_utf_32_are_refused_by_their_name(
    tmp_path: Path, ending: str, mark: str, encoding: str, packed: bool
) -> None:
    content = (mark + CONTENTS[ending]).encode(encoding)
    path = tmp_path / (f"a{ending}.gz" if packed else f"a{ending}")
    name = encoding.upper().replace("-LE", "LE").replace("-BE", "BE")
    assert reasons(read(write(path, gzip.compress(content, mtime=0) if packed else content))) == [
        f"is {name}, not UTF-8; convert it: iconv -f {name} -t UTF-8 OLD > NEW"
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_pages_in_utf_16_and_utf_32_are_read(tmp_path: Path, encoding: str) -> None:
    [document] = read(write(tmp_path / "a.html", PAGE.encode(encoding)))
    assert isinstance(document, RawDocument)
    assert document.content["text"] == "خبر عاجل من القاهرة"


@pytest.mark.parametrize(("codec", "name"), [("cp1256", "WINDOWS-1256"), ("iso8859-6", "ISO-8859-6")])
@pytest.mark.parametrize("ending", UNDECLARED)
def test_an_arabic_code_page_is_named(tmp_path: Path, ending: str, codec: str, name: str) -> None:
    items = read(write(tmp_path / f"a{ending}", CONTENTS[ending].encode(codec)))
    assert not any(isinstance(item, RawDocument) for item in items)
    assert f"it seems to be {name}: iconv -f {name} -t UTF-8 OLD > NEW" in reasons(items)[0]


def test_a_header_in_a_code_page_is_named(tmp_path: Path) -> None:
    [reason] = reasons(read(write(tmp_path / "a.csv", "id,عنوان الخبر\n1,x\n".encode("cp1256"))))
    assert reason.startswith("the header is not UTF-8; save the file as CSV UTF-8; it seems to be WINDOWS-1256")


def test_a_page_of_a_code_page_without_a_charset_is_named(tmp_path: Path) -> None:
    [reason] = reasons(read(write(tmp_path / "a.html", PAGE.encode("cp1256"))))
    assert reason.endswith("declares no charset; it seems to be WINDOWS-1256: iconv -f WINDOWS-1256 -t UTF-8 OLD > NEW")


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "unicode_escape", "hex", "utf-16", "rot13"])
def test_a_charset_that_no_page_has_is_refused(tmp_path: Path, charset: str) -> None:
    page = f"<meta charset={charset}><p>".encode() + b"\xe1\xf1" * 1_000
    [reason] = reasons(read(write(tmp_path / "a.html", page)))
    assert reason == f"is neither UTF-8 nor {charset}, which it declares"


def test_text_in_utf_8_is_taken_for_nothing_else(rotation: Rotation) -> None:
    dice = rotation.dice("utf-8")
    for _ in range(300):
        text = "".join(chr(dice.choice((dice.randrange(32, 127), dice.randrange(0x600, 0x6FF)))) for _ in range(80))
        assert wide_encoding(text.encode()) is None
        assert code_page("naïve café, Größe".encode("latin-1")) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(b"x", mtime=0), "is a gzip file, not text in UTF-8; let its name end in .gz"),
        (b"PK\x03\x04rest", "is a ZIP file, not text in UTF-8; unpack it; if it is a workbook of Excel"),
        (b"%PDF-1.7\nrest", "is a PDF file, not text in UTF-8; convert it to text"),
    ],
    ids=["gzip", "zip", "pdf"],
)
@pytest.mark.parametrize("ending", CONTENTS)
def test_a_file_of_another_kind_is_named(tmp_path: Path, ending: str, content: bytes, reason: str) -> None:
    [found] = reasons(read(write(tmp_path / f"a{ending}", content)))
    assert found.startswith(reason)


# Lines


def test_a_byte_order_mark_in_the_middle_is_ignored_in_json_lines(tmp_path: Path) -> None:
    parts = "".join("\ufeff" + line for line in LINES.splitlines(keepends=True))
    assert len([one for one in read(write(tmp_path / "a.jsonl", parts.encode())) if isinstance(one, RawDocument)]) == 2


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
def test_carriage_returns_alone_are_named(tmp_path: Path, ending: str) -> None:
    content = CONTENTS[ending].replace("\n", "\r").encode()
    assert reasons(read(write(tmp_path / f"a{ending}", content))) == [
        "ends its lines with carriage returns only; convert it: tr '\\r' '\\n' < OLD > NEW"
    ]


def test_an_array_in_a_file_of_lines_is_named(tmp_path: Path) -> None:
    array = orjson.dumps([{"id": "1", "title": "x"}])
    assert reasons(read(write(tmp_path / "a.jsonl", array))) == [
        "is an array of JSON objects; write one object per line, or name the file .json"
    ]
    pretty = json.dumps([{"id": "1"}], indent=1).encode()
    assert reasons(read(write(tmp_path / "b.jsonl", pretty)))[0].endswith("name the file .json")


@pytest.mark.parametrize("ending", [".txt", ".html"])
def test_the_name_of_a_document_file_is_utf_8(tmp_path: Path, ending: str) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xff" + ending.encode())
    with open(path, "wb") as file:
        file.write(CONTENTS[ending].encode())
    assert reasons(read(tmp_path)) == [
        "has a name that is not UTF-8, and its name is the id of the document; rename it"
    ]


@pytest.mark.parametrize("ending", CONTENTS)
def test_a_nul_character_is_named(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"a{ending}", CONTENTS[ending].replace("عاجل", "عا\0جل").encode())
    problems = []
    for item in read(path):
        if isinstance(item, RawDocument):
            try:
                check(item)
            except InvalidDocument as error:
                problems.append(sentence(error.message))
        else:
            problems.append(sentence(item.reason))
    assert len(problems) == 1
    assert "contains a NUL character" in problems[0]


# What is no file


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


def make_loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("make", "reason", "skipped"),
    [
        (os.mkfifo, "is a pipe, a socket or a device", ".jsonl (not a regular file)"),
        (make_socket, "is a pipe, a socket or a device", ".jsonl (not a regular file)"),
        (make_loop, "cannot be read .Too many levels of symbolic links", ".jsonl (a link to nothing)"),
        (lambda path: path.symlink_to("lost"), "There is no file or folder", ".jsonl (a link to nothing)"),
    ],
)
def test_what_is_no_file_is_refused_by_name_and_skipped_in_folders(
    tmp_path: Path, make: Callable[[Path], None], reason: str, skipped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "x.jsonl")
    with refused(UnreadableSource, reason):
        read(tmp_path / "x.jsonl")
    write(tmp_path / "a.jsonl", LINES.encode())
    (tmp_path / "back").symlink_to(".")
    sources = FileSources([str(tmp_path)], NEWS, LIMIT)
    assert len(list(sources)) == 2
    assert sources.skipped == {skipped: 1, "links to folders": 1}


def test_a_device_is_refused() -> None:
    with refused(UnreadableSource, "is a pipe, a socket or a device"):
        read(Path("/dev/null"))


def test_a_file_without_rights_is_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    write(folder / "a.jsonl", LINES.encode()).chmod(stat.S_IWUSR)
    write(folder / "b.jsonl", LINES.encode())

    def read_all() -> tuple[int, list[str]]:
        items = read(folder)
        return len(items), reasons(items)

    assert as_reader(folder, read_all) == (3, ["cannot be read: Permission denied"])


# Dates


@pytest.mark.parametrize(
    ("date", "doubtful"),
    [("1445-09-01", True), ("0001-01-01T00:00:00Z", True), ("1699-12", True), ("1700", False), ("2024-03-11", False)],
)
def test_a_date_before_1700_is_doubtful_and_accepted(date: str, doubtful: bool) -> None:
    checker = DocumentChecker(NEWS)
    assert checker.check({"id": "1", "title": "x", "date": date}).source["date"] == date
    assert bool(checker.doubts) == doubtful
    checker.check({"id": "2", "title": "x"})
    assert not checker.doubts


def test_a_schema_says_that_its_documents_are_old() -> None:
    fields: dict[str, dict[str, object]] = {"title": {"kind": "text"}, "written": {"kind": "date", "earliest": 600}}
    old = schema_from_dict({"name": "manuscripts", "fields": fields}, "manuscripts.toml")
    checker = DocumentChecker(old)
    checker.check({"id": "1", "title": "مقدمة", "written": "1377"})
    assert not checker.doubts
    checker.check({"id": "1", "title": "مقدمة", "written": "0599"})
    assert [sentence(doubt) for doubt in checker.doubts] == [
        "'written': '0599' is before 600; dates are read as Gregorian, also years of the Hijra. "
        "If the documents are that old, write `earliest = YEAR` into the field's table of the schema"
    ]
    assert schema_from_dict(old.to_dict(), "") == old
    del fields["written"]["earliest"]
    assert schema_from_dict({"name": "manuscripts", "fields": fields}, "") == old, "an index of one takes the other"


# Anything


def check(item: RawDocument) -> None:
    checker = DocumentChecker(NEWS)
    (checker.check_row if item.textual else checker.check)(item.content)


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Return a content with some bytes changed, inserted, removed or repeated."""
    made = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        place = dice.randrange(len(made) + 1)
        end = min(len(made), place + dice.choice((1, 1, 2, 4, 16, 200)))
        made[place:end] = dice.choice(
            (
                b"",
                dice.randbytes(3),
                b"\0",
                b"\r",
                b'"',
                b"\n",
                b"\xef\xbb\xbf",
                b"\xff\xfe",
                made[place:end] * 3,
                b"[" * 99,
            )
        )
    return bytes(made)


@pytest.mark.parametrize("ending", [ending for one in FORMATS for ending in one.endings])
@pytest.mark.parametrize("packed", [False, True])
def test_no_file_ends_a_load(tmp_path: Path, ending: str, packed: bool, rotation: Rotation) -> None:
    content = CONTENTS.get(ending, LINES if ending == ".ndjson" else PAGE).encode()
    for number in rotation.some(range(1_500), 50, f"damage {ending} {packed}"):
        dice = rotation.dice(f"{ending} {packed} {number}")
        made = damaged(content * dice.choice((1, 1, 5)), dice)
        if packed:
            made = gzip.compress(made, mtime=0)
            made = damaged(made, dice) if dice.random() < 0.7 else made
        path = write(tmp_path / (f"{number}{ending}.gz" if packed else f"{number}{ending}"), made)
        items = read(path)
        assert items
        for item in items:
            if isinstance(item, RawDocument):
                with suppress(InvalidDocument):
                    check(item)
            else:
                assert sentence(item.reason)
        path.unlink()
