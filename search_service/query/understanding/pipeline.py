"""Understands a parsed query, step by step.

A step takes a query and returns it changed, with the corrections that it made. An index (`understanding` in its schema)
and a request can leave out steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from search_service.query.clauses import Term
from search_service.query.query import Query
from search_service.query.understanding.absent import absent_words, unmatched_words
from search_service.query.understanding.compounds import find_compounds, split_compound
from search_service.query.understanding.context import Context, Correction, StepResult
from search_service.query.understanding.expansions import expand, expand_term
from search_service.query.understanding.names import find_name, find_names
from search_service.query.understanding.rare import mark_rare_words
from search_service.query.understanding.spelling.corrector import correct

STEPS: Mapping[str, Callable[[Query, Context], StepResult]] = {
    "names": find_names,
    "expansions": expand,
    "compounds": find_compounds,
    "spelling": correct,
}
"""The steps, in the order they run."""

TERM_STEPS: Mapping[str, Callable[[Term, Context], Term]] = {
    "names": find_name,
    "expansions": expand_term,
    "compounds": split_compound,
}
"""The steps for a single term; spell correction runs them on corrections."""


@dataclass(frozen=True, slots=True)
class UnderstoodQuery:
    """A query after all steps.

    Attributes:
        corrections: what was corrected.
        absent_words: the words, as typed, that no document contains in this form or a listed spelling of it,
            corrected or not.
        unmatched_words: those of them that no document matches in any other form, either. The other words of the query
            may have hits.
    """

    query: Query
    corrections: tuple[Correction, ...] = ()
    absent_words: tuple[str, ...] = ()
    unmatched_words: tuple[str, ...] = ()


def understand_query(query: Query, context: Context, steps: Collection[str] = tuple(STEPS)) -> UnderstoodQuery:
    """Return a parsed query after the given steps."""
    absent = absent_words(query, context)
    term_steps = [change for name, change in TERM_STEPS.items() if name in steps]
    context = replace(context, term_steps=term_steps, absent=absent.keys())
    corrections: list[Correction] = []
    for name, step in STEPS.items():
        if name in steps and query.clauses:
            query, new_corrections = step(query, context)
            corrections += new_corrections
    query = mark_rare_words(query, context)
    in_another_spelling = {word.exact for word in query.words if word.variants}
    named = tuple(surface for word, surface in absent.items() if word not in in_another_spelling)
    unmatched = unmatched_words(query, absent.keys(), context)
    return UnderstoodQuery(
        query, tuple(corrections), named, tuple(surface for word, surface in absent.items() if word in unmatched)
    )
