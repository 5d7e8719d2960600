"""Applies queued changes: takes them into a writer of tantivy, commits, and removes them from the queue.

One applier works on a folder of indexes, in a process of its own (`search_service.server.applier`) or, for programs
that are no server, in a thread. It holds the lock of an index as long as changes come, because to open and close a
writer takes longer than a commit, and gives way to loads, rebuilds and all others.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

from search_service.core.errors import UnknownIndex, WriterBusy
from search_service.core.index_name import IndexName
from search_service.engines.documents import FailedChange
from search_service.engines.embedded.indexes import EmbeddedIndexManager
from search_service.engines.embedded.queue import ChangeQueue
from search_service.engines.embedded.replay import (
    apply_carefully,
    ended_while_applying,
    log_failed,
    may_be_caused_by_change,
    replay,
)
from search_service.engines.embedded.storage import Storage

COMMIT_SECONDS = 0.4
"""Time from one commit to the next: with each, every process opens the index again (a millisecond), and merges may
begin."""

STEP_CHANGES = 100
"""Changes that are taken from one look at the queue to the next: to analyse 100 articles takes a tenth of a second."""

POLL_SECONDS = 0.05
"""Time between two looks at the queues. A look takes some 20 µs."""

IDLE_SECONDS = 5.0
"""Time for which a writer stays open without changes. tantivy merges segments meanwhile, and closing waits for that."""

PAUSE_SECONDS = 1.0
"""Time after a failure before an index is tried again."""

STOP_SECONDS = 5.0
"""Time for which a stopping applier tries to apply what waits. What is left waits for the next one."""

logger = logging.getLogger(__name__)


class Applier:
    """Applies the changes of all indexes under a folder.

    Args:
        storage: the folder.
        indexes: opens writers.
    """

    def __init__(self, storage: Storage, indexes: EmbeddedIndexManager) -> None:
        self._storage = storage
        self._indexes = indexes
        self._open: dict[IndexName, _OpenWriter] = {}
        self._paused: dict[IndexName, float] = {}
        self._problems: dict[IndexName, str] = {}
        self._careful: dict[IndexName, int] = {}  # number of the last change that may have caused a failure

    def run(self, is_stopping: Callable[[], bool]) -> None:
        """Apply changes until `is_stopping`, and then what waits, within `STOP_SECONDS`."""
        end: float | None = None
        try:
            while True:
                worked = self.step()
                if is_stopping():
                    end = end or time.monotonic() + STOP_SECONDS
                    if (not worked and not self.has_waiting_changes()) or time.monotonic() > end:
                        return
                if not worked:
                    time.sleep(POLL_SECONDS)
        finally:
            self.close()

    def step(self) -> bool:
        """Look at each queue once; return whether there was something to do."""
        worked = False
        for index in self._storage.queued():
            if time.monotonic() < self._paused.get(index, 0):
                continue
            try:
                worked |= self._attend(index)
            except WriterBusy:
                self._paused[index] = time.monotonic() + POLL_SECONDS
            except UnknownIndex:  # it was removed
                self._drop(index)
            except Exception as error:
                # Whatever it is, the changes stay in the queue, and the other indexes go on.
                taken = self._drop(index, error)
                if may_be_caused_by_change(error) and index not in self._careful:
                    self._careful[index] = taken
                    continue
                self._report(index, error)
                self._paused[index] = time.monotonic() + PAUSE_SECONDS
        return worked

    def has_waiting_changes(self) -> bool:
        """Whether changes wait in an index without a reported failure."""
        return any(
            index not in self._problems and self._storage.queue(index).first() is not None
            for index in self._storage.queued()
        )

    def is_idle(self) -> bool:
        """Whether no writer is open."""
        return not self._open

    def close(self) -> None:
        """Commit, and close the writers."""
        for index in list(self._open):
            try:
                self._open[index].close()
                del self._open[index]
            except Exception as error:  # of whatever class: the other writers are closed, too
                self._drop(index, error)
                self._report(index, error)

    def _attend(self, index: IndexName) -> bool:
        queue = self._storage.queue(index)
        opened = self._open.get(index)
        if opened is None:
            if queue.first() is None:
                return False
            if index in self._careful or ended_while_applying(queue):
                return self._attend_carefully(index, queue)
            opened = self._open[index] = _OpenWriter(self._indexes, index, queue)
        worked = opened.take()
        self._problems.pop(index, None)
        if opened.is_over() or self._storage.is_wanted(index):
            opened.close()
            del self._open[index]
        return worked

    def _attend_carefully(self, index: IndexName, queue: ChangeQueue) -> bool:
        """Apply some changes, of which one may be the reason of a failure; what fails alone is set aside."""
        with self._indexes.applying(index) as open_writer:
            # Read after the lock is taken: whoever had it before has applied what waited.
            unfinished = queue.attempts.unfinished()
            until = self._careful.get(index, 0) or (unfinished.last if unfinished else 0)
            self._careful[index] = until
            for last, failed in apply_carefully(queue, open_writer, 0, until):
                queue.remove(last, failed)
                log_failed(index, failed)
        self._problems.pop(index, None)
        first = queue.first()
        if first is None or first > until:
            del self._careful[index]
        return True

    def _drop(self, index: IndexName, error: BaseException | None = None) -> int:
        """Close a writer after an error, and return the number of the last change that it has taken."""
        opened = self._open.pop(index, None)
        if opened is None:
            return 0
        try:
            opened.drop(error or UnknownIndex(index))
        except Exception as second:  # the first one is what matters
            logger.info("closing the writer of %r: %s", index, second)
        return opened.taken

    def _report(self, index: IndexName, error: BaseException) -> None:
        """Log a failure, once as long as it is the same; none of an index that was removed meanwhile."""
        if not self._storage.exists(index):
            return
        text = str(error) or type(error).__name__
        if self._problems.get(index) != text:
            self._problems[index] = text
            logger.error("Changes of index %r cannot be applied and wait: %s", index, text)


class _OpenWriter:
    """A writer of an index, and what it has taken from the queue.

    Attributes:
        taken: the number of the last change that the writer was given.
    """

    def __init__(self, indexes: EmbeddedIndexManager, index: IndexName, queue: ChangeQueue) -> None:
        self._index = index
        self._queue = queue
        self.taken = self._committed = 0
        self._failed: list[FailedChange] = []
        self._stack = ExitStack()
        open_writer = self._stack.enter_context(indexes.applying(index))
        self._writer, self._schema = self._stack.enter_context(open_writer())
        self._next_commit = self._last_change = time.monotonic()

    def take(self) -> bool:
        """Take what waits; commit when it is time. Return whether there was something to do."""
        changes = self._queue.read(self.taken, STEP_CHANGES)
        if changes:
            self.taken, self._last_change = changes[-1].number, time.monotonic()
            self._queue.attempts.begin(self._committed + 1, self.taken)
            self._failed += replay(self._writer, changes, self._schema)
        if self.taken > self._committed and time.monotonic() >= self._next_commit:
            self._commit()
        return bool(changes) or self.taken > self._committed

    def is_over(self) -> bool:
        """Whether no change has come for a while."""
        return self.taken == self._committed and time.monotonic() > self._last_change + IDLE_SECONDS

    def close(self) -> None:
        """Commit and close."""
        self._commit()
        self._stack.close()

    def drop(self, error: BaseException) -> None:
        """Close without a commit, after an error."""
        self._queue.attempts.end()
        self._stack.__exit__(type(error), error, error.__traceback__)

    def _commit(self) -> None:
        if self.taken > self._committed:
            self._writer.commit()
            self._queue.remove(self.taken, self._failed)
            log_failed(self._index, self._failed)
            self._committed, self._failed = self.taken, []
            self._next_commit = time.monotonic() + COMMIT_SECONDS


class ApplierThread:
    """Runs an applier in a thread, as long as there is something to do."""

    def __init__(self, storage: Storage, indexes: EmbeddedIndexManager) -> None:
        self._applier = Applier(storage, indexes)
        self._mutex = threading.Lock()
        self._woken = self._runs = False

    def wake(self) -> None:
        """See to it that a thread applies what waits."""
        with self._mutex:
            self._woken = True
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="applier", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._mutex:
                if not self._woken and self._applier.is_idle() and not self._applier.has_waiting_changes():
                    self._runs = False
                    return
                self._woken = False
            if not self._applier.step():
                time.sleep(POLL_SECONDS)
