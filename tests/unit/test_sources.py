"""Sources: the documents of each format, rejects with their lines, and the memory that reading takes."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from index_config.schema import Schema, load_schema, schema_from_dict
from search_service.core.errors import UnreadableSource
from search_service.ingestion.sources import jsonl
from search_service.ingestion.sources.base import EXCERPT_BYTES, Item, RawDocument, Reject
from search_service.ingestion.sources.files import FileSources
from tests.sentences import refused, sentence

EXAMPLES = Path(__file__).parents[2] / "examples" / "news.jsonl"
NEWS = load_schema("news")
LIMIT = 10_000
BOM = "\ufeff"


def read(*paths: Path | str, limit: int = LIMIT, schema: Schema = NEWS, exclude: Sequence[Path] = ()) -> list[Item]:
    return list(FileSources([str(path) for path in paths], schema, limit, exclude))


def contents(items: list[Item]) -> list[Any]:
    assert all(isinstance(item, RawDocument) for item in items), items
    return [item.content for item in items if isinstance(item, RawDocument)]


def only_reject(items: list[Item]) -> Reject:
    [reject] = [item for item in items if isinstance(item, Reject)]
    return reject


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# JSON lines


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "A.JSONL"])
def test_json_lines_are_documents(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, '{"id": "1"}\n{"id": "2"}\n')
    items = read(path)
    assert contents(items) == [{"id": "1"}, {"id": "2"}]
    assert [item.origin.line for item in items] == [1, 2]
    assert {item.origin.path for item in items} == {str(path)}


def test_the_example_collection_is_read_completely() -> None:
    expected = [orjson.loads(line) for line in EXAMPLES.read_bytes().splitlines()]
    assert contents(read(EXAMPLES, limit=1_000_000)) == expected


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    text = "سطر\u2028سطر\u2029سطر\u0085سطر\u000b"
    path = tmp_path / "a.jsonl"
    path.write_bytes(orjson.dumps({"id": "1", "text": text}) + b"\n")
    assert contents(read(path)) == [{"id": "1", "text": text}]


def test_a_byte_order_mark_crlf_and_blank_lines_are_ignored(tmp_path: Path) -> None:
    items = read(write(tmp_path / "a.jsonl", BOM + '{"id": "1"}\r\n\r\n  \n{"id": "2"}'))
    assert contents(items) == [{"id": "1"}, {"id": "2"}]
    assert [item.origin.line for item in items] == [1, 4]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "1",}', "is not JSON: "),
        (b'{"id": "1"', "is not JSON: "),
        (b'{"id": NaN}', "is not JSON: "),
        (b"[" * 5_000, "is not JSON: "),
        ('{"id": "خبر"}'.encode("cp1256"), "is not UTF-8 (byte 9: 0xce)"),
        (b'{"id": "\xed\xa0\xbd"}', "is not UTF-8 (byte 9: 0xed)"),
        (b'{"id": "\\ud83d"}', "contains an unpaired surrogate"),
        (b'{"id": "\\ude00 \\ud83d"}', "contains an unpaired surrogate"),
        (b'{"id": "a\0b"}', "contains a NUL character (character 10)"),
        (b'{"id": "' + b"x" * LIMIT + b'"}', "is larger than 10000 bytes (MAX_DOCUMENT_BYTES)"),
    ],
)
def test_a_line_that_cannot_be_parsed_is_rejected_with_its_number(tmp_path: Path, line: bytes, reason: str) -> None:
    items = read(write(tmp_path / "a.jsonl", b'{"id": "before"}\n\n' + line + b'\n{"id": "after"}\n'))
    reject = only_reject(items)
    assert reject.origin.line == 3
    assert sentence(reject.reason).startswith(reason)
    assert reject.raw == line[:EXCERPT_BYTES].decode(errors="replace")
    assert [item.content["id"] for item in items if isinstance(item, RawDocument)] == ["before", "after"]


def test_an_escaped_backslash_before_u_is_no_surrogate(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", rb'{"id": "\\ud83d"}' + b"\n" + rb'{"id": "\ud83d\ude00"}')
    assert contents(read(path)) == [{"id": r"\ud83d"}, {"id": "😀"}]


@pytest.mark.parametrize("end", [b"\n", b""])
@pytest.mark.parametrize("mark", [b"", BOM.encode()])
def test_a_line_of_exactly_the_limit_is_read(tmp_path: Path, mark: bytes, end: bytes) -> None:
    line = b'{"id": "' + b"x" * (LIMIT - 10) + b'"}'
    assert len(line) == LIMIT
    assert len(contents(read(write(tmp_path / "a.jsonl", mark + line + end)))) == 1
    assert len(contents(read(write(tmp_path / "b.jsonl", mark + line + b"\n" + line + end)))) == 2
    for more in range(1, 6):
        content = mark + line + b" " * more + end + b'\n{"id": "after"}'
        assert "larger than" in sentence(only_reject(read(write(tmp_path / "c.jsonl", content))).reason)


def test_a_huge_line_is_rejected_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)  # a hole: takes no disk either
        stream.seek(0, os.SEEK_END)
        stream.write(b'\n{"id": "after"}\n')
    tracemalloc.start()
    try:
        items = read(path, limit=100_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [type(item) for item in items] == [Reject, RawDocument]
    assert [item.origin.line for item in items] == [1, 2]
    assert peak < 2_000_000


def test_standard_input_is_read_as_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"id": "1"}\n{\n')))
    opened = FileSources(["-"], NEWS, LIMIT)
    assert opened.total is None
    document, reject = list(opened)
    assert isinstance(document, RawDocument)
    assert isinstance(reject, Reject)
    assert (reject.origin.path, reject.origin.line) == ("-", 2)


# JSON over several lines


def test_the_items_of_a_json_array_are_documents(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", BOM + '[\n {"id": "1"},\n {"id": "2", "text": "' + "x" * LIMIT + '"},\n 3\n]\n')
    items = read(path)
    assert [item.origin.path for item in items] == [f"{path}[1]", f"{path}[2]", f"{path}[3]"]
    assert [type(item) for item in items] == [RawDocument, Reject, RawDocument]
    assert "larger than" in sentence(only_reject(items).reason)


def test_a_deeply_nested_item_of_an_array_is_rejected_alone(tmp_path: Path) -> None:
    items = read(write(tmp_path / "a.json", f"[\n{'[' * 300}{']' * 300},\n3]"))
    assert [type(item) for item in items] == [Reject, RawDocument]


def test_a_json_object_over_several_lines_is_a_document(tmp_path: Path) -> None:
    assert contents(read(write(tmp_path / "a.json", '{\n  "id": "1"\n}\n'))) == [{"id": "1"}]


def test_an_invalid_json_array_is_one_reject(tmp_path: Path) -> None:
    reject = only_reject(read(write(tmp_path / "a.json", '[\n{"id": "1"},\n]\n')))
    assert sentence(reject.reason).startswith("is not JSON: ")
    assert "line 2" in sentence(reject.reason)


def test_a_json_array_above_the_size_limit_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_WHOLE_JSON", 10)
    assert "write one document per line" in sentence(
        only_reject(read(write(tmp_path / "a.json", '[\n{"id": "1234567"}]'))).reason
    )


# Compressed files


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.json.gz"])
def test_compressed_json_lines_are_documents(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, gzip.compress(b'{"id": "1"}\n{"id": "2"}\n'))
    assert contents(read(path)) == [{"id": "1"}, {"id": "2"}]


def test_a_truncated_compressed_file_gives_the_documents_before_its_end(tmp_path: Path) -> None:
    lines = b"".join(b'{"id": "%d", "text": "%s"}\n' % (n, os.urandom(50).hex().encode()) for n in range(5_000))
    compressed = gzip.compress(lines)
    opened = FileSources([str(write(tmp_path / "a.jsonl.gz", compressed[: len(compressed) // 2]))], NEWS, LIMIT)
    *documents, reject = list(opened)
    assert 1_000 < len(contents(documents)) < 4_000
    assert isinstance(reject, Reject)
    assert reject.origin.line == len(documents) + 1
    assert sentence(reject.reason).startswith("cannot be read further: Compressed file ended")
    assert opened.bytes_read == opened.total


@pytest.mark.parametrize("content", [b"not gzip", b"\x1f\x8b\x08\x00" + b"\xff" * 50])
def test_a_gz_file_that_is_not_gzip_is_rejected(tmp_path: Path, content: bytes) -> None:
    items = read(write(tmp_path / "a.jsonl.gz", content), write(tmp_path / "b.jsonl", '{"id": "1"}'))
    assert sentence(only_reject(items).reason).startswith("cannot be read")
    assert len(items) == 2


# CSV


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


# Text files


def test_the_first_line_of_a_text_file_is_its_title(tmp_path: Path) -> None:
    path = write(tmp_path / "خبر.txt", BOM + "\n  عنوان \r\n\r\n  فقرة\r\nفقرة\n\n")
    [document] = contents(read(path))
    assert document == {"id": "خبر.txt", "title": "عنوان", "text": "  فقرة\nفقرة"}


def test_a_text_file_of_one_line_is_title_and_text(tmp_path: Path) -> None:
    assert contents(read(write(tmp_path / "a.txt", "سطر\n"))) == [{"id": "a.txt", "title": "سطر", "text": "سطر"}]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        ("خبر".encode("cp1256"), "is not UTF-8 (byte 1)"),
        (b"x" * (LIMIT + 1), "is larger than 10000 bytes"),
    ],
)
def test_an_invalid_text_file_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    path = write(tmp_path / "a.txt", content)
    reject = only_reject(read(path))
    assert (reject.origin.path, reject.origin.line) == (str(path), None)
    assert sentence(reject.reason).startswith(reason)


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_schema_without_the_fields_of_a_file_is_refused_before_reading(tmp_path: Path, name: str) -> None:
    books = schema_from_dict({"name": "books", "fields": {"text": {"kind": "text"}}}, "books.toml")
    with refused(UnreadableSource, "schema 'books' has no field 'title'"):
        FileSources([str(write(tmp_path / name, "x"))], books, LIMIT)


# HTML

PAGE = """<!DOCTYPE html>
<html><head><title> خبر
 عاجل </title>
<meta name="description" content="ملخص">
<meta name="author" content="زينب">
<meta property="article:published_time" content="2024-03-11T07:40:00+02:00">
<link rel="canonical" href="https://example.com/1">
<style>p { color: red }</style><script>var p = "<p>لا</p>";</script></head>
<body><header><h1>الموقع</h1><nav><p>القائمة</p></nav></header>
<p>فقرة <b>أو</b>لى<br>سطر<!-- لا --></p>
<script>document.write("<p>لا</p>")</script>
<p>فقرة&nbsp;ثانية &lt;3</p>
<aside><p>اقرأ أيضا</p></aside><form><p>اشترك</p></form><footer><p>الحقوق</p></footer>
</body></html>"""


def test_an_html_page_is_a_document(tmp_path: Path) -> None:
    [document] = contents(read(write(tmp_path / "a.html", PAGE)))
    assert document == {
        "id": "a.html",
        "title": "خبر عاجل",
        "text": "فقرة أولى\nسطر\nفقرة ثانية <3",
        "abstract": "ملخص",
        "author": "زينب",
        "date": "2024-03-11T07:40:00+02:00",
        "url": "https://example.com/1",
    }


def test_a_page_has_the_fields_of_the_schema_only(tmp_path: Path) -> None:
    few = schema_from_dict({"name": "few", "fields": {"title": {"kind": "text"}, "text": {"kind": "text"}}}, "few.toml")
    [document] = contents(read(write(tmp_path / "a.htm", PAGE), schema=few))
    assert list(document) == ["id", "title", "text"]


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("cp1256", '<meta charset="windows-1256">'),
        ("cp1256", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">'),
        ("iso8859-6", '<?xml version="1.0" encoding="iso-8859-6"?>'),
        ("utf-8", '<meta charset="windows-1256">'),
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
    ],
)
def test_the_charset_of_a_page_is_detected(tmp_path: Path, encoding: str, declaration: str) -> None:
    page = f"{declaration}<html><title>خبر</title><p>نص عربي</p></html>"
    [document] = contents(read(write(tmp_path / "a.html", page.encode(encoding))))
    assert (document["title"], document["text"]) == ("خبر", "نص عربي")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "contains no text"),
        (b"<title>x</title><script>x</script>", "contains no text"),
        ("<p>خبر".encode("cp1256"), "is not UTF-8 (byte 4) and declares no charset"),
        (b'<meta charset="utf-8"><p>\xff', "is neither UTF-8 nor utf-8"),
        (b'<meta charset="no-such"><p>\xff', "is neither UTF-8 nor no-such"),
        (b"<p>" + b"x" * LIMIT, "is larger than 10000 bytes"),
    ],
)
def test_an_invalid_page_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    reject = only_reject(read(write(tmp_path / "a.html", content)))
    assert reject.origin.line is None
    assert sentence(reject.reason).startswith(reason)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>واحد<p>اثنان<p>ثلاثة", "واحد\nاثنان\nثلاثة"),
        ("<div>بلا <i>فقرات</i></div>", "بلا\nفقرات"),
        ("<form><p>الصفحة كلها في نموذج</p><form><p>بحث</p></form></form>", "الصفحة كلها في نموذج"),
        ("<header><nav><form>x</form></nav></header><p>نص</p>", "نص"),
        ("<p></p><p> </p>نص خارج الفقرات", "نص خارج الفقرات"),
    ],
)
def test_paragraphs_of_a_page(tmp_path: Path, body: str, text: str) -> None:
    assert contents(read(write(tmp_path / "a.html", f"<body>{body}</body>")))[0]["text"] == text


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("<time datetime='2024-03'>آذار</time>", "date", "2024-03"),
        ("<time datetime='أمس'>أمس</time>", "date", None),
        ("<meta property='article:published_time' content='x'><time datetime='2024'></time>", "date", "2024"),
        ("<link rel='canonical' href='/relative'>", "url", None),
        ("<link rel='canonical'>", "url", None),
        ("<meta name='author'>", "author", None),
    ],
)
def test_metadata_of_a_page(tmp_path: Path, head: str, field: str, value: str | None) -> None:
    [document] = contents(read(write(tmp_path / "a.html", f"{head}<h1>عنوان</h1><p>نص</p>")))
    assert document.get(field) == value
    assert document["title"] == "عنوان"


# Files and folders


def test_a_folder_is_read_recursively_in_order(tmp_path: Path) -> None:
    write(tmp_path / "b.txt", "ب")
    write(tmp_path / "a" / "deep" / "ج.txt", "ج")
    write(tmp_path / "a" / "z.jsonl", '{"id": "z"}')
    write(tmp_path / ".hidden" / "x.txt", "x")
    write(tmp_path / "a" / ".x.txt", "x")
    opened = FileSources([str(tmp_path)], NEWS, LIMIT)
    assert [document["id"] for document in contents(list(opened))] == ["b.txt", "z", "a/deep/ج.txt"]
    assert not opened.skipped


def test_files_of_unknown_formats_are_skipped_and_counted(tmp_path: Path) -> None:
    for name in ("a.txt", "b.pdf", "c.pdf", "d.tar.gz", "README"):
        write(tmp_path / name, "x")
    opened = FileSources([str(tmp_path)], NEWS, LIMIT)
    assert len(list(opened)) == 1
    assert len(list(opened)) == 1
    assert opened.skipped == {".pdf": 2, ".gz": 1, "no ending": 1}


def test_bytes_are_counted_as_they_are_read(tmp_path: Path) -> None:
    lines = b'{"id": "1", "text": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}\n' * 5_000
    names = [str(write(tmp_path / "a.jsonl", lines)), str(write(tmp_path / "b.jsonl.gz", gzip.compress(lines)))]
    opened = FileSources(names, NEWS, LIMIT)
    assert opened.total == sum(os.path.getsize(name) for name in names)
    seen = [opened.bytes_read for _ in opened]
    assert seen == sorted(seen)
    assert 0 < seen[100] < len(lines) <= seen[-1] <= opened.total
    assert opened.bytes_read == opened.total


def test_the_reject_file_and_the_index_folder_are_excluded(tmp_path: Path) -> None:
    rejects = write(tmp_path / "news.rejects.jsonl", '{"source": "a"}')
    index = write(tmp_path / "data" / "meta.json", "{}")
    write(tmp_path / "a" / "data" / "meta.json", '{"id": "1"}')
    assert len(read(tmp_path, exclude=[rejects, index.parent])) == 1
    with refused(UnreadableSource, "--reject-file"):
        read(rejects, exclude=[rejects])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.jsonl", "There is no file or folder"),
        ("a.pdf", "has an unknown format; known endings: .jsonl"),
        ("empty", "contains no file of a known format"),
        ("fifo.jsonl", "is a pipe, a socket or a device, not a file; use -"),
    ],
)
def test_an_invalid_source_is_refused_before_reading(tmp_path: Path, name: str, message: str) -> None:
    write(tmp_path / "a.pdf", "x")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "fifo.jsonl")
    with refused(UnreadableSource, message):
        FileSources([str(tmp_path / name)], NEWS, LIMIT)


def test_a_file_that_becomes_unreadable_is_rejected(tmp_path: Path) -> None:
    path = write(tmp_path / "folder" / "b.jsonl", '{"id": "1"}')
    first = write(tmp_path / "folder" / "a.jsonl", '{"id": "1"}\n{"id": "2"}')
    items = iter(FileSources([str(tmp_path / "folder")], NEWS, LIMIT))
    assert next(items).origin.path == str(first)
    path.chmod(0)
    rest = list(items)
    if os.access(path, os.R_OK):  # root may read everything
        assert len(rest) == 2
    else:
        assert sentence(only_reject(rest).reason) == "cannot be read: Permission denied"


def test_a_file_name_that_is_not_utf8_can_be_written_to_the_reject_file(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xff.txt")
    with open(path, "wb"):
        pass
    reject = only_reject(read(tmp_path))
    assert reject.origin.path.endswith("\ufffd.txt")
    assert orjson.dumps(reject.origin.path)
