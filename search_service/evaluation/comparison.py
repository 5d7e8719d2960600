"""Comparison of two runs over the same queries, with a significance test."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from search_service.evaluation.judgments import JudgedQuery
from search_service.evaluation.libraries import import_library
from search_service.evaluation.metrics import MAIN_MEASURE, Evaluation

MAX_LISTED_QUERIES = 5
"""How many of the queries that gained most are listed, and how many of those that lost most."""


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """The change of one measure between two runs.

    Attributes:
        before: mean over the queries in the first run, 0 to 1.
        after: the same in the second run.
        p: two-sided p-value of the paired t-test (`p_value`).
        won: number of queries with a higher value in the second run.
        lost: number of queries with a lower value.
        tied: number of queries with an equal value.
    """

    before: float
    after: float
    p: float
    won: int
    lost: int
    tied: int

    @property
    def change(self) -> float:
        """The mean after minus the mean before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class QueryChange:
    """The change of the main measure for one query."""

    query: JudgedQuery
    before: float
    after: float

    @property
    def change(self) -> float:
        """The value after minus the value before: positive if the second run is better."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes from a first to a second run.

    Attributes:
        measures: the change of each measure, by name.
        won: the queries that gained most by the main measure, largest gain first.
        lost: the queries that lost most, largest loss first.
    """

    measures: Mapping[str, MeasureChange]
    won: Sequence[QueryChange]
    lost: Sequence[QueryChange]


def compare(before: Evaluation, after: Evaluation, max_listed: int = MAX_LISTED_QUERIES) -> Comparison:
    """Compare two runs over the same judged queries.

    Raises:
        SearchServiceError: SciPy is not installed.
    """
    queries = after.judgments.queries
    pairs = {
        measure: [(values[query.id], after.scores[measure][query.id]) for query in queries]
        for measure, values in before.scores.items()
    }
    changes = [QueryChange(query, old, new) for query, (old, new) in zip(queries, pairs[MAIN_MEASURE], strict=True)]
    return Comparison(
        {measure: _measure_change(values) for measure, values in pairs.items()},
        won=sorted((one for one in changes if one.change > 0), key=lambda one: -one.change)[:max_listed],
        lost=sorted((one for one in changes if one.change < 0), key=lambda one: one.change)[:max_listed],
    )


def _measure_change(pairs: Sequence[tuple[float, float]]) -> MeasureChange:
    before, after = zip(*pairs, strict=True)
    won, lost = sum(new > old for old, new in pairs), sum(new < old for old, new in pairs)
    return MeasureChange(fmean(before), fmean(after), p_value(before, after), won, lost, len(pairs) - won - lost)


def p_value(before: Sequence[float], after: Sequence[float]) -> float:
    """Return the two-sided p-value of Student's paired t-test; 1 where it is undefined.

    >>> p_value([0.0, 0.5, 1.0], [0.0, 0.5, 1.0])
    1.0
    >>> round(p_value([0.0, 0.5, 0.5, 0.2], [1.0, 0.7, 0.5, 0.3]), 4)
    0.2504
    """
    statistics = import_library("scipy.stats")
    with warnings.catch_warnings():
        # SciPy warns about a single pair and about equal differences; NaN and 0 are the right results here.
        warnings.simplefilter("ignore", RuntimeWarning)
        p = float(statistics.ttest_rel(after, before).pvalue)
    return 1.0 if math.isnan(p) else p
