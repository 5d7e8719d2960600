"""The errors of the client: a class for each kind of problem that a caller may want to handle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arabic_search_client.answers.jobs import Job
from arabic_search_client.answers.problems import Problem


class ArabicSearchError(Exception):
    """Base class of all errors of the client."""


class ConnectionFailed(ArabicSearchError):
    """No answer arrived, or only a part of one. Whether the service did what was asked for is not known."""


class AnswerTimeout(ConnectionFailed):
    """The answer took longer than the `timeout` of the client."""


class UnexpectedAnswer(ArabicSearchError):
    """The answer is not one of the service, but perhaps of a proxy or of another server at this address."""


class JobFailed(ArabicSearchError):
    """A job failed or was cancelled. The index is as it was before.

    Attributes:
        job: the job, with its `problem` if it failed.
    """

    def __init__(self, job: Job) -> None:
        detail = job["problem"]["detail"] if "problem" in job else job["state"]
        super().__init__(f"job {job['id']} of index {job['index']}: {detail}")
        self.job = job


class ProblemError(ArabicSearchError):
    """The service refused a request, or failed; the subclass is the kind of problem.

    Attributes:
        status: the HTTP status.
        code: the code, which does not change between versions; empty if the answer came from something else, such as
            a proxy.
        title: the kind of the problem, in the language of the client.
        detail: what is wrong, where, and what to do, in the language of the client; for people.
        type: the path of a page about the problem.
        parameter: the parameter that is invalid; empty if it is not about one.
        allowed: what the parameter accepts.
        problem: all members of the problem document.
        request_id: the id of the request, which is also in the log of the service.
        retry_after: seconds after which another try may succeed; None if the service does not say.
    """

    def __init__(self, problem: Mapping[str, Any], request_id: str = "", retry_after: float | None = None) -> None:
        self.status = int(problem.get("status", 0))
        self.code = str(problem.get("code", ""))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.type = str(problem.get("type", ""))
        self.parameter = str(problem.get("parameter", ""))
        self.allowed = str(problem.get("allowed", ""))
        self.problem = problem
        self.request_id = request_id
        self.retry_after = retry_after
        super().__init__(f"{self.status} {self.code or self.title}: {self.detail}")


class InvalidRequest(ProblemError):
    """A parameter, a document or the request itself is invalid."""


class BodyTooLarge(InvalidRequest):
    """A body or document is larger than the service reads."""


class Unauthenticated(ProblemError):
    """The operation needs a key, or the key is not valid (any longer)."""


class Forbidden(ProblemError):
    """The key does not allow this operation, or not with this index."""


class NotFound(ProblemError):
    """There is no such thing."""


class UnknownIndex(NotFound):
    """No index has this name."""


class UnknownDocument(NotFound):
    """The index has no document with this id."""


class UnknownJob(NotFound):
    """The index has no job with this id, or no longer."""


class Conflict(ProblemError):
    """The state of the index does not allow this."""


class IndexExists(Conflict):
    """The index exists, with another schema."""


class IndexBusy(Conflict):
    """Another process writes to the index or rebuilds it."""


class JobRunning(Conflict):
    """Another job works at the index."""


class PreconditionFailed(ProblemError):
    """The document is not as `if_match` or `if_none_match` says; nothing was changed."""


class RateLimited(ProblemError):
    """More requests than are allowed; `retry_after` says when the next one is."""


class ServerError(ProblemError):
    """The service cannot do what was asked for."""


class Unavailable(ServerError):
    """The service, its engine or its disk is not available."""


class Overloaded(Unavailable):
    """Too many requests or changes at the same time; nothing was done."""


class StaleIndex(Unavailable):
    """The index was built with another configuration and must be rebuilt."""


class DamagedIndex(Unavailable):
    """A file of the index is missing or differs from what was written."""


class ServiceTimeout(ServerError):
    """The work of the request took longer than it may (`timeout_ms`).

    `retry_after` says when another try may succeed. The client leaves it to the caller: the same work takes the same
    time unless the service was busy.
    """


BY_CODE: Mapping[str, type[ProblemError]] = {
    "unknown-index": UnknownIndex,
    "unknown-document": UnknownDocument,
    "unknown-job": UnknownJob,
    "index-has-other-schema": IndexExists,
    "writer-busy": IndexBusy,
    "job-running": JobRunning,
    "overloaded": Overloaded,
    "engine-overloaded": Overloaded,
    "changes-busy": Overloaded,
    "changes-waiting": Overloaded,
    "document-contended": Overloaded,
    "other-configuration": StaleIndex,
    "other-schema": StaleIndex,
    "unreadable-schema": StaleIndex,
    "index-damaged": DamagedIndex,
}
"""The classes of codes that say more than their status."""

BY_STATUS: Mapping[int, type[ProblemError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: PreconditionFailed,
    413: BodyTooLarge,
    429: RateLimited,
    503: Unavailable,
    504: ServiceTimeout,
}
"""The classes of statuses; others are `InvalidRequest` or `ServerError`."""


def error_of(
    problem: Problem | Mapping[str, Any], request_id: str = "", retry_after: float | None = None
) -> ProblemError:
    """Return the error of a problem document: of an answer, or of a line, a search or a job that has a problem.

    >>> error_of({"status": 404, "code": "unknown-index", "detail": "There is no index 'news'"})
    UnknownIndex("404 unknown-index: There is no index 'news'")
    """
    status = int(problem.get("status", 500))
    kind = BY_CODE.get(problem.get("code", "")) or BY_STATUS.get(status)
    if kind is None:
        kind = InvalidRequest if 400 <= status < 500 else ServerError
    return kind(problem, request_id, retry_after)
