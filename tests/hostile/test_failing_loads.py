"""Loads that are interrupted or of which every document is rejected: what they say, and what they leave behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

import search_service
from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.config.settings import Settings
from search_service.core.errors import UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from tests.rotation import Rotation
from tests.waiting import wait_for

ROOT = Path(search_service.__file__).parents[1]
TIMEOUT = 120.0
NEWS = IndexName("news")

COMMIT_EVERY = 10

# The command line with more commits than a short test can wait for. With two more arguments a signal comes from inside
# a commit, which nobody outside can time: the number of the commit, and that of the signal.
COMMANDS = f"""
import os, sys
from search_service.cli.__main__ import run
from search_service.engines.embedded.writer import EmbeddedWriter
from search_service.ingestion import loader

loader.load.__kwdefaults__["commit_every"] = {COMMIT_EVERY}
if sys.argv[-1].isdigit():
    number, after, calls = int(sys.argv.pop()), int(sys.argv.pop()), []

    class Signalling:
        def __init__(self, writer):
            self.writer = writer

        def __getattr__(self, name):
            return getattr(self.writer, name)

        def commit(self):
            calls.append(self)
            made = self.writer.commit()
            if len(calls) == after:
                os.kill(os.getpid(), number)
            return made

    def init(self, *args, made=EmbeddedWriter.__init__, **named):
        made(self, *args, **named)
        self._writer = Signalling(self._writer)

    EmbeddedWriter.__init__ = init
run()
"""


def documents(count: int, first: int = 0) -> bytes:
    lines = (json.dumps({"id": str(n), "title": f"خبر رقم {n}"}) for n in range(first, first + count))
    return "".join(line + "\n" for line in lines).encode()


class Loads:
    """A folder of indexes, and commands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine: SearchEngine = make_engine(Settings(index_dir=folder / "indexes"))
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Ignored where the tests themselves run under nohup, and that is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self._started.append(process)
        return process

    def feed(self, command: str, content: bytes) -> subprocess.Popen[bytes]:
        """Start a command that has read some documents and waits for more."""
        process = self.start("-c", COMMANDS, command, "news", "-", "--schema", "news", "--quiet")
        assert process.stdin is not None
        process.stdin.write(content)
        process.stdin.flush()
        return process

    def run(self, *arguments: str, content: bytes = b"") -> tuple[int, str, str]:
        """Return status, output and errors of a command."""
        result = CliRunner().invoke(main, arguments, input=content)
        return result.exit_code, result.stdout, result.stderr

    def count(self) -> int | None:
        """Return the number of documents; None without an index."""
        try:
            return self.engine.indexes.stats(NEWS).documents
        except UnknownIndex:
            return None

    def is_writing(self, process: subprocess.Popen[bytes]) -> bool:
        lock = self.folder / "indexes" / ".locks" / "news.lock"
        return lock.exists() and lock.read_bytes() == str(process.pid).encode()

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loads]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "indexes"))
    made = Loads(tmp_path)
    yield made
    made.close()


def said_to_be_kept(errors: str) -> int:
    """Return the number of documents that a message says are kept."""
    found = re.search(
        r"(No|[\d,]+) documents? of this load (?:is|are) in index 'news'; the command can be repeated", errors
    )
    assert found, errors
    return 0 if found[1] == "No" else int(found[1].replace(",", ""))


STATUSES = {
    signal.SIGINT: exit_codes.INTERRUPTED,
    signal.SIGTERM: exit_codes.TERMINATED,
    signal.SIGHUP: exit_codes.HUNG_UP,
}


# Interrupted


@pytest.mark.parametrize("number", STATUSES, ids=lambda number: number.name)
def test_an_interrupted_load_says_what_is_kept(loads: Loads, number: signal.Signals) -> None:
    process = loads.feed("index", documents(COMMIT_EVERY + 7))
    wait_for(lambda: bool(loads.count()))
    process.send_signal(number)
    output, errors = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, output) == (STATUSES[number], b"")
    assert errors.decode() == (
        "Interrupted: 10 documents of this load are in index 'news'; the command can be repeated: "
        "a document replaces the one with the same id\n"
    )
    assert loads.count() == COMMIT_EVERY
    assert loads.run("index", "news", "-", "--quiet", content=documents(COMMIT_EVERY + 7)) == (0, "", "")
    assert loads.count() == COMMIT_EVERY + 7


@pytest.mark.parametrize("before", [0, 3])
def test_a_load_interrupted_before_its_first_commit_leaves_what_was_there(loads: Loads, before: int) -> None:
    if before:
        loads.run("index", "news", "-", "--quiet", content=documents(before))
    process = loads.feed("index", documents(COMMIT_EVERY - 1, first=100))
    wait_for(lambda: loads.is_writing(process))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == exit_codes.INTERRUPTED
    assert said_to_be_kept(errors.decode()) == 0
    assert loads.count() == (before or None)


@pytest.mark.parametrize(("number", "before"), [(signal.SIGINT, 0), (signal.SIGTERM, 3)])
def test_an_interrupted_rebuild_says_that_nothing_changed(loads: Loads, number: signal.Signals, before: int) -> None:
    if before:
        loads.run("index", "news", "-", "--quiet", content=documents(before))
    process = loads.feed("reindex", documents(50))
    wait_for(lambda: loads.is_writing(process))
    process.send_signal(number)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == STATUSES[number]
    assert errors.decode() == "Interrupted: Index 'news' is unchanged; repeat the command to rebuild it\n"
    assert loads.count() == (before or None)


@pytest.mark.full(keep=1)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_in_a_commit_is_counted_right(loads: Loads, number: signal.Signals, rotation: Rotation) -> None:
    (loads.folder / "a.jsonl").write_bytes(documents(95))
    for after in rotation.some(range(1, 10), 3, "commits"):
        command = ("index", "news", "a.jsonl", "--quiet", str(after), str(int(number)))
        process = loads.start("-c", COMMANDS, *command)
        _, errors = process.communicate(timeout=TIMEOUT)
        assert process.returncode == STATUSES[number]
        # Interrupted in its first commit, a first load has no index yet.
        expected = 10 * after if after > 1 else 0
        assert said_to_be_kept(errors.decode()) == expected
        assert (loads.count() or 0) == expected
        if expected:
            loads.engine.indexes.delete(NEWS)


def test_a_load_that_nohup_protects_survives_a_closed_terminal(loads: Loads) -> None:
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    process = loads.start("-c", f"{ignoring}\n{COMMANDS}", "index", "news", "-", "--schema", "news", "--quiet")
    wait_for(lambda: loads.is_writing(process))
    process.send_signal(signal.SIGHUP)
    assert process.communicate(documents(5), timeout=TIMEOUT) == (b"", b"")
    assert (process.returncode, loads.count()) == (0, 5)


def test_progress_tells_saved_documents_from_others(loads: Loads) -> None:
    often = "from search_service.ingestion import progress; progress.LINE_SECONDS = 0"
    process = loads.start("-c", f"{often}\n{COMMANDS}", "index", "news", "-", "--schema", "news")
    stdin, stderr = process.stdin, process.stderr
    assert stdin is not None
    assert stderr is not None
    os.set_blocking(stderr.fileno(), False)
    numbers, lines = count(), list[bytes]()

    def has_shown_unsaved() -> bool:
        stdin.write(documents(3, first=3 * next(numbers)))
        stdin.flush()
        lines.extend(stderr.readlines())
        return any(b"saved" in line for line in lines)

    wait_for(has_shown_unsaved, interval=0.3)
    process.kill()
    process.communicate()
    found = re.match(
        r"([\d,]+) documents \(([\d,]+) saved\)", next(line for line in lines if b"saved" in line).decode()
    )
    assert found, lines
    shown, saved = map(int, found.groups())
    assert saved % COMMIT_EVERY == 0
    assert saved < shown
    assert (loads.count() or 0) >= saved


# Nothing is left to index

ALL_REJECTED: dict[str, tuple[str, bytes, str]] = {
    "unknown fields": (
        "a.jsonl",
        b'{"id": "1", "headline": "x"}\n{"id": "2", "headline": "y"}\n',
        "Hint: name the schema of these documents with `--schema`, "
        "or drop the fields that it does not have with `--ignore-unknown`\n",
    ),
    "no id": ("a.jsonl", b'{"title": "x"}\n{"title": "y"}\n', "Hint: each document needs an `id` (or `_id`), "),
    "no column id": ("a.csv", b"title\nx\n", "the header has no column 'id' (it has: title); add one"),
    "another schema": (
        "a.jsonl",
        b'{"id": "1", "title": 5}\n',
        "Hint: the documents may not be those of schema 'news'; name theirs with `--schema`\n",
    ),
    "UTF-16": ("a.jsonl", '{"id": "1", "title": "خبر"}\n'.encode("utf-16"), "is UTF-16LE, not UTF-8; convert it"),
}


@pytest.mark.parametrize("case", ALL_REJECTED)
def test_a_first_load_of_rejects_gives_a_hint_and_leaves_no_index(loads: Loads, case: str) -> None:
    name, content, hint = ALL_REJECTED[case]
    (loads.folder / name).write_bytes(content)
    status, output, errors = loads.run("index", "news", name, "--schema", "news")
    assert status == exit_codes.REJECTED
    assert output == "0 documents indexed; the index 'news' was not created\n"
    assert hint in errors
    assert loads.count() is None
    assert not list((loads.folder / "indexes").glob("news/g-*"))
    status, _, errors = loads.run("reindex", "news", name, "--schema", "news")
    assert status == exit_codes.FAILED
    assert hint.strip() in errors
    assert loads.count() is None


def test_an_index_that_was_empty_before_stays(loads: Loads) -> None:
    loads.run("index", "news", "-", content=documents(1))
    with loads.engine.indexes.writer(NEWS) as writer:
        writer.delete("0")
    assert loads.run("index", "news", "-", content=b"{\n")[0] == exit_codes.REJECTED
    assert loads.count() == 0


def test_the_first_three_different_reasons_are_shown_with_their_numbers(loads: Loads) -> None:
    good = '{"id": "1", "title": "خبر"}\n'
    bad = [
        '{"id": "2", "mood": 1}',
        '{"title": "x"}',
        '{"id": "3", "mood": 2}',
        '{"id": "4", "colour": 1}',
        "{}x",
        '{"id"',
    ]
    (loads.folder / "a.jsonl").write_text(good + "\n".join(bad), encoding="utf-8")
    status, output, errors = loads.run("index", "news", "a.jsonl", "--schema", "news")
    assert (status, output.split(" in ")[0]) == (exit_codes.REJECTED, "1 documents indexed into 'news'")
    lines = errors.splitlines()
    assert lines[0] == "6 rejected, see news.rejects.jsonl"
    assert lines[1].startswith(
        "  2 times, first in a.jsonl, line 2: 'mood' is not a field of the schema (fields: title,"
    )
    assert lines[2] == "  a.jsonl, line 3: 'id' is missing"
    assert lines[3].startswith("  a.jsonl, line 5: 'colour' is not a field of the schema")
    assert lines[4:] == ["  2 for other reasons"]
    report = json.loads(loads.run("index", "news", "a.jsonl", "--json")[1])
    shown = [(one["count"], one["code"], one["line"]) for one in report["reject_reasons"]]
    assert shown == [(2, "field-unknown", 2), (1, "id-missing", 3), (1, "field-unknown", 5)]


def test_a_doubtful_date_is_a_warning_with_its_number(loads: Loads) -> None:
    lines = [{"id": str(n), "title": "خبر", "date": date} for n, date in enumerate(("2024", "1445-09-01", "1446-02"))]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    status, _, errors = loads.run("index", "news", "-", content=content)
    assert status == 0
    assert errors.startswith("Warning: 2 times, first in -, line 2: 'date': '1445-09-01' is before 1700; ")
    assert loads.count() == 3
    [warning] = json.loads(loads.run("index", "news", "-", "--json", content=content)[1])["warnings"]
    assert (warning["code"], warning["count"], warning["line"]) == ("date-doubtful", 2, 2)


@pytest.mark.parametrize("before", [0, 1])
def test_a_load_of_nothing_succeeds_and_makes_no_index(loads: Loads, before: int) -> None:
    if before:
        loads.run("index", "news", "-", content=documents(before))
    (loads.folder / "a.jsonl").write_bytes(b"\n")
    status, output, errors = loads.run("index", "news", "a.jsonl")
    assert (status, errors) == (0, "Warning: a.jsonl: holds no document\n")
    assert output.startswith("0 documents indexed")
    assert loads.count() == (before or None)
