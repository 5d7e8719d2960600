"""A typed client of arabic-search-service.

`Client` waits for answers, `AsyncClient` is for asyncio. Answers are dictionaries with the members of the JSON
(`arabic_search_client.answers`), parameters have the names of the HTTP interface (`arabic_search_client.parameters`),
and each kind of problem is a subclass of `ProblemError` (`arabic_search_client.errors`).
"""

from __future__ import annotations

from arabic_search_client.async_client import AsyncClient
from arabic_search_client.client import Client
from arabic_search_client.errors import (
    AnswerTimeout,
    ArabicSearchError,
    BodyTooLarge,
    Conflict,
    ConnectionFailed,
    DamagedIndex,
    Forbidden,
    IndexBusy,
    IndexExists,
    InvalidRequest,
    JobFailed,
    JobRunning,
    NotFound,
    Overloaded,
    PreconditionFailed,
    ProblemError,
    RateLimited,
    ServerError,
    ServiceTimeout,
    StaleIndex,
    Unauthenticated,
    Unavailable,
    UnexpectedAnswer,
    UnknownDocument,
    UnknownIndex,
    UnknownJob,
    error_of,
)
from arabic_search_client.version import __version__

__all__ = [
    "AnswerTimeout",
    "ArabicSearchError",
    "AsyncClient",
    "BodyTooLarge",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "DamagedIndex",
    "Forbidden",
    "IndexBusy",
    "IndexExists",
    "InvalidRequest",
    "JobFailed",
    "JobRunning",
    "NotFound",
    "Overloaded",
    "PreconditionFailed",
    "ProblemError",
    "RateLimited",
    "ServerError",
    "ServiceTimeout",
    "StaleIndex",
    "Unauthenticated",
    "Unavailable",
    "UnexpectedAnswer",
    "UnknownDocument",
    "UnknownIndex",
    "UnknownJob",
    "__version__",
    "error_of",
]
