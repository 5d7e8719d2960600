"""`search`, `explain`, `export` and `analyze`: their output for people and for programs."""

from __future__ import annotations

import json
import os
import pty
from pathlib import Path

import click
import pytest

from search_service.cli import exit_codes
from tests.cli.commands import EXAMPLE_COUNT, TIMEOUT, Run, read_all, start


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
