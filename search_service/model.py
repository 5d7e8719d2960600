"""The nouns that every room speaks: what is asked of an engine and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from search_service.query import MatchRule, Query

Source = Mapping[str, Any]
"""A document's fields as they came: the original, never folded."""


def values_of(source: Source, name: str) -> list[Any]:
    """Return the values of a field of a document: none, one or several.

    >>> values_of({"title": "خبر", "tags": ["أ", "ب"]}, "tags"), values_of({"title": "خبر"}, "tags")
    (['أ', 'ب'], [])
    """
    value = source.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


ANALYZERS = ("exact", "stem", "ngram", "shingle")
"""The ways a text is matched; `matched_by` names them in this order. That a word stands in the lead is no way of its
own: it scores, and is a match by its stem."""


@dataclass(frozen=True, slots=True)
class Document:
    """A checked document.

    Attributes:
        id: its name in the index.
        source: its fields as they came (without the id), JSON values.
    """

    id: str
    source: Source


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """A closed range over a sortable number: dates as seconds since 0001-01-01T00:00:00Z, numbers as they are."""

    field: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What restricts the results beside the query: within a field values are alternatives, fields all hold."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: tuple[RangeFilter, ...] = ()

    def without(self, name: str) -> Filters:
        """Return the filters of every other field (for counting a facet under all filters but its own)."""
        values = {key: wanted for key, wanted in self.values.items() if key != name}
        return Filters(values, tuple(r for r in self.ranges if r.field != name))

    def __bool__(self) -> bool:
        return bool(self.values or self.ranges)


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of results: by relevance, or by a field. Ties always follow in ascending order of the ids."""

    field: str = ""
    descending: bool = False

    @property
    def by_relevance(self) -> bool:
        """Whether the score decides."""
        return not self.field


class Interval(StrEnum):
    """The width of a bar of a date histogram."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Count the values of a field: the `size` most frequent ones."""

    field: str
    size: int


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as a caller asks for it; names and values are checked when it is planned.

    Attributes:
        q: the query; empty matches everything.
        filters: the wanted values of each field.
        date_from: first day or moment of the schema's date, included.
        date_to: last day or moment, included.
        ranges: lowest and highest value of further fields, as texts, each empty for no bound.
        fields: the fields to search; None for all searched fields of the schema.
        facets: the fields whose values are counted.
        facet_size: values of each facet.
        histogram: `day`, `month` or `year` of the schema's date, or empty.
        sort: `relevance` or a sortable field, `-` before it for descending; empty for relevance when there is a query
            and for the schema's default order when there is none.
        highlight: the fields to highlight; None for all searched fields, empty for none.
    """

    q: str = ""
    filters: Mapping[str, Sequence[str]] | None = None
    date_from: str = ""
    date_to: str = ""
    ranges: Mapping[str, tuple[str, str]] | None = None
    fields: Sequence[str] | None = None
    facets: Sequence[str] = ()
    facet_size: int = 20
    histogram: str = ""
    sort: str = ""
    offset: int = 0
    size: int = 10
    highlight: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Fallback:
    """A looser reading of a query, taken when the one before it yields too little.

    Attributes:
        query: the analysed query.
        rule: which documents count.
        below: the documents that the reading before must yield, or in a small collection a part of them.
    """

    query: Query
    rule: MatchRule
    below: int


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A search as an engine gets it: checked and analysed.

    Attributes:
        query: the analysed query; matches everything when it has no words.
        rule: which documents count, at its strictest.
        fallbacks: what to loosen it to, in this order (`engines.rules`).
        fields: the searched fields and the weight of each.
        whole: whether `fields` are all searched fields of the schema (then fields that combine them may be used).
        highlight: the fields whose matched pieces are wanted.
        weights: what each tier adds to a score; None for the usual (`engines.ranking`).
        today: the day that ages are counted from, in seconds; 0 where the schema does not ask for it.
    """

    query: Query
    rule: MatchRule
    fields: Mapping[str, float]
    fallbacks: tuple[Fallback, ...] = ()
    whole: bool = True
    filters: Filters = Filters()
    sort: Sort = Sort()
    offset: int = 0
    size: int = 10
    facets: tuple[FacetRequest, ...] = ()
    histogram: tuple[str, Interval] | None = None
    highlight: tuple[str, ...] = ()
    weights: Mapping[str, float] | None = None
    today: int = 0


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
    source: Source
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
        missing: what could not be searched, in words; then everything else tells of a part of the documents only.
    """

    rule: MatchRule
    total: int
    hits: Sequence[EngineHit]
    facets: Mapping[str, tuple[FacetBucket, ...]] = field(default_factory=dict)
    histogram: tuple[FacetBucket, ...] | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one term adds to the score of a document.

    Attributes:
        analyzer: the tier (`engines.ranking.Tier`).
        field: where it stands; empty where all searched fields are taken together.
        term: the term as it stands in the index.
        score: BM25 times the weights of tier and field.
    """

    analyzer: str
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
class Health:
    """What of an index is missing while it can be searched.

    Attributes:
        missing: shards and copies of shards that are not there, each in words; none when all is well.
    """

    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at in an index, and what was seen.

    Attributes:
        check: what was looked at, in a word.
        well: whether it is as it should be.
        detail: what was seen, and what to do about it.
    """

    check: str
    well: bool
    detail: str


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The state of an index.

    Attributes:
        documents: how many can be found.
        size_bytes: what it takes on disk.
        fingerprint: of the configuration it was made with.
        current: whether that is the configuration of this service.
        created: when its present generation was begun, ISO 8601 in UTC.
        problem: why nothing more is known of it, or empty.
    """

    name: str
    schema: str
    documents: int
    size_bytes: int
    fingerprint: str
    current: bool
    created: str
    problem: str = ""


class GenerationState(StrEnum):
    """What a generation is to its index."""

    CURRENT = "current"
    KEPT = "kept"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class GenerationStats:
    """One of the generations of an index: each rebuild makes one, and one is searched.

    Attributes:
        name: the engine's own name for it; greater names are newer.
        state: `current` is searched, `kept` can be rolled back to, `unfinished` is being filled or was left behind.
        documents: how many can be found in it.
        size_bytes: what it takes on disk.
        created: when it was begun, ISO 8601 in UTC.
    """

    name: str
    state: GenerationState
    documents: int
    size_bytes: int
    created: str
