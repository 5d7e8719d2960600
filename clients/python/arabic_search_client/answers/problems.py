"""Problem documents."""

from typing import NotRequired, TypedDict


class Problem(TypedDict):
    """An error as a problem document (RFC 9457).

    Attributes:
        type: the address of a page about the problem: `/problems/` and the code.
        title: the kind of the problem, in the language of the answer.
        status: the HTTP status.
        detail: what is wrong, where, and what to do, in the language of the answer; for people.
        code: the code of the problem, which does not change between versions.
        parameter: the parameter that is invalid, as the request writes it.
        allowed: what the parameter accepts; may be empty.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    parameter: NotRequired[str]
    allowed: NotRequired[str]


class ProblemType(TypedDict):
    """What a kind of problem means, and what to do about it.

    Attributes:
        type: the address of this description.
        code: the code.
        status: the HTTP status of answers with this code.
        title: the kind of the problem.
        meaning: what the code means.
        remedy: what to do.
        retry_after: after how many seconds another try may succeed; null if none would.
        example: A problem document with this code.
    """

    type: str
    code: str
    status: int
    title: str
    meaning: str
    remedy: str
    retry_after: int | None
    example: Problem
