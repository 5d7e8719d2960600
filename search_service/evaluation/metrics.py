"""Retrieval measures of a run, per query and as means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from search_service.evaluation.judgments import JudgedQuery, Judgments
from search_service.evaluation.libraries import import_library
from search_service.evaluation.run import RankedDocument, Run

MAIN_MEASURE = "nDCG@10"
"""The measure that decides which queries gained or lost most."""

MEASURES = {MAIN_MEASURE: "nDCG@10", "MRR@10": "RR@10", "R@1": "R@1", "R@100": "R@100"}
"""Our name of each measure -> its name in ir-measures."""

Scores = Mapping[str, Mapping[str, float]]
"""Measure -> query id -> value, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run with its measures."""

    judgments: Judgments
    run: Run
    scores: Scores

    @property
    def means(self) -> dict[str, float]:
        """The mean of each measure over the judged queries."""
        return {measure: fmean(values.values()) for measure, values in self.scores.items()}

    @property
    def queries_without_hit(self) -> int:
        """The number of judged queries that found no document."""
        return sum(not self.run.rankings.get(query.id) for query in self.judgments.queries)

    def ranks(self, query: JudgedQuery) -> list[int | None]:
        """Return the ranks of the relevant documents of a query, best first; None for those that it did not find.

        >>> found = Run({"q1": [RankedDocument("a", 2.0), RankedDocument("b", 1.0)]})
        >>> query = JudgedQuery("q1", "خبر", {"b": 1, "c": 1, "d": 0})
        >>> Evaluation(Judgments([query]), found, {}).ranks(query)
        [2, None]
        """
        ranking = [document.id for document in self.run.rankings.get(query.id, ())]
        relevant = {document for document, grade in query.grades.items() if grade > 0}
        found = [rank for rank, document in enumerate(ranking, start=1) if document in relevant]
        return [*found, *[None] * (len(relevant) - len(found))]


def evaluate(judgments: Judgments, run: Run) -> Evaluation:
    """Compute the measures of a run.

    Raises:
        SearchServiceError: ir-measures is not installed.
    """
    return Evaluation(judgments, run, compute_scores(judgments.queries, run))


def compute_scores(queries: Sequence[JudgedQuery], run: Run) -> Scores:
    """Compute every measure for every query; a query without hits has 0.

    >>> query = JudgedQuery("q1", "خبر", {"right": 1})
    >>> compute_scores([query], Run({"q1": [RankedDocument("wrong", 2.5), RankedDocument("right", 2.5)]}))["MRR@10"]
    {'q1': 0.5}
    """
    measures = import_library("ir_measures")
    names = {measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    values = {name: dict.fromkeys((query.id for query in queries), 0.0) for name in MEASURES}
    grades = {query.id: dict(query.grades) for query in queries}
    for metric in measures.iter_calc(list(names), grades, {query.id: _scores_by_rank(run, query) for query in queries}):
        values[names[metric.measure]][metric.query_id] = metric.value
    return values


def _scores_by_rank(run: Run, query: JudgedQuery) -> dict[str, float]:
    """Return the documents of a query with scores that decrease with the rank.

    ir-measures sorts by 32-bit scores, and breaks ties by id: descending for one measure, ascending for another. Users
    see the order of the service, so the measures must use that order.
    """
    ranking: Sequence[RankedDocument] = run.rankings.get(query.id, ())
    return {document.id: float(len(ranking) - position) for position, document in enumerate(ranking)}
