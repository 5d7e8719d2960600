"""When the waiting for a job ends."""

from __future__ import annotations

import time

from arabic_search_client.answers.jobs import Job
from arabic_search_client.errors import JobFailed

POLL_SECONDS = 0.5
"""Between two looks at a job. The service updates it as often."""


class Deadline:
    """A moment at which the waiting for a job ends."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def check(self, job: Job) -> None:
        """Raise TimeoutError if it has passed."""
        if self._end is not None and time.monotonic() >= self._end:
            raise TimeoutError(f"job {job['id']} of index {job['index']} is still {job['state']}; it goes on")


def has_ended(job: Job) -> bool:
    """Return whether a job is done.

    Raises:
        JobFailed: it failed or was cancelled.
    """
    if job["state"] in ("failed", "cancelled"):
        raise JobFailed(job)
    return job["state"] == "done"
