"""Text files and the fields they need."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_config.schema import schema_from_dict
from search_service.core.errors import UnreadableSource
from search_service.ingestion.sources.files import FileSources
from tests.sentences import refused, sentence
from tests.unit.sources.reading import BOM, LIMIT, contents, only_reject, read, write


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
