"""Documents, and what has become of their changes."""

from typing import Any, Literal, NotRequired, TypedDict

from arabic_search_client.answers.problems import Problem


class Document(TypedDict):
    """A document as it was indexed.

    Attributes:
        id: its id.
        source: its fields.
        etag: its entity tag, for `if_match`; from the head of the answer.
    """

    id: str
    source: dict[str, Any]
    etag: str


class WrittenDocument(TypedDict):
    """A document that was added or replaced.

    Attributes:
        id: its id.
        result: whether there was one of this id.
        visible: whether searches find it for certain; they do within a second.
        warnings: what is doubtful in it.
        etag: its entity tag, for `if_match`; from the head of the answer.
    """

    id: str
    result: Literal["created", "replaced"]
    visible: bool
    warnings: list[str]
    etag: str


class LineResult(TypedDict):
    """What has become of a line of a bulk request; what is not a problem is durable.

    Attributes:
        line: the number of the change among all that were given, from 1.
        id: the id of the document, if the line has one that can be read.
        status: the HTTP status that a request of its own would have.
        result: absent if there is a problem.
        problem: why nothing was changed.
    """

    line: int
    id: str | None
    status: int
    result: NotRequired[Literal["created", "replaced", "deleted"]]
    problem: NotRequired[Problem]


class Removal(TypedDict):
    """The removal of the documents that filters select.

    Attributes:
        total: the documents that the filters select.
        sample: the ids of some of them.
        dry_run: as it was asked for.
        deleted: the documents that were removed; none in a dry run.
        changed: documents that were changed meanwhile, and were left alone.
        complete: whether the time was sufficient for all; if not, repeat the request.
        visible: whether searches find none of them for certain.
    """

    total: int
    sample: list[str]
    dry_run: bool
    deleted: int
    changed: int
    complete: bool
    visible: bool
