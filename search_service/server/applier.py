"""The process that applies the changes of documents for the workers of a server with the embedded engine.

To analyse a document takes a millisecond of Python. In a thread of a worker, searches would wait for it; another
process leaves them alone, and yields the processor to them (`NICE`). The first worker starts it, where anybody may
write, so that it is ready for the first change. It ends with the worker that started it, and another worker starts the
next one. What is in the queues then is applied by the next one, so it may be killed at any time.
"""

from __future__ import annotations

import fcntl
import logging
import os
import select
import signal
import subprocess  # nosec B404
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from search_service.core.crash import UNEXPECTED, report_crash
from search_service.engines.embedded.durable import make_folder
from search_service.engines.embedded.engine import make_applier
from search_service.engines.factory import make_analysis
from search_service.server.logs import add_handler

LOCK = Path(".locks") / ".applier"
"""Held by the one applier of a folder of indexes, from before it is started until it has ended."""

NICE = 5
"""How much less of the processor it gets than the searches, where there is not enough for both.

While searches use all of two cores and 200 documents a second change, a change is visible after 1.4 s at most (of 36),
with 10 after 2.1 s (of 24). The p99 of searches is the same with both (`benchmarks/writing.py`).
"""

START_SECONDS = 1.0
"""Time between two attempts of a worker to start one."""

KEEP_SECONDS = 0.25
"""Time between two looks whether one runs. A look takes 20 µs."""

logger = logging.getLogger(__name__)


class ApplierProcess:
    """Starts an applier for a folder of indexes. Thread-safe.

    Args:
        folder: that of the indexes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mutex = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._next_start = 0.0

    def keep_running(self, is_needed: Callable[[], bool]) -> None:
        """See to it from now on that an applier runs, so that it is ready for the first change.

        Args:
            is_needed: returns whether there can be changes; an applier takes 105 MB.
        """
        threading.Thread(target=self._keep, args=(is_needed,), name="applier", daemon=True).start()

    def _keep(self, is_needed: Callable[[], bool]) -> None:
        while True:
            # One that met a bug is started again by the next change only, not for ever.
            failed = self._process is not None and self._process.poll() == UNEXPECTED
            if not failed and is_needed() and os.access(self._folder, os.W_OK):
                self.wake()
            time.sleep(KEEP_SECONDS)

    def wake(self) -> None:
        """See to it that an applier runs: this process has started one, or another process has."""
        with self._mutex:
            if self._process and self._process.poll() is None:
                return
            if time.monotonic() < self._next_start:
                return
            try:
                lock = locked(self._folder / LOCK)
                if lock is None:
                    return
                self._next_start = time.monotonic() + START_SECONDS
                try:
                    self._process = self._start(lock)
                finally:
                    os.close(lock)  # the applier has it, too
            except OSError as error:
                logger.error("Changes of documents wait: no process for them can be started (%s)", error)

    def _start(self, lock: int) -> subprocess.Popen[bytes]:
        """Start an applier, which inherits a lock. Raises OSError."""
        command = [sys.executable, "-m", "search_service.server.applier", str(self._folder.absolute())]
        # A pipe that nobody writes to: at its end, the applier knows that this process has ended. In the same session,
        # because Linux compares niceness within a session only (autogroups).
        return subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[lock])  # nosec B603


def locked(path: Path) -> int | None:
    """Return a descriptor that holds a lock; None if another process holds it. Raises OSError."""
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def main(folder: Path) -> None:
    """Apply changes until the process that started this one ends. It was given the lock."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    add_handler(logging.getLogger())
    with suppress(OSError):
        os.nice(NICE)
    parent = select.poll()
    parent.register(sys.stdin.fileno(), select.POLLHUP)
    analysis = make_analysis()
    analysis.tokens("lemma", "كتاب")  # the lexicon is loaded for the first word
    make_applier(folder, analysis).run(lambda: stopping.is_set() or bool(parent.poll(0)))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Exception as error:
        report_crash(error)
        sys.exit(UNEXPECTED)
