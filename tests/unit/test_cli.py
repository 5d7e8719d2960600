"""The command line: every command, its output for people and for programs, its errors and exit statuses."""

from __future__ import annotations

import gzip
import importlib.metadata
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import termios
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import search_service
from search_service.cli import exit_codes
from search_service.cli.main import COMMANDS, main
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.ingestion.sources.files import FORMATS
from tests.generations import rewrite_meta
from tests.servers import free_port

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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "indexes"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Run a command in an empty folder and check its status; an exception fails the test."""
    assert folder.is_dir()

    def invoke(*arguments: str | Path, status: int = 0, typed: str | bytes = "") -> Result:
        result = CliRunner().invoke(main, [str(one) for one in arguments], input=typed)
        assert result.exit_code == status, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


@pytest.fixture(scope="session")
def indexed_news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of indexes with the example collection in `news`; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("cli") / "indexes"
    command = ["index", "news", str(EXAMPLES), "--quiet"]
    result = CliRunner().invoke(main, command, env={"INDEX_DIR": str(folder)})
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def news(run: Run, folder: Path, indexed_news: Path) -> Run:
    """`run`, with the example collection in the index `news`."""
    shutil.copytree(indexed_news, folder / "indexes", symlinks=True)
    return run


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


# Indexing


@pytest.mark.parametrize("command", ["index", "reindex"])
def test_indexing_prints_a_summary(run: Run, folder: Path, command: str) -> None:
    result = run(command, "news", EXAMPLES)
    assert result.stdout.startswith(f"{EXAMPLE_COUNT} documents indexed into 'news' in ")
    assert not result.stderr
    assert engine_of(folder).indexes.stats(IndexName("news")).documents == EXAMPLE_COUNT


@pytest.mark.parametrize("command", ["index", "reindex"])
def test_rejected_documents_are_reported_and_change_the_exit_status(run: Run, folder: Path, command: str) -> None:
    (folder / "a.jsonl").write_text('{"id": "1", "title": "خبر"}\n{\n', encoding="utf-8")
    result = run(command, "news", "a.jsonl", status=exit_codes.REJECTED)
    assert "1 documents indexed" in result.stdout
    assert result.stderr.startswith("1 rejected, see news.rejects.jsonl; the first: a.jsonl, line 2: is not JSON: ")
    assert result.stderr.count("\n") == 1
    [reject] = [json.loads(line) for line in (folder / "news.rejects.jsonl").read_text().splitlines()]
    assert (reject["source"], reject["line"]) == ("a.jsonl", 2)


def test_the_option_reject_file_names_the_file(run: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text("{\n")
    result = run("index", "news", "a.jsonl", "--reject-file", "bad.jsonl", "--json", status=exit_codes.REJECTED)
    report = json.loads(result.stdout)
    assert report.pop("seconds") > 0
    assert report.pop("documents_per_second") > 0
    assert report == {
        "index": "news",
        "indexed": 0,
        "rejected": 1,
        "reject_file": "bad.jsonl",
        "reject_reasons": [
            {
                "count": 1,
                "code": "json-over-lines",
                "reason": "is not JSON: the line is one bracket; if a value takes several lines, name the file .json",
                "source": "a.jsonl",
                "line": 1,
            }
        ],
        "warnings": [],
        "index_exists": False,
        "skipped_files": {},
    }
    assert (folder / "bad.jsonl").exists()


def test_quiet_prints_nothing(run: Run) -> None:
    assert run("index", "news", EXAMPLES, "--quiet").output == ""


def test_files_of_unknown_formats_are_skipped_and_counted(run: Run, folder: Path) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "a.txt").write_text("خبر", encoding="utf-8")
    (folder / "pages" / "b.pdf").touch()
    (folder / "pages" / "c.docx").touch()
    result = run("index", "news", "pages")
    assert result.stderr == "Skipped (unknown kind of file): 1 .docx, 1 .pdf\n"
    assert result.stdout.startswith("1 documents")


def test_a_reject_file_in_a_source_folder_is_not_indexed(run: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text('{"id": "1", "title": "x"}\n{\n')
    for _ in range(2):
        report = json.loads(run("index", "news", ".", "--json", status=exit_codes.REJECTED).stdout)
        assert (report["indexed"], report["rejected"]) == (1, 1)


def test_documents_are_read_from_standard_input(run: Run, folder: Path) -> None:
    run("index", "news", "-", typed=EXAMPLES.read_bytes())
    assert engine_of(folder).indexes.stats(IndexName("news")).documents == EXAMPLE_COUNT


def test_sources_of_several_formats(run: Run, folder: Path) -> None:
    (folder / "a.csv").write_text("id,title\nc1,خبر\n", encoding="utf-8")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(b'{"id": "g1", "title": "x"}\n'))
    (folder / "c.html").write_text("<title>t</title><p>x")
    report = json.loads(run("index", "news", "a.csv", "b.jsonl.gz", "c.html", "--json").stdout)
    assert report["indexed"] == 3


def test_a_custom_schema_is_stored_with_the_index(run: Run, folder: Path) -> None:
    (folder / "books.toml").write_text(BOOKS)
    (folder / "books.csv").write_text("id,name,pages\n1,ألف ليلة وليلة,900\n", encoding="utf-8")
    run("index", "books", "books.csv", "--schema", "books.toml", "--quiet")
    run("index", "books", "books.csv", "--quiet")
    run("reindex", "books", "books.csv", "--quiet")
    result = run("search", "books", "ليله", "--facet", "pages", "--range", "pages=500..")
    assert "**ليلة**" in result.stdout
    assert "pages: 900 1" in result.stdout


def test_an_address_that_stands_for_a_title_is_read_with_its_letters(run: Run, folder: Path) -> None:
    """Commands take the id as it is, so it is shown as it is, too."""
    (folder / "shops.toml").write_text('name = "shops"\n[fields.place]\nkind = "keyword"\nweight = 1.0\n')
    address = "https://shops.example/%D9%87%D9%88-2"
    (folder / "shops.csv").write_text(f"id,place\n{address},صنعاء\n", encoding="utf-8")
    run("index", "shops", "shops.csv", "--schema", "shops.toml", "--quiet")
    lines = run("search", "shops", "صنعاء").stdout.splitlines()
    assert [line.strip() for line in lines if "https:" in line] == ["1. https://shops.example/هو-2", address]
    assert json.loads(run("search", "shops", "صنعاء", "--json").stdout)["hits"][0]["id"] == address
    assert address in run("explain", "shops", "صنعاء", address).stdout


def test_only_reindex_accepts_another_schema(news: Run, folder: Path) -> None:
    (folder / "books.toml").write_text(BOOKS)
    (folder / "a.csv").write_text("id,name\n1,x\n")
    result = news("index", "news", "a.csv", "--schema", "books.toml", status=exit_codes.FAILED)
    assert "rebuild it: arabic-search reindex news SOURCE" in result.stderr
    news("reindex", "news", "a.csv", "--schema", "books.toml")


def test_ignore_unknown_drops_unknown_fields(run: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text('{"id": "1", "title": "x", "mood": "y"}')
    run("index", "news", "a.jsonl", "--schema", "news", status=exit_codes.REJECTED)
    run("index", "news", "a.jsonl", "--schema", "news", "--ignore-unknown")


def make_stale(folder: Path) -> None:
    for generation in (folder / "indexes" / "news").glob("g-*"):
        rewrite_meta(generation, fingerprint="of another version")


def test_reindex_rebuilds_a_stale_index_with_its_stored_schema(news: Run, folder: Path) -> None:
    make_stale(folder)
    assert "rebuild it" in news("index", "news", EXAMPLES, status=exit_codes.FAILED).stderr
    assert "rebuild it" in news("search", "news", "x", status=exit_codes.FAILED).stderr
    assert "stale: arabic-search reindex news SOURCE" in news("status").stdout
    news("reindex", "news", EXAMPLES)
    assert "current" in news("status").stdout


def test_reindex_needs_a_schema_only_if_the_stored_one_is_invalid(run: Run, folder: Path) -> None:
    (folder / "books.toml").write_text(BOOKS)
    (folder / "a.csv").write_text("id,name\n1,x\n")
    run("index", "news", "a.csv", "--schema", "books.toml")
    make_stale(folder)
    run("reindex", "news", "a.csv")
    assert engine_of(folder).searcher.schema(IndexName("news")).name == "books"
    for generation in (folder / "indexes" / "news").glob("g-*"):
        rewrite_meta(generation, schema={"name": "x"}, fingerprint="old")
    for source in ("a.csv", "--from-stored"):
        assert "`--schema` is missing" in run("reindex", "news", source, status=exit_codes.WRONG_USAGE).stderr
    run("reindex", "news", "a.csv", "--schema", "books.toml")


def test_from_stored_rebuilds_a_stale_index(news: Run, folder: Path) -> None:
    before = engine_of(folder).searcher.get(IndexName("news"), "ex-001")
    make_stale(folder)
    report = json.loads(news("reindex", "news", "--from-stored", "--json").stdout)
    assert (report["indexed"], report["rejected"]) == (EXAMPLE_COUNT, 0)
    assert engine_of(folder).indexes.stats(IndexName("news")).state == "current"
    assert engine_of(folder).searcher.get(IndexName("news"), "ex-001") == before


def test_from_stored_rejects_documents_that_are_invalid_in_the_new_schema(run: Run, folder: Path) -> None:
    (folder / "books.toml").write_text(BOOKS)
    (folder / "long.toml").write_text(BOOKS.replace('kind = "integer"', 'kind = "integer"\nrequired = true'))
    (folder / "a.csv").write_text("id,name,pages\n1,x,5\n2,y,\n")
    run("index", "books", "a.csv", "--schema", "books.toml")
    run("reindex", "books", "--from-stored", "--schema", "long.toml", status=exit_codes.REJECTED)
    [reject] = [json.loads(line) for line in (folder / "books.rejects.jsonl").read_text().splitlines()]
    assert (reject["source"], reject["raw"], reject["reason"]) == (
        "index books", "2", "'pages' is missing, and the schema requires it",
    )  # fmt: skip
    assert engine_of(folder).indexes.stats(IndexName("books")).documents == 1
    run("rollback", "books")
    assert engine_of(folder).indexes.stats(IndexName("books")).documents == 2


@pytest.mark.parametrize("arguments", [(), ("a.jsonl", "--from-stored")])
def test_reindex_needs_either_sources_or_from_stored(news: Run, arguments: tuple[str, ...]) -> None:
    result = news("reindex", "news", *arguments, status=exit_codes.WRONG_USAGE)
    assert result.stderr.startswith("Error: `")
    assert "`--from-stored`" in result.stderr


def test_from_stored_needs_an_existing_index(run: Run) -> None:
    assert "There is no index 'nope'" in run("reindex", "nope", "--from-stored", status=exit_codes.NOT_FOUND).stderr


def test_a_dry_run_reports_the_changes_and_writes_nothing(news: Run, folder: Path) -> None:
    news("reindex", "news", EXAMPLES)
    current, kept = (one.name for one in engine_of(folder).indexes.generations(IndexName("news")))
    before = sorted(path for path in folder.rglob("*") if not path.name.endswith(".lock"))
    (folder / "a.jsonl").write_text('{"id": "1", "title": "x"}\n{\n')
    result = news("reindex", "news", "a.jsonl", "--dry-run", status=exit_codes.REJECTED)
    assert "index     1 documents into a new generation, and reject 1" in result.stdout
    assert f"replace   {current}\n  keep      {current}\n  remove    {kept}\n" in result.stdout
    assert (
        "1 would be rejected, list them with --reject-file FILE; the first: a.jsonl, line 2: is not JSON"
        in result.stderr
    )
    (folder / "a.jsonl").unlink()
    assert sorted(path for path in folder.rglob("*") if not path.name.endswith(".lock")) == before
    preview_rebuild = json.loads(news("reindex", "news", "--from-stored", "--dry-run", "--keep", "2", "--json").stdout)
    assert (preview_rebuild["dry_run"], preview_rebuild["indexed"]) == (True, EXAMPLE_COUNT)
    assert (preview_rebuild["replaced"], preview_rebuild["kept"], preview_rebuild["removed"]) == (
        current,
        [current, kept],
        [],
    )


def test_a_dry_run_of_a_new_index_writes_only_the_reject_file(run: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text("{\n")
    options = ("--dry-run", "--reject-file", "r.jsonl")
    result = run("reindex", "news", "a.jsonl", *options, status=exit_codes.REJECTED)
    assert "replace   nothing: there is no such index yet" in result.stdout
    assert "It would fail: an empty generation never replaces an index." in result.stdout
    assert "1 would be rejected, see r.jsonl" in result.stderr
    assert json.loads((folder / "r.jsonl").read_text())["line"] == 1
    assert engine_of(folder).indexes.names() == ()


def test_reindex_rebuilds_a_damaged_index_with_its_schema(news: Run, folder: Path) -> None:
    [meta] = (folder / "indexes" / "news").glob("g-*/tantivy/meta.json")
    meta.unlink()
    assert "is damaged: its file meta.json is missing" in news("search", "news", "x", status=exit_codes.FAILED).stderr
    news("reindex", "news", EXAMPLES)
    assert engine_of(folder).indexes.stats(IndexName("news")).documents == EXAMPLE_COUNT


def test_reindex_needs_a_schema_if_the_metadata_is_damaged(news: Run, folder: Path) -> None:
    [meta] = (folder / "indexes" / "news").glob("g-*/meta.json")
    meta.unlink()
    assert "`--schema` is missing" in news("reindex", "news", EXAMPLES, status=exit_codes.WRONG_USAGE).stderr
    news("reindex", "news", EXAMPLES, "--schema", "news")
    assert engine_of(folder).indexes.stats(IndexName("news")).documents == EXAMPLE_COUNT


def test_a_rebuild_without_documents_fails_and_keeps_the_index(news: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text("{\n")
    result = news("reindex", "news", "a.jsonl", status=exit_codes.FAILED)
    assert "all 1 were rejected, see news.rejects.jsonl" in result.stderr
    assert engine_of(folder).indexes.stats(IndexName("news")).documents == EXAMPLE_COUNT


# Errors


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


# Searching


def test_search_prints_numbered_hits_and_facets(news: Run) -> None:
    result = news("search", "news", "مليون", "--facet", "category", "--facet", "source", "--size", "2")
    first, *rest = result.stdout.splitlines()
    assert " results (match rule: all), " in first
    assert "  1. " in result.stdout
    assert "  2. " in result.stdout
    assert "  3. " not in result.stdout
    assert "**مليون**" in result.stdout
    assert [line.partition(":")[0] for line in rest if line.startswith(("category:", "source:"))] == [
        "category",
        "source",
    ]


def test_words_that_no_document_has_are_named(news: Run) -> None:
    lines = news("search", "news", "الائتلاق زنجبيل زعتر").stdout.splitlines()
    assert "No document contains الائتلاق; searched for الائتلاف instead" in lines
    assert "No document contains زنجبيل, زعتر in any form" in lines


def test_hits_are_numbered_from_the_offset(news: Run) -> None:
    assert "  4. " in news("search", "news", "", "--offset", "3", "--size", "1").stdout


@pytest.mark.parametrize("query", ["-كأس", '-"كأس العالم"', "–كأس"])
def test_a_query_may_begin_with_a_dash(query: str, news: Run) -> None:
    assert "(match rule: everything)" in news("search", "news", query, "--size", "0").stdout


def test_what_is_ignored_of_a_query_is_printed(news: Run) -> None:
    for command in (["search", "news", "*كأس"], ["explain", "news", "*كأس", "ex-001"]):
        assert "The * of '*كأس' is ignored" in news(*command).stdout


def test_search_prints_json(news: Run) -> None:
    answer = json.loads(news("search", "news", "مليون", "--json", "--facet", "category", "--size", "1").stdout)
    assert {"total", "match_rule", "hits", "facets", "took_ms"} <= set(answer)
    [hit] = answer["hits"]
    assert {"id", "score", "matched_by", "source", "highlights"} <= set(hit)
    [fragment, *_] = next(iter(hit["highlights"].values()))
    assert {"html", "text", "marks", "value", "start"} <= set(fragment)
    assert all({"value", "count"} <= set(bucket) for bucket in answer["facets"]["category"])


def total(news: Run, *arguments: str) -> int:
    answer: dict[str, int] = json.loads(news("search", "news", *arguments, "--json").stdout)
    return answer["total"]


def test_filters_and_ranges_restrict_the_hits(news: Run) -> None:
    everything = total(news, "")
    sport, culture = total(news, "", "--filter", "category=رياضة"), total(news, "", "--filter", "category=ثقافة")
    assert everything == EXAMPLE_COUNT
    assert 0 < sport < everything
    assert total(news, "", "--filter", "category=رياضة", "--filter", "category=ثقافة") == sport + culture
    assert total(news, "", "--filter", "category= رِياضـه", "--filter", "category=رياضة") == sport
    early, late = total(news, "", "--date-to", "2023-12-31"), total(news, "", "--date-from", "2024")
    assert early + late == everything
    assert total(news, "", "--range", "date=..2023-12-31") == early
    assert total(news, "", "--range", "date=2024..") == late


def test_explain_prints_the_contributions_to_a_score(news: Run) -> None:
    lines = news("explain", "news", "ائتلاف لاهاي", "ex-020").stdout.splitlines()
    assert lines[0] == "ex-020 matches (match rule: all)"
    assert lines[2].split() == ["score", "field", "reason", "words"]
    [forms] = [line for line in lines if " title " in line and "forms of the word (dictionary) " in line]
    assert "ائتلاف " in forms
    assert "لاهاي " in forms
    shown = [float(line.split()[0]) for line in lines[3:]]
    assert shown[-1] == pytest.approx(sum(shown[:-1]), abs=0.1)
    assert shown[:-1] == sorted(shown[:-1], reverse=True)


def test_explain_compares_several_documents(news: Run) -> None:
    first, second, _, header, *rows = news("explain", "news", "ائتلاف لاهاي", "ex-020", "ex-001").stdout.splitlines()
    assert first == "ex-020 matches (match rule: all)"
    assert second == "ex-001 does not match (match rule: all)"
    assert header.split() == ["field", "reason", "ex-020", "ex-001"]
    *_, better, worse = rows[-1].split()
    assert float(better) > float(worse)
    answer = json.loads(news("explain", "news", "ائتلاف لاهاي", "ex-020", "ex-001", "--json").stdout)
    assert [one["id"] for one in answer] == ["ex-020", "ex-001"]


def test_explain_of_an_empty_query_has_no_contributions(news: Run) -> None:
    stdout = news("explain", "news", "", "ex-020").stdout
    assert stdout == "ex-020 matches (match rule: everything)\n\nNo tier adds to the score.\n"


def test_explain_of_an_unknown_document_is_an_error(news: Run) -> None:
    assert "'news' has no document 'ex-999'" in news("explain", "news", "لاهاي", "ex-999", status=3).stderr


def test_field_and_sort_are_options(news: Run) -> None:
    assert total(news, "مليون", "--field", "title") < total(news, "مليون")
    answer = json.loads(news("search", "news", "مليون", "--sort", "date", "--json", "--size", "100").stdout)
    dates = [hit["source"]["date"] for hit in answer["hits"]]
    assert dates == sorted(dates)


def test_every_parameter_of_a_search_is_an_option(news: Run) -> None:
    options = ["--highlight", "false", "--source", "title", "--page", "2", "--size", "3", "--histogram", "year"]
    answer = json.loads(news("search", "news", "", *options, "--json").stdout)
    assert [set(hit["source"]) for hit in answer["hits"]] == [{"title"}] * 3
    assert not any(hit["highlights"] for hit in answer["hits"])
    assert sum(bucket["count"] for bucket in answer["histogram"]) == EXAMPLE_COUNT
    shown = news("search", "news", "", *options).stdout
    assert "  4. " in shown
    assert "date (histogram): 2" in shown
    refused = news("search", "news", "", "--page", "2", "--offset", "3", status=exit_codes.WRONG_USAGE)
    assert refused.stderr == "Error: `--page` and `--offset` are mutually exclusive\n"


def test_export_and_explain_accept_the_filters_of_search(news: Run) -> None:
    filters = ["--filter", "category=سياسة", "--date-from", "2023-12", "--range", "date=..2024", "--field", "title"]
    hits = json.loads(news("search", "news", "ائتلاف لاهاي", *filters, "--json").stdout)["hits"]
    exported = news("export", "news", "ائتلاف لاهاي", *filters).stdout.splitlines()
    assert [json.loads(line)["id"] for line in exported] == [hit["id"] for hit in hits] != []
    [explained] = json.loads(news("explain", "news", "ائتلاف لاهاي", hits[0]["id"], *filters, "--json").stdout)
    assert (explained["matches"], explained["score"]) == (True, pytest.approx(hits[0]["score"], abs=0.01))
    other = ["--filter", "category=رياضة"]
    [explained] = json.loads(news("explain", "news", "ائتلاف لاهاي", hits[0]["id"], *other, "--json").stdout)
    assert not explained["matches"]


def test_control_characters_of_documents_are_not_printed(run: Run, folder: Path) -> None:
    line = json.dumps({"id": "1", "title": "خبر\u001b[31m\u009b1mأحمر", "text": "خبر\u001b]0;x\u0007\n"})
    (folder / "a.jsonl").write_text(line)
    run("index", "news", "a.jsonl", "--quiet")
    shown = run("search", "news", "خبر").stdout
    assert "**خبر**" in shown
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in shown.replace("\n", ""))


def test_marks_are_bold_on_a_terminal(news: Run) -> None:
    assert news("status").stdout
    controller, terminal = pty.openpty()
    process = start("search", "news", "مليون", "--size", "1", stdout=terminal)
    os.close(terminal)
    shown = read_all(controller)
    process.communicate(timeout=TIMEOUT)
    assert click.style("مليون", bold=True) in shown


def test_analyze_prints_a_table_of_tokens(run: Run) -> None:
    lines = run("analyze", "وَالمَدْرَسَة الكُبرى", "--analyzer", "stem").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["analyzer", "position", "start", "end", "token", "original"],
        ["stem", "0", "0", "13", "مدرس", "وَالمَدْرَسَة"],
        ["stem", "1", "14", "21", "كبر", "الكُبرى"],
    ]
    every = run("analyze", "المدرسة").stdout
    assert all(f"\n{name}" in every for name in ("exact", "stem", "ngram", "prefix"))


def test_analyze_prints_json(run: Run) -> None:
    answer = json.loads(run("analyze", "المدرسة", "--json").stdout)
    assert set(answer["analyzers"]) == {"exact", "lemma", "stem", "lead", "ngram", "shingle", "prefix"}
    assert answer["analyzers"]["exact"]["tokens"] == [{"text": "المدرسه", "start": 0, "end": 7, "position": 0}]


# Indexes and schemas


def test_status_lists_the_indexes(news: Run) -> None:
    header, row = news("status").stdout.splitlines()
    assert header.split() == ["index", "schema", "documents", "size", "created", "state"]
    assert row.split()[:3] == ["news", "news", str(EXAMPLE_COUNT)]
    assert json.loads(news("status", "--json").stdout)["indexes"][0]["documents"] == EXAMPLE_COUNT
    assert json.loads(news("status", "news", "--json").stdout)["state"] == "current"


def test_status_without_an_index(run: Run, folder: Path) -> None:
    (folder / "indexes").mkdir()
    assert run("status").stdout == "There is no index yet. Create one: arabic-search index NAME SOURCE\n"
    assert json.loads(run("status", "--json").stdout) == {"indexes": []}


def test_delete_asks_for_confirmation(news: Run, folder: Path) -> None:
    assert "Nothing is deleted." in news("delete", "news", typed="n\n").stdout
    news("delete", "news", typed="", status=exit_codes.INTERRUPTED)
    assert engine_of(folder).indexes.names() == ("news",)
    news("delete", "news", typed="y\n")
    assert engine_of(folder).indexes.names() == ()


def test_delete_with_yes_does_not_ask(news: Run, folder: Path) -> None:
    assert news("delete", "news", "--yes").stdout == "The index 'news' is deleted.\n"
    assert engine_of(folder).indexes.names() == ()


def test_generations_are_listed_cleaned_and_rolled_back(news: Run, folder: Path) -> None:
    news("reindex", "news", EXAMPLES, "--quiet")
    (folder / "indexes" / "news" / "g-99991231T000000000000-1").mkdir()
    lines = news("generations", "news").stdout.splitlines()
    assert lines[0].split() == ["generation", "state", "documents", "size", "created"]
    assert [line.split()[1] for line in lines[1:]] == ["unfinished", "current", "kept"]
    assert "Deleted: g-99991231T000000000000-1" in news("generations", "news", "--clean").stdout
    assert "nothing was left behind" in news("generations", "news", "--clean").stdout
    current, kept = json.loads(news("generations", "news", "--json").stdout)["generations"]
    assert (current["state"], kept["state"], kept["documents"]) == ("current", "kept", EXAMPLE_COUNT)
    result = news("rollback", "news")
    assert kept["name"] in result.stdout
    assert "changes since" in result.stdout
    assert "cannot be rolled back" in news("rollback", "news", status=exit_codes.FAILED).stderr
    news("reindex", "news", EXAMPLES, "--keep", "0", "--quiet")
    assert len(json.loads(news("generations", "news", "--json").stdout)["generations"]) == 1
    assert "--force-merge" in news("reindex", "news", EXAMPLES, "--force-merge", status=exit_codes.WRONG_USAGE).stderr


def test_generations_and_rollback_need_an_existing_index(run: Run) -> None:
    for command in ("generations", "rollback"):
        assert "There is no index 'nope'" in run(command, "nope", status=exit_codes.NOT_FOUND).stderr


def test_schema_check_validates_a_file(run: Run, folder: Path) -> None:
    (folder / "books.toml").write_text(BOOKS)
    assert run("schema", "check", "books.toml").stdout == "books.toml is valid: schema 'books' with 2 fields\n"
    (folder / "books.toml").write_text(BOOKS + "colour = 1\n")
    result = run("schema", "check", "books.toml", status=exit_codes.WRONG_USAGE)
    assert result.stderr.startswith("Error: books.toml: fields.pages.colour: is not a known key; one of: ")


def test_schema_show_prints_a_shipped_schema(run: Run) -> None:
    shown = run("schema", "show", "news").stdout
    assert "default order: -date; date: date" in shown
    assert "multi facet suggest" in shown
    assert json.loads(run("schema", "show", "news", "--json").stdout)["fields"]["title"]["kind"] == "text"


# Help


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command, inner = group.get_command(context, name), (*path, name)
        assert command is not None
        found += commands(command, inner) if isinstance(command, click.Group) else [inner]
    return found


def test_every_command_has_its_listed_name() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name


@pytest.mark.parametrize("path", [(), ("schema",), ("config",), ("jobs",), ("keys",)], ids=" ".join)
def test_command_lists_have_one_complete_sentence_a_line(run: Run, path: tuple[str, ...]) -> None:
    shown = run(*path, "--help").stdout
    assert "..." not in shown.replace("[ARGS]...", "")
    _, _, listed = shown.partition("Commands:\n")
    lines = listed.partition("\n\n")[0].splitlines()
    group = command_at(path)
    assert isinstance(group, click.Group)
    assert [line.split()[0] for line in lines] == group.list_commands(click.Context(group))
    for line in lines:
        assert re.fullmatch(r"  [a-z]+ +[A-Z].*\.", line), line


def test_every_help_begins_with_a_complete_sentence(run: Run) -> None:
    for path in commands(main):
        usage, sentence = run(*path, "--help").stdout.split("\n\n")[:2]
        assert usage.startswith(f"Usage: main {' '.join(path)}")
        assert sentence.strip().endswith("."), path


def test_every_option_is_described_in_a_sentence() -> None:
    for path in commands(main):
        for parameter in command_at(path).params:
            if isinstance(parameter, click.Option):
                described = (parameter.help or "").partition("  [default:")[0]
                assert re.fullmatch(r"\S.*\.", described), (path, parameter.name)


def command_at(path: tuple[str, ...]) -> click.Command:
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    return command


def test_help_does_not_import_an_engine() -> None:
    program = "import sys; from search_service.cli.main import main; main(['--help'], standalone_mode=False)"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{program}; print('tantivy' in sys.modules, 'pydantic' in sys.modules)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert loaded.stdout.splitlines()[-1] == "False False"


def test_version_prints_the_version_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"arabic-search {importlib.metadata.version('arabic-search-service')}\n"


def test_the_help_of_index_and_reindex_lists_every_format(run: Run) -> None:
    for command in ("index", "reindex"):
        shown = " ".join(run(command, "--help").stdout.split())
        for one in FORMATS:
            assert f"{' '.join(one.endings)} {one.content}" in shown


def test_a_csv_file_without_an_id_column_is_rejected_with_the_remedy(run: Run, folder: Path) -> None:
    (folder / "a.csv").write_text("title,date\nخبر,2024\n", encoding="utf-8")
    stderr = run("index", "news", "a.csv", "--schema", "news", status=exit_codes.REJECTED).stderr
    assert stderr == (
        "1 rejected, see news.rejects.jsonl; the first: a.csv, line 1: "
        "the header has no column 'id' (it has: title, date); add one, unique in each row, or name the column that "
        "identifies a row with `--id-from`, or `content` for a hash of the row\n"
    )
    run("index", "news", "a.csv", "--schema", "news", "--id-from", "content")


# A schema for nothing

PRODUCTS = "".join(
    json.dumps({"sku": f"A{n}", "اسم": f"قميص قطني رقم {n}", "brand": ("دار", "بيت")[n % 2], "priceUSD": n + 0.5})
    + "\n"
    for n in range(40)
)


def test_a_new_index_without_a_schema_gets_one_that_can_be_edited(run: Run, folder: Path) -> None:
    (folder / "products.jsonl").write_text(PRODUCTS)
    shown = run("index", "shop", "products.jsonl")
    assert "No schema is named. This one is made from 40 documents" in shown.stderr
    assert "It is in shop.toml." in shown.stderr
    assert "'sku' is their id" in shown.stderr
    found = json.loads(run("search", "shop", "قمصان", "--facet", "brand", "--size", "1", "--json").stdout)
    assert (found["total"], len(found["facets"]["brand"])) == (40, 2)
    assert found["hits"][0]["source"].keys() == {"sku", "name", "brand", "price_usd"}
    run("index", "shop", "products.jsonl")  # with the schema of the index, as before
    assert engine_of(folder).indexes.stats(IndexName("shop")).documents == 40
    edited = (folder / "shop.toml").read_text().replace("\nfacet = true\n", "\nfacet = true\nverbatim = true\n")
    (folder / "shop.toml").write_text(edited)
    run("reindex", "shop", "products.jsonl", "--schema", "shop.toml")
    assert run("schema", "infer", "products.jsonl", "--name", "shop").stdout.startswith('name = "shop"')


def test_a_schema_file_is_never_overwritten(run: Run, folder: Path) -> None:
    (folder / "products.jsonl").write_text(PRODUCTS)
    (folder / "shop.toml").write_text("# mine")
    stderr = run("index", "shop", "products.jsonl", status=exit_codes.WRONG_USAGE).stderr
    assert stderr.startswith("Error: shop.toml exists, and no schema is named; load with it (`--schema` shop.toml)")
    assert (folder / "shop.toml").read_text() == "# mine"
    assert engine_of(folder).indexes.names() == ()


def test_documents_that_fit_the_packaged_schema_get_it(run: Run, folder: Path) -> None:
    run("index", "other", EXAMPLES)
    assert engine_of(folder).searcher.schema(IndexName("other")).name == "news"
    assert not (folder / "other.toml").exists()


def test_standard_input_is_read_once(run: Run) -> None:
    report = json.loads(run("index", "shop", "-", "--json", typed=PRODUCTS).stdout)
    assert (report["indexed"], report["schema_file"]) == (40, "shop.toml")


def test_a_dry_run_writes_no_schema(run: Run, folder: Path) -> None:
    (folder / "products.jsonl").write_text(PRODUCTS)
    assert "index     40 documents" in run("reindex", "shop", "products.jsonl", "--dry-run").stdout
    assert not (folder / "shop.toml").exists()


@pytest.mark.parametrize("path", commands(main), ids=" ".join)
def test_every_help_has_an_example_of_the_command(run: Run, path: tuple[str, ...]) -> None:
    shown = run(*path, "--help").stdout
    assert "Example:\n" in shown
    assert f"  arabic-search {' '.join(path)}" in shown


def test_help_lists_every_exit_status(run: Run) -> None:
    shown = run("--help").stdout
    assert all(f"\n  {status:<3}  " in shown for status in (0, 1, 2, 3, 4, 5, 130, 141))
    assert "INDEX_DIR" in shown


# As a process


def test_a_closed_output_pipe_prints_no_error(news: Run) -> None:
    assert news("status").stdout
    for arguments in (["search", "news", "", "--size", "100", "--json"], ["analyze", "كلمة " * 2_000]):
        process = start(*arguments)
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=TIMEOUT)
        assert (errors, process.returncode) == (b"", exit_codes.OUTPUT_CLOSED)


def test_a_terminal_shows_a_progress_bar(folder: Path) -> None:
    assert folder.is_dir()
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 120))
    process = start("index", "news", EXAMPLES, stderr=terminal)
    os.close(terminal)
    output, _ = process.communicate(timeout=TIMEOUT)
    shown = read_all(controller)
    assert process.returncode == 0
    assert output.startswith(b"104 documents indexed")
    assert "100%" in shown
    assert "104 documents" in shown


def test_serve_answers_and_reports_a_port_in_use(news: Run) -> None:
    assert news("status").stdout
    port = free_port()
    process = start("serve", "--port", str(port), "--workers", "1")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Search page: http://127.0.0.1:{port}/\n".encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT) as answer:
            assert answer.status == 200
        result = news("serve", "--port", str(port), status=exit_codes.FAILED)
        assert result.stderr.startswith(f"Error: Cannot listen on port {port} of 127.0.0.1 (Address already in use)")
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=TIMEOUT)
    assert output == b""
    assert process.returncode == 0


def test_the_factory_builds_the_engine_of_the_settings(tmp_path: Path) -> None:
    engine = make_engine(Settings(index_dir=tmp_path))
    assert engine.name == "embedded"
    assert engine.searcher.analysis.stemmer.stem("وزير") == "وزير"
    assert engine.searcher.analysis.lemmatizer.name("بمكه") == "مكه"
