"""Completes queries from the values of suggest fields."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.analysis.analyzer import Analysis
from search_service.core.document import values_of
from search_service.core.filters import Filters
from search_service.core.results import Completion
from search_service.engines.completion import COMPLETION_POOL, Completions, completion_query
from search_service.engines.elasticsearch.search.session import SearchSession


def completions(
    session: SearchSession,
    analysis: Analysis,
    prefixes: Sequence[str],
    names: Sequence[str],
    size: int,
    filters: Filters,
) -> list[Completion]:
    """Return values of the suggest fields that have words with all prefixes, newest documents first."""
    collected = Completions(prefixes, analysis)
    queries = session.queries
    bodies = [queries.newest(completion_query(name, prefixes), filters, COMPLETION_POOL, [name]) for name in names]
    for name, answer in zip(names, session.search(bodies), strict=True):
        for hit in answer["hits"]["hits"]:
            collected.add(name, hit["_id"], values_of(hit["_source"], name))
    return collected.first(size)
