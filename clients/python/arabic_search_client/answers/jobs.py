"""Jobs."""

from typing import Literal, NotRequired, TypedDict

from arabic_search_client.answers.problems import Problem


class RejectReason(TypedDict):
    """Why documents were rejected.

    Attributes:
        count: how many of them.
        reason: the reason of the first of them.
    """

    count: int
    reason: str


class CheckResult(TypedDict):
    """The result of one check of an index.

    Attributes:
        check: the name of the check.
        ok: whether it passed.
        detail: what was measured, and what to do if it failed.
    """

    check: str
    ok: bool
    detail: str


class Job(TypedDict):
    """Work on an index that outlives the request that asked for it.

    Attributes:
        id: its id.
        index: the index.
        kind: `reindex` or `doctor`.
        state: how far it is. After `failed` and `cancelled` the index is as it was before.
        dry_run: as it was asked for.
        cancelling: whether it has been asked to end and has not yet.
        created: when it was asked for, ISO 8601 in UTC.
        started: when its process began to work.
        finished: when it ended; null also if its process was killed.
        documents: how many documents are done, the rejected ones included.
        total: how many there are; null if that is not known.
        documents_per_second: its speed so far.
        rejected: how many documents did not fit the schema and are left out.
        reject_reasons: the first different reasons for that.
        checks: the results of a `doctor`.
        problem: why it failed.
    """

    id: str
    index: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    dry_run: bool
    cancelling: bool
    created: str
    started: str | None
    finished: str | None
    documents: int
    total: int | None
    documents_per_second: float
    rejected: int
    reject_reasons: list[RejectReason]
    checks: list[CheckResult]
    problem: NotRequired[Problem]


class Jobs(TypedDict):
    """The jobs of an index.

    Attributes:
        jobs: the jobs, the newest first.
    """

    jobs: list[Job]
