"""Reads relevance judgments: queries and the grades of documents, in the formats of BEIR and TREC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from search_service.core.errors import UnreadableSource
from search_service.evaluation.files import numbered_lines, split_columns

QUERY_FILES = ("queries.jsonl", "queries.*.jsonl")
QRELS_FILES = ("qrels.tsv", "qrels/test.tsv", "qrels.txt", "qrels.*.tsv", "*.qrels")
"""Where queries and judgments are in a folder: the first pattern with a match is used."""

BEIR_HEADER = ["query-id", "corpus-id", "score"]

MAX_GRADE = 1_000_000
"""ir-measures keeps a counter for every grade up to the highest."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query with its judgments.

    Attributes:
        grades: document id -> grade. 1 or more is relevant; higher is better.
    """

    id: str
    text: str
    grades: Mapping[str, int]

    @property
    def has_relevant_document(self) -> bool:
        """Whether any document is relevant."""
        return any(grade > 0 for grade in self.grades.values())


@dataclass(frozen=True, slots=True)
class Judgments:
    """Judged queries.

    Attributes:
        queries: the queries that have a relevant document, in the order of their file.
        unjudged: number of queries left out because no document is relevant to them.
        unknown: number of judged queries left out because the query file does not have them.
    """

    queries: Sequence[JudgedQuery]
    unjudged: int = 0
    unknown: int = 0

    def first(self, limit: int | None) -> Judgments:
        """Return the judgments of the first queries only; None for all."""
        return replace(self, queries=self.queries[:limit])


def read_judgments(folder: Path, queries: Path | None = None, qrels: Path | None = None) -> Judgments:
    """Read the judgments in a folder that has one of `QUERY_FILES` and one of `QRELS_FILES`.

    `queries` and `qrels` name files to read instead of the folder's.

    Raises:
        UnreadableSource: a file is missing or malformed, or no query has a relevant document.
    """
    queries = queries or _find_file(folder, QUERY_FILES, "queries")
    texts = read_queries(queries)
    qrels = qrels or _find_file(folder, QRELS_FILES, "qrels")
    grades = read_qrels(qrels)
    known = [JudgedQuery(query_id, text, grades.get(query_id, {})) for query_id, text in texts.items()]
    judged = [query for query in known if query.has_relevant_document]
    if not judged:
        raise UnreadableSource(
            "no-relevant-document",
            queries=str(queries), qrels=str(qrels), query=next(iter(texts), ""), judged=next(iter(grades), ""),
        )  # fmt: skip
    return Judgments(judged, unjudged=len(known) - len(judged), unknown=len(grades.keys() - texts.keys()))


def _find_file(folder: Path, patterns: tuple[str, ...], member: str) -> Path:
    for pattern in patterns:
        paths = sorted(folder.glob(pattern))
        if len(paths) > 1:
            names = tuple(path.name for path in paths)
            raise UnreadableSource("file-ambiguous", path=str(folder), pattern=pattern, names=names, parameter=member)
        if paths:
            return paths[0]
    raise UnreadableSource("file-missing", path=str(folder), patterns=patterns, parameter=member)


def read_queries(path: Path) -> dict[str, str]:
    """Return query id -> text of a file with one JSON object per line: `id` or `_id`, and `text`.

    Raises:
        UnreadableSource: a line has another format, or repeats an id.
    """
    texts: dict[str, str] = {}
    for number, line in numbered_lines(path):
        try:
            content = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UnreadableSource("line-not-json", path=str(path), line=number, reason=str(error)) from None
        query_id, text = _parse_query(content, str(path), number)
        if query_id in texts:
            raise UnreadableSource("query-repeated", path=str(path), line=number, query=query_id)
        texts[query_id] = text
    return texts


def _parse_query(content: Any, path: str, line: int) -> tuple[str, str]:
    if not isinstance(content, dict):
        raise UnreadableSource("query-not-an-object", path=path, line=line)
    query_id, text = content.get("id", content.get("_id")), content.get("text")
    if isinstance(query_id, bool) or not isinstance(query_id, str | int) or not str(query_id).strip():
        raise UnreadableSource("query-without-id", path=path, line=line)
    if not str(query_id).isprintable():
        raise UnreadableSource("query-id-not-printable", path=path, line=line)
    if not isinstance(text, str) or not text.strip():
        raise UnreadableSource("query-without-text", path=path, line=line)
    return str(query_id), text


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return query id -> document id -> grade.

    BEIR: three columns with tabs between them, below the header `query-id corpus-id score`. TREC: four columns without
    a header: query, a number without meaning, document, grade.

    Raises:
        UnreadableSource: a line has other columns, or a grade is invalid or contradicts an earlier one.
    """
    grades: dict[str, dict[str, int]] = {}
    width = 4
    for number, line in numbered_lines(path):
        cells = split_columns(line)
        if not grades and cells == BEIR_HEADER:
            width = len(cells)
            continue
        if len(cells) != width:
            raise UnreadableSource("wrong-column-count", path=str(path), line=number, count=len(cells), expected=width)
        if not all(cells):
            raise UnreadableSource("column-empty", path=str(path), line=number)
        query_id, document_id, grade = cells[0], cells[-2], _parse_grade(path, number, cells[-1])
        if grades.setdefault(query_id, {}).setdefault(document_id, grade) != grade:
            before = grades[query_id][document_id]
            raise UnreadableSource(
                "grade-contradicted", path=str(path), line=number, document=document_id, query=query_id, before=before
            )
    return grades


def _parse_grade(path: Path, number: int, text: str) -> int:
    try:
        grade = int(text)
    except ValueError:
        raise UnreadableSource("grade-not-an-integer", path=str(path), line=number, value=text) from None
    if abs(grade) > MAX_GRADE:
        raise UnreadableSource("grade-too-large", path=str(path), line=number, value=text, limit=MAX_GRADE)
    return grade
