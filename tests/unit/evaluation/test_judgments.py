"""Judgments: the formats that are read, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from search_service.core.errors import UnreadableSource
from search_service.evaluation.judgments import JudgedQuery, read_judgments
from tests.sentences import refused, sentence
from tests.shared_data import shared
from tests.unit.evaluation.collection import BEIR, QRELS, QUERIES, write


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
