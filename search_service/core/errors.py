"""The errors of the service.

The class of an error is its category, which decides the HTTP status, `Retry-After` and the exit status. The code says
what happened, the parameters where and with which values. Front ends render sentences (`search_service.messages`).
"""

from __future__ import annotations

from search_service.core.message import Message, Value


class SearchServiceError(Exception):
    """Base class of the service's errors; its text is one line for logs.

    Attributes:
        message: the code and the parameters.
    """

    def __init__(self, code: str, /, **params: Value) -> None:
        self.message = Message(code, params)
        super().__init__(str(self.message))

    @property
    def code(self) -> str:
        """The code of the message, in kebab-case."""
        return self.message.code


class InvalidParameter(SearchServiceError):
    """A parameter of a request, or a setting, is invalid.

    Attributes:
        parameter: the path of the request member: `size`, `filters.category`, `ranges.price`; or the name of a setting.

    >>> InvalidParameter("sort", "not-sortable", value="body", allowed=("date", "-date"))
    InvalidParameter("not-sortable: parameter='sort' value='body' allowed=['date', '-date']")
    """

    def __init__(self, parameter: str, code: str, /, **params: Value) -> None:
        super().__init__(code, parameter=parameter, **params)
        self.parameter = parameter


class BodyTooLarge(InvalidParameter):
    """The body of a request exceeds the limit."""


class ContentTypeUnsupported(InvalidParameter):
    """The body of a request has another content type than the operation reads."""


class BodyTimeout(InvalidParameter):
    """The body of a request did not arrive in time."""


class ServiceOverloaded(SearchServiceError):
    """Too many requests are in progress and in the queue."""

    def __init__(self) -> None:
        super().__init__("overloaded")


class Unauthenticated(SearchServiceError):
    """A request needs a key and has none, or one that is not valid."""


class Forbidden(SearchServiceError):
    """The caller may not do this, or not with this index.

    Args:
        code: the code of the message.
        scope: the scope that is missing, if that is why.
        params: the parameters of the message.
    """

    def __init__(self, code: str, /, *, scope: str = "", **params: Value) -> None:
        super().__init__(code, **params, **({"scope": scope} if scope else {}))
        self.scope = scope


class RateLimited(SearchServiceError):
    """The caller sends too many requests.

    Args:
        limit: how many are allowed.
        seconds: the time after which the next request is allowed.
    """

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__("rate-limited", limit=limit, seconds=seconds)
        self.seconds = seconds


class KeysUnavailable(SearchServiceError):
    """The file of the keys cannot be read, or is not one."""


class UnknownKey(SearchServiceError):
    """No key has this id."""

    def __init__(self, key_id: str) -> None:
        super().__init__("unknown-key-id", id=key_id)


class UnknownIndex(SearchServiceError):
    """No index has this name.

    Args:
        index: the name.
        known: the names that there are, None if they are not known.
        missing_folder: the folder of the indexes, if it does not exist.
    """

    def __init__(self, index: str, known: tuple[str, ...] | None = None, missing_folder: str = "") -> None:
        place = {"place": missing_folder} if missing_folder else {}
        super().__init__("unknown-index", index=index, known=known, **place)
        self.index = index


class IndexExists(SearchServiceError):
    """An index of this name exists, with another schema."""

    def __init__(self, index: str, schema: str) -> None:
        super().__init__("index-has-other-schema", index=index, schema=schema)


class UnknownDocument(SearchServiceError):
    """The index has no document with this id."""

    def __init__(self, index: str, document_id: str) -> None:
        super().__init__("unknown-document", index=index, id=document_id)


class PreconditionFailed(SearchServiceError):
    """A document is not as `If-Match` or `If-None-Match` of the request says; nothing was changed."""

    def __init__(self, index: str, document_id: str) -> None:
        super().__init__("precondition-failed", index=index, id=document_id)


class InvalidDocument(SearchServiceError):
    """A document violates its schema and is rejected.

    Attributes:
        field: the invalid field; empty if the error concerns the whole document.
    """

    def __init__(self, field: str, code: str, /, **params: Value) -> None:
        super().__init__(code, field=field, **params)
        self.field = field


class UnreadableSource(SearchServiceError):
    """A file or stream cannot be read."""


class WriterBusy(SearchServiceError):
    """Another process writes to the index or rebuilds it.

    Args:
        index: the name of the index.
        pid: the other process, None if unknown.
        host: the machine of the other process, empty for this one.
        work: what the other process does, empty if unknown.
        since: when it started, ISO 8601.
    """

    def __init__(self, index: str, pid: int | None, host: str = "", work: str = "", since: str = "") -> None:
        super().__init__("writer-busy", index=index, pid=pid, host=host, work=work, since=since)
        self.pid = pid


class UnknownJob(SearchServiceError):
    """The index has no job with this id, or has it no longer."""

    def __init__(self, index: str, job_id: str) -> None:
        super().__init__("unknown-job", index=index, id=job_id)


class JobRunning(SearchServiceError):
    """Another job works at the index."""

    def __init__(self, index: str, job_id: str) -> None:
        super().__init__("job-running", index=index, id=job_id)


class JobFailed(SearchServiceError):
    """The process of a job ended before its work; the index is as it was."""


class RebuildFailed(SearchServiceError):
    """A rebuild failed; searches still use the former generation."""


class NothingToIndex(SearchServiceError):
    """A rebuild found no document; an empty generation never replaces the live one."""


class NoGeneration(SearchServiceError):
    """The index has no generation to roll back to."""

    def __init__(self, index: str, code: str, /, **params: Value) -> None:
        super().__init__(code, index=index, **params)


class StaleIndex(SearchServiceError):
    """An index was built with another configuration or another version of its format."""

    def __init__(self, index: str, code: str, /, **params: Value) -> None:
        super().__init__(code, index=index, **params)


class ForeignIndex(SearchServiceError):
    """This service did not create the index of this name."""

    def __init__(self, index: str, code: str, /, **params: Value) -> None:
        super().__init__(code, index=index, **params)


class EngineUnavailable(SearchServiceError):
    """The engine is not available."""


class DamagedIndex(EngineUnavailable):
    """A file of an index is missing or differs from what was written."""


class StorageUnavailable(EngineUnavailable):
    """The disk is full, cannot be read or written, or denies the service a permission."""


class EngineTimeout(EngineUnavailable):
    """The engine did not answer in time."""


class DeadlineExceeded(SearchServiceError):
    """The work of a request took longer than it may."""


class ClientDisconnected(SearchServiceError):
    """The client has closed the connection: its request is abandoned."""


class EngineOverloaded(EngineUnavailable):
    """The engine is overloaded and refused the request."""


class CredentialsRefused(EngineUnavailable):
    """The engine refused the service's credentials, or the service lacks a privilege."""


class EngineFault(SearchServiceError):
    """The engine rejected a request that should be valid: a bug in the engine or in the service.

    Unlike `EngineUnavailable`, a retry does not help.
    """


class IndexReadOnly(EngineUnavailable):
    """The engine rejects writes, most often because its disk is full."""
