"""Understands a parsed query, step by step.

A step takes a query and returns it changed, with the corrections that it made. An index (`understanding` in its schema)
and a request can leave out steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from search_service.query.tree import Query, Term
from search_service.query.understanding.compounds import find_compounds, split_compound
from search_service.query.understanding.context import Context, Correction, StepResult
from search_service.query.understanding.expansions import expand, expand_term
from search_service.query.understanding.spelling.corrector import correct

STEPS: Mapping[str, Callable[[Query, Context], StepResult]] = {
    "expansions": expand,
    "compounds": find_compounds,
    "spelling": correct,
}
"""The steps, in the order they run."""

TERM_STEPS: Mapping[str, Callable[[Term, Context], Term]] = {"expansions": expand_term, "compounds": split_compound}
"""What steps do with a single word; spell correction does it with the words that it puts in."""


@dataclass(frozen=True, slots=True)
class UnderstoodQuery:
    """A query as it is understood, and what was corrected in it."""

    query: Query
    corrections: tuple[Correction, ...] = ()


def understand_query(query: Query, context: Context, steps: Collection[str] = tuple(STEPS)) -> UnderstoodQuery:
    """Run steps over a parsed query.

    Corrections name words as documents most often write them: a look-up in the index, made only when there are some.
    """
    context = replace(context, term_steps=[change for name, change in TERM_STEPS.items() if name in steps])
    corrections: list[Correction] = []
    for name, step in STEPS.items():
        if name in steps and query.clauses:
            query, found = step(query, context)
            corrections += found
    return UnderstoodQuery(query, tuple(_as_written(corrections, context)))


def _as_written(corrections: Sequence[Correction], context: Context) -> list[Correction]:
    words = dict.fromkeys(word for one in corrections for form in one.corrected_to for word in form.split(" "))
    written = context.written_forms(list(words)) if words else {}

    def spelt(form: str) -> str:
        return " ".join(written.get(word, word) for word in form.split(" "))

    return [replace(one, corrected_to=tuple(map(spelt, one.corrected_to))) for one in corrections]
