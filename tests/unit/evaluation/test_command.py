"""The command `evaluate`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.evaluation import coverage
from tests.unit.evaluation.collection import BEIR, QRELS, QUERIES, write

DOCUMENTS = """\
{"id": "d0", "title": "القافلة"}
{"id": "d1", "title": "وصلت سفينة إلى الميناء"}
{"id": "d2", "title": "قوافل في الصحراء"}
{"id": "d3", "title": "قافلة"}
{"id": "d4", "title": "قافلة"}
{"id": "d5", "title": "قافلة"}
"""

Evaluate = Callable[..., Result]


@pytest.fixture
def evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Evaluate:
    """Evaluate the index `ships` by judgments in the working folder, and check the status."""
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "indexes"))
    monkeypatch.chdir(tmp_path)
    write(tmp_path, documents__jsonl=DOCUMENTS, queries__jsonl=QUERIES, qrels__tsv=QRELS)
    loaded = CliRunner().invoke(main, ["index", "ships", "documents.jsonl", "--quiet"])
    assert loaded.exit_code == 0, loaded.output

    def invoke(*options: str, index: str = "ships", status: int = 0) -> Result:
        result = CliRunner().invoke(main, ["evaluate", index, ".", *options])
        assert result.exit_code == status, result.output
        return result

    return invoke


def test_a_beir_collection_is_indexed_and_evaluated_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = '{"_id": "d1", "title": "", "text": "وصلت السفينة", "metadata": {}}\n'
    queries = '{"_id": "q1", "text": "سفينة", "metadata": {"url": "x"}}\n'
    write(tmp_path, corpus__jsonl=corpus, queries__jsonl=queries, qrels_in_test__tsv=BEIR + "q1\td1\t1\n")
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "indexes"))
    loading = ["reindex", "mine", str(tmp_path / "corpus.jsonl"), "--ignore-unknown", "--quiet"]
    assert CliRunner().invoke(main, loading).exit_code == 0
    answer = json.loads(CliRunner().invoke(main, ["evaluate", "mine", str(tmp_path), "--json"]).stdout)
    assert answer["measures"]["nDCG@10"] == 1.0


def test_an_evaluation_prints_a_table(evaluated: Evaluate) -> None:
    rows = [line.split(maxsplit=1) for line in evaluated().stdout.splitlines()]
    assert rows[0] == ["measure", "value"]
    # q1 and q2 are right (d3 and d4 of the equal ones come first), q3 finds nothing.
    assert rows[1:5] == [["nDCG@10", "0.6667"], ["MRR@10", "0.6667"], ["R@1", "0.5000"], ["R@100", "0.6667"]]
    assert [row[0] for row in rows[5:7]] == ["p50", "p95"]
    assert rows[7:] == [["queries", "3"], ["without", "a hit  1"]]


def test_an_evaluation_prints_json(evaluated: Evaluate) -> None:
    answer = json.loads(evaluated("--json").stdout)
    assert answer.pop("p50_ms") <= answer.pop("p95_ms")
    assert answer == {
        "index": "ships",
        "relevant_documents": {"relevant": 3, "looked_up": 3, "missing": 0, "example": ""},
        "queries": 3,
        "unjudged": 0,
        "unknown": 0,
        "measures": {"nDCG@10": 0.6667, "MRR@10": 0.6667, "R@1": 0.5, "R@100": 0.6667},
        "without_hit": 1,
        "refused": {},
        "partial": False,
        "warnings": [],
    }


def test_judgments_of_another_collection_are_an_error_and_no_zeros(evaluated: Evaluate, tmp_path: Path) -> None:
    write(tmp_path, qrels__tsv=BEIR + "q1\tdoc-1\t1\nq2\tdoc-2\t1\n")
    result = evaluated(status=exit_codes.WRONG_USAGE)
    assert result.stdout == ""
    assert result.stderr == (
        "Error: None of the 2 relevant documents that were looked up is in index 'ships', for example 'doc-1'; "
        "evaluate the index of the judged collection, with the same ids\n"
    )


def test_relevant_documents_that_are_not_indexed_are_counted(evaluated: Evaluate, tmp_path: Path) -> None:
    write(tmp_path, qrels__tsv=f"{QRELS}q3\tlost\t1\n")
    result = evaluated("--json")
    assert result.stderr == (
        "Warning: 1 of 4 relevant documents is not in index 'ships', for example 'lost'; no query can find them\n"
    )
    assert json.loads(result.stdout)["relevant_documents"]["missing"] == 1


def test_of_many_relevant_documents_some_are_looked_up(
    evaluated: Evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "MAX_LOOKED_UP", 2)
    write(tmp_path, qrels__tsv=f"{QRELS}q3\tlost\t1\nq3\talso-lost\t1\n")
    assert evaluated().stderr.startswith("Warning: 1 of 2 relevant documents that were looked up (of 5) is not in")


def test_queries_left_out_of_the_figures_are_reported(evaluated: Evaluate, tmp_path: Path) -> None:
    long = json.dumps({"id": "long", "text": "سفينة " * 101})
    write(tmp_path, queries__jsonl=f'{QUERIES}{long}\n{{"id": "q5", "text": "أخرى"}}\n')
    write(tmp_path, qrels__tsv=f"{QRELS}long\td1\t1\nq9\td1\t1\n")
    assert evaluated().stdout.endswith(
        "queries        4\nwithout a hit  2\n\n"
        "Skipped queries without a relevant document: 1\n"
        "Skipped judged queries without a text: 1\n"
        "Refused, counted as without a hit: long (`QUERY` has 101 words; at most 100 are allowed)\n"
    )
    assert json.loads(evaluated("--json").stdout)["refused"] == {"long": "`q` has 101 words; at most 100 are allowed"}


def test_depth_limit_and_fields_change_the_searches(evaluated: Evaluate) -> None:
    def measures(*options: str) -> Any:
        return json.loads(evaluated(*options, "--json").stdout)["measures"]

    assert measures("--limit", "2") == {"nDCG@10": 1, "MRR@10": 1, "R@1": 0.75, "R@100": 1}
    assert measures("--limit", "2", "--depth", "1")["R@100"] == 0.75
    assert measures("--field", "text")["R@100"] == 0
    assert measures("--field", "text", "--field", "title")["R@100"] == 0.6667


def test_other_weights_are_compared_with_the_defaults(evaluated: Evaluate) -> None:
    # By stems alone القافلة scores like قافلة, and equal scores are ordered by id: d0, d3, d4.
    shown = evaluated("--weight", "exact=0", "--weight", "ngram=0").stdout
    assert shown.startswith("before: default weights\nafter:  exact=0, ngram=0\n\nmeasure ")
    header, ndcg = (line.split() for line in shown.splitlines()[3:5])
    assert header == ["measure", "before", "after", "change", "p", "won", "lost", "tied"]
    assert ndcg == ["nDCG@10", "0.6667", "0.5566", "-0.1101", "0.4226", "0", "1", "2"]
    assert shown.endswith("\n\nLargest losses in nDCG@10:\n  1.0000 to 0.6697  q2  قافلة\n")


def test_the_ranks_of_each_query_are_shown(evaluated: Evaluate) -> None:
    shown = evaluated("--ranks").stdout.split("\n\n")[1].splitlines()
    assert [line.split(maxsplit=1)[0] for line in shown] == ["query", "q1", "q2", "q3"]
    assert [line.split()[1:3] for line in shown[1:]] == [["1", "سفينة"], ["1", "2"], ["-", "لا"]]
    assert json.loads(evaluated("--ranks", "--json").stdout)["ranks"] == {"q1": [1], "q2": [1, 2], "q3": [None]}


def test_a_search_without_correction_is_compared_with_the_default(evaluated: Evaluate, tmp_path: Path) -> None:
    write(tmp_path, queries__jsonl=QUERIES.replace("سفينة", "سفيينة"))
    answer = json.loads(evaluated("--no-correction", "--json").stdout)
    assert [answer[run]["name"] for run in ("before", "after")] == ["default weights", "no correction"]
    assert [answer[run]["measures"]["R@100"] for run in ("before", "after")] == [0.6667, 0.3333]


def test_one_match_rule_is_compared_with_the_default(evaluated: Evaluate, tmp_path: Path) -> None:
    write(tmp_path, queries__jsonl=QUERIES.replace("سفينة", "سفينة قافلة"))
    strict = json.loads(evaluated("--match-rule", "all", "--json").stdout)
    assert strict["after"]["name"] == "match rule all"
    assert [strict[run]["measures"]["R@100"] for run in ("before", "after")] == [0.6667, 0.3333]
    loose = json.loads(evaluated("--match-rule", "any", "--json").stdout)
    assert [loose[run]["measures"]["R@100"] for run in ("before", "after")] == [0.6667, 0.6667]
    most = json.loads(evaluated("--match-rule", "most", "--json").stdout)
    assert most["after"]["measures"]["R@100"] == 0.3333


@pytest.mark.parametrize("option", [("--weight", "exact=0"), ("--no-correction",), ("--match-rule", "any")], ids=str)
def test_a_changed_search_is_compared_on_the_same_misspelt_queries(option: Sequence[str], evaluated: Evaluate) -> None:
    answer = json.loads(evaluated("--typos", "6", *option, "--json").stdout)
    assert answer["before"]["name"] == "default weights, typing errors (seed 6)"
    assert answer["after"]["name"].endswith(", typing errors (seed 6)")


def test_a_run_is_compared_with_a_saved_one(evaluated: Evaluate, tmp_path: Path) -> None:
    evaluated("--save", "before.run")
    assert (tmp_path / "before.run").read_text().split()[:4] == ["q1", "Q0", "d1", "1"]
    same = json.loads(evaluated("--baseline", "before.run", "--json").stdout)
    assert same["before"]["name"] == "before.run"
    assert same["before"]["measures"] == same["after"]["measures"]
    assert (same["before"]["p50_ms"], same["before"]["without_hit"]) == (None, 1)
    assert same["comparison"]["measures"]["R@1"] == {
        "before": 0.5, "after": 0.5, "change": 0, "p": 1, "won": 0, "lost": 0, "tied": 3,
    }  # fmt: skip
    assert same["comparison"]["won"] == same["comparison"]["lost"] == []

    write(tmp_path, before__run="q1 Q0 d1 1 1.0 x\nq2 Q0 d5 1 3.0 x\nq2 Q0 d3 2 2.0 x\nq3 Q0 d1 1 1.0 x\n")
    shown = evaluated("--baseline", "before.run").stdout
    assert shown.startswith("before: before.run\nafter:  default weights\n")
    assert "\nMRR@10         0.8333  0.6667  -0.1667  0.7418  1    1     1\n" in shown
    assert "\nLargest gains in nDCG@10:\n  0.4796 to 1.0000  q2  قافلة\n" in shown
    assert "\nLargest losses in nDCG@10:\n  1.0000 to 0.0000  q3  لا شيء كهذا\n" in shown


def test_queries_with_typos_are_compared_with_the_original_ones(evaluated: Evaluate) -> None:
    answer = json.loads(evaluated("--typo-seed", "6", "--json").stdout)
    assert answer["before"]["name"] == "default weights"
    assert answer["after"]["name"] == "default weights, typing errors (seed 6)"
    assert answer["before"]["measures"]["nDCG@10"] > answer["after"]["measures"]["nDCG@10"]
    again = json.loads(evaluated("--typo-seed", "6", "--json").stdout)
    assert again["after"]["measures"] == answer["after"]["measures"]


def test_a_saved_run_and_other_weights_can_be_combined(evaluated: Evaluate) -> None:
    evaluated("--save", "before.run")
    answer = json.loads(evaluated("--baseline", "before.run", "--weight", "exact=2.5", "--json").stdout)
    assert (answer["before"]["name"], answer["after"]["name"]) == ("before.run", "exact=2.5")


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--weight", "exakt=1"], 2, "'exakt=1' is not written as NAME=NUMBER with a NAME of "),
        (["--weight", "exact"], 2, "'exact': the weight is not a number of at least 0"),
        (["--weight", "exact=much"], 2, "'exact=much': the weight is not a number of at least 0"),
        (["--weight", "exact=-1"], 2, "'exact=-1': the weight is not a number of at least 0"),
        (["--weight", "exact=inf"], 2, "'exact=inf': the weight is not a number of at least 0"),
        (["--depth", "101"], 2, "101 is not in the range 1<=x<=100"),
        (["--field", "titel"], 2, "Error: `--field`: 'titel' is not a searched field; allowed: title, "),
        (["--baseline", "nowhere.run"], 2, "'nowhere.run' does not exist"),
        (["--baseline", "queries.jsonl"], 2, "queries.jsonl, line 1: is not 'query-id Q0 document-id rank score tag'"),
        (
            ["--baseline", "other.run"],
            2,
            "other.run contains none of the judged queries; use a run of the same queries",
        ),
        (["--save", "nowhere/a.run"], 5, "nowhere/a.run"),
    ],
)
def test_an_invalid_option_is_named(
    evaluated: Evaluate, tmp_path: Path, options: Sequence[str], status: int, message: str
) -> None:
    write(tmp_path, other__run="x Q0 d1 1 1.0 x\n")
    assert message in evaluated(*options, status=status).stderr


def test_an_unknown_index_is_an_error(evaluated: Evaluate) -> None:
    assert (
        "There is no index 'boats'; existing indexes: ships"
        in evaluated(index="boats", status=exit_codes.NOT_FOUND).stderr
    )
