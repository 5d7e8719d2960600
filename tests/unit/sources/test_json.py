"""JSON files over several lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_service.ingestion.sources import jsonl
from search_service.ingestion.sources.base import RawDocument, Reject
from tests.sentences import sentence
from tests.unit.sources.reading import BOM, LIMIT, contents, only_reject, read, write


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
