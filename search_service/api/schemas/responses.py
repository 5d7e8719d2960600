"""Types of the responses of the HTTP interface, which callers rely on.

Responses are dictionaries, which orjson serializes without conversion; `search_service.api.serializers` makes them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from search_service.api.schemas.definitions import SchemaDefinition
from search_service.core.results import MatchRuleName
from search_service.search.completion.suggestion import SuggestionKind

Mark = Annotated[list[int], Field(min_length=2, max_length=2)]


class Completeness(TypedDict):
    """Whether a response covers the whole index."""

    partial: Annotated[bool, Field(description="Whether a part of the index did not answer.")]
    warnings: Annotated[list[str], Field(description="Which parts did not answer, and why; empty if all did.")]


class Bucket(TypedDict):
    """A value and its document count."""

    value: Annotated[str, Field(description="The value; of a date, the day, month or year.")]
    count: Annotated[int, Field(description="The documents that have it.")]


Correction = TypedDict(
    "Correction",
    {
        "kind": Annotated[str, Field(description="The step of query understanding that corrected it.")],
        "from": Annotated[str, Field(description="The word, as typed.")],
        "to": Annotated[list[str], Field(description="The words that are searched instead.")],
    },
)
Correction.__doc__ = "A corrected part of the query, and its replacements, likeliest first."


class Fragment(TypedDict):
    """A fragment of a value with its matches."""

    html: Annotated[
        str,
        Field(
            description="The fragment as escaped HTML; matches are between `highlight_before` and `highlight_after`, "
            "by default `<mark>`."
        ),
    ]
    text: Annotated[str, Field(description="The fragment as plain text.")]
    marks: Annotated[list[Mark], Field(description="Start and end of each match, in code points of the whole value.")]
    value: Annotated[int, Field(description="The position of the value in a field of several values.")]
    start: Annotated[int, Field(description="Start of the fragment in the value, in code points.")]


class Hit(TypedDict):
    """A matching document."""

    id: Annotated[str, Field(description="The id of the document.")]
    score: Annotated[float, Field(description="How well it matches; comparable within one answer only.")]
    matched_by: Annotated[list[str], Field(description="The ranking tiers that matched.")]
    source: Annotated[
        dict[str, Any],
        Field(
            description="The fields of the document as they were indexed; only those that `source` of the request "
            "names, if it has one."
        ),
    ]
    highlights: Annotated[dict[str, list[Fragment]], Field(description="The best fragments of each field.")]


class MatchRule(TypedDict):
    """The rule that decides which documents match."""

    match_rule: Annotated[MatchRuleName, Field(description="The rule: which of the words a document needs.")]
    minimum_should_match: Annotated[
        str | None,
        Field(
            description="The number of required words in Lucene's notation, if the rule depends on the query length."
        ),
    ]
    relaxed: Annotated[bool, Field(description="Whether a stricter rule had too few hits.")]
    corrections: Annotated[list[Correction], Field(description="What of the query was corrected.")]
    absent_words: Annotated[
        list[str],
        Field(
            description="The words of the query, as typed, that no document contains in this form, corrected or not. "
            "Documents may have other forms of them."
        ),
    ]
    unmatched_words: Annotated[
        list[str],
        Field(
            description="Those of the absent words that were not corrected and that no document matches in any other "
            "form, either. The hits are those of the other words."
        ),
    ]


class HitGroup(TypedDict):
    """The hits that share a value of the field that they are grouped by."""

    value: Annotated[
        str | None, Field(description="The value, as the best hit writes it; null for a document without one.")
    ]
    total: Annotated[int, Field(description="The matching documents that have it.")]
    hits: Annotated[list[Hit], Field(description="The best of them, the best one first.")]


class SearchResult(MatchRule, Completeness):
    """The result of a search; `warnings` also contains what of the query was ignored."""

    total: Annotated[int, Field(description="The matching documents.")]
    hits: Annotated[list[Hit], Field(description="One page of them, in the order asked for.")]
    facets: Annotated[dict[str, list[Bucket]], Field(description="The values of each field that was asked for.")]
    facet_error_bounds: Annotated[
        dict[str, int], Field(description="By how much each count of a facet may be too low; facets without are exact.")
    ]
    histogram: NotRequired[Annotated[list[Bucket], Field(description="The matching documents by day, month or year.")]]
    took_ms: Annotated[float, Field(description="Milliseconds that the search took.")]
    groups: NotRequired[
        Annotated[list[HitGroup], Field(description="With `group_by`: a page of groups. `hits` is empty then.")]
    ]
    total_groups: NotRequired[
        Annotated[
            int,
            Field(description="With `group_by`: all groups; an estimate if there are more than some 40,000."),
        ]
    ]
    next_cursor: NotRequired[
        Annotated[
            str | None,
            Field(
                description="If the request has a `cursor`: that of the next page, null after the last one. It belongs "
                "to this query, its filters, order and index."
            ),
        ]
    ]


class SearchOutcome(TypedDict):
    """What has become of one of several searches."""

    index: Annotated[str | None, Field(description="The index, as the search names it.")]
    status: Annotated[int, Field(description="The HTTP status that a request of its own would have.")]
    result: NotRequired[Annotated[SearchResult, Field(description="Its result; absent if there is a problem.")]]
    problem: NotRequired[Annotated[Problem, Field(description="Why it has no result.")]]


class MultiSearchResult(TypedDict):
    """The outcomes of several searches."""

    outcomes: Annotated[list[SearchOutcome], Field(description="One for each search, in their order.")]


class FacetValues(Completeness):
    """The values of one facet, in the order that `sort` asks for."""

    field: Annotated[str, Field(description="The field.")]
    values: Annotated[list[Bucket], Field(description="Its values.")]
    error_bound: Annotated[int, Field(description="By how much each count may be too low; 0 if all are exact.")]


class Suggestion(TypedDict):
    """Something that completes an input."""

    kind: Annotated[
        SuggestionKind,
        Field(
            description="word, phrase: text to search for; title: that of the document `id`, which is not a facet; "
            "value: one of the facet `field`, to filter by."
        ),
    ]
    text: Annotated[str, Field(description="The completion, as documents write it.")]
    marks: Annotated[
        list[list[int]], Field(description="Start and end of each part of the text that was typed, in code points.")
    ]
    count: Annotated[
        int | None,
        Field(
            description="The documents that a search for the word or phrase finds under the filters of the request, or "
            "that have the value; null for a title."
        ),
    ]
    field: Annotated[str, Field(description="The field that contains it.")]
    id: Annotated[str, Field(description="The id of a document that contains it.")]


class Suggestions(Completeness):
    """What completes an input: words and phrases, then titles, then values; the most frequent first, titles by date."""

    suggestions: Annotated[list[Suggestion], Field(description="The suggestions.")]


class SimilarDocuments(Completeness):
    """The documents most similar to one."""

    hits: Annotated[list[Hit], Field(description="The documents, the most similar first.")]


class Contribution(TypedDict):
    """The part of a score that comes from one or several query words."""

    words: Annotated[str, Field(description="The words of the query, as typed.")]
    score: Annotated[float, Field(description="What they add to the score.")]


class Reason(TypedDict):
    """The part of a score that comes from one tier in one field; null for all searched fields together."""

    tier: Annotated[str, Field(description="The ranking tier.")]
    field: Annotated[str | None, Field(description="The field.")]
    meaning: Annotated[str, Field(description="What the tier scores, in words.")]
    score: Annotated[float, Field(description="What it adds to the score.")]
    contributions: Annotated[list[Contribution], Field(description="The same by words of the query.")]


class ScorePart(TypedDict):
    """The part of a score that comes from one index term."""

    tier: Annotated[str, Field(description="The ranking tier.")]
    field: Annotated[str | None, Field(description="The field.")]
    term: Annotated[str, Field(description="The index term.")]
    score: Annotated[float, Field(description="What it adds to the score.")]


class Explanation(MatchRule):
    """The score of one document, by tier and word, and by term."""

    id: Annotated[str, Field(description="The id of the document.")]
    matches: Annotated[bool, Field(description="Whether the document matches.")]
    score: Annotated[float, Field(description="Its score.")]
    reasons: Annotated[list[Reason], Field(description="What adds to the score, by tier and field.")]
    parts: Annotated[list[ScorePart], Field(description="What adds to the score, by index term.")]
    warnings: Annotated[
        list[str], Field(description="What of the query was ignored, in Arabic or English by `Accept-Language`.")
    ]


class Document(TypedDict):
    """A document as it was indexed."""

    id: Annotated[str, Field(description="Its id.")]
    source: Annotated[dict[str, Any], Field(description="Its fields.")]


class WrittenDocument(TypedDict):
    """A document that was added or replaced."""

    id: Annotated[str, Field(description="Its id.")]
    result: Annotated[Literal["created", "replaced"], Field(description="Whether there was one of this id.")]
    visible: Annotated[bool, Field(description="Whether searches find it for certain; they do within a second.")]
    warnings: Annotated[list[str], Field(description="What is doubtful in it.")]


class LineResult(TypedDict):
    """What has become of a line of a bulk request; what is not a problem is durable."""

    line: Annotated[int, Field(description="The number of the line, from 1.")]
    id: Annotated[str | None, Field(description="The id of the document, if the line has one that can be read.")]
    status: Annotated[int, Field(description="The HTTP status that a request of its own would have.")]
    result: NotRequired[
        Annotated[Literal["created", "replaced", "deleted"], Field(description="Absent if there is a problem.")]
    ]
    problem: NotRequired[Annotated[Problem, Field(description="Why nothing was changed.")]]


class Removal(TypedDict):
    """The removal of the documents that filters select."""

    total: Annotated[int, Field(description="The documents that the filters select.")]
    sample: Annotated[list[str], Field(description="The ids of some of them.")]
    dry_run: Annotated[bool, Field(description="As it was asked for.")]
    deleted: Annotated[int, Field(description="The documents that were removed; none in a dry run.")]
    changed: Annotated[int, Field(description="Documents that were changed meanwhile, and were left alone.")]
    complete: Annotated[bool, Field(description="Whether the time was sufficient for all; if not, repeat the request.")]
    visible: Annotated[bool, Field(description="Whether searches find none of them for certain.")]


class Highlights(TypedDict):
    """The fragments of a text."""

    fragments: Annotated[list[Fragment], Field(description="The fragments, in their order in the text.")]


class Token(TypedDict):
    """A token with its offsets in the text, in code points, and its position."""

    text: Annotated[str, Field(description="The token, as the index has it.")]
    start: Annotated[int, Field(description="Where it starts.")]
    end: Annotated[int, Field(description="Where it ends.")]
    position: Annotated[int, Field(description="Its number in the text, from 0.")]


class AnalyzerTokens(TypedDict):
    """The components of an analyzer, and its tokens of a text."""

    char_filter: Annotated[str, Field(description="What changes characters before the text is cut.")]
    tokenizer: Annotated[str, Field(description="What cuts the text.")]
    filters: Annotated[list[str], Field(description="What changes tokens, in this order.")]
    tokens: Annotated[list[Token], Field(description="The tokens.")]


class Analysis(TypedDict):
    """The tokens of a text by analyzer."""

    analyzers: Annotated[dict[str, AnalyzerTokens], Field(description="The tokens of each analyzer by its name.")]


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
    code: Annotated[str, Field(description="The code.")]
    status: Annotated[int, Field(description="The HTTP status of answers with this code.")]
    title: Annotated[str, Field(description="The kind of the problem.")]
    meaning: Annotated[str, Field(description="What the code means.")]
    remedy: Annotated[str, Field(description="What to do.")]
    retry_after: Annotated[
        int | None, Field(description="After how many seconds another try may succeed; null if none would.")
    ]
    example: Annotated[Problem, Field(description="A problem document with this code.")]


class Liveness(TypedDict):
    """The process answers."""

    status: Annotated[Literal["ok"], Field(description="Always `ok`.")]


class Readiness(TypedDict):
    """The default index can be searched, or a part of it (degraded)."""

    status: Annotated[
        Literal["ready", "degraded"], Field(description="`degraded` if a part of the index does not answer.")
    ]
    index: Annotated[str, Field(description="The default index.")]
    warnings: NotRequired[Annotated[list[str], Field(description="Which parts do not answer, and why.")]]


class Index(TypedDict):
    """The state of an index."""

    name: Annotated[str, Field(description="Its name.")]
    state: Annotated[
        str,
        Field(description="`current`, `stale` (must be rebuilt), `partial`, `damaged`, `foreign` or `unavailable`."),
    ]
    schema: Annotated[str, Field(description="The name of its schema.")]
    documents: Annotated[int, Field(description="How many documents it has.")]
    size_bytes: Annotated[int, Field(description="Its size on disk, in bytes.")]
    fingerprint: Annotated[str, Field(description="Fingerprint of the configuration that the index was built with.")]
    created: Annotated[str, Field(description="When the build of its current generation started, ISO 8601 in UTC.")]
    problem: Annotated[str, Field(description="The error of the index, or empty.")]
    waiting: Annotated[int, Field(description="Acknowledged changes of documents that searches do not find yet.")]
    failed: Annotated[
        int,
        Field(description="Acknowledged changes that could not be applied. `doctor` names the documents and reasons."),
    ]


class FieldStatistics(TypedDict):
    """What the documents have in one field."""

    documents: Annotated[
        int | None,
        Field(
            description="How many documents have it; of a text, those with a word in it. Null if the field is not "
            "indexed (`url`, `stored`, text that is not searched), or the index cannot be searched."
        ),
    ]
    values: NotRequired[Annotated[list[Bucket], Field(description="The most frequent values of a facet.")]]
    error_bound: NotRequired[
        Annotated[int, Field(description="By how much each count may be too low; 0 if all are exact.")]
    ]


class IndexDescription(Index, Completeness):
    """An index, with its schema and what its documents have in each field."""

    generation: Annotated[str, Field(description="The name of its current generation: each rebuild makes one.")]
    definition: Annotated[
        SchemaDefinition | None, Field(description="Its schema, as it was created with; null if it cannot be read.")
    ]
    fields: Annotated[dict[str, FieldStatistics], Field(description="The fields of the schema by name.")]


class Indexes(TypedDict):
    """All indexes by name."""

    indexes: Annotated[list[Index], Field(description="The indexes.")]


class RejectReason(TypedDict):
    """Why documents were rejected."""

    count: Annotated[int, Field(description="How many of them.")]
    reason: Annotated[str, Field(description="The reason of the first of them.")]


class Job(TypedDict):
    """Work on an index that outlives the request that asked for it."""

    id: Annotated[str, Field(description="Its id.")]
    index: Annotated[str, Field(description="The index.")]
    kind: Annotated[str, Field(description="`reindex` or `doctor`.")]
    state: Annotated[
        Literal["queued", "running", "done", "failed", "cancelled"],
        Field(description="How far it is. After `failed` and `cancelled` the index is as it was before."),
    ]
    dry_run: Annotated[bool, Field(description="As it was asked for.")]
    cancelling: Annotated[bool, Field(description="Whether it has been asked to end and has not yet.")]
    created: Annotated[str, Field(description="When it was asked for, ISO 8601 in UTC.")]
    started: Annotated[str | None, Field(description="When its process began to work.")]
    finished: Annotated[str | None, Field(description="When it ended; null also if its process was killed.")]
    documents: Annotated[int, Field(description="How many documents are done, the rejected ones included.")]
    total: Annotated[int | None, Field(description="How many there are; null if that is not known.")]
    documents_per_second: Annotated[float, Field(description="Its speed so far.")]
    rejected: Annotated[int, Field(description="How many documents did not fit the schema and are left out.")]
    reject_reasons: Annotated[list[RejectReason], Field(description="The first different reasons for that.")]
    checks: Annotated[list[CheckResult], Field(description="The results of a `doctor`.")]
    problem: NotRequired[Annotated[Problem, Field(description="Why it failed.")]]


class Jobs(TypedDict):
    """The jobs of an index."""

    jobs: Annotated[list[Job], Field(description="The jobs, the newest first.")]


class Generation(TypedDict):
    """A generation of an index."""

    name: Annotated[str, Field(description="Its name.")]
    state: Annotated[
        str,
        Field(description="`current` (searched), `kept` (for a rollback) or `unfinished` (being built, or abandoned)."),
    ]
    documents: Annotated[int, Field(description="How many documents it has.")]
    size_bytes: Annotated[int, Field(description="Its size on disk, in bytes.")]
    created: Annotated[str, Field(description="When its build started, ISO 8601 in UTC.")]


class CheckResult(TypedDict):
    """The result of one check of an index."""

    check: Annotated[str, Field(description="The name of the check.")]
    ok: Annotated[bool, Field(description="Whether it passed.")]
    detail: Annotated[str, Field(description="What was measured, and what to do if it failed.")]
