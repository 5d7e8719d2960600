"""JSON lines: the documents of each line, rejects with their lines, and the memory that reading takes."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
from pathlib import Path

import orjson
import pytest

from search_service.ingestion.sources.base import EXCERPT_BYTES, RawDocument, Reject
from search_service.ingestion.sources.files import FileSources
from tests.sentences import sentence
from tests.unit.sources.reading import BOM, EXAMPLES, LIMIT, NEWS, contents, only_reject, read, write


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
