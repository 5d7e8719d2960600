"""Results of searches and of what belongs to them."""

from typing import Any, Literal, NotRequired, TypedDict

from arabic_search_client.answers.problems import Problem


class Bucket(TypedDict):
    """A value and its document count.

    Attributes:
        value: the value; of a date, the day, month or year.
        count: the documents that have it.
    """

    value: str
    count: int


Correction = TypedDict("Correction", {"kind": str, "from": str, "to": list[str]})
"""A corrected part of the query, and its replacements, likeliest first.

Attributes:
    kind: the step of query understanding that corrected it.
    from: the word, as typed.
    to: the words that are searched instead.
"""


class Fragment(TypedDict):
    """A fragment of a value with its matches.

    Attributes:
        html: the fragment as escaped HTML; matches are between `highlight_before` and `highlight_after`, by default
            `<mark>`.
        text: the fragment as plain text.
        marks: start and end of each match, in code points of the whole value.
        value: the position of the value in a field of several values.
        start: start of the fragment in the value, in code points.
    """

    html: str
    text: str
    marks: list[list[int]]
    value: int
    start: int


class Hit(TypedDict):
    """A matching document.

    Attributes:
        id: the id of the document.
        score: how well it matches; comparable within one answer only.
        matched_by: the ranking tiers that matched.
        source: the fields of the document as they were indexed; only those that `source` of the request names, if it
            has one.
        highlights: the best fragments of each field.
    """

    id: str
    score: float
    matched_by: list[str]
    source: dict[str, Any]
    highlights: dict[str, list[Fragment]]


class HitGroup(TypedDict):
    """The hits that share a value of the field that they are grouped by.

    Attributes:
        value: the value, as the best hit writes it; null for a document without one.
        total: the matching documents that have it.
        hits: the best of them, the best one first.
    """

    value: str | None
    total: int
    hits: list[Hit]


class ReadQuery(TypedDict):
    """How a query was read.

    Attributes:
        match_rule: the rule: which of the words a document needs.
        minimum_should_match: the number of required words in Lucene's notation, if the rule depends on the
            query length.
        relaxed: whether a stricter rule had too few hits.
        corrections: what of the query was corrected.
        absent_words: the words of the query, as typed, that no document contains in this form, corrected or
            not. Documents may have other forms of them.
        unmatched_words: those of the absent words that were not corrected and that no document matches in any other
            form, either. The hits are those of the other words.
    """

    match_rule: Literal["everything", "nothing", "phrase", "all", "most", "any"]
    minimum_should_match: str | None
    relaxed: bool
    corrections: list[Correction]
    absent_words: list[str]
    unmatched_words: list[str]


class SearchResult(ReadQuery):
    """The result of a search; `warnings` also contains what of the query was ignored.

    Attributes:
        partial: whether a part of the index did not answer.
        warnings: which parts did not answer, and why; empty if all did.
        total: the matching documents.
        hits: one page of them, in the order asked for.
        facets: the values of each field that was asked for.
        facet_error_bounds: by how much each count of a facet may be too low; facets without are exact.
        histogram: the matching documents by day, month or year.
        took_ms: milliseconds that the search took.
        groups: with `group_by`: a page of groups. `hits` is empty then.
        total_groups: with `group_by`: all groups; an estimate if there are more than some 40,000.
        next_cursor: if the request has a `cursor`: that of the next page, null after the last one. It belongs
            to this query, its filters, order and index.
        etag: the entity tag of the result, for `search_if_changed`; from the head of the answer. Absent if the
            request was too long for an address.
    """

    partial: bool
    warnings: list[str]
    total: int
    hits: list[Hit]
    facets: dict[str, list[Bucket]]
    facet_error_bounds: dict[str, int]
    histogram: NotRequired[list[Bucket]]
    took_ms: float
    groups: NotRequired[list[HitGroup]]
    total_groups: NotRequired[int]
    next_cursor: NotRequired[str | None]
    etag: NotRequired[str]


class SearchOutcome(TypedDict):
    """What has become of one of several searches.

    Attributes:
        index: the index, as the search names it.
        status: the HTTP status that a request of its own would have.
        result: its result; absent if there is a problem.
        problem: why it has no result.
    """

    index: str | None
    status: int
    result: NotRequired[SearchResult]
    problem: NotRequired[Problem]


class MultiSearchResult(TypedDict):
    """The outcomes of several searches.

    Attributes:
        outcomes: one for each search, in their order.
    """

    outcomes: list[SearchOutcome]


class FacetValues(TypedDict):
    """The values of one facet, in the order that `sort` asks for.

    Attributes:
        partial: whether a part of the index did not answer.
        warnings: which parts did not answer, and why; empty if all did.
        field: the field.
        values: its values.
        error_bound: by how much each count may be too low; 0 if all are exact.
    """

    partial: bool
    warnings: list[str]
    field: str
    values: list[Bucket]
    error_bound: int


class Suggestion(TypedDict):
    """Something that completes an input.

    Attributes:
        kind: `word`, `phrase`: text to search for; `title`: that of the document `id`, which is not a facet;
            `value`: one of the facet `field`, to filter by.
        text: the completion, as documents write it.
        marks: start and end of each part of the text that was typed, in code points.
        count: the documents that a search for the word or phrase finds under the filters of the request, or that
            have the value; None for a title.
        field: the field that contains it.
        id: the id of a document that contains it.
    """

    kind: Literal["word", "phrase", "title", "value"]
    text: str
    marks: list[list[int]]
    count: int | None
    field: str
    id: str


class Suggestions(TypedDict):
    """What completes an input: words and phrases, then titles, then values; the most frequent first, titles by date.

    Attributes:
        partial: whether a part of the index did not answer.
        warnings: which parts did not answer, and why; empty if all did.
        suggestions: the suggestions.
    """

    partial: bool
    warnings: list[str]
    suggestions: list[Suggestion]


class SimilarDocuments(TypedDict):
    """The documents most similar to one.

    Attributes:
        partial: whether a part of the index did not answer.
        warnings: which parts did not answer, and why; empty if all did.
        hits: the documents, the most similar first.
    """

    partial: bool
    warnings: list[str]
    hits: list[Hit]


class Highlights(TypedDict):
    """The fragments of a text.

    Attributes:
        fragments: the fragments, in their order in the text.
    """

    fragments: list[Fragment]
