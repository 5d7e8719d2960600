"""Indexes and the state of the service."""

from typing import Literal, NotRequired, TypedDict

from arabic_search_client.answers.searching import Bucket
from arabic_search_client.schemas import SchemaDefinition


class Index(TypedDict):
    """The state of an index.

    Attributes:
        name: its name.
        state: `current`, `stale` (must be rebuilt), `partial`, `damaged`, `foreign` or `unavailable`.
        schema: the name of its schema.
        documents: how many documents it has.
        size_bytes: its size on disk, in bytes.
        fingerprint: fingerprint of the configuration that the index was built with.
        created: when the build of its current generation started, ISO 8601 in UTC.
        problem: the error of the index, or empty.
        waiting: acknowledged changes of documents that searches do not find yet.
        failed: acknowledged changes that could not be applied. A `doctor` names the documents and reasons.
    """

    name: str
    state: str
    schema: str
    documents: int
    size_bytes: int
    fingerprint: str
    created: str
    problem: str
    waiting: int
    failed: int


class FieldStatistics(TypedDict):
    """What the documents have in one field.

    Attributes:
        documents: how many documents have it; of a text, those with a word in it. Null if the field is not
            indexed (`url`, `stored`, text that is not searched), or the index cannot be searched.
        values: the most frequent values of a facet.
        error_bound: by how much each count may be too low; 0 if all are exact.
    """

    documents: int | None
    values: NotRequired[list[Bucket]]
    error_bound: NotRequired[int]


class IndexDescription(Index):
    """An index, with its schema and what its documents have in each field.

    Attributes:
        partial: whether a part of the index did not answer.
        warnings: which parts did not answer, and why; empty if all did.
        generation: the name of its current generation: each rebuild makes one.
        definition: its schema, as it was created with; null if it cannot be read.
        fields: the fields of the schema by name.
    """

    partial: bool
    warnings: list[str]
    generation: str
    definition: SchemaDefinition | None
    fields: dict[str, FieldStatistics]


class Indexes(TypedDict):
    """All indexes by name.

    Attributes:
        indexes: the indexes.
    """

    indexes: list[Index]


class Liveness(TypedDict):
    """The process answers.

    Attributes:
        status: always `ok`.
    """

    status: Literal["ok"]


class Readiness(TypedDict):
    """The default index can be searched, or a part of it (degraded).

    Attributes:
        status: `degraded` if a part of the index does not answer.
        index: the default index.
        warnings: which parts do not answer, and why.
    """

    status: Literal["ready", "degraded"]
    index: str
    warnings: NotRequired[list[str]]
