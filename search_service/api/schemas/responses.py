"""Types of the responses of the HTTP interface, which callers rely on.

Responses are dictionaries, which orjson serializes without conversion; `search_service.api.serializers` makes them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from search_service.core.results import MatchRuleName

Mark = Annotated[list[int], Field(min_length=2, max_length=2)]


class Completeness(TypedDict):
    """Whether a response covers the whole index."""

    partial: Annotated[bool, Field(description="Whether a part of the index did not answer.")]
    warnings: Annotated[list[str], Field(description="Which parts did not answer, and why; empty if all did.")]


class Bucket(TypedDict):
    """A value and its document count."""

    value: str
    count: int


Correction = TypedDict("Correction", {"kind": str, "from": str, "to": list[str]})
Correction.__doc__ = "A corrected part of the query, and its replacements, likeliest first."


class Fragment(TypedDict):
    """A fragment of a value with its matches."""

    html: Annotated[str, Field(description="The fragment as escaped HTML, with matches in <mark>.")]
    text: Annotated[str, Field(description="The fragment as plain text.")]
    marks: Annotated[list[Mark], Field(description="Start and end of each match, in code points of the whole value.")]
    value: Annotated[int, Field(description="The position of the value in a field of several values.")]
    start: Annotated[int, Field(description="Start of the fragment in the value, in code points.")]


class Hit(TypedDict):
    """A matching document."""

    id: str
    score: float
    matched_by: Annotated[list[str], Field(description="The ranking tiers that matched.")]
    source: Annotated[dict[str, Any], Field(description="The document as it was indexed.")]
    highlights: Annotated[dict[str, list[Fragment]], Field(description="The best fragments of each field.")]


class MatchRule(TypedDict):
    """The rule that decides which documents match."""

    match_rule: MatchRuleName
    minimum_should_match: Annotated[
        str | None,
        Field(
            description="The number of required words in Lucene's notation, if the rule depends on the query length."
        ),
    ]
    relaxed: Annotated[bool, Field(description="Whether a stricter rule had too few hits.")]
    corrections: list[Correction]
    absent_words: Annotated[
        list[str],
        Field(
            description="The words of the query, as typed, that no document contains in this form, corrected or not. "
            "Documents may have other forms of them."
        ),
    ]


class SearchResult(MatchRule, Completeness):
    """The result of a search; `warnings` also contains what of the query was ignored."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[Bucket]]
    facet_error_bounds: Annotated[
        dict[str, int], Field(description="By how much each count of a facet may be too low; facets without are exact.")
    ]
    histogram: NotRequired[list[Bucket]]
    took_ms: float


class FacetValues(Completeness):
    """The values of one facet, the most frequent first."""

    field: str
    values: list[Bucket]
    error_bound: Annotated[int, Field(description="By how much each count may be too low; 0 if all are exact.")]


class Completion(TypedDict):
    """A completion, with its field and a document that contains it."""

    text: str
    field: str
    id: str


class Suggestions(Completeness):
    """Completions, the most frequent first."""

    suggestions: list[Completion]


class SimilarDocuments(Completeness):
    """The documents most similar to one."""

    hits: list[Hit]


class Contribution(TypedDict):
    """The part of a score that comes from one or several query words."""

    words: str
    score: float


class Reason(TypedDict):
    """The part of a score that comes from one tier in one field; null for all searched fields together."""

    tier: str
    field: str | None
    meaning: str
    score: float
    contributions: list[Contribution]


class ScorePart(TypedDict):
    """The part of a score that comes from one index term."""

    tier: str
    field: str | None
    term: str
    score: float


class Explanation(MatchRule):
    """The score of one document, by tier and word, and by term."""

    id: str
    matches: Annotated[bool, Field(description="Whether the document matches.")]
    score: float
    reasons: list[Reason]
    parts: list[ScorePart]
    warnings: Annotated[list[str], Field(description="What of the query was ignored; empty if all of it applies.")]


class Document(TypedDict):
    """A document as it was indexed."""

    id: str
    source: dict[str, Any]


class Highlights(TypedDict):
    """The fragments of a text."""

    fragments: list[Fragment]


class Token(TypedDict):
    """A token with its offsets in the text, in code points, and its position."""

    text: str
    start: int
    end: int
    position: int


class AnalyzerTokens(TypedDict):
    """The components of an analyzer, and its tokens of a text."""

    char_filter: str
    tokenizer: str
    filters: list[str]
    tokens: list[Token]


class Analysis(TypedDict):
    """The tokens of a text by analyzer."""

    analyzers: dict[str, AnalyzerTokens]


class Problem(TypedDict):
    """An error as a problem document (RFC 9457)."""

    type: Annotated[str, Field(description="The address of a page about the problem: `/problems/` and the code.")]
    title: Annotated[str, Field(description="The kind of the problem, in the language of the answer.")]
    status: Annotated[int, Field(ge=400, le=599, description="The HTTP status.")]
    detail: Annotated[
        str, Field(description="What is wrong, where, and what to do, in the language of the answer; for people.")
    ]
    code: Annotated[str, Field(description="The code of the problem, which does not change between versions.")]
    parameter: NotRequired[
        Annotated[str, Field(description="The parameter that is invalid, as the request writes it.")]
    ]
    allowed: NotRequired[Annotated[str, Field(description="What the parameter accepts; may be empty.")]]


class ProblemType(TypedDict):
    """What a kind of problem means, and what to do about it."""

    type: Annotated[str, Field(description="The address of this description.")]
    code: str
    status: Annotated[int, Field(description="The HTTP status of answers with this code.")]
    title: str
    meaning: Annotated[str, Field(description="What the code means.")]
    remedy: Annotated[str, Field(description="What to do.")]
    retry_after: Annotated[
        int | None, Field(description="After how many seconds another try may succeed; null if none would.")
    ]
    example: Annotated[Problem, Field(description="A problem document with this code.")]


class Liveness(TypedDict):
    """The process answers."""

    status: Literal["ok"]


class Readiness(TypedDict):
    """The default index can be searched, or a part of it (degraded)."""

    status: Literal["ready", "degraded"]
    index: str
    warnings: NotRequired[Annotated[list[str], Field(description="Which parts do not answer, and why.")]]


class Index(TypedDict):
    """The state of an index."""

    name: str
    state: str
    schema: str
    documents: int
    size_bytes: int
    fingerprint: Annotated[str, Field(description="Fingerprint of the configuration that the index was built with.")]
    created: Annotated[str, Field(description="When the build of its current generation started, ISO 8601 in UTC.")]
    problem: Annotated[str, Field(description="The error of the index, or empty.")]


class Indexes(TypedDict):
    """All indexes by name."""

    indexes: list[Index]


class Generation(TypedDict):
    """A generation of an index."""

    name: str
    state: str
    documents: int
    size_bytes: int
    created: str


class CheckResult(TypedDict):
    """The result of one check of an index."""

    check: str
    ok: bool
    detail: str
