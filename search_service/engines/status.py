"""The state of every index: one that cannot be read does not hide the others."""

from __future__ import annotations

from collections.abc import Iterator

from search_service.core.errors import DamagedIndex, ForeignIndex, SearchServiceError, StaleIndex, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.core.index_state import IndexState, IndexStats
from search_service.engines.base import IndexManager

_STATES: tuple[tuple[type[SearchServiceError], IndexState], ...] = (
    (StaleIndex, IndexState.STALE),
    (DamagedIndex, IndexState.DAMAGED),
    (ForeignIndex, IndexState.FOREIGN),
)
"""What is wrong with an index itself, by the error that reading its state raises."""


def index_status(indexes: IndexManager, index: IndexName, verify: bool = False) -> IndexStats:
    """Return the state of an index, also of one that is damaged, stale or foreign.

    Args:
        indexes: the indexes of an engine.
        index: the name of one.
        verify: read all of its files; without it, damage that does not prevent opening the index is not found.

    Raises:
        UnknownIndex: there is none of that name.
        EngineUnavailable: the engine does not answer.
    """
    try:
        if verify:
            indexes.verify(index)
        return indexes.stats(index)
    except SearchServiceError as error:
        state = next((state for kind, state in _STATES if isinstance(error, kind)), None)
        if state is None:
            raise
        return IndexStats(index, state, problem=error.message)


def all_indexes(indexes: IndexManager, verify: bool = False) -> Iterator[IndexStats]:
    """Yield the state of every index, in the order of their names; one that is deleted meanwhile is left out.

    The arguments are those of `index_status`.

    Raises:
        EngineUnavailable: the engine does not answer at all.
    """
    for index in indexes.names():
        try:
            yield index_status(indexes, index, verify)
        except UnknownIndex:
            continue
        except SearchServiceError as error:
            yield IndexStats(index, IndexState.UNAVAILABLE, problem=error.message)
