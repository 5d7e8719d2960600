"""The input and output of the steps of query understanding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from search_service.analysis.analyzer import Analysis
from search_service.query.clauses import Expansion, ExpansionKind, Term
from search_service.query.query import Query
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


def uncorrected_words(absent_words: Sequence[str], corrections: Sequence[Correction]) -> list[str]:
    """Return the words, as typed, that no document contains and that were not corrected.

    >>> uncorrected_words(["يعقوبه", "اقتصاذ"], [Correction("اقتصاذ", ("اقتصاد",))])
    ['يعقوبه']
    """
    corrected = {word for correction in corrections for word in (correction.word, *correction.word.split(" "))}
    return [word for word in absent_words if word not in corrected]


@dataclass(frozen=True, slots=True)
class Context:
    """What a step needs besides the query.

    Attributes:
        documents: returns the number of documents, roughly.
        term_steps: the earlier steps for single terms; they run on each term that a later step adds.
        absent: the folded words of the query that no document contains.
        as_typed: folded words that are not corrected.
    """

    analysis: Analysis
    resources: QueryResources
    document_frequencies: DocumentFrequencies
    written_forms: WrittenForms
    documents: Callable[[], int]
    term_steps: Sequence[Callable[[Term, Context], Term]] = field(default=())
    absent: AbstractSet[str] = frozenset()
    as_typed: AbstractSet[str] = frozenset()

    def term(self, surface: str, folded: str) -> Term:
        """Return the term of a folded word, with its expansions."""
        term = make_term(surface, folded, self.analysis, self.resources.stopwords)
        for step in self.term_steps:
            term = step(term, self)
        return term

    def expansions(self, word: str, kind: ExpansionKind) -> Iterator[Expansion]:
        """Yield the lemmas of a folded word as expansions."""
        return (Expansion(lemma, kind) for lemma in self.analysis.lemmatizer.terms(word))


StepResult = tuple[Query, Sequence[Correction]]
