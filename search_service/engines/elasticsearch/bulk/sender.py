"""Sends bulk requests until each of their operations is settled.

Why a retry cannot undo what was written after it: a request that got lost or timed out may still be carried out, even
minutes later, after its repetition and after newer writes of the same ids. So each operation carries a stamp, the time
at which it was made, as its version, and Elasticsearch refuses one that is older than what it has. Where that is the
write of somebody else, of a machine whose clock is ahead perhaps, ours is not done yet and so may count as the later
one: it gets a later stamp and is sent again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from elasticsearch import Elasticsearch

from search_service.core.errors import IndexReadOnly, SearchServiceError
from search_service.engines.elasticsearch.bulk.outcomes import Fate, Item, error_of, fate_of, newer_version, reason_of
from search_service.engines.elasticsearch.client import translated
from search_service.engines.elasticsearch.retry import PATIENCE_SECONDS, Patience, Trouble, passing, patiently
from search_service.engines.writing import Refused

T = TypeVar("T")

REQUEST_SECONDS = 60.0
"""What a bulk request may take: a busy node queues it, where a search should rather fail."""

SHARD_SHARE = 0.8
"""Of that time, what Elasticsearch waits for a missing shard: its answer still comes, and tells of the others."""

TOO_LARGE = 413

BLOCKED_ATTEMPTS = 4
"""Attempts that meet a write block before it is asked whether whoever set it still lives: some two seconds."""

NEEDED = "items.*.status,items.*.result,items.*.error"
"""The parts of an answer that are read."""


class Stamps:
    """Gives out versions: microseconds since 1970, each later than the one before. Safe in threads."""

    def __init__(self) -> None:
        self._last = 0
        self._mutex = threading.Lock()

    def next(self, after: int = 0) -> int:
        """Return the next stamp, later than `after`."""
        with self._mutex:
            self._last = max(time.time_ns() // 1_000, self._last + 1, after + 1)
            return self._last


@dataclass(slots=True)
class Operation:
    """A document to write, or without a body to delete.

    Attributes:
        stamp: its version.
        origin: what the caller knows the document by.
        lost: whether it was in a request whose outcome nobody knows.
    """

    id: str
    body: bytes | None
    stamp: int
    origin: object = None
    lost: bool = False

    def lines(self) -> bytes:
        """Return its part of a bulk request."""
        action = "delete" if self.body is None else "index"
        header = {action: {"_id": self.id, "version": self.stamp, "version_type": "external_gte"}}
        head = orjson.dumps(header, option=orjson.OPT_APPEND_NEWLINE)
        return head if self.body is None else b"%b%b\n" % (head, self.body)


@dataclass(frozen=True, slots=True)
class Target:
    """Where operations go.

    Attributes:
        name: in Elasticsearch.
        index: what messages call it.
        alias: whether the name must be an alias; then an index that was deleted is not made anew by a write.
    """

    name: str
    index: str
    alias: bool = True


class Tally:
    """Counts what was written, in several threads.

    Attributes:
        created: documents that were not there before.
        deleted: documents that are gone.
        uncertain: operations that count as changing nothing because an earlier attempt, which got lost, may have.
        refusals: documents that were not taken.
    """

    def __init__(self) -> None:
        self.created = self.deleted = self.uncertain = self.refusals = 0
        self._refused: list[Refused] = []
        self._mutex = threading.Lock()

    def settle(self, operation: Operation, item: Item, fate: Fate) -> None:
        """Count an operation that needs no further attempt."""
        if fate is Fate.REFUSED:
            self.refuse(operation, reason_of(item))
            return
        result = item.get("result")
        with self._mutex:
            if result == "created":
                self.created += 1
            elif result == "deleted":
                self.deleted += 1
            elif operation.lost:
                self.uncertain += 1

    def refuse(self, operation: Operation, reason: str) -> None:
        """Note a document that Elasticsearch does not take."""
        with self._mutex:
            self.refusals += 1
            self._refused.append(Refused(operation.id, reason, operation.origin))

    def drain(self) -> list[Refused]:
        """Return the documents refused since the last call."""
        with self._mutex:
            refused, self._refused = self._refused, []
            return refused


class Sender:
    """Sends operations to one index. Safe in threads.

    Args:
        client: the connection.
        target: the index.
        stop: when set, nothing more is sent, and whoever waits for another attempt gives up.
        patience: seconds without any progress after which an error is raised.
        bury: called with the ids of deletes before each attempt to send them.
        blocked: called when a write block stays.
    """

    def __init__(
        self,
        client: Elasticsearch,
        target: Target,
        stop: threading.Event,
        *,
        patience: float = PATIENCE_SECONDS,
        bury: Callable[[Sequence[str]], None] | None = None,
        blocked: Callable[[], object] | None = None,
    ) -> None:
        self.stamps = Stamps()
        self.tally = Tally()
        # Retries are made here, where it is known what must not be repeated in another order.
        self._client = client.options(request_timeout=REQUEST_SECONDS, max_retries=0)
        self._target = target
        self._stop = stop
        self._patience = patience
        self._bury = bury
        self._blocked = blocked
        self._trouble = Trouble()
        self._later: dict[str, int] = {}

    def send(self, operations: list[Operation]) -> None:
        """Send operations, as often as it takes; those of one id take effect in their order.

        Raises:
            EngineUnavailable: Elasticsearch could not be reached, or would not take them, for too long.
            UnknownIndex: there is no such index any more.
            IndexReadOnly: the index takes no writes.
        """
        waiting = Patience(self._patience, self._stop, self._trouble)
        attempts = 0
        for operation in operations:
            if operation.id in self._later:  # what came before it got a later stamp than it had then
                operation.stamp = self.stamps.next(after=self._later[operation.id])
        while operations and not self._stop.is_set():
            try:
                with translated(self._target.index):
                    items = self._request(operations)
            except SearchServiceError as error:
                status = getattr(error.__cause__, "status_code", 0)
                if status == TOO_LARGE:
                    self._send_halves(operations)
                    return
                if not passing(error):
                    raise
                for operation in operations:
                    operation.lost |= status != 429
                waiting.wait(error)
                continue
            left, problem = self._settle(operations, items)
            if len(left) < len(operations):
                waiting.progress()
            operations = left
            if problem:
                attempts += isinstance(problem, IndexReadOnly)
                if self._blocked and attempts >= BLOCKED_ATTEMPTS:
                    self._blocked()
                waiting.wait(problem)

    def persist(self, request: Callable[[], T]) -> T:
        """Return what a request does that may be repeated, as often as it takes."""
        return patiently(request, Patience(self._patience, self._stop, self._trouble), self._target.index)

    def _request(self, operations: Sequence[Operation]) -> list[Item]:
        deletes = [operation.id for operation in operations if operation.body is None]
        if deletes and self._bury:
            self._bury(deletes)
        body: Any = [b"".join(operation.lines() for operation in operations)]
        alias = self._target.alias or None
        answer = self._client.bulk(
            index=self._target.name, operations=body, require_alias=alias, filter_path=NEEDED,
            timeout=f"{REQUEST_SECONDS * SHARD_SHARE:.0f}s",
        ).body  # fmt: skip
        return [next(iter(item.values())) for item in answer["items"]]

    def _settle(
        self, operations: Sequence[Operation], items: Sequence[Item]
    ) -> tuple[list[Operation], SearchServiceError | None]:
        """Count what is settled; return what must be sent again, in its order, and why."""
        left: list[Operation] = []
        done: set[str] = set()
        problem: SearchServiceError | None = None
        for operation, item in reversed(list(zip(operations, items, strict=True))):
            fate = fate_of(item)
            if fate is Fate.FAILED:
                raise error_of(item, self._target.index)
            if fate in (Fate.LATER, Fate.BLOCKED, Fate.OUTDATED) and operation.id not in done:
                left.append(operation)
                if fate is Fate.OUTDATED:
                    self._later[operation.id] = operation.stamp = self.stamps.next(after=newer_version(item))
                else:
                    problem = error_of(item, self._target.index)
                    operation.lost |= int(item["status"]) >= 500  # it may have been written before it failed
            else:
                self.tally.settle(operation, item, fate)
            if fate is Fate.DONE:
                # What came before it is out of date: to send it now would undo this one.
                done.add(operation.id)
        return left[::-1], problem

    def _send_halves(self, operations: list[Operation]) -> None:
        """Send operations that were too large for one request; a document that is too large alone is refused."""
        if len(operations) == 1:
            self.tally.refuse(operations[0], "is larger than Elasticsearch takes in one request")
            return
        middle = len(operations) // 2
        self.send(operations[:middle])
        self.send(operations[middle:])
