"""`status`, `delete`, `generations`, `rollback` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

from search_service.cli import exit_codes
from tests.cli.commands import BOOKS, EXAMPLE_COUNT, EXAMPLES, Run, engine_of


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
