"""The parsed query: terms and phrases.

::

    Query     = (Term | Phrase)*
    Term      = a word in its indexed forms, and its expansions
    Phrase    = adjacent words

Terms and phrases are nodes of the query tree (`search_service.query.tree`), too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise


class ExpansionKind(StrEnum):
    """The source of an expansion."""

    BROKEN_PLURAL = "broken-plural"
    HAMZA_SEAT = "hamza-seat"
    MISSPELLING = "misspelling"
    COMPOUND = "compound"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Expansion:
    """The stem of a word that also matches in place of a query word."""

    stem: str
    kind: ExpansionKind


def unique_expansions(expansions: Iterable[Expansion]) -> tuple[Expansion, ...]:
    """Return the expansions without repeated stems; the first of equal stems is kept."""
    by_stem: dict[str, Expansion] = {}
    for expansion in expansions:
        by_stem.setdefault(expansion.stem, expansion)
    return tuple(by_stem.values())


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query. It matches documents with its stem, the stem of an expansion, or its adjacent compound parts.

    Attributes:
        surface: the word as typed.
        exact: the folded word.
        stem: its light stem.
        grams: its character n-grams.
        is_content: false for a stop word, which the match rule requires only if the query has nothing else.
        expansions: stems of other words; they score less than its own stem.
        compound_parts: the two folded words of its alternative spelling, or empty.
    """

    surface: str
    exact: str
    stem: str
    grams: tuple[str, ...]
    is_content: bool = True
    expansions: tuple[Expansion, ...] = ()
    compound_parts: tuple[str, ...] = ()

    @property
    def expanded_stems(self) -> tuple[str, ...]:
        """The stems of the expansions."""
        return tuple(expansion.stem for expansion in self.expansions)

    @property
    def stems(self) -> tuple[str, ...]:
        """The word's stem and those of its expansions."""
        return (self.stem, *self.expanded_stems)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent words.

    Attributes:
        exact: the folded words, as typed.
        terms: the words after query understanding: they score, and match if the quotes are ignored.
    """

    exact: tuple[str, ...]
    terms: tuple[Term, ...] = ()


Clause = Term | Phrase


@dataclass(frozen=True)
class Query:
    """A parsed query: its text as typed, and its words and phrases in order."""

    text: str = ""
    clauses: tuple[Clause, ...] = ()

    def map_words(self, change: Callable[[tuple[Term, ...]], Iterable[Term]]) -> Query:
        """Return the query with `change` applied to each run of adjacent words; phrases match as typed."""
        clauses: list[Clause] = []
        for run in self._runs():
            if isinstance(run, Phrase):
                clauses.append(Phrase(run.exact, tuple(change(run.terms))))
            else:
                clauses += change(run)
        return Query(self.text, tuple(clauses))

    def _runs(self) -> Iterator[Phrase | tuple[Term, ...]]:
        words: list[Term] = []
        for clause in self.clauses:
            if isinstance(clause, Term):
                words.append(clause)
                continue
            if words:
                yield tuple(words)
                words = []
            yield clause
        if words:
            yield tuple(words)

    @property
    def matches_everything(self) -> bool:
        """Whether it has no words."""
        return not self.clauses

    @cached_property
    def words(self) -> tuple[Term, ...]:
        """All words in order, including those of phrases."""
        nested = (clause.terms if isinstance(clause, Phrase) else (clause,) for clause in self.clauses)
        return tuple(term for terms in nested for term in terms)

    @cached_property
    def unquoted(self) -> tuple[Term, ...]:
        """The words outside quotes, to which the match rule applies."""
        return tuple(clause for clause in self.clauses if isinstance(clause, Term))

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """The folded words of each phrase; equal phrases once."""
        return tuple(dict.fromkeys(clause.exact for clause in self.clauses if isinstance(clause, Phrase)))

    @cached_property
    def bigrams(self) -> tuple[tuple[str, ...], ...]:
        """Pairs of adjacent folded words, and the parts of compounds; documents with such a pair score higher."""
        neighbours = pairwise(word.exact for word in self.words)
        return tuple(dict.fromkeys((*neighbours, *(word.compound_parts for word in self.words if word.compound_parts))))

    @cached_property
    def required_words(self) -> tuple[Term, ...]:
        """The unquoted content words, each stem once; stop words if the query has nothing else."""
        required = [word for word in self.unquoted if word.is_content]
        if not required and not self.phrases:
            required = list(self.unquoted)
        return tuple({word.stem: word for word in required}.values())

    @cached_property
    def phrase_alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Folded words that match as a phrase: the phrases, and the compound parts of required words."""
        compounds = (word.compound_parts for word in self.required_words if word.compound_parts)
        return tuple(dict.fromkeys((*self.phrases, *compounds)))

    @cached_property
    def unquoted_unique(self) -> tuple[Term, ...]:
        """All unquoted words including stop words, each stem once."""
        return tuple({word.stem: word for word in self.unquoted}.values())

    @cached_property
    def scored_words(self) -> tuple[Term, ...]:
        """The content words including those of phrases, each once; all words if there are no content words."""
        scored = [word for word in self.words if word.is_content] or self.words
        return tuple({word.exact: word for word in scored}.values())
