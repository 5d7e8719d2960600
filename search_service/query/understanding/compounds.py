"""Compounds, names that are written as one word or two: each spelling matches the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from index_config.morphology import COMPOUND
from search_service.query.clauses import ExpansionKind, Term
from search_service.query.query import Query
from search_service.query.understanding.context import Context, StepResult

_COMPOUND = re.compile(COMPOUND)


def find_compounds(query: Query, context: Context) -> StepResult:
    """Return the query with compounds that also match as two words, and pairs that also match as a compound."""

    def change(words: Sequence[Term]) -> Iterable[Term]:
        return _with_joined([split_compound(word, context) for word in words], context)

    return query.map_words(change, include_excluded=True), ()


def split_compound(term: Term, _context: Context) -> Term:
    """Return the term with its compound parts, if it is a compound."""
    parts = _parts(term.exact)
    return replace(term, compound_parts=parts) if parts else term


def _with_joined(words: list[Term], context: Context) -> list[Term]:
    expanded = list(words)
    for position, (first, second) in enumerate(pairwise(words)):
        joined = first.exact + second.exact
        if _parts(joined) == (first.exact, second.exact):
            expansions = tuple(context.expansions(joined, ExpansionKind.COMPOUND))
            for i in (position, position + 1):
                expanded[i] = replace(expanded[i], expansions=(*expanded[i].expansions, *expansions))
    return expanded


def _parts(word: str) -> tuple[str, ...]:
    match = _COMPOUND.fullmatch(word)
    return tuple(group for group in match.groups() if group) if match else ()
