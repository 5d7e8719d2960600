"""The state of indexes and of their generations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Health:
    """The health of an index that can be searched.

    Attributes:
        degraded: the shards and copies of shards that are missing; empty when the index is complete.
    """

    degraded: tuple[str, ...] = ()


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
    detail: str


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The state of an index.

    Attributes:
        documents: how many can be found.
        size_bytes: what it takes on disk.
        fingerprint: of the configuration it was made with.
        current: whether that is the configuration of this service.
        created: when its present generation was begun, ISO 8601 in UTC.
        problem: why nothing more is known of it, or empty.
    """

    name: str
    schema: str
    documents: int
    size_bytes: int
    fingerprint: str
    current: bool
    created: str
    problem: str = ""


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
