"""The files of jobs: what each does, how far it is, and whether its process lives.

A job has a file `ID.json`, which its process replaces as it goes on. While the process lives, it holds the lock
`INDEX.lock`, which names the job. The kernel releases the lock when the process ends, however that happens: a job that
is not finished and holds no lock was killed. So every process that can read the folder knows the state of every job.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from search_service.core.errors import StorageUnavailable
from search_service.core.index_name import IndexName

logger = logging.getLogger(__name__)

ID = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")
"""Ids of jobs, in the order in which they were started."""


MAX_SECONDS = 250_000_000_000
"""The year 9892: a damaged file may have a time that is no date."""


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    """Its process is starting."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether the job has ended."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ReasonNote:
    """A reason of rejects, and how many documents it concerns."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class CheckNote:
    """The result of a check."""

    check: str
    ok: bool
    detail: str


Seconds = Annotated[float, Field(ge=0, lt=MAX_SECONDS)]
"""A time, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job, as its file has it.

    Attributes:
        kind: `reindex` or `doctor`.
        options: what its kind needs to know.
        created: when it was asked for, in seconds since 1970.
        started: when its process began to work; None before.
        finished: when it ended; None before.
        documents: how many documents are done.
        total: how many there are; None if that is not known.
        rejected: how many documents were rejected.
        reasons: the first different reasons of rejects, with their numbers.
        checks: the results of checks.
        problem: why it failed, as a problem document in each language; None if its process was killed.
        cancelling: whether somebody wants it to end.
    """

    id: str
    index: str
    kind: str
    options: Mapping[str, Any]
    created: Seconds
    state: JobState = JobState.QUEUED
    started: Seconds | None = None
    finished: Seconds | None = None
    documents: int = 0
    total: int | None = None
    rejected: int = 0
    reasons: Sequence[ReasonNote] = ()
    checks: Sequence[CheckNote] = ()
    problem: Mapping[str, Any] | None = None
    cancelling: bool = False


_JOB = TypeAdapter(Job)


class JobFiles:
    """The files of jobs in a folder, which is made when the first job is.

    Each method raises StorageUnavailable if a file cannot be read or written.

    Args:
        folder: where they are; every process that starts or shows jobs must see it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Let no other process start a job, or look whether one lives, for some milliseconds."""
        with _storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._folder / ".mutex", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)

    def lock(self, index: IndexName) -> int | None:
        """Return a descriptor that holds the lock of an index; None if a job holds it. Only within `exclusive`."""
        descriptor = os.open(self._lock_of(index), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def running(self, index: IndexName) -> str:
        """Return the id of the job whose process works at an index; empty if there is none."""
        if not self._lock_of(index).exists():
            return ""
        with self.exclusive():
            descriptor = self.lock(index)
            if descriptor is None:
                return self.holder(index)
            os.close(descriptor)
        return ""

    def holder(self, index: IndexName) -> str:
        """Return the id of the job that has, or had, the lock of an index.

        If the lock is damaged, it is the job that has not ended: an index has one at a time.
        """
        with _storage_errors(self._folder):
            named = self._lock_of(index).read_bytes().partition(b" ")[0].decode("ascii", "replace")
        if ID.fullmatch(named):
            return named
        return next((job.id for job in self.of(index) if not job.state.is_final), "")

    def write_holder(self, descriptor: int, job: Job, pid: int) -> None:
        """Write a job and its process into the lock of its index."""
        with _storage_errors(self._folder):
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, f"{job.id} {pid}\n".encode(), 0)

    def write(self, job: Job) -> None:
        """Replace the file of a job."""
        path = self._folder / f"{job.id}.json"
        temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
        with _storage_errors(self._folder):
            try:
                temporary.write_bytes(orjson.dumps(asdict(job)))
                os.replace(temporary, path)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise

    def read(self, job_id: str) -> Job | None:
        """Return a job as its file has it; None if there is none, or if it is damaged."""
        if not ID.fullmatch(job_id):
            return None
        with _storage_errors(self._folder):
            try:
                job = _JOB.validate_json((self._folder / f"{job_id}.json").read_bytes())
            except FileNotFoundError:
                return None
            except ValidationError as error:  # such as one that was cut short when the machine lost its power
                logger.warning("The file of job %s is damaged (%d errors)", job_id, error.error_count())
                return None
        if job.id != job_id:
            logger.warning("The file of job %s is that of another one", job_id)
            return None
        return replace(job, cancelling=(self._folder / f"{job_id}.cancel").exists())

    def of(self, index: IndexName) -> Sequence[Job]:
        """Return the jobs of an index as their files have them, the newest first."""
        with _storage_errors(self._folder):
            ids = sorted((path.stem for path in self._folder.glob("*.json")), reverse=True)
        found = map(self.read, ids)
        return [job for job in found if job is not None and job.index == index]

    def cancel(self, job_id: str) -> None:
        """Note that a job is to end; its process looks for the note."""
        with _storage_errors(self._folder):
            (self._folder / f"{job_id}.cancel").touch()

    def is_cancel_requested(self, job_id: str) -> bool:
        """Whether a job is to end."""
        return (self._folder / f"{job_id}.cancel").exists()

    def reject_file(self, job_id: str) -> Path:
        """Return the file for documents that a job rejects."""
        return self._folder / f"{job_id}.rejects.jsonl"

    def remove(self, job_id: str) -> None:
        """Remove the files of a job."""
        for ending in ("json", "cancel", "rejects.jsonl"):
            with suppress(OSError):
                (self._folder / f"{job_id}.{ending}").unlink()

    def _lock_of(self, index: IndexName) -> Path:
        return self._folder / f"{index}.lock"


@contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable("jobs-unwritable", reason=error.strerror or "", place=str(folder)) from error
