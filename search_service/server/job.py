"""The process of a job: `python -m search_service.server.job ID LOCK`, with the descriptor that holds the lock.

A worker starts it in a session of its own. It goes on when the worker ends or is replaced, and when the client that
asked for it goes away; it holds the lock of its index (`admin/job_files.py`) until it ends.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess  # nosec B404
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from index_config.errors import ConfigError
from index_config.schema import schema_from_dict
from search_service.admin.job_files import CheckNote, Job, JobFiles, JobState, ReasonNote
from search_service.admin.requests import ReindexRequest
from search_service.admin.service import AdminService
from search_service.api import serializers
from search_service.api.problems import content_about_http, content_of
from search_service.config.settings import Settings
from search_service.core.crash import UNEXPECTED, report_crash
from search_service.core.errors import JobFailed, SearchServiceError
from search_service.core.index_name import IndexName
from search_service.core.message import message
from search_service.core.signals import Terminated, signals_interrupt
from search_service.engines.factory import make_engine
from search_service.ingestion.report import LoadReport
from search_service.messages.rendering import FrontEnd, Language
from search_service.server.logs import add_handler

NICE = 5
"""How much less of the processor it gets than the searches, where there is not enough for both."""

WRITE_SECONDS = 0.5
"""Time between two notes of the progress: often enough for somebody who watches it."""

POLL_SECONDS = 0.2
"""Time between two looks whether the job is to end."""

logger = logging.getLogger(__name__)


def start_process(job: Job, lock: int, *, quiet: bool = False) -> int:
    """Start the process of a job, which inherits the descriptor of its lock, and return its id. Raises OSError.

    With `quiet` it has no standard error: it outlives a command, whose reader would wait for the end of the job.
    """
    process = subprocess.Popen(  # nosec B603
        [sys.executable, "-m", "search_service.server.job", job.id, str(lock)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else None,
        pass_fds=[lock],
        start_new_session=True,
    )
    threading.Thread(target=process.wait, name="job", daemon=True).start()  # so that it does not stay as a zombie
    return process.pid


class RunningJob:
    """A job in its process: does the work, and notes the progress. It is a `Progress` of loads.

    Args:
        files: those of the jobs.
        job: the job.
        lock: the descriptor that holds the lock of its index.
    """

    def __init__(self, files: JobFiles, job: Job, lock: int) -> None:
        self._files = files
        self._lock = lock
        self.job = replace(job, state=JobState.RUNNING, started=time.time())
        self._next_write = 0.0

    def begin(self, total: int | None) -> None:
        """Note the number of documents."""
        self._note(total=total)

    def update(self, bytes_read: int, indexed: int, saved: int, rejected: int) -> None:  # noqa: ARG002
        """Note how many documents are done: where an index is read, `bytes_read` counts them."""
        self.job = replace(self.job, documents=bytes_read, rejected=rejected)
        if time.monotonic() >= self._next_write:
            self._next_write = time.monotonic() + WRITE_SECONDS
            self._note()

    def close(self) -> None:
        """Do nothing: the job ends when the index is switched."""

    def _note(self, **changes: Any) -> None:
        self.job = replace(self.job, **changes)
        self._files.write(self.job)

    def end(self, state: JobState, **changes: Any) -> None:
        """Record how the job ended and release the lock of its index in one exclusive step.

        Whoever sees the job as ended can start the next one.
        """
        with self._files.exclusive():
            self._note(state=state, finished=time.time(), **changes)
            os.close(self._lock)

    def run(self, admin: AdminService) -> None:
        """Do the work."""
        index, options = IndexName(self.job.index), self.job.options
        self._note()
        if self.job.kind == "doctor":
            checks = [CheckNote(**serializers.check_result(one)) for one in admin.doctor(index)]
            self.end(JobState.DONE, checks=checks)
            return
        request = ReindexRequest(
            index=index,
            schema=schema_from_dict(options["schema"], "schema") if options["schema"] else "",
            reject_file=self._files.reject_file(self.job.id),
            ignore_unknown=options["ignore_unknown"],
            from_stored=True,
            keep=options["keep"],
        )
        if options["dry_run"]:
            self._end_with(admin.preview_reindex(request, self).report)
            return
        before = admin.status(index).generation
        try:
            self._end_with(admin.reindex(request, self))
        except Terminated:
            if admin.status(index).generation == before:
                raise
            self.end(JobState.DONE)  # the index was switched a moment before

    def _end_with(self, report: LoadReport) -> None:
        reasons = [ReasonNote(one.count, one.text) for one in report.reject_reasons]
        done = report.indexed + report.rejected
        self.end(JobState.DONE, documents=done, rejected=report.rejected, reasons=reasons)


def problem_in_all_languages(error: SearchServiceError) -> Mapping[str, Any]:
    """Return the problem document of an error in each language."""
    return {one.value: content_of(error, FrontEnd.JSON_BODY, one) for one in Language}


def _unexpected() -> Mapping[str, Any]:
    reason = message("internal-error")
    return {one.value: content_about_http(HTTPStatus.INTERNAL_SERVER_ERROR, reason, one) for one in Language}


def work(files: JobFiles, job: Job, lock: int, settings: Settings) -> None:
    """Do the work of a job, and note how it ended."""
    running = RunningJob(files, job, lock)
    threading.Thread(target=_watch, args=(files, job.id), daemon=True).start()
    try:
        with signals_interrupt():
            engine = make_engine(settings)
            running.run(AdminService(engine, settings.max_document_bytes, settings.index_dir, serializers.sentence))
    except Terminated:
        if files.is_cancel_requested(job.id):
            running.end(JobState.CANCELLED)
        else:
            running.end(JobState.FAILED, problem=problem_in_all_languages(JobFailed("job-interrupted")))
    except SearchServiceError as error:
        logger.error("job %s (%s of %s): %s", job.id, job.kind, job.index, error)
        running.end(JobState.FAILED, problem=problem_in_all_languages(error))
    except BaseException as error:  # a panic of tantivy is no Exception
        report_crash(error)
        running.end(JobState.FAILED, problem=_unexpected())
        sys.exit(UNEXPECTED)


def _watch(files: JobFiles, job_id: str) -> None:
    """Interrupt the work when the job is to end: also where it waits for something, a signal ends that."""
    while not files.is_cancel_requested(job_id):
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def main(job_id: str, lock: int) -> None:
    """Find a job and work at it."""
    add_handler(logging.getLogger())
    with suppress(OSError):
        os.nice(NICE)
        Path("/proc/self/autogroup").write_text(str(NICE))  # where Linux weighs sessions, niceness is of a session
    settings = Settings.from_environment(os.environ)
    files = JobFiles(settings.path_of_jobs)
    job = files.read(job_id)
    if job is not None:
        work(files, job, lock, settings)


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]))
    except (SearchServiceError, ConfigError) as error:
        sys.exit(str(error))
