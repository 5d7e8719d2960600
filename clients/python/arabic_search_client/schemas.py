"""Schemas of indexes, as requests and answers have them."""

from typing import Literal, NotRequired, TypedDict


class FieldDefinition(TypedDict):
    """A field of a schema.

    Attributes:
        kind: what its values are.
        source: the key of its values in documents, where that is another name.
        description: one line.
        weight: how much a match counts; for text 1, for other kinds 0: not searched.
        multi: whether a document may have several values.
        required: whether a document without it is rejected.
        facet: whether its values can be counted and filtered by.
        sort: whether results can be sorted by it.
        suggest: whether its values complete what is typed.
        verbatim: whether values that differ in spelling only are different values.
        earliest: of a date: the first year that is not doubtful.
        aliases: further names of the field in queries, single words.
    """

    kind: Literal["text", "keyword", "date", "integer", "float", "boolean", "url", "stored"]
    source: NotRequired[str]
    description: NotRequired[str]
    weight: NotRequired[float]
    multi: NotRequired[bool]
    required: NotRequired[bool]
    facet: NotRequired[bool]
    sort: NotRequired[bool]
    suggest: NotRequired[bool]
    verbatim: NotRequired[bool]
    earliest: NotRequired[int]
    aliases: NotRequired[list[str]]


class SchemaDefinition(TypedDict):
    """The schema of an index: what a schema file has, as JSON.

    Attributes:
        name: its name.
        fields: the fields by name; one of them is searched.
        description: one line.
        default_sort: the order without a query: a sortable field, `-` before it for descending.
        date: the field that `date_from` and `date_to` filter.
        freshness: the score that a recent document gains by that date.
        lead: how much the first words of a text count.
        id_from: the key of the id of documents without `id`; `content` for a hash of each document.
        understanding: the steps in which queries are understood; all of them without it.
    """

    name: str
    fields: dict[str, FieldDefinition]
    description: NotRequired[str]
    default_sort: NotRequired[str]
    date: NotRequired[str]
    freshness: NotRequired[float]
    lead: NotRequired[float]
    id_from: NotRequired[str]
    understanding: NotRequired[list[Literal["names", "expansions", "compounds", "spelling"]] | None]
