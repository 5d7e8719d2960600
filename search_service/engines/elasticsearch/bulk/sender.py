"""Sends bulk requests and retries operations until each has a final outcome.

A retry must not undo a newer write. A request that was lost or timed out may still be executed minutes later, after its
retry and after newer writes of the same ids. So each operation has its time of creation as external version, and
Elasticsearch rejects one that is older than the stored version. If the stored version is a write of another process,
perhaps on a machine whose clock is ahead, our operation counts as the later one: it gets a later version and is sent
again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import orjson
from elasticsearch import Elasticsearch

from search_service.core.errors import IndexReadOnly, SearchServiceError
from search_service.core.message import Message, message
from search_service.engines.elasticsearch.bulk.outcomes import (
    Item,
    OperationOutcome,
    error_of,
    newer_version,
    outcome_of,
    reason_of,
)
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.retry import (
    RETRY_SECONDS,
    UNAUTHORIZED,
    Backoff,
    RetryLog,
    is_transient,
    retry,
)
from search_service.engines.writing import RejectedDocument

T = TypeVar("T")

REQUEST_SECONDS = 60.0
"""Timeout of a bulk request: a busy node queues it, whereas a search should fail early."""

SHARD_SHARE = 0.8
"""Share of that time that Elasticsearch waits for a missing shard, so that its response about the others arrives."""

TOO_LARGE = 413

NOT_EXECUTED = frozenset({UNAUTHORIZED, 429})
"""Statuses of requests of which nothing was carried out; after other errors that may have happened."""

BLOCKED_ATTEMPTS = 4
"""Attempts rejected by a write block before the sender checks whether its owner is alive: some two seconds."""

FILTER_PATH = "items.*.status,items.*.result,items.*.error"
"""The parts of a response that are read."""


class VersionClock:
    """Issues versions: microseconds since 1970, strictly increasing. Thread-safe."""

    def __init__(self) -> None:
        self._last = 0
        self._mutex = threading.Lock()

    def next(self, after: int = 0) -> int:
        """Return the next version, greater than `after`."""
        with self._mutex:
            self._last = max(time.time_ns() // 1_000, self._last + 1, after + 1)
            return self._last


@dataclass(slots=True)
class Operation:
    """One index operation, or a delete if it has no body.

    Attributes:
        origin: identifies the document to the caller.
        uncertain_delivery: whether it was in a request whose outcome is unknown.
    """

    id: str
    body: bytes | None
    version: int
    origin: object = None
    uncertain_delivery: bool = False

    def lines(self) -> bytes:
        """Return its lines of a bulk request."""
        action = "delete" if self.body is None else "index"
        header = {action: {"_id": self.id, "version": self.version, "version_type": "external_gte"}}
        head = orjson.dumps(header, option=orjson.OPT_APPEND_NEWLINE)
        return head if self.body is None else b"%b%b\n" % (head, self.body)


@dataclass(frozen=True, slots=True)
class Target:
    """Where operations go.

    Attributes:
        name: the name in Elasticsearch.
        index: the name in messages.
        alias: whether the name must be an alias; then a write does not recreate a deleted index.
    """

    name: str
    index: str
    alias: bool = True


class BulkCounters:
    """Counts the outcomes of operations. Thread-safe.

    Attributes:
        created: new documents.
        deleted: deleted documents.
        uncertain: operations without effect of which an earlier, lost attempt may have had one.
        rejections: rejected documents.
    """

    def __init__(self) -> None:
        self.created = self.deleted = self.uncertain = self.rejections = 0
        self._rejected: list[RejectedDocument] = []
        self._mutex = threading.Lock()

    def count(self, operation: Operation, item: Item, outcome: OperationOutcome) -> None:
        """Count an operation that is not sent again."""
        if outcome is OperationOutcome.REJECTED:
            self.reject(operation, message("refused-by-engine", reason=reason_of(item)))
            return
        result = item.get("result")
        with self._mutex:
            if result == "created":
                self.created += 1
            elif result == "deleted":
                self.deleted += 1
            elif operation.uncertain_delivery:
                self.uncertain += 1

    def reject(self, operation: Operation, reason: Message) -> None:
        """Record a rejected document."""
        with self._mutex:
            self.rejections += 1
            self._rejected.append(RejectedDocument(operation.id, reason, operation.origin))

    def drain(self) -> list[RejectedDocument]:
        """Return the documents rejected since the last call."""
        with self._mutex:
            rejected, self._rejected = self._rejected, []
            return rejected


class Sender:
    """Sends operations to one index. Thread-safe.

    Args:
        stop: when set, nothing more is sent, and a wait for the next attempt ends.
        retry_seconds: seconds without progress after which an error is raised.
        write_tombstones: called with the ids of deletes before each attempt to send them.
        blocked: called when a write block persists.
        counters: counts the outcomes.
        wait: whether a request returns when searches find its changes.
    """

    def __init__(
        self,
        client: Elasticsearch,
        target: Target,
        stop: threading.Event,
        *,
        retry_seconds: float = RETRY_SECONDS,
        write_tombstones: Callable[[Sequence[str]], None] | None = None,
        blocked: Callable[[], object] | None = None,
        counters: BulkCounters | None = None,
        wait: bool = False,
    ) -> None:
        self.versions = VersionClock()
        self.counters = counters or BulkCounters()
        self._refresh: Literal["wait_for"] | None = "wait_for" if wait else None
        # The sender retries, not the client, because only the sender keeps the order of operations.
        self._client = client.options(request_timeout=REQUEST_SECONDS, max_retries=0)
        self._target = target
        self._stop = stop
        self._retry_seconds = retry_seconds
        self._write_tombstones = write_tombstones
        self._blocked = blocked
        self._retry_log = RetryLog()
        self._later_versions: dict[str, int] = {}
        self._accepted = False

    def send(self, operations: list[Operation]) -> None:
        """Send operations until each has a final outcome; those of one id take effect in their order.

        Raises:
            EngineUnavailable: Elasticsearch was unreachable or rejected them for too long.
            UnknownIndex: the index was deleted.
            IndexReadOnly: the index accepts no writes.
        """
        backoff = Backoff(self._retry_seconds, self._stop, self._retry_log)
        attempts = 0
        for operation in operations:
            if operation.id in self._later_versions:  # an earlier operation of this id got a later version
                operation.version = self.versions.next(after=self._later_versions[operation.id])
        while operations and not self._stop.is_set():
            try:
                with translate_errors(self._target.index):
                    items = self._send_once(operations)
            except SearchServiceError as error:
                status = getattr(error.__cause__, "status_code", 0)
                if status == TOO_LARGE:
                    self._send_halves(operations)
                    return
                if not is_transient(error, self._accepted):
                    raise
                for operation in operations:
                    operation.uncertain_delivery |= status not in NOT_EXECUTED
                backoff.wait(error)
                continue
            self._accepted = True
            left, problem = self._record(operations, items)
            if len(left) < len(operations):
                backoff.progress()
            operations = left
            if problem:
                attempts += isinstance(problem, IndexReadOnly)
                if self._blocked and attempts >= BLOCKED_ATTEMPTS:
                    self._blocked()
                backoff.wait(problem)

    def retry(self, request: Callable[[], T]) -> T:
        """Send an idempotent request until it succeeds; return its result."""
        return retry(request, Backoff(self._retry_seconds, self._stop, self._retry_log), self._target.index)

    def _send_once(self, operations: Sequence[Operation]) -> list[Item]:
        deletes = [operation.id for operation in operations if operation.body is None]
        if deletes and self._write_tombstones:
            self._write_tombstones(deletes)
        body: Any = [b"".join(operation.lines() for operation in operations)]
        alias = self._target.alias or None
        answer = self._client.bulk(
            index=self._target.name, operations=body, require_alias=alias, filter_path=FILTER_PATH,
            timeout=f"{REQUEST_SECONDS * SHARD_SHARE:.0f}s", refresh=self._refresh,
        ).body  # fmt: skip
        return [next(iter(item.values())) for item in answer["items"]]

    def _record(
        self, operations: Sequence[Operation], items: Sequence[Item]
    ) -> tuple[list[Operation], SearchServiceError | None]:
        """Count the final outcomes; return the operations to send again, in their order, and why."""
        left: list[Operation] = []
        done: set[str] = set()
        problem: SearchServiceError | None = None
        for operation, item in reversed(list(zip(operations, items, strict=True))):
            outcome = outcome_of(item)
            if outcome is OperationOutcome.FAILED:
                raise error_of(item, self._target.index)
            if (
                outcome in (OperationOutcome.RETRY, OperationOutcome.BLOCKED, OperationOutcome.VERSION_CONFLICT)
                and operation.id not in done
            ):
                left.append(operation)
                if outcome is OperationOutcome.VERSION_CONFLICT:
                    self._later_versions[operation.id] = operation.version = self.versions.next(
                        after=newer_version(item)
                    )
                else:
                    problem = error_of(item, self._target.index)
                    # It may have been written before it failed.
                    operation.uncertain_delivery |= int(item["status"]) >= 500
            else:
                self.counters.count(operation, item, outcome)
            if outcome is OperationOutcome.DONE:
                # Earlier operations of this id are obsolete: sending them now would undo this one.
                done.add(operation.id)
        return left[::-1], problem

    def _send_halves(self, operations: list[Operation]) -> None:
        """Send operations that were too large for one request; reject a document that is too large alone."""
        if len(operations) == 1:
            self.counters.reject(operations[0], message("too-large-for-engine"))
            return
        middle = len(operations) // 2
        self.send(operations[:middle])
        self.send(operations[middle:])
