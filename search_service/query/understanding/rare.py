"""The rarest words of a long query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search_service.query.clauses import Term
from search_service.query.query import Query
from search_service.query.understanding.context import Context

LONG_QUERY = 4
"""Content words of the shortest query of which a document need not have all (`ranking.match_rules`)."""

RARE_WORDS = 2
"""How many words of a query are its rarest. On questions and headlines in 30,000 articles, one is as good as two; with
one, a document would be lost if the rarest word of a question happens to be beside the point (ADR 3)."""


def mark_rare_words(query: Query, context: Context) -> Query:
    """Return an understood query with the rarest content words of a long query marked.

    The magnitude of document frequencies decides, so that it does not matter whether they are up to date. Words that no
    document has, and those as frequent as the most frequent word, are not among them.
    """
    content = {word.exact: word for word in query.unquoted if word.is_content}
    if len(content) < LONG_QUERY:
        return query
    lemmas = dict.fromkeys(lemma for word in content.values() for lemma in word.matching_lemmas)
    frequencies = context.document_frequencies(list(lemmas), "lemma")
    magnitudes = {
        exact: max(frequencies.get(lemma, 0) for lemma in word.matching_lemmas).bit_length()
        for exact, word in content.items()
        if word.matching_lemmas
    }
    most = max(magnitudes.values(), default=0)
    rarer = [exact for exact, magnitude in magnitudes.items() if 0 < magnitude < most]
    rare = set(sorted(rarer, key=magnitudes.__getitem__)[:RARE_WORDS])

    def mark(words: tuple[Term, ...]) -> Iterator[Term]:
        return (replace(word, is_rare=True) if word.exact in rare else word for word in words)

    return query.map_words(mark)
