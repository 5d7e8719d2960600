"""Corrects an error in each word of an input that no word of the documents begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from search_service.query.understanding.spelling.candidates import one_error_away
from search_service.search.completion.typed import Beginning, Typed, prefix_term

MIN_LETTERS = 4
"""Letters of the shortest beginning that may have an error: three letters with one error are the beginning of too many
others."""

MAX_CORRECTED = 2
"""Words of an input that may have an error, each: every one has some 600 candidates to look up."""

MAX_CORRECTIONS = 3
"""Corrections of a word."""

Frequencies = Callable[[Sequence[str], str], Mapping[str, int]]
"""Returns the document frequency of terms of an analyzer, among the documents that completions may be of."""


def corrected(typed: Typed, frequencies: Frequencies) -> Typed | None:
    """Return an input with corrections of the words that no document has or begins with; None if there are none."""
    known = _frequencies([form for word in typed.words for form in word.exact], frequencies)
    words: list[Beginning] = []
    wrong = 0
    for word in typed.words:
        if word.is_article or any(known.get(form) for form in word.exact):
            words.append(word)
            continue
        wrong += 1
        correction = _correct(word, frequencies) if wrong <= MAX_CORRECTED else None
        if correction is None:
            return None
        words.append(correction)
    return Typed(tuple(words)) if wrong else None


def _correct(word: Beginning, frequencies: Frequencies) -> Beginning | None:
    """Return the beginnings that are likeliest meant by one that no document has; None if there are none."""
    [typed, *_] = word.exact
    if len(typed) < MIN_LETTERS:
        return None
    likelihoods = {form: share for form, share in one_error_away(typed).items() if len(form) >= MIN_LETTERS - 1}
    found = _frequencies(list(likelihoods), frequencies)
    best = sorted(found, key=lambda form: (-likelihoods[form] * found[form], form))[:MAX_CORRECTIONS]
    return Beginning.of(word.surface, *best) if best else None


def _frequencies(forms: Sequence[str], frequencies: Frequencies) -> dict[str, int]:
    """Return how many documents have a word that begins with a form, or, in texts that are not completed, is one."""
    terms = {form: prefix_term(form) for form in forms}
    begins = frequencies(list(dict.fromkeys(terms.values())), "prefix")
    whole = frequencies(forms, "exact")
    counts = {form: max(begins.get(terms[form], 0), whole.get(form, 0)) for form in forms}
    return {form: count for form, count in counts.items() if count}
