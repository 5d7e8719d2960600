"""The rarest words of a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from search_service.query.clauses import Term
from search_service.query.query import Query

RARE_WORDS = 2
"""How many words of a query are its rarest. On questions and headlines in 30,000 articles, one is as good as two; with
one, a document would be lost if the rarest word of a question happens to be beside the point (ADR 3)."""


def mark_rare_words(query: Query, frequencies: Mapping[str, int]) -> Query:
    """Return the query with its rarest content words marked; words that no document has are not among them.

    Args:
        query: an understood query.
        frequencies: the document frequencies of its folded words. Their magnitude decides, so that it does not matter
            whether they are up to date.
    """
    content = {word.exact: frequencies.get(word.exact, 0).bit_length() for word in query.unquoted if word.is_content}
    rarest = sorted((word for word, magnitude in content.items() if magnitude), key=lambda word: content[word])
    rare = set(rarest[:RARE_WORDS])

    def mark(words: tuple[Term, ...]) -> Iterator[Term]:
        return (replace(word, is_rare=True) if word.exact in rare else word for word in words)

    return query.map_words(mark)
