"""Errors of commands: one line and an exit status."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from search_service.cli import exit_codes
from search_service.core.index_name import IndexName
from tests.cli.commands import EXAMPLE_COUNT, EXAMPLES, Run, engine_of


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["index", "News", "a.jsonl"], 2, "'News' is not a name of an index; allowed: a-z, 0-9, _ and -"),
        (["index", "../x", "a.jsonl"], 2, "is not a name of an index"),
        (["search", "", "x"], 2, "is not a name of an index"),
        (["delete", "أخبار"], 2, "is not a name of an index"),
        (["index", "news"], 2, "Missing argument 'SOURCE...'"),
        (["index", "news", "missing.jsonl"], 2, "Error: There is no file or folder missing.jsonl"),
        (["index", "news", "a.pdf"], 2, "Error: a.pdf has an unknown format"),
        (["index", "news", "a.jsonl", "--schema", "nope"], 2, "Error: nope: cannot be read"),
        (["index", "news", "a.jsonl", "--schema", "bad.toml"], 2, "Error: bad.toml: fields.x.kind: 'colour'"),
        (["index", "news", "a.jsonl", "--reject-file", "no/x"], 2, "Error: `--reject-file`: no/x cannot be written"),
        (["search", "nope", "x"], 3, "Error: There is no index 'nope'; the folder "),
        (["status", "nope"], 3, "Error: There is no index 'nope'"),
        (["delete", "nope", "--yes"], 3, "Error: There is no index 'nope'"),
        (["search", "nope", "x", "--filter", "source"], 2, "'source' is not written as FIELD=VALUE"),
        (["search", "nope", "x", "--filter", "=x"], 2, "'=x' is not written as FIELD=VALUE"),
        (["search", "nope", "x", "--range", "date=2024"], 2, "'2024' is not written as LOW..HIGH"),
        (["search", "nope", "\udcff"], 2, "is not valid UTF-8"),
        (["search", "nope", "x", "--filter", "source=\udcff"], 2, "is not valid UTF-8"),
        (["analyze", "x", "--analyzer", "nope"], 2, "Error: `--analyzer`: 'nope' is not an analyzer"),
        (["serve", "--port", "0"], 2, "0 is not in the range"),
        (
            ["serve", "--host", "no.such.host.invalid"],
            2,
            "Error: `--host`: 'no.such.host.invalid' is not a known",
        ),
        (["nope"], 2, "No such command 'nope'"),
    ],
)
def test_an_error_is_one_line_and_an_exit_status(
    run: Run, folder: Path, arguments: list[str], status: int, message: str
) -> None:
    (folder / "a.jsonl").write_text('{"id": "1", "title": "x"}\n')
    (folder / "a.pdf").touch()
    (folder / "bad.toml").write_text('name = "bad"\n[fields.x]\nkind = "colour"\n')
    result = run(*arguments, status=status)
    assert message in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert not result.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--sort", "nope"], "Error: `--sort`: results cannot be sorted by 'nope'"),
        (["--size", "101"], "Error: `--size` is 101"),
        (["--offset", "-1"], "Error: `--offset` is -1"),
        (["--facet", "title"], "Error: `--facet`: 'title' is not a facet"),
        (["--field", "nope"], "Error: `--field`: 'nope' is not a searched field"),
        (["--date-from", "أمس"], "Error: `--date-from`: 'أمس' is not a date"),
        (["--range", "title=1..2"], "Error: `--range title=`: 'title' is not a field that supports ranges"),
        (["--filter", "nope=x"], "Error: `--filter nope=`: 'nope' is not a filterable field"),
    ],
)
def test_an_invalid_search_option_is_named(news: Run, options: list[str], message: str) -> None:
    result = news("search", "news", "x", *options, status=exit_codes.WRONG_USAGE)
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_an_invalid_setting_is_a_usage_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_DOCUMENT_BYTES", "many")
    assert run("status", status=exit_codes.WRONG_USAGE).stderr.startswith("Error: MAX_DOCUMENT_BYTES: 'many'")


def test_max_document_bytes_limits_the_size_of_a_document(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_DOCUMENT_BYTES", "100")
    report = json.loads(run("index", "news", EXAMPLES, "--json", status=exit_codes.REJECTED).stdout)
    assert report["rejected"] == EXAMPLE_COUNT


def test_a_second_writer_is_refused_as_busy(news: Run, folder: Path) -> None:
    with engine_of(folder).indexes.writer(IndexName("news")):
        for arguments in (["index", "news", EXAMPLES], ["reindex", "news", EXAMPLES], ["delete", "news", "--yes"]):
            result = news(*arguments, status=exit_codes.BUSY)
            assert result.stderr.startswith(f"Error: Another writer holds the index 'news' (pid {os.getpid()})")
