"""The clauses of a query: terms, phrases, and the conditions of operators.

::

    Clause     = Term | Phrase | Joined | Condition
    Term       = a word in its indexed forms, and its expansions
    Phrase     = adjacent words, or words near each other
    Joined     = words and numbers that are written together
    Condition  = Operand+, of which a document must have one, or none
    Operand    = Term | Phrase | WordPrefix | ValueFilter | RangeFilter, in some fields or in all

All but Joined, Condition and Operand are nodes of the query tree (`search_service.query.tree`), too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations, product

from search_service.core.filters import RangeFilter, ValueFilter

CONJUNCTION = "و"
"""The conjunction, which is written together with the next word; many write it apart."""

MAX_APART = 3
"""Words with a conjunction whose spellings vary independently in a phrase: 8 spellings. Of more, all vary alike."""


class ExpansionKind(StrEnum):
    """The source of an expansion."""

    BROKEN_PLURAL = "broken-plural"
    MISSPELLING = "misspelling"
    COMPOUND = "compound"
    CORRECTION = "correction"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Expansion:
    """A lemma that also matches in place of a query word."""

    lemma: str
    kind: ExpansionKind


def unique_expansions(expansions: Iterable[Expansion]) -> tuple[Expansion, ...]:
    """Return the expansions without repeated lemmas; the first of equal lemmas is kept."""
    by_lemma: dict[str, Expansion] = {}
    for expansion in expansions:
        by_lemma.setdefault(expansion.lemma, expansion)
    return tuple(by_lemma.values())


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query. It matches documents with one of its lemmas, an expansion, or its adjacent compound parts.

    Attributes:
        surface: the word as typed.
        exact: the folded word.
        lemmas: its lemmas, the likeliest first.
        grams: its character n-grams.
        is_content: false for a stop word, which the match rule requires only if the query has nothing else.
        expansions: lemmas of other words; they score less than its own lemmas.
        compound_parts: the two folded words of its alternative spelling, or empty.
        without_conjunction: the folded word without the conjunction و before it, or empty.
        is_apart: whether the conjunction is typed as a word of its own.
        variants: its other spellings, in the folded forms that documents have.
        is_joined: whether it is written together with the word before it; one of the two is a number.
        is_rare: whether it is one of the rarest content words of a long query.
    """

    surface: str
    exact: str
    lemmas: tuple[str, ...]
    grams: tuple[str, ...]
    is_content: bool = True
    expansions: tuple[Expansion, ...] = ()
    compound_parts: tuple[str, ...] = ()
    without_conjunction: str = ""
    is_apart: bool = False
    is_joined: bool = False
    is_rare: bool = False
    variants: tuple[str, ...] = ()

    @property
    def expanded_lemmas(self) -> tuple[str, ...]:
        """The lemmas of the expansions."""
        return tuple(expansion.lemma for expansion in self.expansions)

    @property
    def matching_lemmas(self) -> tuple[str, ...]:
        """The word's lemmas and those of its expansions."""
        return (*self.lemmas, *self.expanded_lemmas)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent words, or words near each other.

    Attributes:
        exact: the folded words, as typed.
        terms: the words after query understanding: they score, and match if the quotes are ignored.
        slop: how many positions any two words may be moved against each other; words with a slop are unique.
        variants: the folded words in other spellings, which match too.
    """

    exact: tuple[str, ...]
    terms: tuple[Term, ...] = ()
    slop: int = 0
    variants: tuple[tuple[str, ...], ...] = ()

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The folded words in each spelling that matches, as typed first."""
        return (self.exact, *self.variants)

    @property
    def pairs(self) -> Iterator[tuple[tuple[str, str], int]]:
        """Each two words of a phrase with a slop, with their slop: words between them in the phrase add to it."""
        for (first, one), (second, other) in combinations(enumerate(self.exact), 2):
            yield (one, other), self.slop + second - first - 1


@dataclass(frozen=True, slots=True)
class Joined:
    """Words and numbers that are written together: إف16, كوفيد-19, 12/5/2018. A document must have all of them.

    Attributes:
        terms: the words and numbers.
        adjacent: whether they must be adjacent. An Arabic word among them has other forms, which no phrase matches.
    """

    terms: tuple[Term, ...]
    adjacent: bool

    @property
    def exact(self) -> tuple[str, ...]:
        """The folded words."""
        return tuple(term.exact for term in self.terms)

    @property
    def required(self) -> tuple[Term, ...]:
        """The content words, all of which a document must have."""
        return tuple(term for term in self.terms if term.is_content)


@dataclass(frozen=True, slots=True)
class WordPrefix:
    """The beginning of a word.

    Attributes:
        surface: the beginning as typed.
        beginnings: the folded beginnings of words that match, which differ in the article and the particles before it.
    """

    surface: str
    beginnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operand:
    """What an operator applies to.

    Attributes:
        node: what a document must have.
        field: the field that must have it; empty for any searched field. Filters name their field themselves.
    """

    node: Term | Phrase | WordPrefix | ValueFilter | RangeFilter
    field: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words, which score."""
        match self.node:
            case Term():
                return (self.node,)
            case Phrase():
                return self.node.terms
        return ()

    def map_words(self, change: Callable[[tuple[Term, ...]], Iterable[Term]]) -> Operand:
        """Return the operand with `change` applied to its word. A word that is split in two becomes a phrase."""
        if not isinstance(self.node, Term):
            return self
        terms = tuple(change((self.node,)))
        return replace(self, node=terms[0] if len(terms) == 1 else phrase_of(terms))


@dataclass(frozen=True, slots=True)
class Condition:
    """What operators require of a document, whichever match rule is used.

    Attributes:
        operands: a document must have one of them.
        excluded: whether it must have none instead.
    """

    operands: tuple[Operand, ...]
    excluded: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words that score: none of what is excluded."""
        return () if self.excluded else tuple(term for operand in self.operands for term in operand.terms)

    def map_words(self, change: Callable[[tuple[Term, ...]], Iterable[Term]]) -> Condition:
        """Return the condition with `change` applied to each of its words."""
        return replace(self, operands=tuple(operand.map_words(change) for operand in self.operands))


Clause = Term | Phrase | Joined | Condition

Unit = Term | Joined
"""What the match rule counts."""


def phrase_of(words: Sequence[Term]) -> Phrase:
    """Return the phrase of some words; each conjunction و may be joined to the next word or apart from it.

    >>> earth = Term("الأرض", "الارض", "ارض", ())
    >>> phrase_of([earth, Term("والسماء", "والسماء", "سماء", (), without_conjunction="السماء")]).spellings
    (('الارض', 'والسماء'), ('الارض', 'و', 'السماء'))
    """
    forms = [
        ((word.exact,), (CONJUNCTION, word.without_conjunction)) if word.without_conjunction else ((word.exact,),)
        for word in words
    ]
    if sum(len(each) > 1 for each in forms) <= MAX_APART:
        chosen = list(product(*forms))
    else:
        chosen = [tuple(each[0] for each in forms), tuple(each[-1] for each in forms)]
    exact, *variants = (tuple(word for form in one for word in form) for one in chosen)
    return Phrase(exact, tuple(words), variants=tuple(variants))
