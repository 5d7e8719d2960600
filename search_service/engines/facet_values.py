"""Values of facets: finds them by a piece of them, and shows those that engines count by their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from index_config.schema import Field
from search_service.analysis.analyzer import Analysis
from search_service.analysis.values import SEPARATOR, folded_value, searched_key
from search_service.core.results import FacetBucket

MAX_CACHED_VALUES = 50_000
"""Written values in a cache, some 15 MB when full."""


def contains_folded(analysis: Analysis, field: Field, piece: str) -> Callable[[str], bool] | None:
    """Return whether the value of a key contains a piece, both folded, as a function; None if every value does."""
    folded = analysis.fold(" ".join(piece.split()))
    if not folded:
        return None
    if field.kind.compared_by_key:
        part = analysis.value_keys.part(folded)
        return lambda key: part in searched_key(key)
    return lambda value: folded in analysis.fold(value)


def has_spellings(field: Field | None) -> bool:
    """Whether a value of a field may have several spellings, of which one is shown."""
    return field is not None and field.kind.compared_by_key and not field.verbatim


def shown(field: Field | None, buckets: Sequence[FacetBucket], written: Mapping[str, str]) -> tuple[FacetBucket, ...]:
    """Return counted keys as values; `written` has the value of each key, if it may have several spellings."""
    if field is None or not field.kind.compared_by_key:
        return tuple(buckets)
    if field.verbatim:
        return tuple(FacetBucket(bucket.value.partition(SEPARATOR)[2], bucket.count) for bucket in buckets)
    return tuple(
        # A document may have been removed since it was counted.
        FacetBucket(written.get(bucket.value) or folded_value(bucket.value), bucket.count)
        for bucket in buckets
    )
