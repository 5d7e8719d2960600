"""The shared data of the tests: real articles, vocalised verses, scraped pages; read in place, never copied."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[1]


def shared(*parts: str) -> Path:
    """The path of a shared file or folder, below what SHARED_DATA names or `../shared` beside the repository.

    Without it the test is skipped, or fails where CI is set.
    """
    path = Path(os.environ.get("SHARED_DATA") or REPOSITORY.parent / "shared").joinpath(*parts)
    if not path.exists():
        message = f"no shared data at {path}; set SHARED_DATA to the folder that holds data/ and seeds/"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def records(*parts: str, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The records of a shared JSONL file, plain or .gz, the first `limit` of them."""
    path = shared(*parts)
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        yield from map(json.loads, islice(lines, limit))


def seed_pages() -> dict[str, str]:
    """The two scraped pages as they came, by file name."""
    return {path.name: path.read_bytes().decode("utf-8") for path in sorted(shared("seeds").glob("*.txt"))}
