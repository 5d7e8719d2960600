"""The answers of the HTTP interface, as types: their members are what callers rely on.

They are dictionaries, which orjson writes as they are; `search_service.api.serializers` makes them.
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from search_service.core.results import MatchRuleName

Span = Annotated[list[int], Field(min_length=2, max_length=2)]


class Completeness(TypedDict):
    """What every answer from an index says about its completeness."""

    partial: Annotated[bool, Field(description="Whether a part of the index did not answer.")]
    warnings: Annotated[list[str], Field(description="Which parts did not answer, and why; empty if all did.")]


class Bucket(TypedDict):
    """A value and the number of documents that have it."""

    value: str
    count: int


Correction = TypedDict("Correction", {"kind": str, "from": str, "to": list[str]})
Correction.__doc__ = "A part of the query that was replaced, and what was searched in place of it, likeliest first."


class Fragment(TypedDict):
    """A piece of a value with the matches in it."""

    html: Annotated[str, Field(description="The piece, escaped, with matches in <mark>.")]
    text: Annotated[str, Field(description="The piece as it was written.")]
    marks: Annotated[list[Span], Field(description="Start and end of each match, in code points of the whole value.")]
    value: Annotated[int, Field(description="The position of the value in a field of several values.")]
    start: Annotated[int, Field(description="Where in the value the piece starts, in code points.")]


class Hit(TypedDict):
    """A found document."""

    id: str
    score: float
    matched_by: Annotated[list[str], Field(description="The analyzers that matched.")]
    source: Annotated[dict[str, Any], Field(description="The document as it was indexed.")]
    highlights: Annotated[dict[str, list[Fragment]], Field(description="The best fragments of each field.")]


class MatchRule(TypedDict):
    """Which documents count as matches."""

    match_rule: MatchRuleName
    minimum_should_match: Annotated[
        str | None,
        Field(description="The words that a match needs, in Lucene's notation, if the query's length counts."),
    ]
    relaxed: Annotated[bool, Field(description="Whether a stricter rule found too little.")]
    corrections: list[Correction]


class SearchResult(MatchRule, Completeness):
    """The answer to a search."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[Bucket]]
    histogram: NotRequired[list[Bucket]]
    took_ms: float


class FacetValues(Completeness):
    """The values of one facet, the most frequent first."""

    field: str
    values: list[Bucket]


class Completion(TypedDict):
    """A value that completes what was typed, with its field and a document that has it."""

    text: str
    field: str
    id: str


class Suggestions(Completeness):
    """Completions, the most frequent first."""

    suggestions: list[Completion]


class SimilarDocuments(Completeness):
    """The documents most like one."""

    hits: list[Hit]


class Contribution(TypedDict):
    """What some words of the query add to a score."""

    words: str
    score: float


class Reason(TypedDict):
    """What one tier adds to a score in one field, or in all fields together (null)."""

    tier: str
    field: str | None
    meaning: str
    score: float
    contributions: list[Contribution]


class ScorePart(TypedDict):
    """What one term of the index adds to a score."""

    tier: str
    field: str | None
    term: str
    score: float


class Explanation(MatchRule):
    """The score of one document, by tier and word, and by term."""

    id: str
    matches: Annotated[bool, Field(description="Whether the search finds the document.")]
    score: float
    reasons: list[Reason]
    parts: list[ScorePart]


class Document(TypedDict):
    """A document as it was indexed."""

    id: str
    source: dict[str, Any]


class Highlights(TypedDict):
    """The fragments of a text."""

    fragments: list[Fragment]


class Token(TypedDict):
    """A term, where its word is in the text (code points), and the number of the word."""

    text: str
    start: int
    end: int
    position: int


class AnalyzerTokens(TypedDict):
    """The tokens that one analyzer makes of a text, and what the analyzer consists of."""

    char_filter: str
    tokenizer: str
    filters: list[str]
    tokens: list[Token]


class Analysis(TypedDict):
    """The tokens of a text by analyzer."""

    analyzers: dict[str, AnalyzerTokens]


class Index(TypedDict):
    """The state of an index."""

    name: str
    state: str
    schema: str
    documents: int
    size_bytes: int
    fingerprint: Annotated[str, Field(description="Fingerprint of the configuration that the index was built with.")]
    created: Annotated[str, Field(description="When its current generation was begun, ISO 8601 in UTC.")]
    problem: Annotated[str, Field(description="Why the index is not in order, or empty.")]


class Indexes(TypedDict):
    """All indexes by name."""

    indexes: list[Index]


class Generation(TypedDict):
    """One of the generations of an index."""

    name: str
    state: str
    documents: int
    size_bytes: int
    created: str


class CheckResult(TypedDict):
    """One check of an index, and what was seen."""

    check: str
    ok: bool
    detail: str
