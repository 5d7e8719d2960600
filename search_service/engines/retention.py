"""Which generations of an index a rebuild keeps and removes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_service.core.index_state import GenerationState, GenerationStats


@dataclass(frozen=True, slots=True)
class RebuildPreview:
    """What a rebuild would do to the generations of an index.

    Attributes:
        replaced: the current one; None when there is no index yet.
        kept: those that a rollback could return to, the replaced one first.
        removed: those that would be removed.
    """

    replaced: str | None
    kept: tuple[str, ...]
    removed: tuple[str, ...]


def preview_rebuild(generations: Sequence[GenerationStats], keep: int) -> RebuildPreview:
    """Return what a rebuild would do.

    Args:
        generations: the newest first.
        keep: number of generations to keep beside the new one.
    """
    names = {state: [one.name for one in generations if one.state is state] for state in GenerationState}
    replaced = next(iter(names[GenerationState.CURRENT]), None)
    kept = [*names[GenerationState.CURRENT], *names[GenerationState.KEPT]]
    removed = expired(kept, replaced, keep)
    stay = tuple(name for name in kept if name not in removed)
    return RebuildPreview(replaced, stay, (*removed, *names[GenerationState.UNFINISHED]))


def expired(kept: Sequence[str], replaced: str | None, keep: int) -> list[str]:
    """Return the generations to remove after a rebuild.

    The replaced one is kept first: after a rollback it is not the newest, but the one that worked.

    >>> expired(["g4", "g3", "g2"], "g3", 1)
    ['g4', 'g2']
    """
    return sorted(kept, key=lambda name: name != replaced)[keep:]
