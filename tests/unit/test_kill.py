"""A process that is killed in the middle of its work: the last commit stays, and nobody has to clean up."""

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
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.ingestion.loader import COMMIT_EVERY
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.waiting import wait_for

ROOT = Path(search_service.__file__).parents[1]
PATIENCE = 120.0
CHANGES = 40
"""Of a commit of 20 documents: each is deleted and added."""

# The command line commits too seldom for a short test.
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


class Room:
    """A folder of indexes, and processes that write to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.indexes = folder / "indexes"
        self.engine: SearchEngine = make_engine(Settings(index_dir=self.indexes))
        self._started: list[subprocess.Popen[bytes]] = []
        self._changes: dict[int, int] = {}

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start Python with its standard input open, so that a load waits for more."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "INDEX_DIR": str(self.indexes)}
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._started.append(process)
        return process

    def feed(self, command: str, content: bytes) -> subprocess.Popen[bytes]:
        """Start a command that reads standard input, and give it something without closing it."""
        process = self.start("-m", "search_service.cli", command, "news", "-", "--quiet")
        assert process.stdin is not None
        process.stdin.write(content)
        process.stdin.flush()
        return process

    def run(self, command: str, content: bytes) -> None:
        """Run a command to its end; it has to succeed."""
        process = self.start("-m", "search_service.cli", command, "news", "-", "--quiet")
        output, errors = process.communicate(content, timeout=PATIENCE)
        assert (process.returncode, output, errors) == (0, b"", b"")

    def documents(self) -> int:
        try:
            return self.engine.indexes.stats("news").documents
        except UnknownIndex:
            return 0

    def found(self, word: str) -> int:
        """How many documents of a word are found, and that the word is in all that come out."""
        response = SearchService(self.engine).search("news", SearchRequest(q=word))
        assert all(word in hit.source["title"] for hit in response.hits)
        return response.total

    def generations(self) -> list[Path]:
        """The generation that is searched and those that are being filled or were left behind."""
        return sorted(path for path in (self.indexes / "news").glob("g-*") if not (path / "kept").exists())

    def kept(self) -> list[Path]:
        return sorted(path.parent for path in (self.indexes / "news").glob("g-*/kept"))

    def left_over(self) -> set[str]:
        """What lies in the folder of the index beside the searched generation, the link to it, and what is kept."""
        [generation] = self.generations()
        expected = {generation.name, "current", *(path.name for path in self.kept())}
        return {path.name for path in (self.indexes / "news").iterdir()} - expected

    def has_committed(self, process: subprocess.Popen[bytes], times: int) -> bool:
        """Whether a process holds the lock and has committed so often: tantivy's counter of changes tells."""
        try:
            if (self.indexes / ".locks" / "news.lock").read_bytes() != str(process.pid).encode():
                return False
            [generation] = self.generations()
            changes: int = json.loads((generation / "tantivy" / "meta.json").read_bytes())["opstamp"]
        except (OSError, ValueError):  # it is just being made
            return False
        before = self._changes.setdefault(process.pid, changes)
        return changes >= before + times * CHANGES

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None, "it ended before it could be killed"
    process.kill()
    process.communicate()


def test_a_load_that_is_killed_keeps_the_last_commit(room: Room) -> None:
    process = room.feed("index", lines(COMMIT_EVERY + 500, "قديم"))
    wait_for(lambda: room.documents() > 0)
    kill(process)
    assert room.documents() == COMMIT_EVERY
    assert room.found("قديم") == COMMIT_EVERY
    room.run("index", lines(COMMIT_EVERY + 500, "جديد"))
    assert room.found("جديد") == room.documents() == COMMIT_EVERY + 500
    assert room.left_over() == set()


def test_a_load_that_is_killed_again_and_again_goes_on_from_its_last_commit(room: Room) -> None:
    source = room.folder / "news.jsonl"
    source.write_bytes(lines(20_000, "خبر"))
    arguments = (str(room.indexes), str(source), str(room.folder / "rejects.jsonl"))
    for round_ in range(1, 6):
        process = room.start("-c", LOADER, *arguments)
        # Each round begins the load again and dies after another number of commits, anywhere in the next one.
        wait_for(partial(room.has_committed, process, round_))
        kill(process)
        committed = room.documents()
        assert committed % 20 == 0
        assert committed > 0
        assert room.found("خبر") == committed
        assert room.left_over() == set()
    room.run("index", lines(300, "بعد"))
    assert room.found("بعد") == 300
    assert room.left_over() == set()


def test_a_rebuild_that_is_killed_again_and_again_leaves_the_old_index(room: Room) -> None:
    room.run("index", lines(200, "قديم"))
    [old] = room.generations()
    for size in (1, 100, 3_000):
        process = room.feed("reindex", lines(size, "جديد"))
        wait_for(lambda: len(room.generations()) == 2)
        wait_for(lambda: any((new / "tantivy" / "meta.json").exists() for new in room.generations() if new != old))
        kill(process)
        assert room.found("قديم") == room.documents() == 200
    room.run("index", line(1_000, "مضاف"))
    assert room.documents() == 201
    assert room.left_over() == set()
    room.run("reindex", lines(50, "جديد"))
    assert room.found("جديد") == room.documents() == 50
    assert room.generations() != [old]
    assert room.kept() == [old]
    assert room.left_over() == set()


def test_a_first_rebuild_that_is_killed_leaves_no_index(room: Room) -> None:
    process = room.feed("reindex", lines(100, "جديد"))
    wait_for(lambda: bool(room.generations()))
    kill(process)
    assert room.engine.indexes.names() == ()
    room.run("reindex", lines(50, "جديد"))
    assert room.documents() == 50
    assert room.left_over() == set()


@pytest.mark.parametrize("first", ["index", "reindex"])
@pytest.mark.parametrize("second", ["index", "reindex", "delete"])
def test_a_second_writer_is_told_who_holds_the_index(room: Room, first: str, second: str) -> None:
    room.run("index", lines(20, "قديم"))
    process = room.feed(first, lines(10, "جديد"))
    lock = room.indexes / ".locks" / "news.lock"
    wait_for(lambda: lock.read_bytes() == str(process.pid).encode())
    options = ["--yes"] if second == "delete" else ["-"]
    other = room.start("-m", "search_service.cli", second, "news", *options)
    output, errors = other.communicate(lines(5, "آخر"), timeout=PATIENCE)
    assert (other.returncode, output) == (BUSY, b"")
    assert f"Error: Another writer holds the index 'news' (pid {process.pid})" in errors.decode()
    with pytest.raises(WriterBusy) as caught, room.engine.indexes.writer("news"):
        pass
    assert caught.value.pid == process.pid
    assert room.found("قديم") == 20
    kill(process)
    with room.engine.indexes.rebuild("news", load_schema("news")):
        pass
    assert room.documents() == 0
