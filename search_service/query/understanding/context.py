"""What the steps of understanding a query work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from search_service.analysis.analyzer import Analysis
from search_service.query.parser import make_term
from search_service.query.resources import QueryResources
from search_service.query.tree import Query, Term

DocumentFrequencies = Callable[[Sequence[str], str], Mapping[str, int]]
"""Returns how many documents have each of some terms in a form (`SearchEngine.document_frequencies`)."""

WrittenForms = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns how documents most often write each of some folded words (`SearchEngine.written_forms`)."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a word of a query was corrected to.

    Attributes:
        word: as it was typed.
        corrected_to: the words, likeliest first, as documents most often write them.
        kind: the step that corrected it.
    """

    word: str
    corrected_to: tuple[str, ...]
    kind: str = "spelling"


@dataclass(frozen=True, slots=True)
class Context:
    """What the steps work with.

    Attributes:
        term_steps: completes a new term as the steps did with those that were typed.
    """

    analysis: Analysis
    resources: QueryResources
    document_frequencies: DocumentFrequencies
    written_forms: WrittenForms
    term_steps: Sequence[Callable[[Term, Context], Term]] = field(default=())

    def term(self, surface: str, folded: str) -> Term:
        """Return a folded word as a term, with its expansions."""
        term = make_term(surface, folded, self.analysis, self.resources.stopwords)
        for step in self.term_steps:
            term = step(term, self)
        return term


StepResult = tuple[Query, Sequence[Correction]]
