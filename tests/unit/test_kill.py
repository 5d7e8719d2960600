"""Processes that are killed while they write: the last commit stays, and the next writer cleans up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import search_service
from index_config.schema import load_schema
from search_service.cli.exit_codes import BUSY
from search_service.config.settings import Settings
from search_service.core.errors import UnknownIndex, WriterBusy
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.ingestion.loader import COMMIT_EVERY
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.waiting import wait_for

ROOT = Path(search_service.__file__).parents[1]
TIMEOUT = 120.0
CHANGES = 40
"""Operations of a commit of 20 documents: each is deleted and added."""

# The command commits too seldom for a short test.
LOADER = """
import sys
from pathlib import Path
from index_config.schema import load_schema
from search_service.engines.factory import make_engine
from search_service.ingestion.loader import load
from search_service.ingestion.sources.files import FileSources
from search_service.config.settings import Settings

indexes, source, rejects = sys.argv[1:]
schema = load_schema("news")
engine = make_engine(Settings(index_dir=Path(indexes)))
load(engine.indexes, "news", schema, FileSources([source], schema, 10_000), Path(rejects), commit_every=20)
"""


def line(number: int, word: str) -> bytes:
    title = f"خبر {word} رقم {number}"
    return json.dumps({"id": str(number), "title": title, "category": word}, ensure_ascii=False).encode() + b"\n"


def lines(count: int, word: str) -> bytes:
    return b"".join(line(number, word) for number in range(count))


class IndexFolder:
    """A folder of indexes, and the processes that write to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.indexes = path / "indexes"
        self.engine: SearchEngine = make_engine(Settings(index_dir=self.indexes))
        self._started: list[subprocess.Popen[bytes]] = []
        self._changes: dict[int, int] = {}

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start Python with its standard input open, so that a load waits for more."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "INDEX_DIR": str(self.indexes)}
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=self.path,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._started.append(process)
        return process

    def feed(self, command: str, content: bytes) -> subprocess.Popen[bytes]:
        """Start a command that reads standard input, and send it documents without closing the input."""
        process = self.start("-m", "search_service.cli", command, "news", "-", "--quiet")
        assert process.stdin is not None
        process.stdin.write(content)
        process.stdin.flush()
        return process

    def run(self, command: str, content: bytes) -> None:
        """Run a command until it ends; it must succeed."""
        process = self.start("-m", "search_service.cli", command, "news", "-", "--quiet")
        output, errors = process.communicate(content, timeout=TIMEOUT)
        assert (process.returncode, output, errors) == (0, b"", b"")

    def documents(self) -> int:
        try:
            return self.engine.indexes.stats(IndexName("news")).documents
        except UnknownIndex:
            return 0

    def found(self, word: str) -> int:
        """Return the number of documents with a word, which every hit must contain."""
        response = SearchService(self.engine).search(IndexName("news"), SearchRequest(q=word))
        assert all(word in hit.source["title"] for hit in response.hits)
        return response.total

    def generations(self) -> list[Path]:
        """Return the current generation and the unfinished ones."""
        return sorted(path for path in (self.indexes / "news").glob("g-*") if not (path / "kept").exists())

    def kept(self) -> list[Path]:
        return sorted(path.parent for path in (self.indexes / "news").glob("g-*/kept"))

    def left_over(self) -> set[str]:
        """Return the files of the index besides the current generation, the link to it and the kept generations."""
        [generation] = self.generations()
        expected = {generation.name, "current", *(path.name for path in self.kept())}
        return {path.name for path in (self.indexes / "news").iterdir()} - expected

    def has_committed(self, process: subprocess.Popen[bytes], times: int) -> bool:
        """Whether a process holds the lock and has made that many commits, by tantivy's counter of operations."""
        try:
            if (self.indexes / ".locks" / "news.lock").read_bytes() != str(process.pid).encode():
                return False
            [generation] = self.generations()
            changes: int = json.loads((generation / "tantivy" / "meta.json").read_bytes())["opstamp"]
        except (OSError, ValueError):  # the process is just writing them
            return False
        before = self._changes.setdefault(process.pid, changes)
        return changes >= before + times * CHANGES

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[IndexFolder]:
    made = IndexFolder(tmp_path)
    yield made
    made.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None, "it ended before it could be killed"
    process.kill()
    process.communicate()


def test_a_killed_load_keeps_the_last_commit(folder: IndexFolder) -> None:
    process = folder.feed("index", lines(COMMIT_EVERY + 500, "قديم"))
    wait_for(lambda: folder.documents() > 0)
    kill(process)
    assert folder.documents() == COMMIT_EVERY
    assert folder.found("قديم") == COMMIT_EVERY
    folder.run("index", lines(COMMIT_EVERY + 500, "جديد"))
    assert folder.found("جديد") == folder.documents() == COMMIT_EVERY + 500
    assert folder.left_over() == set()


def test_a_load_killed_several_times_keeps_each_last_commit(folder: IndexFolder) -> None:
    source = folder.path / "news.jsonl"
    source.write_bytes(lines(20_000, "خبر"))
    arguments = (str(folder.indexes), str(source), str(folder.path / "rejects.jsonl"))
    for round_ in range(1, 6):
        process = folder.start("-c", LOADER, *arguments)
        # Each round starts the load again and kills it after another number of commits, anywhere in the next one.
        wait_for(partial(folder.has_committed, process, round_))
        wait_for(lambda: folder.documents() > 0)  # the first commit makes the index
        kill(process)
        committed = folder.documents()
        assert committed % 20 == 0
        assert committed > 0
        assert folder.found("خبر") == committed
        assert folder.left_over() == set()
    folder.run("index", lines(300, "بعد"))
    assert folder.found("بعد") == 300
    assert folder.left_over() == set()


def test_a_rebuild_killed_several_times_keeps_the_old_index(folder: IndexFolder) -> None:
    folder.run("index", lines(200, "قديم"))
    [old] = folder.generations()
    for size in (1, 100, 3_000):
        process = folder.feed("reindex", lines(size, "جديد"))
        wait_for(lambda: len(folder.generations()) == 2)
        wait_for(lambda: any((new / "tantivy" / "meta.json").exists() for new in folder.generations() if new != old))
        kill(process)
        assert folder.found("قديم") == folder.documents() == 200
    folder.run("index", line(1_000, "مضاف"))
    assert folder.documents() == 201
    assert folder.left_over() == set()
    folder.run("reindex", lines(50, "جديد"))
    assert folder.found("جديد") == folder.documents() == 50
    assert folder.generations() != [old]
    assert folder.kept() == [old]
    assert folder.left_over() == set()


def test_a_killed_first_rebuild_creates_no_index(folder: IndexFolder) -> None:
    process = folder.feed("reindex", lines(100, "جديد"))
    wait_for(lambda: bool(folder.generations()))
    kill(process)
    assert folder.engine.indexes.names() == ()
    folder.run("reindex", lines(50, "جديد"))
    assert folder.documents() == 50
    assert folder.left_over() == set()


@pytest.mark.parametrize("command", ["index", "reindex"])
def test_a_process_killed_while_it_wrote_metadata_holds_up_nobody(folder: IndexFolder, command: str) -> None:
    unfinished = folder.indexes / "news" / "g-20261126T153814954354-22751"
    (unfinished / "tantivy").mkdir(parents=True)
    (unfinished / ".meta.json.22751.tmp").touch()
    folder.run(command, lines(5, "جديد"))
    assert folder.documents() == 5
    assert folder.left_over() == set()


@pytest.mark.full(keep=2)
@pytest.mark.parametrize("first", ["index", "reindex"])
@pytest.mark.parametrize("second", ["index", "reindex", "delete"])
def test_a_second_writer_gets_the_pid_of_the_first(folder: IndexFolder, first: str, second: str) -> None:
    folder.run("index", lines(20, "قديم"))
    process = folder.feed(first, lines(10, "جديد"))
    lock = folder.indexes / ".locks" / "news.lock"
    wait_for(lambda: lock.read_bytes() == str(process.pid).encode())
    options = ["--yes"] if second == "delete" else ["-"]
    other = folder.start("-m", "search_service.cli", second, "news", *options)
    output, errors = other.communicate(lines(5, "آخر"), timeout=TIMEOUT)
    assert (other.returncode, output) == (BUSY, b"")
    assert f"Error: Another writer holds the index 'news' (pid {process.pid})" in errors.decode()
    with pytest.raises(WriterBusy) as caught, folder.engine.indexes.writer(IndexName("news")):
        pass
    assert caught.value.pid == process.pid
    assert folder.found("قديم") == 20
    kill(process)
    with folder.engine.indexes.rebuild(IndexName("news"), load_schema("news")):
        pass
    assert folder.documents() == 0
