"""The exit statuses of `arabic-search`."""

from __future__ import annotations

from index_config.errors import ConfigError
from search_service.core.crash import UNEXPECTED
from search_service.core.errors import (
    DamagedIndex,
    EngineUnavailable,
    InvalidParameter,
    JobRunning,
    SearchServiceError,
    UnknownDocument,
    UnknownIndex,
    UnknownJob,
    UnknownKey,
    UnreadableSource,
    WriterBusy,
)
from search_service.core.files import FULL

OK, REJECTED, WRONG_USAGE, NOT_FOUND, BUSY, FAILED, UNAVAILABLE = range(7)
INTERRUPTED = 128 + 2
"""As shells report a process that SIGINT ended."""

HUNG_UP, TERMINATED = 128 + 1, 128 + 15
"""As shells report a process that SIGHUP or SIGTERM ended."""

OUTPUT_CLOSED = 128 + 13
"""As shells report a process that SIGPIPE ended: the reader of its output (`| head`) has ended."""

MEANINGS = {
    OK: "success",
    REJECTED: "finished, but some documents were rejected",
    WRONG_USAGE: "invalid usage, parameter, schema or source",
    NOT_FOUND: "no such index, document, key or job",
    BUSY: "another writer or job holds the index",
    FAILED: "any other failure",
    UNAVAILABLE: "the search engine does not answer, is overloaded or full, or refuses the service",
    UNEXPECTED: "an error that nobody foresaw: a bug; the message names a file with details",
    HUNG_UP: "ended by a closed terminal (SIGHUP)",
    INTERRUPTED: "interrupted (Ctrl-C), or not confirmed",
    OUTPUT_CLOSED: "the reader of the output has ended",
    TERMINATED: "ended by SIGTERM",
}


class DocumentsRejected(Exception):
    """A load has finished, but some documents were rejected; the text says how many and where they are noted."""


STATUSES: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((InvalidParameter, ConfigError, UnreadableSource), WRONG_USAGE),
    ((UnknownIndex, UnknownDocument, UnknownJob, UnknownKey), NOT_FOUND),
    ((WriterBusy, JobRunning), BUSY),
    ((DamagedIndex,), FAILED),
    ((EngineUnavailable,), UNAVAILABLE),
    ((SearchServiceError, OSError), FAILED),
)
"""The exit status of each error: the first row that matches."""


def status_of(error: Exception) -> int:
    """Return the exit status of an error.

    >>> status_of(UnknownIndex("news")), status_of(OSError(28, "No space left on device"))
    (3, 6)
    """
    if isinstance(error, OSError) and error.errno in FULL:
        return UNAVAILABLE
    return next(status for kinds, status in STATUSES if isinstance(error, kinds))
