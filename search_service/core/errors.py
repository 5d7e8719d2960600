"""The errors of the service: raised where they are known, turned into text in one place.

Each says what was wrong, where, and what would be right. The HTTP layer gives each class a status; the command line
prints the message and leaves with a non-zero status.
"""

from __future__ import annotations


class SearchServiceError(Exception):
    """The root of the service's own errors; its text is fit for a user."""

    title = "The request failed"


class InvalidParameter(SearchServiceError):
    """A request asks for something that is not possible.

    Attributes:
        parameter: the name of the parameter, as the caller wrote it.
        problem: what is wrong with it.
        allowed: what would be right.
    """

    title = "Invalid parameter"

    def __init__(self, parameter: str, problem: str, allowed: str) -> None:
        super().__init__(f"{parameter}: {problem}; allowed: {allowed}")
        self.parameter = parameter
        self.problem = problem
        self.allowed = allowed


class UnknownIndex(SearchServiceError):
    """There is no index of that name."""

    title = "Unknown index"

    def __init__(self, index: str, known: tuple[str, ...] | None = None) -> None:
        there_are = f"; there are: {', '.join(known)}" if known else "; there is none yet"
        super().__init__(f"there is no index {index!r}{'' if known is None else there_are}")
        self.index = index


class UnknownDocument(SearchServiceError):
    """The index has no document of that id."""

    title = "Unknown document"

    def __init__(self, index: str, document_id: str) -> None:
        super().__init__(f"index {index!r} has no document {document_id!r}")


class InvalidDocument(SearchServiceError):
    """A document does not fit its schema and is refused.

    Attributes:
        field: the field at fault, or empty when it is the document as a whole.
        problem: what is wrong with it.
    """

    title = "Invalid document"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}" if field else problem)
        self.field = field
        self.problem = problem


class UnreadableSource(SearchServiceError):
    """A file or stream of documents cannot be read at all."""

    title = "Unreadable source"


class WriterBusy(SearchServiceError):
    """Another process writes to the index or rebuilds it.

    Attributes:
        pid: of the process that holds it, None when it is not known.
    """

    title = "Another writer holds the index"

    def __init__(self, index: str, pid: int | None, holder: str = "") -> None:
        holder = holder or (f"pid {pid}" if pid else "its pid is not known yet")
        super().__init__(f"another writer holds the index {index!r} ({holder}); wait until it has finished")
        self.pid = pid


class RebuildFailed(SearchServiceError):
    """A rebuild could not be finished; what was searched before is still searched."""

    title = "The index could not be rebuilt"


class NoGeneration(SearchServiceError):
    """There is no generation of the index to roll back to."""

    title = "Nothing to roll back to"

    def __init__(self, index: str, problem: str) -> None:
        super().__init__(f"index {index!r} cannot be rolled back: {problem}")


class StaleIndex(SearchServiceError):
    """An index was made with another configuration or another version of its format."""

    title = "The index must be rebuilt"

    def __init__(self, index: str, problem: str) -> None:
        super().__init__(
            f"index {index!r} {problem}; rebuild it: arabic-search reindex {index} SOURCE (or --from-stored)"
        )


class ForeignIndex(SearchServiceError):
    """There is an index of that name, and this service did not make it."""

    title = "Not an index of this service"

    def __init__(self, index: str, problem: str) -> None:
        super().__init__(f"{index!r} {problem}; choose another name, or remove it by the means it was made with")


class EngineUnavailable(SearchServiceError):
    """The engine does not answer."""

    title = "The search engine is not available"


class DamagedIndex(EngineUnavailable):
    """The files of an index cannot be read."""

    title = "The index is damaged"


class EngineTimeout(EngineUnavailable):
    """The engine did not answer in time."""

    title = "The search engine did not answer in time"


class EngineOverloaded(EngineUnavailable):
    """The engine has more to do than it can."""

    title = "The search engine is overloaded"


class CredentialsRefused(EngineUnavailable):
    """The engine does not accept the service's credentials, or does not allow it what it asked for."""

    title = "The search engine refuses the service"


class EngineFault(SearchServiceError):
    """The engine found fault with a request that should have been right: a mistake in it or in the service.

    Unlike with EngineUnavailable, the same request will not do better a little later.
    """

    title = "The search engine could not carry out the request"


class IndexReadOnly(EngineUnavailable):
    """The engine takes no writes, most often because its disk is full."""

    title = "The index cannot be written"
