"""Which values of a document complete a query, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import lower
from search_service.analysis.values import written_value
from search_service.core.results import Completion
from search_service.query.query import Query
from search_service.query.tree import Node, Prefix, all_of

COMPLETION_POOL = 50
"""Newest documents that are read for the completions of a field: enough for ten different values."""


def prefixes_of(query: Query, analysis: Analysis) -> list[str]:
    """Return the prefixes that the words of a completion must have."""
    return [analysis.completed(word.exact) for word in query.words]


def completion_query(field: str, prefixes: Sequence[str]) -> Node:
    """Return the query for documents whose suggest field has words with all of the prefixes."""
    return all_of(Prefix(field, prefix) for prefix in prefixes)


class Completions:
    """Collects completions in the order they are found, each value once however it is spelt.

    Args:
        prefixes: the words of a value must have all of them.
        analysis: splits and folds values.
    """

    def __init__(self, prefixes: Sequence[str], analysis: Analysis) -> None:
        self._prefixes = prefixes
        self._analysis = analysis
        self._found: dict[str, Completion] = {}

    def add(self, field: str, document_id: str, texts: Iterable[str]) -> None:
        """Add the values of a field of a document that complete the query."""
        for text in texts:
            if self._completes(text):
                completion = Completion(written_value(text), field, document_id)
                self._found.setdefault(self._analysis.value_keys[text], completion)

    def first(self, size: int) -> list[Completion]:
        """Return the first completions."""
        return list(self._found.values())[:size]

    def _completes(self, text: str) -> bool:
        words = [self._analysis.completed(lower(token.text)) for token in self._analysis.words(text)]
        return all(any(word.startswith(prefix) for word in words) for prefix in self._prefixes)
