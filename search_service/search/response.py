"""What the use cases of searching return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index_config.schema import Schema
from search_service.core.document import SourceFields
from search_service.core.index_state import IndexStats
from search_service.core.message import Message
from search_service.core.results import Explanation, FacetBucket, MatchRuleName
from search_service.highlight.fragmenter import Fragment
from search_service.query.understanding.context import Correction
from search_service.search.explain import Reason


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit with its highlighted fragments."""

    id: str
    score: float
    matched_by: tuple[str, ...]
    source: SourceFields
    highlights: Mapping[str, Sequence[Fragment]]


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The hits that share a value, the best one first.

    Attributes:
        value: the value, as the best hit writes it; None for a document without one.
        total: the matches that have it.
    """

    value: str | None
    total: int
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """The result of a search.

    Attributes:
        absent_words: the words of the query, as typed, that no document contains, corrected or not.
        unmatched_words: those of them that no document matches in any form, and that were not corrected.
        warnings: messages about parts of the query that were ignored or changed, or that were read as the operator ليس.
        is_ranked: whether the query has something to rank by; only then can hits be ordered by relevance.
        facet_error_bounds: by how much the counts of a facet may be too low, for facets that are not exact.
        degraded: the parts of the index that did not answer.
        is_listing: whether a cursor was asked for.
        next_cursor: continues a listing; None at its end.
        groups: one page of groups, which have the hits; None if hits are not grouped.
        total_groups: the groups of all matches.
    """

    total: int
    match_rule: MatchRuleName
    minimum_should_match: str | None
    relaxed: bool
    corrections: Sequence[Correction]
    absent_words: Sequence[str]
    unmatched_words: Sequence[str]
    warnings: Sequence[Message]
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[FacetBucket]]
    facet_error_bounds: Mapping[str, int]
    histogram: Sequence[FacetBucket] | None
    took_ms: float
    is_ranked: bool = True
    degraded: tuple[Message, ...] = ()
    is_listing: bool = False
    next_cursor: str | None = None
    groups: Sequence[HitGroup] | None = None
    total_groups: int = 0


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation of a score: its parts by term, and the reasons by tier, field and word."""

    explanation: Explanation
    reasons: Sequence[Reason]
    corrections: Sequence[Correction]
    absent_words: Sequence[str]
    unmatched_words: Sequence[str]
    warnings: Sequence[Message]


@dataclass(frozen=True, slots=True)
class FieldStatistics:
    """What the documents of an index have in one field.

    Attributes:
        documents: how many have it; None if the field is not indexed, or the index cannot be searched.
        values: the most frequent values of a facet; None for other fields.
        error_bound: by how much the count of a value may be too low.
    """

    documents: int | None = None
    values: Sequence[FacetBucket] | None = None
    error_bound: int = 0


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """An index, as its caller sees it.

    Attributes:
        schema: None if it cannot be read.
        fields: the fields of the schema, in their order.
        degraded: the parts of the index that did not answer.
    """

    stats: IndexStats
    schema: Schema | None
    fields: Mapping[str, FieldStatistics]
    degraded: tuple[Message, ...] = ()
