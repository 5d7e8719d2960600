"""Evaluation: formats of judgments and runs, measures, comparison of two runs, and the command."""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.core.errors import UnreadableSource
from search_service.evaluation import coverage
from search_service.evaluation.comparison import compare, p_value
from search_service.evaluation.judgments import JudgedQuery, Judgments, read_judgments
from search_service.evaluation.metrics import Evaluation, compute_scores, evaluate
from search_service.evaluation.run import RankedDocument, Run, load_run, save_run
from search_service.evaluation.typos import misspell
from tests.sentences import refused, sentence
from tests.shared_data import shared

QUERIES = """\
{"id": "q1", "text": "سفينة"}
{"id": "q2", "text": "قافلة"}
{"id": "q3", "text": "لا شيء كهذا"}
"""
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t2\nq2\td4\t1\nq3\td1\t1\n"

NAMES = ["nDCG@10", "MRR@10", "R@1", "R@100"]


def write(folder: Path, **files: str) -> Path:
    """Write files into a folder; `__` in a name is a dot, `_in_` a slash."""
    for name, text in files.items():
        path = folder / name.replace("__", ".").replace("_in_", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def run_of(**found: Sequence[str]) -> Run:
    return Run({query: [RankedDocument(document, 1.0) for document in documents] for query, documents in found.items()})


def evaluation(run: Run, *queries: JudgedQuery) -> Evaluation:
    return evaluate(Judgments(queries), run)


# Judgments


@pytest.mark.parametrize(
    "files",
    [
        {"qrels__tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td 2\t0\nq2\td3\t2\n"},
        {"qrels_in_test__tsv": "query-id\tcorpus-id\tscore\r\nq1\td1\t1\r\n\r\nq2\td 2\t0\r\nq2\td3\t2\r\n"},
        {"qrels__dev__tsv": "\ufeffquery-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td 2\t0\nq2\td3\t2\n"},
        {"qrels__txt": "q1 0 d1 1\nq2\t0\td 2\t0\nq2  0  d3  2\n"},
        {"news__qrels": "q1\t0\td1\t1\nq2\t0\td 2\t0\nq2\t0\td3\t2\nq2\t0\td3\t2"},
    ],
    ids=lambda files: next(iter(files)),
)
def test_judgments_are_read_in_each_format(tmp_path: Path, files: Mapping[str, str]) -> None:
    write(tmp_path, queries__jsonl='{"id": "q1", "text": "سفينة"}\n\n{"_id": "q2", "text": "قافلة", "x": 1}\n', **files)
    one, two = read_judgments(tmp_path).queries
    assert (one.id, one.text, one.grades) == ("q1", "سفينة", {"d1": 1})
    assert (two.id, two.text, two.grades) == ("q2", "قافلة", {"d 2": 0, "d3": 2})


def test_numeric_ids_become_strings(tmp_path: Path) -> None:
    write(tmp_path, queries__jsonl='{"_id": 7, "text": "سفينة"}', qrels__txt="7 0 12 1")
    assert read_judgments(tmp_path).queries == [JudgedQuery("7", "سفينة", {"12": 1})]


def test_queries_without_a_relevant_document_are_skipped_and_counted(tmp_path: Path) -> None:
    write(tmp_path, queries__jsonl=QUERIES, qrels__txt="q1 0 d1 1\nq2 0 d1 0\nq2 0 d2 -1\nq8 0 d1 1\nq9 0 d1 1\n")
    judgments = read_judgments(tmp_path)
    assert [query.id for query in judgments.queries] == ["q1"]
    assert (judgments.unjudged, judgments.unknown) == (2, 2)


def test_files_of_other_names_can_be_given(tmp_path: Path) -> None:
    write(tmp_path, a__jsonl=QUERIES, b__tsv=QRELS)
    judgments = read_judgments(tmp_path, tmp_path / "a.jsonl", tmp_path / "b.tsv")
    assert [query.id for query in judgments.queries] == ["q1", "q2", "q3"]


def test_the_shared_judgments_are_read() -> None:
    assert len(read_judgments(shared("data", "news")).queries) == 1_000


BEIR = "query-id\tcorpus-id\tscore\n"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "contains none of queries.jsonl, queries.*.jsonl; name the file with `--queries`"),
        ({"queries__jsonl": QUERIES}, "*.qrels; name the file with `--qrels`"),
        (
            {"queries__jsonl": QUERIES, "a__qrels": "", "b__qrels": ""},
            "contains several files *.qrels (a.qrels, b.qrels); name one with `--qrels`",
        ),
        ({"queries__jsonl": "{}\n{"}, 'queries.jsonl, line 1: has no id; expected: {"id": "q1", "text": "..."}'),
        ({"queries__jsonl": '\n{"id": '}, "queries.jsonl, line 2: "),
        ({"queries__jsonl": "[1]"}, "line 1: is not a JSON object; expected: "),
        ({"queries__jsonl": '{"id": true, "text": "خبر"}'}, "line 1: has no id"),
        (
            {"queries__jsonl": '{"id": "a\\tb", "text": "خبر"}'},
            "line 1: the id contains a control or invisible character",
        ),
        ({"queries__jsonl": '{"id": "q1", "text": " "}'}, "line 1: has no text"),
        ({"queries__jsonl": QUERIES + QUERIES}, "line 4: the query id 'q1' is repeated; use each id once"),
        (
            {"queries__jsonl": QUERIES, "qrels__tsv": "q1\td1\t1"},
            "qrels.tsv, line 1: has 3 columns instead of 4; expected: 'query-id 0 document-id grade' (TREC), or "
            "tab-separated 'query-id corpus-id score' below a header (BEIR)",
        ),
        ({"queries__jsonl": QUERIES, "qrels__tsv": BEIR + "q1\td1"}, "line 2: has 2 columns instead of 3"),
        ({"queries__jsonl": QUERIES, "qrels__tsv": BEIR + "q1\t\t1"}, "line 2: a column is empty"),
        (
            {"queries__jsonl": QUERIES, "qrels__tsv": BEIR + "q1\td1\t1.0"},
            "line 2: the grade '1.0' is not an integer; use 0 for not relevant, 1 for relevant",
        ),
        ({"queries__jsonl": QUERIES, "qrels__txt": "q1 0 d1 1234567"}, "grade 1234567 is too large; at most 1,000,000"),
        (
            {"queries__jsonl": QUERIES, "qrels__txt": "q1 0 d1 1\nq1 0 d1 0"},
            "line 2: 'd1' already has the grade 1 for 'q1'",
        ),
        (
            {"queries__jsonl": QUERIES, "qrels__txt": "Q-1 0 d1 1"},
            "qrels.txt; compare the ids: 'q1' in the queries, 'Q-1' in the judgments",
        ),
    ],
)
def test_invalid_judgments_are_refused_with_file_and_line(
    tmp_path: Path, files: Mapping[str, str], message: str
) -> None:
    write(tmp_path, **files)
    with pytest.raises(UnreadableSource) as error:
        read_judgments(tmp_path)
    assert message in sentence(error.value)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    write(tmp_path, queries__jsonl=QUERIES)
    (tmp_path / "qrels.txt").write_bytes("q1 0 d1 1\nq1 0 خبر 1\n".encode("cp1256"))
    with refused(UnreadableSource, r"qrels\.txt, line 2: is not UTF-8 \(byte 0xce\)"):
        read_judgments(tmp_path)


# Measures


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


# Comparing


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


# Runs in files


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


# The command


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
    monkeypatch.setattr(coverage, "MOST_LOOKED_UP", 2)
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
