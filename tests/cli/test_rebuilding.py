"""`reindex` of an index that exists: stale, damaged, from stored documents, as a dry run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search_service.cli import exit_codes
from search_service.core.index_name import IndexName
from tests.cli.commands import BOOKS, EXAMPLE_COUNT, EXAMPLES, Run, engine_of, make_stale
from tests.generations import rewrite_meta


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
    preview = json.loads(news("reindex", "news", "--from-stored", "--dry-run", "--keep", "2", "--json").stdout)
    assert (preview["dry_run"], preview["indexed"]) == (True, EXAMPLE_COUNT)
    assert (preview["replaced"], preview["kept"], preview["removed"]) == (
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
