"""What an engine returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeVar

from search_service.core.document import SourceFields
from search_service.core.message import Message

MatchRuleName = Literal["everything", "nothing", "phrase", "all", "most", "any"]


@dataclass(frozen=True, slots=True)
class MatchRule:
    """The name of the rule by which documents match: the same for totals, facets, histograms and every order.

    Attributes:
        name: `everything`, `nothing`, `phrase`, `all`, `most` or `any`.
        minimum_should_match: how many words `most` requires, in Lucene's notation (`3<-67%`).
        relaxed: whether a stricter rule had too few hits: fewer words are required, or quotes are plain words.
    """

    name: MatchRuleName
    minimum_should_match: str | None = None
    relaxed: bool = False


EVERYTHING = MatchRule("everything")


NOTHING = MatchRule("nothing")
"""For a query that has text but no word in it, such as a lone question mark."""


class Mark(NamedTuple):
    """A matched piece of an original text: code points `[start, end)` of value number `value` of a field."""

    start: int
    end: int
    value: int = 0


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A document that an engine found, with the marks of the fields that the plan asks to highlight."""

    id: str
    score: float
    source: SourceFields
    matched_by: tuple[str, ...] = ()
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetBucket:
    """A value of a facet and the number of documents that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine answers to a `SearchPlan`.

    Attributes:
        rule: the match rule that was chosen.
        total: how many documents match, exactly.
        degraded: the parts of the index that did not answer; if there are any, everything else is about the rest.
    """

    rule: MatchRule
    total: int
    hits: Sequence[EngineHit]
    facets: Mapping[str, tuple[FacetBucket, ...]] = field(default_factory=dict)
    histogram: tuple[FacetBucket, ...] | None = None
    degraded: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one term adds to the score of a document.

    Attributes:
        tier: the ranking tier (`ranking.tiers`).
        field: where it stands; empty where all searched fields are taken together.
        term: the term as it stands in the index.
        score: BM25 times the weights of tier and field.
    """

    tier: str
    field: str
    term: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a document stands where it does among the results of a search.

    Attributes:
        rule: the match rule of the search.
        matches: whether the document is among its results.
        parts: what adds to its score, most first. An engine that scores only the best matches by the loosest tiers
            gives those to other documents without them.
    """

    id: str
    rule: MatchRule
    matches: bool
    parts: tuple[ScorePart, ...]

    @property
    def score(self) -> float:
        """The sum of the parts."""
        return sum(part.score for part in self.parts)


@dataclass(frozen=True, slots=True)
class Completion:
    """A value that completes what was typed, and the field and document it comes from."""

    text: str
    field: str
    id: str


T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Partial(Generic[T]):
    """What was found, in order; `degraded` names the parts of the index that did not answer."""

    items: Sequence[T] = ()
    degraded: tuple[Message, ...] = ()
