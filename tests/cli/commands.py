"""What the tests of commands share: the example collection, engines, processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

import search_service
from search_service.config.settings import Settings
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from tests.generations import rewrite_meta

ROOT = Path(search_service.__file__).parents[1]
EXAMPLES = ROOT / "examples" / "news.jsonl"
EXAMPLE_COUNT = len(EXAMPLES.read_bytes().splitlines())
TIMEOUT = 120.0

BOOKS = """
name = "books"
[fields.name]
kind = "text"
[fields.pages]
kind = "integer"
facet = true
"""

Run = Callable[..., Result]


def engine_of(folder: Path) -> SearchEngine:
    return make_engine(Settings(index_dir=folder / "indexes"))


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start the program as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONUNBUFFERED", None)  # unbuffered, Python loses the rest of a partial write
    command = [sys.executable, "-m", "search_service.cli", *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, env=environment, **pipes)


def read_all(terminal: int) -> str:
    """Return everything that a process, now ended, wrote to its terminal."""
    shown = b""
    try:
        while chunk := os.read(terminal, 65_536):
            shown += chunk
    except OSError:  # Linux raises this when the other side is closed
        pass
    os.close(terminal)
    return shown.decode()


def make_stale(folder: Path) -> None:
    for generation in (folder / "indexes" / "news").glob("g-*"):
        rewrite_meta(generation, fingerprint="of another version")
