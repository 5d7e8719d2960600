"""Finds values of facets by a piece of them."""

from __future__ import annotations

from collections.abc import Callable

from search_service.analysis.analyzer import Analysis


def contains_folded(analysis: Analysis, piece: str) -> Callable[[str], bool] | None:
    """Return whether a value contains a piece, both folded, as a function; None if every value does."""
    folded = analysis.fold(piece.strip())
    return (lambda value: folded in analysis.fold(value)) if folded else None
