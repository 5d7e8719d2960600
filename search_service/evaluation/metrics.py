"""Measures of what was found: per query and as a mean over all judged queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from search_service.evaluation.judgments import JudgedQuery, Judgments
from search_service.evaluation.libraries import library
from search_service.evaluation.run import Found, Run

MAIN = "nDCG@10"
"""The measure that says which queries have won or lost most."""

MEASURES = {MAIN: "nDCG@10", "MRR@10": "RR@10", "R@1": "R@1", "R@100": "R@100"}
"""Our name of each measure, and the one in ir-measures."""

Scores = Mapping[str, Mapping[str, float]]
"""By measure and id of the query: from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run and how good it is."""

    judgments: Judgments
    run: Run
    scores: Scores

    @property
    def means(self) -> dict[str, float]:
        """The mean of each measure over all judged queries."""
        return {measure: fmean(values.values()) for measure, values in self.scores.items()}

    @property
    def without_hit(self) -> int:
        """How many judged queries have found nothing at all."""
        return sum(not self.run.found.get(query.id) for query in self.judgments.queries)


def evaluate(judgments: Judgments, run: Run) -> Evaluation:
    """Measure a run.

    Raises:
        SearchServiceError: the library of the measures is not installed.
    """
    return Evaluation(judgments, run, scores(judgments.queries, run))


def scores(queries: Sequence[JudgedQuery], run: Run) -> Scores:
    """Return every measure for every query; 0 for one that has found nothing.

    >>> query = JudgedQuery("q1", "خبر", {"right": 1})
    >>> scores([query], Run({"q1": [Found("wrong", 2.5), Found("right", 2.5)]}))["MRR@10"]
    {'q1': 0.5}
    """
    measures = library("ir_measures")
    names = {measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    values = {name: dict.fromkeys((query.id for query in queries), 0.0) for name in MEASURES}
    grades = {query.id: dict(query.grades) for query in queries}
    for metric in measures.iter_calc(list(names), grades, {query.id: _ranks(run, query) for query in queries}):
        values[names[metric.measure]][metric.query_id] = metric.value
    return values


def _ranks(run: Run, query: JudgedQuery) -> dict[str, float]:
    """Return the found documents with scores that fall from rank to rank.

    The library sorts them anew, by scores of 32 bits, and equal ones by id: descending for one measure and ascending
    for another. What users see is the order of the service.
    """
    found: Sequence[Found] = run.found.get(query.id, ())
    return {document.id: float(len(found) - position) for position, document in enumerate(found)}
