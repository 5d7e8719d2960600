"""Names: words that match only themselves, with particles before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search_service.analysis.lemmas import NAME
from search_service.query.clauses import Term
from search_service.query.query import Query
from search_service.query.understanding.context import Context, StepResult

COMMON_WEIGHT = 0.3
"""Weight in the lexicon from which a name is also a common word (العين, صور): it counts as a name only in a query
without another content word, because then nothing says that the word is meant."""


def find_names(query: Query, context: Context) -> StepResult:
    """Return the query with names that match only themselves."""
    alone = sum(word.is_content for word in query.words) == 1

    def change(words: tuple[Term, ...]) -> Iterator[Term]:
        return (_as_name(word, context, common=alone) for word in words)

    return query.map_words(change, include_excluded=True), ()


def find_name(term: Term, context: Context) -> Term:
    """Return the term, which matches only itself if it is a name and no common word."""
    return _as_name(term, context, common=False)


def _as_name(term: Term, context: Context, common: bool) -> Term:
    lemmatizer = context.analysis.lemmatizer
    name = lemmatizer.name(term.exact) if term.is_content else ""
    if name and (common or lemmatizer.weight(name) < COMMON_WEIGHT):
        return replace(term, lemmas=(name + NAME,))
    return term
