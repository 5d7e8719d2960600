"""The state of indexes and of their generations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_service.core.message import Message


@dataclass(frozen=True, slots=True)
class Health:
    """The health of an index that can be searched.

    Attributes:
        degraded: the shards and copies of shards that are missing; empty when the index is complete.
    """

    degraded: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at in an index, and what was seen.

    Attributes:
        check: what was looked at, in a word.
        ok: whether it is as it should be.
        detail: what was seen, and what to do about it.
    """

    check: str
    ok: bool
    detail: Message


class IndexState(StrEnum):
    """Whether an index can be searched, and if not, why."""

    CURRENT = "current"
    """It was built with the configuration of this service."""

    STALE = "stale"
    """It was built with another configuration and must be rebuilt."""

    PARTIAL = "partial"
    """It can be searched, but some of its shards are missing."""

    DAMAGED = "damaged"
    """Its files cannot be read."""

    FOREIGN = "foreign"
    """The name belongs to an index that this service did not make."""

    UNAVAILABLE = "unavailable"
    """The engine did not answer for it, or all of its shards are missing."""


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The state of an index. What could not be read of it is empty or 0.

    Attributes:
        state: whether it can be searched.
        schema: the name of its schema.
        documents: how many can be found.
        size_bytes: its size on disk.
        fingerprint: identifies the configuration it was built with.
        created: when its current generation was begun, ISO 8601 in UTC.
        problem: what is wrong with it; None when nothing is, or when `state` says it all.
    """

    name: str
    state: IndexState
    schema: str = ""
    documents: int = 0
    size_bytes: int = 0
    fingerprint: str = ""
    created: str = ""
    problem: Message | None = None


class GenerationState(StrEnum):
    """What a generation is to its index."""

    CURRENT = "current"
    KEPT = "kept"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class GenerationStats:
    """One of the generations of an index: each rebuild makes one, and one is searched.

    Attributes:
        name: the engine's own name for it; greater names are newer.
        state: `current` is searched, `kept` can be rolled back to, `unfinished` is being filled or was left behind.
        documents: how many can be found in it.
        size_bytes: what it takes on disk.
        created: when it was begun, ISO 8601 in UTC.
    """

    name: str
    state: GenerationState
    documents: int
    size_bytes: int
    created: str
