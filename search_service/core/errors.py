"""The errors of the service.

The class of an error is its category: it decides the HTTP status, `Retry-After` and the exit status. Its code says what
happened, its parameters where and with which values. Sentences are made by the front ends (`search_service.messages`).
"""

from __future__ import annotations

from search_service.core.message import Message, Value


class SearchServiceError(Exception):
    """The root of the service's own errors; its text is one line for logs.

    Attributes:
        message: the code and the parameters.
    """

    def __init__(self, code: str, /, **params: Value) -> None:
        self.message = Message(code, params)
        super().__init__(str(self.message))

    @property
    def code(self) -> str:
        """What happened."""
        return self.message.code


class InvalidParameter(SearchServiceError):
    """A request asks for something that is not possible.

    Attributes:
        parameter: the path of the request member: `size`, `filters.category`, `ranges.price`; or the name of a setting.

    >>> InvalidParameter("sort", "not-sortable", value="body", allowed=("date", "-date"))
    InvalidParameter("not-sortable: parameter='sort' value='body' allowed=['date', '-date']")
    """

    def __init__(self, parameter: str, code: str, /, **params: Value) -> None:
        super().__init__(code, parameter=parameter, **params)
        self.parameter = parameter


class UnknownIndex(SearchServiceError):
    """There is no index of that name."""

    def __init__(self, index: str, known: tuple[str, ...] | None = None) -> None:
        super().__init__("unknown-index", index=index, known=known)
        self.index = index


class UnknownDocument(SearchServiceError):
    """The index has no document of that id."""

    def __init__(self, index: str, document_id: str) -> None:
        super().__init__("unknown-document", index=index, id=document_id)


class InvalidDocument(SearchServiceError):
    """A document does not fit its schema and is refused.

    Attributes:
        field: the field at fault, or empty when it is the document as a whole.
    """

    def __init__(self, field: str, code: str, /, **params: Value) -> None:
        super().__init__(code, field=field, **params)
        self.field = field


class UnreadableSource(SearchServiceError):
    """A file or stream of documents cannot be read at all."""


class WriterBusy(SearchServiceError):
    """Another process writes to the index or rebuilds it.

    Args:
        index: the index.
        pid: of the process that holds it, None when it is not known.
        host: its machine, or empty for this one.
        work: what it does, or empty when that is not known.
        since: when it began, ISO 8601.
    """

    def __init__(self, index: str, pid: int | None, host: str = "", work: str = "", since: str = "") -> None:
        super().__init__("writer-busy", index=index, pid=pid, host=host, work=work, since=since)
        self.pid = pid


class RebuildFailed(SearchServiceError):
    """A rebuild could not be finished; what was searched before is still searched."""


class NoGeneration(SearchServiceError):
    """There is no generation of the index to roll back to."""

    def __init__(self, index: str, code: str, /, **params: Value) -> None:
        super().__init__(code, index=index, **params)


class StaleIndex(SearchServiceError):
    """An index was built with another configuration or another version of its format."""

    def __init__(self, index: str, code: str, /, **params: Value) -> None:
        super().__init__(code, index=index, **params)


class ForeignIndex(SearchServiceError):
    """There is an index of that name, and this service did not make it."""

    def __init__(self, index: str, code: str, /, **params: Value) -> None:
        super().__init__(code, index=index, **params)


class EngineUnavailable(SearchServiceError):
    """The engine does not answer."""


class DamagedIndex(EngineUnavailable):
    """The files of an index cannot be read."""


class EngineTimeout(EngineUnavailable):
    """The engine did not answer in time."""


class EngineOverloaded(EngineUnavailable):
    """The engine has more to do than it can."""


class CredentialsRefused(EngineUnavailable):
    """The engine does not accept the service's credentials, or does not allow it what it asked for."""


class EngineFault(SearchServiceError):
    """The engine found fault with a request that should have been right: a mistake in it or in the service.

    Unlike with EngineUnavailable, the same request will not do better a little later.
    """


class IndexReadOnly(EngineUnavailable):
    """The engine takes no writes, most often because its disk is full."""
