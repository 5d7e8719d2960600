"""The phrases that English sentences share: titles, types, allowed values, formats."""

from __future__ import annotations

from collections.abc import Mapping

from search_service.core.errors import (
    BodyTimeout,
    BodyTooLarge,
    ClientDisconnected,
    ContentTypeUnsupported,
    CredentialsRefused,
    DamagedIndex,
    DeadlineExceeded,
    EngineFault,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    Forbidden,
    ForeignIndex,
    IndexExists,
    IndexReadOnly,
    InvalidDocument,
    InvalidParameter,
    JobFailed,
    JobRunning,
    KeysUnavailable,
    NoGeneration,
    PreconditionFailed,
    RateLimited,
    RebuildFailed,
    SearchServiceError,
    ServiceOverloaded,
    StaleIndex,
    StorageUnavailable,
    Unauthenticated,
    UnknownDocument,
    UnknownIndex,
    UnknownJob,
    UnknownKey,
    UnreadableSource,
    WriterBusy,
)

TITLES: Mapping[type[SearchServiceError], str] = {
    SearchServiceError: "The request failed",
    InvalidParameter: "Invalid parameter",
    BodyTooLarge: "The body is too large",
    ContentTypeUnsupported: "Unsupported content type",
    BodyTimeout: "The body did not arrive in time",
    ServiceOverloaded: "The service is overloaded",
    Unauthenticated: "A valid key is needed",
    Forbidden: "Not allowed",
    RateLimited: "Too many requests",
    KeysUnavailable: "Keys cannot be checked",
    UnknownKey: "Unknown key",
    UnknownIndex: "Unknown index",
    IndexExists: "Another index has this name",
    UnknownDocument: "Unknown document",
    PreconditionFailed: "The document has changed",
    InvalidDocument: "Invalid document",
    UnreadableSource: "Unreadable source",
    UnknownJob: "Unknown job",
    JobRunning: "A job is running",
    JobFailed: "The job did not end",
    WriterBusy: "Another writer holds the index",
    RebuildFailed: "The index could not be rebuilt",
    NoGeneration: "Nothing to roll back to",
    StaleIndex: "The index must be rebuilt",
    ForeignIndex: "Not an index of this service",
    EngineUnavailable: "The search engine is not available",
    DamagedIndex: "The index is damaged",
    StorageUnavailable: "The files of the indexes cannot be used",
    EngineTimeout: "The search engine did not answer in time",
    DeadlineExceeded: "The request took too long",
    ClientDisconnected: "The client has disconnected",
    EngineOverloaded: "The search engine is overloaded",
    CredentialsRefused: "The search engine refuses the service",
    EngineFault: "The search engine could not carry out the request",
    IndexReadOnly: "The index cannot be written",
}
"""The title of each error class; a class that is not listed inherits the title of its base class."""


NOT_READY = "Not ready"

INDEX_NAME_RULE = "a-z, 0-9, _ and -, beginning with a letter, at most 63 characters"


DATE_FORMS = "2024-03-11, 2024-03-11T07:40:00Z, 2024-03 or 2024 (years 0001 to 9999)"


TYPES: Mapping[str, str] = {
    "array": "a list",
    "array of strings": "a list of strings",
    "array of objects": "a list of objects",
    "boolean": "a boolean",
    "boolean or array of strings": "true, false or a list of fields",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
    "string or object": "a string or an object",
    "value or array of values": "a string, a whole number, a boolean, or a list of these",
}
"""Types of JSON values."""


ALLOWED: Mapping[str, str] = {
    "mutually-exclusive": "one of the two",
    "not-a-boolean": "true, false",
    "not-a-date": DATE_FORMS,
    "not-an-index-name": INDEX_NAME_RULE,
    "not-an-integer": "a whole number",
    "repeated-parameter": "once",
}
"""The allowed values of errors whose parameters do not include them."""


def at_most(limit: object) -> str:
    """Return the largest number that is allowed.

    >>> at_most(8)
    'at most 8'
    """
    return f"at most {limit}"


def allowed_range(low: object, high: object) -> str:
    """Return the bounds of a number.

    >>> allowed_range(1, None), allowed_range(0, 100)
    ('1 and above', '0 to 100')
    """
    return f"{low} and above" if high is None else f"{low} to {high}"
