"""The query tree: what a query means, in no engine's own language.

What was typed, clause by clause::

    Query     = (Term | Phrase)*
    Term      = a word in the forms it is looked up by, and its expansions
    Phrase    = words side by side

What matches::

    Node      = Term | Phrase | IndexTerms | Boolean | Not | Prefix | Field | Ids | RangeFilter | MatchAll | MatchNone
    Boolean   = must: Node*, should: Node* of which `minimum_should_match`
    Not       = no document that the node matches
    Field     = the node, looked up in these fields only

What scores::

    Score     = Bm25 (weight, IndexTerms) | Bonus (weight, Node)

Each engine compiles nodes and scores with one visitor, in its `queries.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from search_service.core.filters import RangeFilter


class ExpansionKind(StrEnum):
    """Why a word finds another."""

    BROKEN_PLURAL = "broken-plural"
    HAMZA_SEAT = "hamza-seat"
    MISSPELLING = "misspelling"
    COMPOUND = "compound"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Expansion:
    """The stem of another word that a word finds, and why."""

    stem: str
    kind: ExpansionKind


def unique_expansions(expansions: Iterable[Expansion]) -> tuple[Expansion, ...]:
    """Return expansions with each stem once, where it comes first."""
    found: dict[str, Expansion] = {}
    for expansion in expansions:
        found.setdefault(expansion.stem, expansion)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query. A document matches that has its stem, one of its expansions, or its parts side by side.

    Attributes:
        surface: the word as it was typed.
        exact: the folded word.
        stem: its light stem.
        grams: its character n-grams.
        is_content: whether the match rule counts it; it counts stop words only where there is nothing else.
        expansions: other words that it finds; they score less than its own stem.
        compound_parts: the folded words of its spelling as two words.
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
        """The stems of its expansions."""
        return tuple(expansion.stem for expansion in self.expansions)

    @property
    def stems(self) -> tuple[str, ...]:
        """Its stem and those of its expansions."""
        return (self.stem, *self.expanded_stems)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side.

    Attributes:
        exact: the folded words, as they were typed.
        terms: the same words as they are understood: they score, and match where the quotes are dropped.
    """

    exact: tuple[str, ...]
    terms: tuple[Term, ...] = ()


Clause = Term | Phrase


@dataclass(frozen=True)
class Query:
    """A parsed query: its text as it was typed, and its words and phrases in order."""

    text: str = ""
    clauses: tuple[Clause, ...] = ()

    def map_words(self, change: Callable[[tuple[Term, ...]], Iterable[Term]]) -> Query:
        """Return the query with each run of neighbouring words changed; phrases match what was typed all the same."""
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
        """Every word in order, those of phrases too."""
        nested = (clause.terms if isinstance(clause, Phrase) else (clause,) for clause in self.clauses)
        return tuple(term for terms in nested for term in terms)

    @cached_property
    def unquoted(self) -> tuple[Term, ...]:
        """The words outside quotes, which are held to the match rule."""
        return tuple(clause for clause in self.clauses if isinstance(clause, Term))

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """The folded words of each phrase; equal phrases once."""
        return tuple(dict.fromkeys(clause.exact for clause in self.clauses if isinstance(clause, Phrase)))

    @cached_property
    def bigrams(self) -> tuple[tuple[str, ...], ...]:
        """Neighbouring folded words, and the parts of compounds: a document scores for having them side by side."""
        neighbours = pairwise(word.exact for word in self.words)
        return tuple(dict.fromkeys((*neighbours, *(word.compound_parts for word in self.words if word.compound_parts))))

    @cached_property
    def required_words(self) -> tuple[Term, ...]:
        """The unquoted words that the match rule counts, each stem once.

        Stop words are not counted, unless the query has nothing else.
        """
        chosen = [word for word in self.unquoted if word.is_content]
        if not chosen and not self.phrases:
            chosen = list(self.unquoted)
        return tuple({word.stem: word for word in chosen}.values())

    @cached_property
    def phrase_alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Folded words that match only side by side: phrases, and required words written as two."""
        compounds = (word.compound_parts for word in self.required_words if word.compound_parts)
        return tuple(dict.fromkeys((*self.phrases, *compounds)))

    @cached_property
    def unquoted_unique(self) -> tuple[Term, ...]:
        """All unquoted words, stop words among them, each stem once."""
        return tuple({word.stem: word for word in self.unquoted}.values())

    @cached_property
    def scored_words(self) -> tuple[Term, ...]:
        """The content words, phrases' too, each once; all words where there are no content words."""
        chosen = [word for word in self.words if word.is_content] or self.words
        return tuple({word.exact: word for word in chosen}.values())


class Form(StrEnum):
    """The forms in which text is indexed and looked up. A term of `shingle` is two words with a space between."""

    EXACT = "exact"
    STEM = "stem"
    LEAD = "lead"
    NGRAM = "ngram"
    SHINGLE = "shingle"


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """Terms as they are in the index: a document matches that has enough of them.

    Attributes:
        form: what they are.
        field: where they are looked up; empty for all searched fields together.
        terms: each once.
    """

    form: Form
    field: str
    terms: tuple[str, ...]
    minimum_should_match: int = 1


@dataclass(frozen=True, slots=True)
class Boolean:
    """All of `must`, and `minimum_should_match` of `should`."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    minimum_should_match: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """Every document that the node does not match."""

    node: Node


@dataclass(frozen=True, slots=True)
class Prefix:
    """A beginning of a word in the values of a suggest field, without the article."""

    field: str
    beginning: str


@dataclass(frozen=True, slots=True)
class Field:
    """The node, whose terms and phrases are looked up in these fields only, in any of them."""

    fields: tuple[str, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Ids:
    """The documents of these ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No document."""


Node = Term | Phrase | IndexTerms | Boolean | Not | Prefix | Field | Ids | RangeFilter | MatchAll | MatchNone


def all_of(nodes: Iterable[Node]) -> Node:
    """Return the node for all of some nodes.

    >>> all_of([]), all_of([Ids(("1",))])
    (MatchAll(), Ids(ids=('1',)))
    """
    several = tuple(nodes)
    return several[0] if len(several) == 1 else Boolean(must=several) if several else MatchAll()


def any_of(nodes: Iterable[Node]) -> Node:
    """Return the node for any of some nodes.

    >>> any_of([]), any_of([Ids(("1",))])
    (MatchNone(), Ids(ids=('1',)))
    """
    several = tuple(nodes)
    if len(several) == 1:
        return several[0]
    return Boolean(should=several, minimum_should_match=1) if several else MatchNone()


def conjuncts(node: Node) -> tuple[Node, ...]:
    """Return the nodes that all must match for a node to match.

    >>> conjuncts(MatchAll()), conjuncts(Ids(("1",)))
    ((), (Ids(ids=('1',)),))
    """
    match node:
        case MatchAll():
            return ()
        case Boolean(must=must, should=()):
            return must
        case _:
            return (node,)


@dataclass(frozen=True, slots=True)
class Bm25:
    """Adds to a score the BM25 of terms, multiplied by a weight.

    Attributes:
        tier: the name of the ranking tier.
        terms: what is looked up.
        content_terms: those that are not of stop words, unless there are no others; `matched_by` goes by them.
        scores_every_match: whether an engine that scores in two passes needs it in the first, for every match.
        in_matched_by: whether `matched_by` reports it.
    """

    tier: str
    weight: float
    terms: IndexTerms
    content_terms: tuple[str, ...]
    scores_every_match: bool = False
    in_matched_by: bool = False

    @property
    def field(self) -> str:
        """Where the terms are looked up; empty for all searched fields together."""
        return self.terms.field

    @property
    def stop_terms(self) -> tuple[str, ...]:
        """The terms of stop words."""
        if self.terms.terms == self.content_terms:
            return ()
        return tuple(term for term in self.terms.terms if term not in self.content_terms)


@dataclass(frozen=True, slots=True)
class Bonus:
    """Adds to a score a weight, as it is, where a node matches.

    Attributes:
        tier: the name of the ranking tier.
        field: the field that an explanation names; empty for all searched fields together.
        label: what an explanation calls the node.
    """

    tier: str
    weight: float
    field: str
    label: str
    node: Node


Score = Bm25 | Bonus
