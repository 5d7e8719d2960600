"""Applies queued changes, and finds those that cannot be applied, so that one of them does not hold up the others.

tantivy loses a whole batch for one document that it does not take. Then the batch is applied again in halves, until the
document is alone. The caller holds the lock of the index.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from index_config.schema import Schema
from search_service.core.errors import (
    DamagedIndex,
    EngineOverloaded,
    EngineUnavailable,
    SearchServiceError,
    StaleIndex,
    StorageUnavailable,
    UnknownIndex,
    WriterBusy,
)
from search_service.core.message import Message, message
from search_service.engines.documents import FailedChange
from search_service.engines.embedded.attempts import Attempt
from search_service.engines.embedded.checksums import FileDamage
from search_service.engines.embedded.failures import is_panic
from search_service.engines.embedded.queue import ChangeQueue, QueuedChange
from search_service.engines.embedded.writer import EmbeddedWriter

OpenWriter = Callable[[], AbstractContextManager[tuple[EmbeddedWriter, Schema]]]
"""Opens a writer of a generation, which commits at the end of the context."""

BATCH_CHANGES = 1_000
"""Queued changes that are read at once."""

CAREFUL_CHANGES = 500
"""Changes among which those that fail are looked for at once, so that the changes of other indexes are not held up for
long: to find one takes some 18 writers, which are opened and closed in a tenth of a second each."""

MAX_TRIES = 3
"""Processes that must end while they apply one change alone, before it is what has ended them. A process is killed for
other reasons, too, but hardly within the same 10 ms three times."""

NOT_CAUSED_BY_CHANGE = (
    OSError, MemoryError, FileDamage, StorageUnavailable, DamagedIndex, StaleIndex, UnknownIndex, WriterBusy,
    EngineOverloaded,
)  # fmt: skip
"""Errors of the index, the disk or the machine: the next attempt may succeed, and no change is at fault."""

logger = logging.getLogger(__name__)


def may_be_caused_by_change(error: BaseException) -> bool:
    """Whether a change may be the reason of an error."""
    if isinstance(error, EngineUnavailable) and error.code == "process-limit-reached":
        return False
    return (isinstance(error, Exception) or is_panic(error)) and not isinstance(error, NOT_CAUSED_BY_CHANGE)


def apply_waiting(queue: ChangeQueue, open_writer: OpenWriter, after: int = 0) -> tuple[int, list[FailedChange]]:
    """Apply the changes that wait now; others may come as fast as they are applied.

    Args:
        queue: has them, and keeps them.
        open_writer: opens the generation.
        after: begin after the change of this number.

    Returns:
        The number of the last one, and those that failed.
    """
    last = queue.last()
    if last <= after:
        return after, []
    if not ended_while_applying(queue):
        try:
            return last, _apply_together(queue, open_writer, after, last)
        except BaseException as error:
            queue.attempts.end()
            if not may_be_caused_by_change(error):
                raise
    failed: list[FailedChange] = []
    while after < last:
        for number, more in apply_carefully(queue, open_writer, after, last):
            after, failed = number, [*failed, *more]
    return last, failed


def ended_while_applying(queue: ChangeQueue) -> bool:
    """Whether a process has ended while it applied changes that still wait; they may be the reason."""
    left, first = queue.attempts.unfinished(), queue.first()
    return left is not None and first is not None and first <= left.last


def apply_carefully(
    queue: ChangeQueue, open_writer: OpenWriter, after: int, last: int
) -> Iterator[tuple[int, Sequence[FailedChange]]]:
    """Apply some changes in batches so small that those that fail are alone.

    Yields:
        After each batch, the number of its last change, and the changes that failed.
    """
    changes = [one for one in queue.read(after, CAREFUL_CHANGES) if one.number <= last]
    failed: list[FailedChange] = []
    left = queue.attempts.unfinished()
    for batch in filter(None, _batches(changes, left, failed)):
        # Changes before those in the note were applied by the process that has ended. Noting them again would replace
        # the note, and with it the number of tries.
        noted = left is None or batch[-1].number >= left.first
        yield batch[-1].number, [*failed, *_apply_halves(queue, open_writer, batch, noted=noted)]
        failed.clear()
    if failed or not changes:
        yield (changes[-1].number if changes else last), failed


def _batches(
    changes: Sequence[QueuedChange], left: Attempt | None, failed: list[FailedChange]
) -> Iterator[Sequence[QueuedChange]]:
    """Yield the batches to try; those that a process was applying when it ended are tried in smaller ones.

    A change that has ended several processes is added to `failed`.
    """
    if left is None:
        left = Attempt(0, 0, 0)
    tried = [one for one in changes if left.first <= one.number <= left.last]
    size = max(1, len(tried) // 2)
    if left.first == left.last and left.tries >= MAX_TRIES and tried:
        failed.append(_failed(tried.pop(), message("change-ended-process")))
    yield [one for one in changes if one.number < left.first]
    yield from (tried[start : start + size] for start in range(0, len(tried), size))
    yield [one for one in changes if one.number > left.last]


def _apply_together(queue: ChangeQueue, open_writer: OpenWriter, after: int, last: int) -> list[FailedChange]:
    failed: list[FailedChange] = []
    queue.attempts.begin(after + 1, last)
    with open_writer() as (writer, schema):
        while after < last:
            changes = queue.read(after, BATCH_CHANGES)
            failed += replay(writer, changes, schema)
            after = changes[-1].number
    return failed


def _apply_halves(
    queue: ChangeQueue, open_writer: OpenWriter, changes: Sequence[QueuedChange], *, noted: bool
) -> Sequence[FailedChange]:
    """Apply a batch; if that fails, apply its halves. Return the changes that fail alone.

    Args:
        queue: has the attempts.
        open_writer: opens the generation.
        changes: the batch.
        noted: whether the attempt is noted, so that the next process knows of it if this one ends.
    """
    if len(changes) == 1:
        with open_writer() as (writer, _):
            writer.commit()  # if this fails, the change is not the reason
    try:
        with open_writer() as (writer, schema):
            if noted:
                queue.attempts.begin(changes[0].number, changes[-1].number)
            failed = replay(writer, changes, schema)
    except BaseException as error:
        if not may_be_caused_by_change(error):
            raise
        if len(changes) == 1:
            return [_failed(changes[0], reason_of(error))]
    else:
        return failed
    finally:
        if noted:
            queue.attempts.end()
    half = len(changes) // 2
    return [
        *_apply_halves(queue, open_writer, changes[:half], noted=noted),
        *_apply_halves(queue, open_writer, changes[half:], noted=noted),
    ]


def replay(writer: EmbeddedWriter, changes: Sequence[QueuedChange], schema: Schema) -> list[FailedChange]:
    """Take changes into a writer, and return those that do not fit a schema."""
    writer.replay(changes, schema)
    last = {change.id: change for change in changes}
    return [_failed(last[one.id], one.reason) for one in writer.rejected()]


def reason_of(error: BaseException) -> Message:
    """Return what to say of an error."""
    if isinstance(error, SearchServiceError):
        return error.message
    return message("change-failed", reason=f"{type(error).__name__}: {error}")


def _failed(change: QueuedChange, reason: Message) -> FailedChange:
    return FailedChange(change.number, change.id, change.document, reason)


def log_failed(index: str, failed: Sequence[FailedChange]) -> None:
    """Log changes that are set aside."""
    for one in failed:
        what = index, one.number, one.id, one.reason
        logger.error("Index %r: change %d, of document %r, cannot be applied and is set aside: %s", *what)
