"""Document frequencies, by which misspelt words and the rarest words of a query are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index_config.analyzers import ALL_LEMMA
from search_service.core.deadline import check_deadline
from search_service.core.filters import Filters
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot
from search_service.query.clauses import Phrase
from search_service.query.tree import Form, IndexTerms, MatchAll, Node, SuggestPrefix, any_of

MAX_COUNTED = 50_000
"""Cached counts of a commit, some 20 MB when full."""


def document_frequencies(
    snapshot: Snapshot, terms: Sequence[str], analyzer: str, filters: Filters
) -> Mapping[str, int]:
    """Return the document frequency of each term; without filters it counts deleted documents until a merge."""
    check_deadline()
    searcher = snapshot.searcher
    if analyzer == "shingle":
        return {pair: _count(snapshot, Phrase(tuple(pair.split(" "))), filters) for pair in terms}
    if analyzer == "lemma":
        if filters:
            lemmas = {lemma: IndexTerms(Form.LEMMA, "", (lemma,)) for lemma in terms}
            return {lemma: _count(snapshot, node, filters) for lemma, node in lemmas.items()}
        return {lemma: searcher.doc_freq(ALL_LEMMA, lemma) for lemma in terms}
    if analyzer == "prefix":
        suggest = [field.name for field in snapshot.schema.fields if field.suggest]
        names = [fields.prefix(name) for name in suggest]
        nodes = {term: any_of(SuggestPrefix(name, term) for name in suggest) for term in terms}
    else:
        names = [fields.exact(field.name) for field in snapshot.schema.searched]
        nodes = {word: Phrase((word,)) for word in terms}
    frequencies = {term: max((searcher.doc_freq(name, term) for name in names), default=0) for term in terms}
    if not filters:
        return frequencies
    # Of the 600 words around a misspelt one the index has some tens, and only these are counted.
    return {term: _count(snapshot, nodes[term], filters) for term in terms if frequencies[term]}


def field_counts(snapshot: Snapshot, filters: Filters) -> Mapping[str, int]:
    """Return how many documents have each indexed field, of those that pass some filters."""
    counts: dict[str, int] = {}
    for field in snapshot.schema.fields:
        check_deadline()
        query = snapshot.queries.exists(field, filters)
        if query is not None:
            counts[field.name] = snapshot.searcher.search(query, 1).count  # type: ignore[attr-defined]
    return counts


def document_count(snapshot: Snapshot, filters: Filters) -> int:
    """Return the number of documents that pass some filters."""
    return _count(snapshot, MatchAll(), filters) if filters else int(snapshot.searcher.num_docs)


def _count(snapshot: Snapshot, node: Node, filters: Filters) -> int:
    """Return the number of documents that match a node and pass some filters; those under a restriction are cached.

    A search with a key that has a filter counts each of its words, in some 50 µs to 100 µs.
    """
    if not filters or filters != filters.restriction_only:
        return _search(snapshot, node, filters)
    cache = snapshot.counted
    if len(cache) > MAX_COUNTED:
        cache.clear()
    counted = cache.get((node, filters.restriction))
    if counted is None:
        counted = cache[node, filters.restriction] = _search(snapshot, node, filters)
    return counted


def _search(snapshot: Snapshot, node: Node, filters: Filters) -> int:
    check_deadline()
    hits: int = snapshot.searcher.search(snapshot.queries.filtered(node, filters), 1).count  # type: ignore[attr-defined]
    return hits
