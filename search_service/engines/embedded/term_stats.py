"""Document frequencies, by which spell correction finds misspelt words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index_config.analyzers import ALL_STEM
from search_service.core.deadline import check_deadline
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot


def document_frequencies(snapshot: Snapshot, terms: Sequence[str], analyzer: str) -> Mapping[str, int]:
    """Return the document frequency of each term; it counts deleted documents until a merge."""
    check_deadline()
    searcher = snapshot.searcher
    if analyzer == "stem":
        return {stem: searcher.doc_freq(ALL_STEM, stem) for stem in terms}
    names = [fields.exact(field.name) for field in snapshot.schema.searched]
    return {word: max(searcher.doc_freq(name, word) for name in names) for word in terms}
