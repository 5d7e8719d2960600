"""The use cases of jobs: work on an index that outlives the request that asks for it."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from search_service.admin.job_files import Job, JobFiles, JobState
from search_service.core.errors import JobRunning, StorageUnavailable, UnknownJob
from search_service.core.index_name import IndexName

KEPT_JOBS = 20
"""Ended jobs of an index that are kept: those of a month, if there is one a day or two."""

KEPT_SECONDS = 30 * 86_400.0
"""Time for which an ended job is kept."""

Launch = Callable[[Job, int], int]
"""Starts the process of a job and returns its id. The descriptor, which the process inherits, holds the lock."""


class JobService:
    """Starts, shows and cancels jobs.

    Args:
        files: those of the jobs.
        launch: starts the process of a job.
        clock: seconds since 1970.
    """

    def __init__(self, files: JobFiles, launch: Launch, clock: Callable[[], float] = time.time) -> None:
        self._files = files
        self._launch = launch
        self._clock = clock

    def start(self, index: IndexName, kind: str, options: Mapping[str, Any]) -> Job:
        """Start a job in a process of its own and return it.

        Raises:
            JobRunning: another job works at the index.
            StorageUnavailable: its files cannot be written, or no process can be started.
        """
        now = self._clock()
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S")
        job = Job(f"{stamp}-{secrets.token_hex(4)}", index, kind, dict(options), now)
        with self._files.exclusive():
            lock = self._files.lock(index)
            if lock is None:
                raise JobRunning(index, self._files.holder(index))
            try:
                self._files.write(job)
                self._files.write_holder(lock, job, self._launched(job, lock))
            except BaseException:
                self._files.remove(job.id)
                raise
            finally:
                os.close(lock)  # the process of the job has it, too
        self._prune(index)
        return job

    def _launched(self, job: Job, lock: int) -> int:
        try:
            return self._launch(job, lock)
        except OSError as error:
            raise StorageUnavailable("job-not-started", reason=error.strerror or "") from error

    def list(self, index: IndexName) -> Sequence[Job]:
        """Return the jobs of an index, the newest first."""
        running = self._files.running(index)
        return [self._seen(job, running) for job in self._files.of(index)]

    def get(self, index: IndexName, job_id: str) -> Job:
        """Return a job.

        Raises:
            UnknownJob: the index has no job of this id, or has it no longer.
        """
        job = self._files.read(job_id)
        if job is None or job.index != index:
            raise UnknownJob(index, job_id)
        return self._seen(job, None)

    def cancel(self, index: IndexName, job_id: str) -> Job:
        """Ask a job to end, and return it; one that has ended stays as it is.

        Raises:
            UnknownJob: the index has no job of this id.
        """
        job = self.get(index, job_id)
        if job.state.is_final:
            return job
        self._files.cancel(job_id)
        return self.get(index, job_id)

    def _seen(self, job: Job, running: str | None) -> Job:
        """Return a job as it is now: if its process was killed, its file says that it is still running."""
        if job.state.is_final:
            return job
        if (self._files.running(IndexName(job.index)) if running is None else running) == job.id:
            return job
        job = self._files.read(job.id) or job  # it may have ended meanwhile
        if job.state.is_final:
            return job
        return replace(job, state=JobState.CANCELLED if job.cancelling else JobState.FAILED)

    def _prune(self, index: IndexName) -> None:
        """Remove the oldest of the jobs that have ended."""
        now = self._clock()
        for number, job in enumerate(self.list(index)):
            if job.state.is_final and (number > KEPT_JOBS or job.created < now - KEPT_SECONDS):
                self._files.remove(job.id)
