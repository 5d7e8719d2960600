"""The benchmark collections. They belong to others, so they are read in place and never copied into the project."""

from __future__ import annotations

import csv
import gzip
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from index_config.schema import Schema, schema_from_dict

FOLDER = Path(os.environ.get("SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared") / "data"

SCALE_FIELDS = {
    "title": {"kind": "text", "weight": 3.0, "suggest": True},
    "text": {"kind": "text"},
    "src": {"kind": "keyword", "facet": True},
    "cat": {"kind": "keyword", "facet": True},
    "publisher": {"kind": "keyword", "facet": True},
    "author": {"kind": "keyword", "facet": True, "weight": 1.0},
    "year_ah": {"kind": "integer", "sort": True},
    "date": {"kind": "stored"},
}


def require_collections() -> None:
    """Exit with a message if the collections are missing."""
    if not (FOLDER / "news" / "docs.jsonl.gz").is_file():
        sys.exit(f"The benchmark collections are not in {FOLDER}; set SHARED_DATA to the folder that holds data/.")


def read_documents(name: str) -> Iterator[dict[str, Any]]:
    """Yield the documents of the collection `news` or `scale`."""
    with gzip.open(FOLDER / name / "docs.jsonl.gz") as lines:
        for line in lines:
            yield orjson.loads(line)


def make_scale_schema() -> Schema:
    """Return a schema for the collection `scale`."""
    return schema_from_dict({"name": "scale", "fields": SCALE_FIELDS}, "benchmarks/data.py")


def read_headlines() -> list[str]:
    """Return queries made of headlines: eight to ten words each."""
    with (FOLDER / "news" / "queries.dev.jsonl").open("rb") as lines:
        return [orjson.loads(line)["text"] for line in lines]


def read_mixed_queries() -> list[str]:
    """Return a mix of queries: one word, two words, questions and headlines."""
    with (FOLDER / "scale" / "queries.tsv").open(encoding="utf-8", newline="") as table:
        return [row[1] for row in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
