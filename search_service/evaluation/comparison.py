"""Compares two runs over the same queries, and says whether the difference may be chance."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from search_service.evaluation.judgments import JudgedQuery
from search_service.evaluation.libraries import library
from search_service.evaluation.metrics import MAIN, Evaluation

SHOWN = 5
"""Queries that won most, and as many that lost most."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed in a measure.

    Attributes:
        before: the mean of the first run.
        after: the mean of the second run.
        p: how likely a difference at least as large would be if both were equally good (`p_value`).
        won: queries with a higher value in the second run.
        lost: queries with a lower one.
        tied: the others.
    """

    before: float
    after: float
    p: float
    won: int
    lost: int
    tied: int

    @property
    def change(self) -> float:
        """The difference of the means."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Moved:
    """A query whose main measure has changed."""

    query: JudgedQuery
    before: float
    after: float

    @property
    def change(self) -> float:
        """How much better it is answered."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What has changed from one run to another.

    Attributes:
        differences: of each measure.
        won: the queries that have won most by the main measure, most first.
        lost: those that have lost most, most first.
    """

    differences: Mapping[str, Difference]
    won: Sequence[Moved]
    lost: Sequence[Moved]


def compare(before: Evaluation, after: Evaluation, shown: int = SHOWN) -> Comparison:
    """Compare two runs over the same judged queries.

    Raises:
        SearchServiceError: the library of the test is not installed.
    """
    queries = after.judgments.queries
    pairs = {
        measure: [(values[query.id], after.scores[measure][query.id]) for query in queries]
        for measure, values in before.scores.items()
    }
    moved = [Moved(query, old, new) for query, (old, new) in zip(queries, pairs[MAIN], strict=True)]
    return Comparison(
        {measure: _difference(values) for measure, values in pairs.items()},
        won=sorted((one for one in moved if one.change > 0), key=lambda one: -one.change)[:shown],
        lost=sorted((one for one in moved if one.change < 0), key=lambda one: one.change)[:shown],
    )


def _difference(pairs: Sequence[tuple[float, float]]) -> Difference:
    before, after = zip(*pairs, strict=True)
    won, lost = sum(new > old for old, new in pairs), sum(new < old for old, new in pairs)
    return Difference(fmean(before), fmean(after), p_value(before, after), won, lost, len(pairs) - won - lost)


def p_value(before: Sequence[float], after: Sequence[float]) -> float:
    """Return the two-sided p of Student's t-test over pairs; 1 where nothing can be told from them.

    >>> p_value([0.0, 0.5, 1.0], [0.0, 0.5, 1.0])
    1.0
    >>> round(p_value([0.0, 0.5, 0.5, 0.2], [1.0, 0.7, 0.5, 0.3]), 4)
    0.2504
    """
    statistics = library("scipy.stats")
    with warnings.catch_warnings():
        # A single pair, or the same difference everywhere: the results below are what is wanted.
        warnings.simplefilter("ignore", RuntimeWarning)
        p = float(statistics.ttest_rel(after, before).pvalue)
    return 1.0 if math.isnan(p) else p
