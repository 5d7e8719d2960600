"""The words of a query that no document contains, and those that none matches in any form."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from search_service.query.query import Query
from search_service.query.understanding.compounds import split_compound
from search_service.query.understanding.context import Context


def absent_words(query: Query, context: Context) -> Mapping[str, str]:
    """Return the folded words of a query that no document contains, each as it was typed first.

    Other forms of such a word may be in documents. A word with the conjunction و is in a document that has it without,
    and a compound in one that has its parts side by side.
    """
    typed: dict[str, str] = {}
    for word in query.words:
        typed.setdefault(word.exact, word.surface)
    if not typed:
        return {}
    without_conjunction = {word.exact: word.without_conjunction for word in query.words if word.without_conjunction}
    frequencies = context.document_frequencies([*typed, *without_conjunction.values()], "exact")
    absent = {
        word: surface
        for word, surface in typed.items()
        if not frequencies.get(word) and not frequencies.get(without_conjunction.get(word, ""))
    }
    compounds = {
        word.exact: " ".join(parts)
        for word in query.words
        if word.exact in absent and (parts := split_compound(word, context).compound_parts)
    }
    if compounds:
        pairs = context.document_frequencies(list(compounds.values()), "shingle")
        absent = {word: surface for word, surface in absent.items() if not pairs.get(compounds.get(word, ""))}
    return absent


def unmatched_words(query: Query, absent: AbstractSet[str], context: Context) -> AbstractSet[str]:
    """Return the folded words of an understood query that no document matches, in any form or spelling.

    Args:
        query: after all steps, without the words that were corrected.
        absent: the folded words that no document contains.
        context: of the steps.
    """
    words = [word for word in query.words if word.exact in absent and not word.variants]
    if not words:
        return frozenset()
    lemmas = dict.fromkeys(lemma for word in words for lemma in word.matching_lemmas)
    frequencies = context.document_frequencies(list(lemmas), "lemma")
    matched = {word.exact for word in words if any(map(frequencies.get, word.matching_lemmas))}
    return {word.exact for word in words} - matched
