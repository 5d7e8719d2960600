"""How many documents have a term: what a query's words are held against to find out which of them are mistyped."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from index_config.analyzers import ALL_STEM
from index_config.schema import Schema
from search_service.engines.elasticsearch import fields
from search_service.engines.elasticsearch.search.session import Body, SearchSession

MAX_CACHED_TERMS = 50_000
"""Terms whose numbers are kept, for all indexes of a process: some 10 MB when full. Most words of a search were asked
for before, and then it costs no request."""


class TermStats:
    """Counts the documents that have terms, and remembers the terms that some have.

    What is remembered is of a moment ago. That a term is not there is asked for each time.
    """

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str, str], int] = {}
        self._mutex = threading.Lock()

    def document_frequencies(self, session: SearchSession, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
        """Return how many documents of a generation have each term that some have.

        While a part of it does not answer, each exact word counts as one that some have, and no other stem than those
        remembered: nothing is mended for want of it. The search that follows says what is missing.
        """
        known = {term: self._cache.get((session.name, analyzer, term), 0) for term in terms}
        unknown = [term for term in known if not known[term]]
        if unknown:
            found = _document_counts(session, unknown, _fields(session.generation.schema, analyzer))
            if not session.degraded:
                self._cache_counts({(session.name, analyzer, term): documents for term, documents in found.items()})
                known |= found
            elif analyzer == "exact":
                known |= dict.fromkeys(unknown, 1)
        return {term: documents for term, documents in known.items() if documents}

    def _cache_counts(self, found: Mapping[tuple[str, str, str], int]) -> None:
        with self._mutex:
            if len(self._cache) > MAX_CACHED_TERMS:
                self._cache.clear()
            self._cache |= {key: documents for key, documents in found.items() if documents}


def _fields(schema: Schema, analyzer: str) -> list[str]:
    return [ALL_STEM] if analyzer == "stem" else [fields.exact(schema, field.name) for field in schema.searched]


def _document_counts(session: SearchSession, terms: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Return how many documents have each term in the field where most have it."""
    [answer] = session.ask([_count_request(terms, names)], quietly=True)
    if "aggregations" not in answer:  # no shard answered
        return {}
    counts = [bucket["doc_count"] for bucket in answer["aggregations"]["counts"]["buckets"]]
    return {term: max(counts[place :: len(terms)]) for place, term in enumerate(terms)}


def _count_request(terms: Sequence[str], names: Sequence[str]) -> Body:
    each = [{"term": {name: term}} for name in names for term in terms]
    return {"size": 0, "track_total_hits": False, "aggs": {"counts": {"filters": {"filters": each}}}}
