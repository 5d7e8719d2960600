"""Says in words what a score is made of: how much each word of the query adds, by tier and field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_service.core.message import Message
from search_service.core.results import ScorePart
from search_service.query.tree import Query
from search_service.ranking.tiers import TIERS


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one word of the query, or some of them together, add."""

    words: str
    score: float


@dataclass(frozen=True, slots=True)
class Reason:
    """What one tier adds to the score of a document in one field.

    Attributes:
        tier: the ranking tier (`ranking.tiers`).
        field: where it matched; empty where all searched fields are taken together.
        meaning: what it scores.
        contributions: what each word has of it, as it is typed in the query, most first.
    """

    tier: str
    field: str
    meaning: Message
    contributions: tuple[Contribution, ...]

    @property
    def score(self) -> float:
        """The sum of the shares."""
        return sum(contribution.score for contribution in self.contributions)


def reasons(query: Query, parts: Sequence[ScorePart]) -> tuple[Reason, ...]:
    """Return the parts of a score by tier and field, most first.

    >>> from search_service.query.tree import Term
    >>> word = Term("المدارس", "المدارس", "مدارس", grams=("_الم", "المد"))
    >>> parts = [ScorePart("ngram", "", "_الم", 0.5), ScorePart("ngram", "", "المد", 0.25)]
    >>> [reason] = reasons(Query("المدارس", (word,)), parts)
    >>> reason.meaning.code, reason.contributions
    ('tier-ngram', (Contribution(words='المدارس', score=0.75),))
    """
    found: dict[tuple[str, str], dict[str, float]] = {}
    for part in parts:
        contributions = found.setdefault((part.tier, part.field), {})
        words = TIERS[part.tier].words(query, part.term)
        contributions[words] = contributions.get(words, 0.0) + part.score
    told = (
        Reason(
            tier,
            field,
            TIERS[tier].meaning,
            tuple(Contribution(*contribution) for contribution in sorted(contributions.items(), key=_most)),
        )
        for (tier, field), contributions in found.items()
    )
    return tuple(sorted(told, key=lambda reason: -reason.score))


def _most(contribution: tuple[str, float]) -> float:
    return -contribution[1]
