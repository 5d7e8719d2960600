"""Measures of one run, the comparison of two, runs in files, and queries with typing errors."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.core.errors import UnreadableSource
from search_service.evaluation.comparison import compare, p_value
from search_service.evaluation.judgments import JudgedQuery
from search_service.evaluation.metrics import compute_scores
from search_service.evaluation.run import RankedDocument, Run, load_run, save_run
from search_service.evaluation.typos import misspell
from tests.sentences import sentence
from tests.unit.evaluation.collection import NAMES, evaluation, run_of


@pytest.mark.parametrize(
    ("grades", "found", "values"),
    [
        ({"a": 1}, ["a", "b"], [1, 1, 1, 1]),
        ({"a": 1}, ["b", "a"], [1 / math.log2(3), 1 / 2, 0, 1]),
        ({"a": 1, "b": 2}, ["x", "a", "b"], [(1 / math.log2(3) + 1) / (2 + 1 / math.log2(3)), 1 / 2, 0, 1]),
        ({"a": 1, "b": 1}, ["a"], [1 / (1 + 1 / math.log2(3)), 1, 1 / 2, 1 / 2]),
        ({"a": 1, "b": 0, "c": -1}, ["b", "c", "a"], [1 / 2, 1 / 3, 0, 1]),
        ({"a": 1}, [*"bcdefghijk", "a"], [0, 0, 0, 1]),
        ({"a": 1}, [*map(str, range(100)), "a"], [0, 0, 0, 0]),
        ({"a": 1}, [], [0, 0, 0, 0]),
    ],
)
def test_measures_follow_their_definitions(
    grades: dict[str, int], found: Sequence[str], values: Sequence[float]
) -> None:
    measured = compute_scores([JudgedQuery("سؤال 1", "خبر", grades)], run_of(**{"سؤال 1": found}))
    assert [measured[name]["سؤال 1"] for name in NAMES] == pytest.approx(values)


@pytest.mark.parametrize(("relevant", "rank"), [("a", 1), ("b", 2), ("c", 3)])
def test_equal_scores_keep_the_order_of_the_run(relevant: str, rank: int) -> None:
    for last in (2.5, 2.5 - 1e-9):  # for a float of 32 bits they are equal
        run = Run({"q": [RankedDocument("a", 2.5), RankedDocument("b", 2.5), RankedDocument("c", last)]})
        measured = compute_scores([JudgedQuery("q", "خبر", {relevant: 1})], run)
        assert measured["MRR@10"]["q"] == pytest.approx(1 / rank)
        assert measured["nDCG@10"]["q"] == pytest.approx(1 / math.log2(rank + 1))


def test_queries_without_a_hit_score_zero() -> None:
    queries = [JudgedQuery(name, "خبر", {"a": 1}) for name in ("q1", "q2", "q3", "q4")]
    found = evaluation(run_of(q1=["a"], q2=[], q3=["x"], other=["a"]), *queries)
    assert found.means == dict.fromkeys(NAMES, 1 / 4)
    assert found.queries_without_hit == 2


@pytest.mark.parametrize("name", ["ir_measures", "scipy.stats"])
def test_a_missing_library_is_named_before_the_first_search(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    result = CliRunner().invoke(main, ["evaluate", "news", str(tmp_path)])
    assert result.exit_code == exit_codes.FAILED
    library = name.removesuffix(".stats")
    remedy = "run `pip install 'arabic-search-service[evaluation]'`"
    assert result.stderr == f"Error: Evaluation needs {library}, which is missing; {remedy}\n"


def test_two_runs_are_compared() -> None:
    queries = [JudgedQuery(name, f"نص {name}", {"a": 1}) for name in ("q1", "q2", "q3", "q4")]
    before = evaluation(run_of(q1=["a"], q2=["x", "a"], q3=["x"], q4=["a"]), *queries)
    after = evaluation(run_of(q1=["x", "a"], q2=["a"], q3=["a"], q4=["a"]), *queries)
    compared = compare(before, after)
    assert list(compared.measures) == NAMES
    change = compared.measures["MRR@10"]
    assert (change.before, change.after, change.change) == (0.625, 0.875, 0.25)
    assert (change.won, change.lost, change.tied) == (2, 1, 1)
    assert [one.query.id for one in compared.won] == ["q3", "q2"]
    assert [(one.query.text, one.before, one.after) for one in compared.lost] == [("نص q1", 1, 1 / math.log2(3))]
    assert [one.query.id for one in compare(before, after, max_listed=1).won] == ["q3"]


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        ([0.3, 0.7], [0.3, 0.7], 1),  # the same
        ([0.3], [0.7], 1),  # one pair has no variance
        ([0, 0], [1, 0], 0.5),  # t = 1 with one degree of freedom
        ([1, 0], [0, 0], 0.5),  # two-sided
        ([0.0, 0.63], [0.37, 1.0], pytest.approx(0, abs=1e-9)),  # nearly the same difference everywhere
    ],
)
def test_the_significance_test_is_paired_and_two_sided(before: list[float], after: list[float], p: Any) -> None:
    assert p_value(before, after) == pytest.approx(p)


def test_a_saved_run_is_read_back(tmp_path: Path) -> None:
    run = Run(
        {
            "q1": [RankedDocument("b", 2.5), RankedDocument("a", 2.5), RankedDocument("my file.txt", 0.1)],
            "q2": (),
            "س": [RankedDocument("a", 1.0)],
        }
    )
    save_run(run, tmp_path / "a.run")
    assert load_run(tmp_path / "a.run").rankings == {"q1": run.rankings["q1"], "س": run.rankings["س"]}
    assert (tmp_path / "a.run").read_text(encoding="utf-8").startswith("q1\tQ0\tb\t1\t2.5\tarabic-search\n")


def test_a_run_of_another_tool_is_ordered_by_rank_then_score(tmp_path: Path) -> None:
    (tmp_path / "a.run").write_text("q1 Q0 c 3 9.0 x\nq1 Q0 a 1 1.0 x\nq2 Q0 a 0 1e-3 x\nq2 Q0 b 0 2 x\n\n")
    found = load_run(tmp_path / "a.run").rankings
    assert {query: [document.id for document in ranked] for query, ranked in found.items()} == {
        "q1": ["a", "c"],
        "q2": ["b", "a"],
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q1 Q0 a 1 0.5 x\nq1 Q0 b 2", "a.run, line 2: is not 'query-id Q0 document-id rank score tag'"),
        ("q1 Q0 a first 0.5 x", "a.run, line 1: is not 'query-id Q0 document-id rank score tag'"),
        ("q1 Q0 a 1 0.5 x\nq1 Q0 a 2 0.4 x", "a.run, line 2: the document 'a' is repeated for 'q1'"),
        ("\n", "a.run contains no run; write one: `arabic-search evaluate --save a.run`"),
    ],
)
def test_an_invalid_run_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.run").write_text(text)
    with pytest.raises(UnreadableSource) as error:
        load_run(tmp_path / "a.run")
    assert sentence(error.value).endswith(message)


@pytest.mark.parametrize("seed", range(50))
def test_a_typo_changes_one_or_two_letters_of_one_long_word(seed: int) -> None:
    text = "من أخبار القافلة في عام 2018 Brexit"
    wrong = misspell(text, random.Random(seed))
    assert wrong == misspell(text, random.Random(seed))
    [(before, after)] = [pair for pair in zip(text.split(), wrong.split(), strict=True) if pair[0] != pair[1]]
    assert before in ("أخبار", "القافلة", "Brexit")
    assert abs(len(before) - len(after)) <= 1


def test_a_query_of_short_words_gets_no_typo() -> None:
    assert misspell("من في عام 2018", random.Random(1)) == "من في عام 2018"
