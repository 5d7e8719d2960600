"""CSV: rows as documents, and rejects with their lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from search_service.ingestion.sources.base import RawDocument, Reject
from tests.sentences import sentence
from tests.unit.sources.reading import BOM, LIMIT, contents, only_reject, read, write


def test_csv_rows_are_documents(tmp_path: Path) -> None:
    text = BOM + 'id,title,text\r\n1,عنوان,"سطر\r\nآخر, ""هنا"""\r\n\r\n2,تنظيم"داعش",\n'
    items = read(write(tmp_path / "a.csv", text))
    assert contents(items) == [
        {"id": "1", "title": "عنوان", "text": 'سطر\r\nآخر, "هنا"'},
        {"id": "2", "title": 'تنظيم"داعش"', "text": ""},
    ]
    assert [item.origin.line for item in items] == [2, 5]
    assert all(item.textual for item in items if isinstance(item, RawDocument))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_with_another_delimiter_is_detected(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path / "a.csv", "id,title\n1,ا\n".replace(",", delimiter))
    assert contents(read(path)) == [{"id": "1", "title": "ا"}]


def test_compressed_csv_rows_are_documents(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv.gz", gzip.compress(b"id,title\n1,a\n"))
    assert contents(read(path)) == [{"id": "1", "title": "a"}]


def test_a_line_separator_in_a_cell_ends_no_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,title\n1,سطر\u2028سطر\u0085\n")
    assert contents(read(path)) == [{"id": "1", "title": "سطر\u2028سطر\u0085"}]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1,a,b", "has 3 cells, and the header has 2"),
        (b"1", "has 1 cells, and the header has 2"),
        (b'1,"a" b', "is not CSV: "),
        (b"1,a\rb", "is not CSV: "),
        ('1,"خبر\nخبر"'.encode("cp1256"), "is not UTF-8 (line 3, byte 4)"),
        (b"1," + b"x" * LIMIT, "is larger than 10000 bytes"),
    ],
)
def test_a_row_that_cannot_be_parsed_is_rejected_with_its_line(tmp_path: Path, row: bytes, reason: str) -> None:
    path = write(tmp_path / "a.csv", b"id,title\n0,before\n" + row + b"\n2,after\n")
    before, reject, after = read(path)
    assert isinstance(reject, Reject)
    assert reject.origin.line == 3
    assert sentence(reject.reason).startswith(reason)
    assert reject.raw.startswith(row[:1].decode())
    assert contents([before, after]) == [{"id": "0", "title": "before"}, {"id": "2", "title": "after"}]


def test_a_large_cell_is_read(tmp_path: Path) -> None:
    text = "كلمة " * 100_000
    assert contents(read(write(tmp_path / "a.csv", f"id,text\n1,{text}\n"), limit=2_000_000))[0]["text"] == text


def test_a_missing_quotation_mark_loses_at_most_one_maximum_document(tmp_path: Path) -> None:
    rows = "".join(f"{number},title {number}\n" for number in range(2, 2_000))
    items = read(write(tmp_path / "a.csv", f'id,title\n1,"open\n{rows}'))
    reject = only_reject(items)
    assert reject.origin.line == 2
    assert sentence(reject.reason).startswith("is larger than 10000 bytes")
    assert "quotation mark" in sentence(reject.reason)
    assert len(items) > 1_000


def test_a_missing_quotation_mark_near_the_end_is_named(tmp_path: Path) -> None:
    items = read(write(tmp_path / "a.csv", 'id,title\n1,"open\n2,b\n'))
    assert sentence(only_reject(items).reason) == (
        "is not CSV: unexpected end of data (lines 2 to 3; is a quotation mark missing?)"
    )


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b"", "the header has no column 'id'"),
        (b"title,text", "the header has no column 'id' (it has: title, text)"),
        (b"id,title,title", "the header repeats a column name"),
        (b"id,,title", "the header repeats a column name, or has an empty one"),
        (b'id,"title', "the header is not CSV"),
        ("id,عنوان".encode("cp1256"), "the header is not UTF-8"),
    ],
)
def test_an_invalid_header_rejects_the_file_once(tmp_path: Path, header: bytes, reason: str) -> None:
    [reject] = read(write(tmp_path / "a.csv", header + b"\n1,2,3\n4,5,6\n"))
    assert isinstance(reject, Reject)
    assert reject.origin.line == 1
    assert sentence(reject.reason).startswith(reason)
