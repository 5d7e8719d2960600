"""One rebuild at a time, whichever machines they run on: a lease that its holder keeps renewing.

A lease is a note with the holder's name and the time of its last renewal. One that is not renewed for
`LEASE_SECONDS` is taken over by whoever comes next, and so is at once that of a process of the same machine that has
ended. A holder that hung for longer finds its lease lost and gives up. Clocks of machines may differ, so a lease that
looks too old is watched before it is taken over.
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
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.rebuild.coordination import LEASE, CoordinationIndex, Entry

LEASE_SECONDS = 30.0
"""A holder that is silent for so long is dead, or so slow that it must not go on."""

RENEWALS_PER_TERM = 3
"""Renewals in that time: one or two may fail."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease, and what must be cleared away if it dies.

    Attributes:
        work: what it does: `rebuild`, `rollback` ...
        machine: kernel and process namespace, in which its pid means something; empty when they cannot be told.
        started: when the process began, as its kernel counts, so that a pid that is used again is noticed.
        since: ISO 8601 in UTC.
        renewed: seconds since 1970.
        blocked: the generation that it has blocked for writing, or empty.
        task: what Elasticsearch does for it, or empty.
    """

    index: str
    work: str
    token: str
    pid: int
    host: str
    machine: str
    started: str
    since: str
    renewed: float
    blocked: str = ""
    task: str = ""
    kind: str = LEASE

    def __str__(self) -> str:
        return f"pid {self.pid} on {self.host}, {self.work} since {self.since}"

    @property
    def has_ended(self) -> bool:
        """Whether it was a process of this machine that is gone."""
        return bool(self.machine) and self.machine == _machine() and _process_start(self.pid) != self.started


class Lease:
    """Holds an index in a context; the others are turned away.

    Args:
        coordination: where it is noted.
        index: the index.
        work: what for, in a word.
        seconds: how long it lasts without renewal.

    Attributes:
        left: what a dead holder left behind: to be cleared away by this one. None when there was none.
    """

    def __init__(self, coordination: CoordinationIndex, index: str, work: str, seconds: float = LEASE_SECONDS) -> None:
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
        """Take the lease.

        Raises:
            WriterBusy: somebody else has it.
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
            return  # the next holder has to lift the block: it runs out, and says so
        try:
            with translate_errors():
                self._coordination.remove(self._key, self._revision)
        except SearchServiceError as problem:
            logger.warning("the lease of %r could not be given back (%s) and runs out", self._holder.index, problem)

    def renew(self, **changes: str) -> None:
        """Renew it now, and note what has to be cleared away (`blocked`, `task`).

        Raises:
            RebuildFailed: it is lost.
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
            # Perhaps an earlier renewal arrived although its answer did not.
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
        """Return the holder if it has ended or stays silent. Raises WriterBusy when it lives."""
        holder = _parse_holder(entry)
        if holder.has_ended:
            return holder
        age = time.time() - holder.renewed
        if -self._seconds < age < self._seconds:
            raise WriterBusy(holder.index, holder.pid, holder.host, holder.work, holder.since)
        end = time.monotonic() + self._seconds / 2  # longer than from one renewal to the next
        while time.monotonic() < end:
            time.sleep(self._seconds / 20)
            again = self._coordination.read(self._key)
            if again is None or again.revision != entry.revision:
                raise WriterBusy(holder.index, holder.pid, holder.host, holder.work, holder.since)
        return holder

    def _serialize(self) -> dict[str, object]:
        self._holder = replace(self._holder, renewed=time.time())
        return asdict(self._holder)


def holder_of(coordination: CoordinationIndex, index: str) -> Holder | None:
    """Return who holds an index, dead or alive."""
    entry = coordination.read(f"{LEASE}/{index}")
    return _parse_holder(entry) if entry else None


def _parse_holder(entry: Entry) -> Holder:
    known = {field.name for field in fields(Holder)}
    return Holder(**{name: value for name, value in entry.content.items() if name in known})


def _machine() -> str:
    """Return what tells one kernel and its process namespace from another, or nothing."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _process_start(pid: int) -> str:
    """Return when a process began, in ticks of its kernel; nothing when there is none."""
    try:
        # The name of the program, in brackets, may hold spaces; the start is the 20th field after it.
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if stat[0] == "Z" else stat[19]
