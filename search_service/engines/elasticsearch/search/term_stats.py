"""Document frequencies, by which misspelt words and the rarest words of a query are found."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from index_config.analyzers import ALL_LEMMA
from search_service.core.filters import Filters
from search_service.engines.elasticsearch import fields
from search_service.engines.elasticsearch.search.queries import counting
from search_service.engines.elasticsearch.search.query_dsl import MATCH_ALL, bool_query
from search_service.engines.elasticsearch.search.responses import total
from search_service.engines.elasticsearch.search.session import Body, SearchSession
from search_service.query.clauses import Phrase

MAX_CACHED_TERMS = 50_000
"""Cached terms of all indexes of a process: some 10 MB when full. Most words of a search are in the cache, and then it
costs no request."""


class TermStats:
    """Returns document frequencies, and caches those above zero.

    Cached frequencies may be outdated. A frequency of zero is looked up each time.
    """

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str, str], int] = {}
        self._documents: dict[str, int] = {}
        self._mutex = threading.Lock()

    def document_frequencies(
        self, session: SearchSession, terms: Sequence[str], analyzer: str, filters: Filters
    ) -> Mapping[str, int]:
        """Return the document frequency of each term of a generation; zero is omitted. Under filters none is cached.

        While a part of it does not answer, every exact word counts as present, and only cached pairs and lemmas do. So
        no word is corrected only because its documents are missing. The search that follows reports the missing parts.
        """
        known = {term: 0 if filters else self._cache.get((session.name, analyzer, term), 0) for term in terms}
        unknown = [term for term in known if not known[term]]
        if unknown:
            documents, frequencies = _document_counts(session, unknown, analyzer, filters)
            if not session.degraded and filters:
                known |= frequencies
            elif not session.degraded:
                self._documents[session.name] = documents
                self._cache_counts(
                    {(session.name, analyzer, term): frequency for term, frequency in frequencies.items()}
                )
                known |= frequencies
            elif analyzer == "exact":
                known |= dict.fromkeys(unknown, 1)
        return {term: frequency for term, frequency in known.items() if frequency}

    def document_count(self, session: SearchSession, filters: Filters) -> int:
        """Return the number of documents of a generation: under filters now, without when it was last looked up."""
        if filters or session.name not in self._documents:
            [answer] = session.search([counting(bool_query(filter=session.queries.filtered(filters)))], log=False)
            return total(answer)
        return self._documents[session.name]

    def _cache_counts(self, frequencies: Mapping[tuple[str, str, str], int]) -> None:
        with self._mutex:
            if len(self._cache) > MAX_CACHED_TERMS:
                self._cache.clear()
                self._documents.clear()
            self._cache |= {key: frequency for key, frequency in frequencies.items() if frequency}


def _document_counts(
    session: SearchSession, terms: Sequence[str], analyzer: str, filters: Filters
) -> tuple[int, dict[str, int]]:
    """Return the number of documents, and the document frequency of each term in the field where it is highest."""
    each_term = {"filters": {"filters": _filters(session, terms, analyzer)}}
    among = bool_query(filter=session.queries.filtered(filters)) if filters else MATCH_ALL
    [answer] = session.search([{**counting(among), "aggs": {"counts": each_term}}], log=False)
    if "aggregations" not in answer:  # no shard answered
        return 0, {}
    counts = [bucket["doc_count"] for bucket in answer["aggregations"]["counts"]["buckets"]]
    return total(answer), {term: max(counts[place :: len(terms)]) for place, term in enumerate(terms)}


def _filters(session: SearchSession, terms: Sequence[str], analyzer: str) -> list[Body]:
    """Return a query for each term, in one field after the other."""
    if analyzer == "shingle":
        return [session.queries.compile(Phrase(tuple(pair.split(" ")))) for pair in terms]
    if analyzer == "lemma":
        names = [ALL_LEMMA]
    else:
        of = (one for one in session.schema.fields if one.suggest) if analyzer == "prefix" else session.schema.searched
        names = [fields.terms(analyzer, field.name) for field in of]
    return [{"term": {name: term}} for name in names for term in terms]
