"""The parsed query: terms, phrases and the conditions of operators.

::

    Query      = (Term | Phrase | Joined | Condition)*
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
from functools import cached_property
from itertools import combinations, pairwise, product

from search_service.core.filters import RangeFilter, ValueFilter
from search_service.core.message import Message

AND = "و"
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
        without_and: the folded word without the conjunction و before it, or empty.
        is_apart: whether the conjunction is typed as a word of its own.
        variants: its other spellings, in the folded forms that documents have.
        is_joined: whether it is written together with the word before it; one of the two is a number.
    """

    surface: str
    exact: str
    lemmas: tuple[str, ...]
    grams: tuple[str, ...]
    is_content: bool = True
    expansions: tuple[Expansion, ...] = ()
    compound_parts: tuple[str, ...] = ()
    without_and: str = ""
    is_apart: bool = False
    is_joined: bool = False
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
    >>> phrase_of([earth, Term("والسماء", "والسماء", "سماء", (), without_and="السماء")]).spellings
    (('الارض', 'والسماء'), ('الارض', 'و', 'السماء'))
    """
    forms = [((word.exact,), (AND, word.without_and)) if word.without_and else ((word.exact,),) for word in words]
    if sum(len(each) > 1 for each in forms) <= MAX_APART:
        chosen = list(product(*forms))
    else:
        chosen = [tuple(each[0] for each in forms), tuple(each[-1] for each in forms)]
    exact, *variants = (tuple(word for form in one for word in form) for one in chosen)
    return Phrase(exact, tuple(words), variants=tuple(variants))


@dataclass(frozen=True)
class Query:
    """A parsed query.

    Attributes:
        text: the query as typed.
        clauses: its words, phrases and conditions in order.
        warnings: what of the text is ignored, or is read otherwise than most texts.
    """

    text: str = ""
    clauses: tuple[Clause, ...] = ()
    warnings: tuple[Message, ...] = ()

    def map_words(self, change: Callable[[tuple[Term, ...]], Iterable[Term]], include_excluded: bool = False) -> Query:
        """Return the query with `change` applied to each run of adjacent words; phrases match as typed."""
        clauses: list[Clause] = []
        for run in self._runs():
            if isinstance(run, Phrase | Joined):
                clauses.append(replace(run, terms=tuple(change(run.terms))))
            elif isinstance(run, Condition):
                clauses.append(run.map_words(change) if include_excluded or not run.excluded else run)
            else:
                clauses += change(run)
        return replace(self, clauses=tuple(clauses))

    def _runs(self) -> Iterator[Phrase | Joined | Condition | tuple[Term, ...]]:
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
    def is_unranked(self) -> bool:
        """Whether nothing in it scores or is marked: it is empty, or all of it excludes or filters."""
        return not self.words and not self.word_prefixes

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of operators."""
        return tuple(clause for clause in self.clauses if isinstance(clause, Condition))

    @cached_property
    def required_operands(self) -> tuple[Operand, ...]:
        """The operands of conditions that do not exclude."""
        return tuple(operand for each in self.conditions if not each.excluded for operand in each.operands)

    def in_field(self, name: str) -> Query:
        """Return the query without what only other fields may have: what is marked in a field."""
        if not any(operand.field for operand in self.required_operands):
            return self
        kept = (
            replace(each, operands=tuple(operand for operand in each.operands if operand.field in ("", name)))
            if isinstance(each, Condition)
            else each
            for each in self.clauses
        )
        return replace(self, clauses=tuple(kept))

    @cached_property
    def word_prefixes(self) -> tuple[tuple[WordPrefix, str], ...]:
        """The beginnings of words that a document may have, each with the field that must have it, empty for any."""
        return tuple(
            (operand.node, operand.field) for operand in self.required_operands if isinstance(operand.node, WordPrefix)
        )

    @property
    def size(self) -> int:
        """The number of words, also of those that are excluded, and of other operands."""
        operands = (operand for condition in self.conditions for operand in condition.operands)
        return len(self._plain_words) + sum(len(operand.terms) or 1 for operand in operands)

    @cached_property
    def words(self) -> tuple[Term, ...]:
        """All words that score, in order, including those of phrases and of conditions."""
        nested = (clause.terms if not isinstance(clause, Term) else (clause,) for clause in self.clauses)
        return tuple(term for terms in nested for term in terms)

    @property
    def _plain_words(self) -> tuple[Term, ...]:
        return replace(self, clauses=tuple(each for each in self.clauses if not isinstance(each, Condition))).words

    @cached_property
    def adjacent_words(self) -> tuple[tuple[Term, ...], ...]:
        """The words between conditions: each run is typed as one piece of text."""
        runs: list[list[Term]] = [[]]
        for clause in self.clauses:
            if isinstance(clause, Condition):
                runs += [*map(list, (operand.terms for operand in clause.operands if not clause.excluded)), []]
            else:
                runs[-1] += (clause,) if isinstance(clause, Term) else clause.terms
        return tuple(tuple(run) for run in runs if run)

    @cached_property
    def unquoted(self) -> tuple[Term, ...]:
        """The words outside quotes and conditions, to which the match rule applies."""
        return tuple(term for unit in self._units for term in _terms(unit))

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """The folded words of each phrase outside conditions, as typed; equal phrases once."""
        return tuple(dict.fromkeys(clause.exact for clause in self.clauses if isinstance(clause, Phrase)))

    @cached_property
    def required_phrases(self) -> tuple[Phrase, ...]:
        """The phrases outside conditions, without the words after query understanding; equal phrases once."""
        phrases = (replace(clause, terms=()) for clause in self.clauses if isinstance(clause, Phrase))
        return tuple(dict.fromkeys(phrases))

    @cached_property
    def bigrams(self) -> tuple[tuple[str, ...], ...]:
        """Pairs of adjacent folded words, and the parts of compounds; documents with such a pair score higher."""
        neighbours = (pair for run in self.adjacent_words for pair in pairwise(word.exact for word in run))
        return tuple(dict.fromkeys((*neighbours, *(word.compound_parts for word in self.words if word.compound_parts))))

    @property
    def _units(self) -> tuple[Unit, ...]:
        return tuple(clause for clause in self.clauses if isinstance(clause, Unit))

    @cached_property
    def required_units(self) -> tuple[Unit, ...]:
        """What a match rule may require: the unquoted content words, each lemma once.

        Words and numbers that are written together are one unit. Stop words if the query requires nothing else.
        """
        required = tuple(unit for unit in self._units if isinstance(unit, Joined) or unit.is_content)
        if not required and not self.phrases and not self.required_operands:
            required = self._units
        return _unique(required)

    @cached_property
    def required_words(self) -> tuple[Term, ...]:
        """The words of the required units that match on their own, not as part of a phrase; each lemma once."""
        units = (unit for unit in self.required_units if not (isinstance(unit, Joined) and unit.adjacent))
        words = (word for unit in units for word in (unit.required if isinstance(unit, Joined) else (unit,)))
        return tuple({word.lemmas: word for word in words}.values())

    @cached_property
    def marked_words(self) -> tuple[Term, ...]:
        """The words whose forms are marked: the required ones, and those of conditions."""
        return (*self.required_words, *(one.node for one in self.required_operands if isinstance(one.node, Term)))

    @cached_property
    def phrase_alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Folded words that match as a phrase: phrases, adjacent units, compound parts, variants."""
        compounds = (word.compound_parts for word in self.marked_words if word.compound_parts)
        nodes = (*self.clauses, *(operand.node for operand in self.required_operands))
        phrases = (words for node in nodes if isinstance(node, Phrase) and not node.slop for words in node.spellings)
        adjacent = (unit.exact for unit in self.required_units if isinstance(unit, Joined) and unit.adjacent)
        variants = ((variant,) for word in self.marked_words for variant in word.variants)
        return tuple(dict.fromkeys((*phrases, *adjacent, *compounds, *variants)))

    @cached_property
    def near_words(self) -> tuple[Phrase, ...]:
        """The phrases with a slop."""
        nodes = (operand.node for operand in self.required_operands)
        return tuple(dict.fromkeys(node for node in nodes if isinstance(node, Phrase) and node.slop))

    @cached_property
    def unquoted_unique(self) -> tuple[Unit, ...]:
        """All unquoted units including stop words, each lemma once."""
        return _unique(self._units)

    @cached_property
    def scored_words(self) -> tuple[Term, ...]:
        """The content words including those of phrases, each once; all words if there are no content words."""
        scored = [word for word in self.words if word.is_content] or self.words
        return tuple({word.exact: word for word in scored}.values())


def _terms(unit: Unit) -> tuple[Term, ...]:
    return (unit,) if isinstance(unit, Term) else unit.terms


def _unique(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Return the units, of those with the same lemmas the last."""
    return tuple({tuple(term.lemmas for term in _terms(unit)): unit for unit in units}.values())
