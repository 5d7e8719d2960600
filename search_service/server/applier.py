"""The process that applies the changes of documents for the workers of a server with the embedded engine.

To analyse a document takes a millisecond of Python. In a thread of a worker, searches would wait for it; another
process leaves them alone, and yields the processor to them (`NICE`). A worker starts it with the first change, unless
another worker has; it ends with the worker that started it, and the next change starts another one. What is in the
queues then is applied by the next one, so it may be killed at any time.
"""

from __future__ import annotations

import fcntl
import logging
import os
import select
import signal
import subprocess  # nosec B404: the command has no input of others
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from search_service.core.crash import UNEXPECTED, report_crash
from search_service.engines.embedded.durable import make_folder
from search_service.engines.embedded.engine import make_applier
from search_service.engines.factory import make_analysis
from search_service.server.logs import add_handler

LOCK = Path(".locks") / ".applier"
"""Held by the one applier of a folder of indexes."""

NICE = 10
"""How much less of the processor it gets than the searches, where there is not enough for both."""

START_SECONDS = 2.0
"""Time between two attempts to start one, and time for which it waits for another one to end."""

POLL_SECONDS = 0.05

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

    def wake(self) -> None:
        """See to it that an applier runs: this process has started one, or another process has."""
        with self._mutex:
            if self._process and self._process.poll() is None:
                return
            if time.monotonic() < self._next_start or is_locked(self._folder / LOCK):
                return
            self._next_start = time.monotonic() + START_SECONDS
            command = [sys.executable, "-m", "search_service.server.applier", str(self._folder.absolute())]
            try:
                # A pipe that nobody writes to: at its end, the applier knows that this process has ended. In the same
                # session, because Linux compares niceness within a session only (autogroups).
                self._process = subprocess.Popen(command, stdin=subprocess.PIPE)  # nosec B603
            except OSError as error:
                logger.error("Changes of documents wait: no process for them can be started (%s)", error)


def is_locked(path: Path) -> bool:
    """Whether a process holds a lock."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def lock_within(path: Path, seconds: float) -> bool:
    """Take a lock, which this process holds until it ends; return False if another process keeps it."""
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > end:
                os.close(descriptor)
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


def main(folder: Path) -> None:
    """Apply changes until the process that started this one ends."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    add_handler(logging.getLogger())
    if not lock_within(folder / LOCK, START_SECONDS):
        return
    with suppress(OSError):
        os.nice(NICE)
    parent = select.poll()
    parent.register(sys.stdin.fileno(), select.POLLHUP)
    make_applier(folder, make_analysis()).run(lambda: stopping.is_set() or bool(parent.poll(0)))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Exception as error:
        report_crash(error)
        sys.exit(UNEXPECTED)
