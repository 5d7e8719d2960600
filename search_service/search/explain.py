"""Explains a score: the contribution of each query word, by tier and field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_service.core.message import Message
from search_service.core.results import ScorePart
from search_service.query.query import Query
from search_service.ranking.tiers import TIERS


@dataclass(frozen=True, slots=True)
class Contribution:
    """The part of a score that comes from one or several query words."""

    words: str
    score: float


@dataclass(frozen=True, slots=True)
class Reason:
    """The part of a score that comes from one tier in one field.

    Attributes:
        tier: the ranking tier (`ranking.tiers`).
        field: the field; empty for the combination of all searched fields.
        meaning: what the tier scores.
        contributions: the score of each word, as typed in the query, highest first.
    """

    tier: str
    field: str
    meaning: Message
    contributions: tuple[Contribution, ...]

    @property
    def score(self) -> float:
        """The sum of the contributions."""
        return sum(contribution.score for contribution in self.contributions)


def reasons(query: Query, parts: Sequence[ScorePart]) -> tuple[Reason, ...]:
    """Return the parts of a score by tier and field, highest first.

    >>> from search_service.query.clauses import Term
    >>> word = Term("المدارس", "المدارس", "مدارس", grams=("_الم", "المد"))
    >>> parts = [ScorePart("ngram", "", "_الم", 0.5), ScorePart("ngram", "", "المد", 0.25)]
    >>> [reason] = reasons(Query("المدارس", (word,)), parts)
    >>> reason.meaning.code, reason.contributions
    ('tier-ngram', (Contribution(words='المدارس', score=0.75),))
    """
    scores: dict[tuple[str, str], dict[str, float]] = {}
    for part in parts:
        word_scores = scores.setdefault((part.tier, part.field), {})
        words = TIERS[part.tier].words(query, part.term)
        word_scores[words] = word_scores.get(words, 0.0) + part.score
    unsorted = (
        Reason(tier, field, TIERS[tier].meaning, _contributions(word_scores))
        for (tier, field), word_scores in scores.items()
    )
    return tuple(sorted(unsorted, key=lambda reason: -reason.score))


def _contributions(word_scores: Mapping[str, float]) -> tuple[Contribution, ...]:
    contributions = (Contribution(words, score) for words, score in word_scores.items())
    return tuple(sorted(contributions, key=lambda contribution: -contribution.score))
