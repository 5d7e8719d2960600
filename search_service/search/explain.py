"""Says in words what a score is made of: how much each word of the query adds, by tier and field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from search_service.core.results import ScorePart
from search_service.query.tree import Query, QueryWord
from search_service.ranking.tiers import MEANINGS


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
        meaning: what it rewards, in words.
        contributions: what each word has of it, as it is typed in the query, most first.
    """

    tier: str
    field: str
    meaning: str
    contributions: tuple[Contribution, ...]

    @property
    def score(self) -> float:
        """The sum of the shares."""
        return sum(contribution.score for contribution in self.contributions)


def reasons(query: Query, parts: Sequence[ScorePart]) -> tuple[Reason, ...]:
    """Return the parts of a score by tier and field, most first.

    >>> from search_service.query.tree import QueryWord
    >>> word = QueryWord("المدارس", "المدارس", "مدارس", grams=("_الم", "المد"))
    >>> parts = [ScorePart("ngram", "", "_الم", 0.5), ScorePart("ngram", "", "المد", 0.25)]
    >>> [reason] = reasons(Query("المدارس", (word,)), parts)
    >>> reason.meaning, reason.contributions
    ('words that are nearly the same: pieces of four letters', (Contribution(words='المدارس', score=0.75),))
    """
    found: dict[tuple[str, str], dict[str, float]] = {}
    for part in parts:
        contributions = found.setdefault((part.tier, part.field), {})
        words = _words(query, part)
        contributions[words] = contributions.get(words, 0.0) + part.score
    told = (
        Reason(
            tier,
            field,
            MEANINGS[tier],
            tuple(Contribution(*contribution) for contribution in sorted(contributions.items(), key=_most)),
        )
        for (tier, field), contributions in found.items()
    )
    return tuple(sorted(told, key=lambda reason: -reason.score))


def _most(contribution: tuple[str, float]) -> float:
    return -contribution[1]


def _words(query: Query, part: ScorePart) -> str:
    """Return the words of a query that a part of a score comes from; a term of several words counts for the first."""
    match part.tier:
        case "quotation":
            return _together(query.words)
        case "complete":
            return _together(query.required_words)
        case "fresh":
            return f"{part.term} days"
        case "shingle":
            neighbours = (two for two in pairwise(query.words) if " ".join(word.exact for word in two) == part.term)
            written = ((word,) for word in query.words if " ".join(word.compound_parts) == part.term)
            return _together(next(iter((*neighbours, *written))))
        case _:
            # A stop word may share letters with one that is looked up by them.
            words = (*query.scored_words, *query.words)
            return next(word.surface for word in words if part.term in _terms(word, part.tier))


def _together(words: Sequence[QueryWord]) -> str:
    return " ".join(word.surface for word in words)


def _terms(word: QueryWord, tier: str) -> Sequence[str]:
    forms = {"exact": (word.exact,), "related": word.expansions, "ngram": word.grams}
    return forms.get(tier, (word.stem,))
