"""Expansions of a word: listed plurals and misspellings; and other spellings of it, which are the same word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from search_service.analysis.lemmas import NAME
from search_service.query.clauses import Term, unique_expansions
from search_service.query.query import Query
from search_service.query.understanding.context import Context, StepResult

_SEATED_HAMZA = re.compile("[ؤئ]")


def expand(query: Query, context: Context) -> StepResult:
    """Return the query with expansions of its content words."""
    return query.map_words(lambda words: (expand_term(word, context) for word in words), include_excluded=True), ()


def expand_term(term: Term, context: Context) -> Term:
    """Return the term with its expansions, its spelling variants and other hamza seats; a stop word has none."""
    if not term.is_content:
        return term
    term = _with_variants(term, context)
    lemmas = tuple(dict.fromkeys((*term.lemmas, *_hamza_seats(term, context))))
    candidates = context.resources.expansions(term.lemmas)
    expansions = unique_expansions(expansion for expansion in candidates if expansion.lemma not in lemmas)
    return replace(term, lemmas=lemmas, expansions=expansions) if expansions or lemmas != term.lemmas else term


def _with_variants(term: Term, context: Context) -> Term:
    """Return the term with the forms of its other spellings that a document has."""
    forms = context.resources.variants.forms(term.exact)
    if not forms:
        return term
    frequencies = context.document_frequencies(forms, "exact")
    return replace(term, variants=tuple(form for form in forms if frequencies.get(form)))


def _hamza_seats(term: Term, context: Context) -> Iterator[str]:
    """Yield the lemmas of a word with its hamza on other seats: folded, مسؤول and مسئول share no n-gram.

    A name has none: الطائف matches only itself, but the lexicon reads its spellings as forms of طائفة.
    """
    is_name = term.lemmas[0].endswith(NAME)
    if not is_name and _SEATED_HAMZA.search(term.surface):
        for seat in "ؤئء":
            yield from context.analysis.lemmatizer.terms(context.analysis.fold(_SEATED_HAMZA.sub(seat, term.surface)))
