"""Expansions of a word: broken plurals, common misspellings, other hamza seats; and its other spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from search_service.query.query import Expansion, ExpansionKind, Query, Term, unique_expansions
from search_service.query.understanding.context import Context, StepResult

_SEATED_HAMZA = re.compile("[ؤئ]")


def expand(query: Query, context: Context) -> StepResult:
    """Return the query with expansions of its content words."""
    return query.map_words(lambda words: (expand_term(word, context) for word in words), include_excluded=True), ()


def expand_term(term: Term, context: Context) -> Term:
    """Return the term with its expansions and spelling variants; a stop word has none."""
    if not term.is_content:
        return term
    term = _with_variants(term, context)
    candidates = (*_hamza_seats(term, context), *context.resources.expansions(term.exact, term.stem))
    expansions = unique_expansions(expansion for expansion in candidates if expansion.stem != term.stem)
    return replace(term, expansions=expansions) if expansions else term


def _with_variants(term: Term, context: Context) -> Term:
    """Return the term with the forms of its other spellings that a document has."""
    forms = context.resources.variants.forms(term.exact)
    if not forms:
        return term
    frequencies = context.document_frequencies(forms, "exact")
    return replace(term, variants=tuple(form for form in forms if frequencies.get(form)))


def _hamza_seats(term: Term, context: Context) -> Iterator[Expansion]:
    """Yield the stems of a word with its hamza on other seats: folded, مسؤول and مسئول share no n-gram."""
    if _SEATED_HAMZA.search(term.surface):
        for seat in "ؤئء":
            folded = context.analysis.fold(_SEATED_HAMZA.sub(seat, term.surface))
            yield Expansion(context.analysis.stemmer.stem(folded), ExpansionKind.HAMZA_SEAT)
