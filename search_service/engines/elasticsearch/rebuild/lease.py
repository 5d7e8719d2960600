"""A lease allows one change of an index at a time, on whichever machines the processes run.

A lease names its holder and the time of its last renewal. The next process takes over a lease that is not renewed for
`LEASE_SECONDS`, and at once that of a process of the same machine that has ended. A holder that hung for longer finds
its lease lost and stops. The clocks of machines may differ, so a lease that looks expired is watched before it is taken
over.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from search_service.core.errors import RebuildFailed, SearchServiceError, WriterBusy
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.rebuild.coordination import LEASE, CoordinationIndex, Entry

LEASE_SECONDS = 30.0
"""Time without a renewal after which the holder counts as dead."""

RENEWALS_PER_TERM = 3
"""Renewals in that time, so that one or two may fail."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a lease, and what must be cleaned up if it dies.

    Attributes:
        work: the operation: `rebuild`, `rollback` ...
        machine: kernel and process namespace of its pid; empty when they are unknown.
        started: start time of the process in kernel ticks, which tells apart processes of one pid.
        since: ISO 8601 in UTC.
        renewed: seconds since 1970.
        blocked: the generation whose writes it has blocked, or empty.
    """

    index: IndexName
    work: str
    token: str
    pid: int
    host: str
    machine: str
    started: str
    since: str
    renewed: float
    blocked: str = ""
    kind: str = LEASE

    @property
    def has_ended(self) -> bool:
        """Whether it was a process of this machine that has ended."""
        return bool(self.machine) and self.machine == _machine() and _process_start(self.pid) != self.started


class Lease:
    """Holds an index in a context; others get WriterBusy.

    Args:
        work: the operation, in a word.
        seconds: how long it lasts without renewal.

    Attributes:
        dead_holder: the previous holder if it died; this one cleans up after it.
    """

    def __init__(
        self, coordination: CoordinationIndex, index: IndexName, work: str, seconds: float = LEASE_SECONDS
    ) -> None:
        self.dead_holder: Holder | None = None
        self._coordination = coordination
        self._key = f"{LEASE}/{index}"
        self._seconds = seconds
        self._revision: tuple[int, int] | None = None
        self._lost = False
        self._mutex = threading.Lock()
        self._stop = threading.Event()
        self._renewal_thread = threading.Thread(target=self._keep_renewing, name="lease", daemon=True)
        pid = os.getpid()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        host = socket.gethostname()
        self._holder = Holder(index, work, uuid4().hex, pid, host, _machine(), _process_start(pid), now, time.time())

    def __enter__(self) -> Lease:
        """Acquire the lease.

        Raises:
            WriterBusy: another process holds it.
        """
        with translate_errors():
            self._coordination.create()
            self._revision = self._coordination.write(self._key, self._serialize(), None)
            while self._revision is None:
                entry = self._coordination.read(self._key)
                self.dead_holder = self._expired_holder(entry) if entry else None
                self._revision = self._coordination.write(
                    self._key, self._serialize(), entry.revision if entry else None
                )
        self._renewal_thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._renewal_thread.join()
        if self._holder.blocked or self._lost or self._revision is None:
            return  # kept, so that the next holder learns of the block and lifts it
        try:
            with translate_errors():
                self._coordination.remove(self._key, self._revision)
        except SearchServiceError as problem:
            logger.warning("the lease of %r could not be released (%s); it expires", self._holder.index, problem)

    def renew(self, **changes: str) -> None:
        """Renew the lease now, and record what must be cleaned up (`blocked`).

        Raises:
            RebuildFailed: the lease is lost.
            EngineUnavailable: Elasticsearch does not answer.
        """
        with self._mutex, translate_errors():
            if not self._lost:
                self._holder = replace(self._holder, **changes)  # type: ignore[arg-type]
                self._write()
            if self._lost:
                raise RebuildFailed("lease-lost", index=self._holder.index)

    def _write(self) -> None:
        revision = self._coordination.write(self._key, self._serialize(), self._revision)
        if revision is None:
            # Perhaps an earlier renewal succeeded although its response was lost.
            entry = self._coordination.read(self._key)
            if entry and entry.content["token"] == self._holder.token:
                revision = self._coordination.write(self._key, self._serialize(), entry.revision)
        self._revision, self._lost = revision or self._revision, revision is None

    def _keep_renewing(self) -> None:
        while not self._stop.wait(self._seconds / RENEWALS_PER_TERM):
            try:
                self.renew()
            except RebuildFailed:
                return
            except SearchServiceError as problem:
                logger.warning("the lease of %r could not be renewed (%s)", self._holder.index, problem)

    def _expired_holder(self, entry: Entry) -> Holder:
        """Return the holder if it has ended or does not renew the lease. Raises WriterBusy otherwise."""
        holder = _parse_holder(entry)
        if holder.has_ended:
            return holder
        age = time.time() - holder.renewed
        if -self._seconds < age < self._seconds:
            raise WriterBusy(holder.index, holder.pid, holder.host, holder.work, holder.since)
        end = time.monotonic() + self._seconds / 2  # longer than the time between two renewals
        while time.monotonic() < end:
            time.sleep(self._seconds / 20)
            again = self._coordination.read(self._key)
            if again is None or again.revision != entry.revision:
                raise WriterBusy(holder.index, holder.pid, holder.host, holder.work, holder.since)
        return holder

    def _serialize(self) -> dict[str, object]:
        self._holder = replace(self._holder, renewed=time.time())
        return asdict(self._holder)


def holder_of(coordination: CoordinationIndex, index: IndexName) -> Holder | None:
    """Return the holder of an index, dead or alive."""
    entry = coordination.read(f"{LEASE}/{index}")
    return _parse_holder(entry) if entry else None


def _parse_holder(entry: Entry) -> Holder:
    known = {field.name for field in fields(Holder)}
    return Holder(**{name: value for name, value in entry.content.items() if name in known})


def _machine() -> str:
    """Return an identifier of the kernel and process namespace, or an empty string."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _process_start(pid: int) -> str:
    """Return the start time of a process in kernel ticks; empty when there is no such process."""
    try:
        # The program name, in parentheses, may contain spaces; the start time is the 20th field after it.
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if stat[0] == "Z" else stat[19]
