"""Read files as sources of documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index_config.schema import Schema, load_schema
from search_service.ingestion.sources.base import Item, RawDocument, Reject
from search_service.ingestion.sources.files import FileSources

EXAMPLES = Path(__file__).parents[3] / "examples" / "news.jsonl"
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
