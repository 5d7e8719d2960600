"""The commands and programs in documents, and a server to run them with.

In an expected output `…` matches anything, on a line of its own any lines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port, serving
from tests.shared_data import REPOSITORY

BIN = Path(sys.executable).parent


def blocks(document: str, language: str) -> list[str]:
    """Return the blocks of a document in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", document, re.MULTILINE | re.DOTALL)


def steps(document: str) -> Iterator[tuple[str, str]]:
    """Yield each command with the output below it."""
    for block in blocks(document, "console"):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            yield command, output


def matches(expected: str, actual: str) -> bool:
    """Whether an output is the expected one."""
    pattern = re.escape(expected.strip()).replace("…", ".*?")
    return re.fullmatch(pattern, actual.strip(), re.DOTALL) is not None


@contextmanager
def served_news(folder: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Index the example news and serve them, as `make run` does; yield the port and the environment."""
    (folder / "examples").symlink_to(REPOSITORY / "examples")
    port = free_port()
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "INDEX_DIR": str(folder / "data")}
    load = ["arabic-search", "reindex", "news", "examples/news.jsonl", "--schema", "news", "--quiet"]
    subprocess.run(load, cwd=folder, env=environment, check=True)
    with serving(["arabic-search", "serve", "--port", str(port)], port, folder, environment):
        yield port, environment
