"""The state of indexes and of their generations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_service.core.message import Message


@dataclass(frozen=True, slots=True)
class Health:
    """The health of a searchable index.

    Attributes:
        degraded: the missing shards and shard copies; empty if the index is complete.
    """

    degraded: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check of an index.

    Attributes:
        check: the name of the check.
        ok: whether the check passed.
        detail: what was measured, and what to do if the check failed.
    """

    check: str
    ok: bool
    detail: Message


class IndexState(StrEnum):
    """The state of an index."""

    CURRENT = "current"
    """Built with the configuration of this service."""

    STALE = "stale"
    """Built with another configuration; must be rebuilt."""

    PARTIAL = "partial"
    """Searchable, but some shards are missing."""

    DAMAGED = "damaged"
    """Its files cannot be read."""

    FOREIGN = "foreign"
    """Not created by this service."""

    UNAVAILABLE = "unavailable"
    """The engine did not answer, or all shards are missing."""


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The state and size of an index. Values that could not be read are empty or 0.

    Attributes:
        schema: the name of its schema.
        documents: the number of searchable documents.
        size_bytes: its size on disk.
        fingerprint: identifies the configuration it was built with.
        created: the start of its current generation, ISO 8601 in UTC.
        problem: the error; None if there is none, or if `state` says everything.
        waiting: acknowledged changes that searches do not find yet.
        failed: acknowledged changes that could not be applied, and are set aside.
        generation: the name of its current generation.
    """

    name: str
    state: IndexState
    schema: str = ""
    documents: int = 0
    size_bytes: int = 0
    fingerprint: str = ""
    created: str = ""
    problem: Message | None = None
    waiting: int = 0
    failed: int = 0
    generation: str = ""


class GenerationState(StrEnum):
    """The role of a generation in its index."""

    CURRENT = "current"
    KEPT = "kept"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class GenerationStats:
    """A generation of an index. Each rebuild creates one; searches use the current one.

    Attributes:
        name: the engine's name for it; newer generations sort later.
        state: `current` is searched, `kept` can be rolled back to, `unfinished` is being built or was abandoned.
        documents: the number of searchable documents.
        size_bytes: its size on disk.
        created: when its build started, ISO 8601 in UTC.
    """

    name: str
    state: GenerationState
    documents: int
    size_bytes: int
    created: str
