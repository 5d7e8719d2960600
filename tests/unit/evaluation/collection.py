"""Queries, judgments and runs of a small collection."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from search_service.evaluation.judgments import JudgedQuery, Judgments
from search_service.evaluation.metrics import Evaluation, evaluate
from search_service.evaluation.run import RankedDocument, Run

QUERIES = """\
{"id": "q1", "text": "سفينة"}
{"id": "q2", "text": "قافلة"}
{"id": "q3", "text": "لا شيء كهذا"}
"""
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t2\nq2\td4\t1\nq3\td1\t1\n"
BEIR = "query-id\tcorpus-id\tscore\n"

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
