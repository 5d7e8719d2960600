"""`index` and `reindex`: summaries, rejected documents, sources."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from search_service.cli import exit_codes
from search_service.core.index_name import IndexName
from tests.cli.commands import BOOKS, EXAMPLE_COUNT, EXAMPLES, Run, engine_of


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


def test_a_csv_file_without_an_id_column_is_rejected_with_the_remedy(run: Run, folder: Path) -> None:
    (folder / "a.csv").write_text("title,date\nخبر,2024\n", encoding="utf-8")
    stderr = run("index", "news", "a.csv", "--schema", "news", status=exit_codes.REJECTED).stderr
    assert stderr == (
        "1 rejected, see news.rejects.jsonl; the first: a.csv, line 1: "
        "the header has no column 'id' (it has: title, date); add one, unique in each row, or name the column that "
        "identifies a row with `--id-from`, or `content` for a hash of the row\n"
    )
    run("index", "news", "a.csv", "--schema", "news", "--id-from", "content")
