"""Results that engines return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeVar

from search_service.core.document import SourceFields
from search_service.core.message import Message

MatchRuleName = Literal["everything", "nothing", "phrase", "all", "most", "any"]


@dataclass(frozen=True, slots=True)
class MatchRule:
    """The rule that decides which documents match; hits, totals, facets and histograms use the same one.

    Attributes:
        minimum_should_match: the number of words that `most` requires, in Lucene's notation (`3<-67%`).
        relaxed: whether a stricter rule had too few hits, so that fewer words are required or quotes are ignored.
    """

    name: MatchRuleName
    minimum_should_match: str | None = None
    relaxed: bool = False


EVERYTHING = MatchRule("everything")

NOTHING = MatchRule("nothing")
"""The rule of a query with text but no word, such as a question mark."""


class Mark(NamedTuple):
    """A match in an original text: code points `[start, end)` of value number `value` of a field."""

    start: int
    end: int
    value: int = 0


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A hit of an engine, with the marks of the fields to highlight."""

    id: str
    score: float
    source: SourceFields
    matched_by: tuple[str, ...] = ()
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetBucket:
    """A value of a facet and its document count."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of a facet, most frequent first; each count may be too low by `error_bound`, 0 for exact counts."""

    buckets: tuple[FacetBucket, ...]
    error_bound: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a listing ended.

    Attributes:
        group: the number of the group of its last document (`ranking.listing`).
        value: the value that the group is sorted by, as the engine has it; None in the order of ids.
        id: the id of the document.
    """

    group: int
    value: str | int | float | None
    id: str


@dataclass(frozen=True, slots=True)
class EngineResult:
    """The result of a `SearchPlan`.

    Attributes:
        rule: the selected match rule.
        total: the exact number of matching documents.
        degraded: the parts of the index that did not answer; hits, total and counts do not include them.
        end: where a page of a listing ended, if more follow.
    """

    rule: MatchRule
    total: int
    hits: Sequence[EngineHit]
    facets: Mapping[str, FacetCounts] = field(default_factory=dict)
    histogram: tuple[FacetBucket, ...] | None = None
    degraded: tuple[Message, ...] = ()
    end: Position | None = None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """The part of a document's score that comes from one term.

    Attributes:
        tier: the ranking tier (`ranking.tiers`).
        field: the field; empty for the combination of all searched fields.
        term: the index term.
        score: BM25 times the weights of tier and field.
    """

    tier: str
    field: str
    term: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The score of a document for a search, by term.

    Attributes:
        rule: the match rule of the search.
        matches: whether the document matches.
        parts: the parts of the score, highest first. They include tiers that the engine computes for the best matches
            only, even if the document is not among those.
    """

    id: str
    rule: MatchRule
    matches: bool
    parts: tuple[ScorePart, ...]

    @property
    def score(self) -> float:
        """The sum of the parts."""
        return sum(part.score for part in self.parts)


T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Partial(Generic[T]):
    """Ordered items; `degraded` lists the parts of the index that did not answer."""

    items: Sequence[T] = ()
    degraded: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValues(Partial[FacetBucket]):
    """The values of one facet; each count may be too low by `error_bound`."""

    error_bound: int = 0
