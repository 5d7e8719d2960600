"""Document frequencies, by which spell correction finds misspelt words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_service.core.deadline import check_deadline
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot
from search_service.query.clauses import Phrase


def document_frequencies(snapshot: Snapshot, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
    """Return the document frequency of each term; it counts deleted documents until a merge."""
    check_deadline()
    searcher = snapshot.searcher
    if analyzer == "shingle":
        return {pair: _adjacent(snapshot, pair.split(" ")) for pair in terms}
    names = [fields.exact(field.name) for field in snapshot.schema.searched]
    return {word: max(searcher.doc_freq(name, word) for name in names) for word in terms}


def _adjacent(snapshot: Snapshot, words: Sequence[str]) -> int:
    """Return the number of documents in which the words are adjacent."""
    check_deadline()
    hits: int = snapshot.searcher.search(snapshot.queries.compile(Phrase(tuple(words))), 1).count  # type: ignore[attr-defined]
    return hits
