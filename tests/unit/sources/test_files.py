"""Files and folders: what is read, what is skipped, and what is refused before reading."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import orjson
import pytest

from search_service.core.errors import UnreadableSource
from search_service.ingestion.sources.files import FileSources
from tests.sentences import refused, sentence
from tests.unit.sources.reading import LIMIT, NEWS, contents, only_reject, read, write


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
