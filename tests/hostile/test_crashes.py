"""Errors that nobody foresaw: status 70, one line, and a file with the details; never status 1."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import search_service
from search_service.cli.exit_codes import FAILED, NOT_FOUND, OUTPUT_CLOSED, REJECTED, WRONG_USAGE
from search_service.core.crash import UNEXPECTED
from tests.servers import free_port

ROOT = Path(search_service.__file__).parents[1]
TIMEOUT = 120.0

BROKEN_LIBRARIES = {
    "an exception": ("orjson", "raise RuntimeError('broken\\nlibrary')", "RuntimeError: broken library"),
    "a missing library": ("orjson", "raise ModuleNotFoundError('no orjson')", "ModuleNotFoundError: no orjson"),
    # As tantivy raises its PanicException, which no `except Exception` catches.
    "a panic": (
        "tantivy",
        "class PanicException(BaseException): pass\nraise PanicException('lost')",
        "PanicException: lost",
    ),
    "terminal escapes": ("orjson", "raise RuntimeError('\\x1b[2Jgone')", "RuntimeError: \\x1b[2Jgone"),
    "no memory": ("pydantic", "raise MemoryError", "MemoryError"),
}
LINE = re.compile(r"Error: unexpected (.*) \(details: (.*)\)\n")


def run(folder: Path, library: str, code: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a library replaced; temporary files go to `tmp`."""
    (folder / "lib").mkdir()
    (folder / "lib" / f"{library}.py").write_text(code)
    temporary = folder / "tmp"
    temporary.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": f"{folder / 'lib'}:{ROOT}",
        "TMPDIR": str(temporary),
        "INDEX_DIR": str(folder / "indexes"),
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


@pytest.mark.parametrize("case", BROKEN_LIBRARIES)
def test_an_unexpected_error_is_a_line_and_a_file(tmp_path: Path, case: str) -> None:
    library, code, shown = BROKEN_LIBRARIES[case]
    result = run(tmp_path, library, code, "-m", "search_service.cli", "index", "news", "x.jsonl")
    assert (result.returncode, result.stdout) == (UNEXPECTED, "")
    line = LINE.fullmatch(result.stderr)
    assert line, result.stderr
    assert line[1] == shown
    details = Path(line[2])
    assert details.parent == tmp_path / "tmp"
    assert details.stat().st_mode & 0o077 == 0, "only its owner may read it: it can have parts of documents"
    assert "Traceback (most recent call last)" in details.read_text()
    assert "'index', 'news', 'x.jsonl'" in details.read_text()


def test_without_a_place_for_the_file_the_details_are_printed(tmp_path: Path) -> None:
    full = "import tempfile\ndef full(*args, **named): raise OSError(28, 'No space left on device')\n"
    code = f"{full}tempfile.NamedTemporaryFile = full\nraise RuntimeError('broken')"
    result = run(tmp_path, "orjson", code, "-m", "search_service.cli", "status")
    assert result.returncode == UNEXPECTED
    assert result.stderr.startswith("Error: unexpected RuntimeError: broken\n")
    assert "Traceback (most recent call last)" in result.stderr


def test_an_error_in_a_load_says_what_is_kept(tmp_path: Path) -> None:
    code = """
import sys
from search_service.ingestion import loader, validation
from search_service.cli.__main__ import run
loader.load.__kwdefaults__["commit_every"] = 2
check, calls = validation.DocumentChecker.check, []
def broken(self, raw):
    calls.append(raw)
    if len(calls) == 6:
        raise RuntimeError("broken")
    return check(self, raw)
validation.DocumentChecker.check = broken
run()
"""
    lines = "".join(f'{{"id": "{number}", "title": "خبر"}}\n' for number in range(9))
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    result = run(tmp_path, "unused", "", "-c", code, "index", "news", "a.jsonl", "--schema", "news")
    assert result.returncode == UNEXPECTED
    first, second = result.stderr.splitlines()
    assert first.startswith("Error: unexpected RuntimeError: broken (details: ")
    assert second.startswith("4 documents of this load are in index 'news'; ")


def test_the_installed_command_ends_alike(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("arabic-search")
    assert "search_service.cli.__main__ import run" in command.read_text()
    result = run(tmp_path, "orjson", "raise RuntimeError('broken')", str(command), "status")
    assert result.returncode == UNEXPECTED


WORKER_FAILS = """
import os
from search_service.server import wsgi
def broken(*_):
    raise {error}
class PanicException(BaseException): pass
wsgi.make_engine = broken
from search_service.cli.__main__ import run
run()
"""


@pytest.mark.parametrize("error", ["RuntimeError('broken')", "PanicException('broken')"])
def test_a_worker_that_cannot_start_ends_the_server(tmp_path: Path, error: str) -> None:
    code = WORKER_FAILS.format(error=error)
    result = run(tmp_path, "unused", "", "-c", code, "serve", "--port", str(free_port()), "--workers", "1")
    assert result.returncode == FAILED
    assert f"Error: unexpected {error.split('(')[0]}: broken (details: " in result.stderr


def test_errors_that_nobody_reads_keep_their_status(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n")
    for status, command in (
        (REJECTED, ["index", "news", "a.jsonl", "--quiet"]),
        (NOT_FOUND, ["search", "news", "x"]),
        (WRONG_USAGE, ["index", "news", "missing.jsonl"]),
    ):
        reading, writing = os.pipe()
        os.close(reading)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "INDEX_DIR": str(tmp_path / "indexes")}
        started = [sys.executable, "-m", "search_service.cli", *command]
        with os.fdopen(writing, "w") as closed:
            result = subprocess.run(
                started,
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=closed,
                timeout=TIMEOUT,
                check=False,
            )
        assert (result.returncode, result.stdout) == (status, b""), command


@pytest.mark.parametrize("command", [["index", "--help"], ["status", "--json"], ["schema", "show", "news"]])
def test_a_reader_that_has_ended_is_no_rejected_document(tmp_path: Path, command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "INDEX_DIR": str(tmp_path / "indexes")}
    started = [sys.executable, "-m", "search_service.cli", *command]
    with os.fdopen(writing, "w") as closed:
        result = subprocess.run(
            started, env=environment, stdout=closed, stderr=subprocess.PIPE, timeout=TIMEOUT, check=False
        )
    assert (result.returncode, result.stderr) == (OUTPUT_CLOSED, b"")
