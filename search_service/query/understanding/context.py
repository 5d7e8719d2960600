"""The input and output of the steps of query understanding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from search_service.analysis.analyzer import Analysis
from search_service.query.query import Query, Term
from search_service.query.resources import QueryResources
from search_service.query.terms import make_term

DocumentFrequencies = Callable[[Sequence[str], str], Mapping[str, int]]
"""Returns the document frequency of terms in a form (`Searcher.document_frequencies`)."""

WrittenForms = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns the most frequent spelling of folded words (`Searcher.written_forms`)."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected word of a query.

    Attributes:
        word: the word as typed.
        corrected_to: the corrections, likeliest first, in the spelling that is most frequent in documents.
        kind: the step that corrected it.
    """

    word: str
    corrected_to: tuple[str, ...]
    kind: str = "spelling"


@dataclass(frozen=True, slots=True)
class Context:
    """What a step needs besides the query.

    Attributes:
        term_steps: the earlier steps for single terms; they run on each term that a later step adds.
    """

    analysis: Analysis
    resources: QueryResources
    document_frequencies: DocumentFrequencies
    written_forms: WrittenForms
    term_steps: Sequence[Callable[[Term, Context], Term]] = field(default=())

    def term(self, surface: str, folded: str) -> Term:
        """Return the term of a folded word, with its expansions."""
        term = make_term(surface, folded, self.analysis, self.resources.stopwords)
        for step in self.term_steps:
            term = step(term, self)
        return term


StepResult = tuple[Query, Sequence[Correction]]
