"""Completes what was typed: which values of a document do, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import lower
from search_service.core.results import Completion
from search_service.query.tree import Node, Prefix, Query, all_of

COMPLETION_POOL = 50
"""Documents looked at for completions of a field, the newest ones: enough for ten different values."""


def beginnings_of(query: Query, analysis: Analysis) -> list[str]:
    """Return the beginnings that the words of a completing value must have."""
    return [analysis.completed(word.exact) for word in query.words]


def completing(field: str, beginnings: Sequence[str]) -> Node:
    """Return the node for documents whose suggest field has words with all of some beginnings."""
    return all_of(Prefix(field, beginning) for beginning in beginnings)


class Completions:
    """Collects completions in the order they are found, each text once however it is spelt.

    Args:
        beginnings: what the words of a value must begin with, all of them.
        analysis: how values are read.
    """

    def __init__(self, beginnings: Sequence[str], analysis: Analysis) -> None:
        self._beginnings = beginnings
        self._analysis = analysis
        self._found: dict[str, Completion] = {}

    def add(self, field: str, document_id: str, texts: Iterable[str]) -> None:
        """Take the values of a document's field that complete what was typed."""
        for text in texts:
            if self._completes(text):
                self._found.setdefault(self._analysis.fold(text), Completion(text, field, document_id))

    def first(self, size: int) -> list[Completion]:
        """Return the first ones."""
        return list(self._found.values())[:size]

    def _completes(self, text: str) -> bool:
        words = [self._analysis.completed(lower(token.text)) for token in self._analysis.words(text)]
        return all(any(word.startswith(beginning) for word in words) for beginning in self._beginnings)
