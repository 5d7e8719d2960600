"""Completes queries from the values of suggest fields."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.analysis.analyzer import Analysis
from search_service.core.deadline import check_deadline
from search_service.core.document import values_of
from search_service.core.filters import Filters
from search_service.core.results import Completion
from search_service.engines.completion import COMPLETION_POOL, Completions, completion_query
from search_service.engines.embedded.reader import Snapshot


def completions(
    snapshot: Snapshot, analysis: Analysis, prefixes: Sequence[str], names: Sequence[str], size: int, filters: Filters
) -> list[Completion]:
    """Return values of the suggest fields that have words with all prefixes, newest documents first."""
    collected = Completions(prefixes, analysis)
    order = snapshot.schema.default_sort.removeprefix("-") or None
    for name in names:
        check_deadline()
        query = snapshot.queries.filtered(completion_query(name, prefixes), filters)
        for _, address in snapshot.searcher.search(query, COMPLETION_POOL, count=False, order_by_field=order).hits:
            stored = snapshot.load(address)
            collected.add(name, stored["id"], values_of(stored, name))
    return collected.first(size)
