"""The query tree, independent of the engines.

The parsed query::

    Query     = (Term | Phrase)*
    Term      = a word in its indexed forms, and its expansions
    Phrase    = adjacent words

Nodes that match::

    Node      = Term | Phrase | IndexTerms | Boolean | Not | Prefix | Field | Ids | RangeFilter | MatchAll | MatchNone
    Boolean   = must: Node*, should: Node* of which `minimum_should_match`
    Not       = every document that the node does not match
    Field     = the node, restricted to these fields

Nodes that score::

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


class Form(StrEnum):
    """The forms in which text is indexed. A term of `shingle` is two words separated by a space."""

    EXACT = "exact"
    STEM = "stem"
    LEAD = "lead"
    NGRAM = "ngram"
    SHINGLE = "shingle"


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """Index terms, of which a document must have `minimum_should_match`.

    Attributes:
        field: the field to search; empty for the combination of all searched fields.
        terms: unique terms.
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
    """The beginning of a word, without the article, in a suggest field."""

    field: str
    beginning: str


@dataclass(frozen=True, slots=True)
class Field:
    """The node, whose terms and phrases match in any of these fields only."""

    fields: tuple[str, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Ids:
    """The documents with these ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No document."""


Node = Term | Phrase | IndexTerms | Boolean | Not | Prefix | Field | Ids | RangeFilter | MatchAll | MatchNone


def all_of(nodes: Iterable[Node]) -> Node:
    """Return the node that matches where all nodes match.

    >>> all_of([]), all_of([Ids(("1",))])
    (MatchAll(), Ids(ids=('1',)))
    """
    must = tuple(nodes)
    return must[0] if len(must) == 1 else Boolean(must=must) if must else MatchAll()


def any_of(nodes: Iterable[Node]) -> Node:
    """Return the node that matches where any node matches.

    >>> any_of([]), any_of([Ids(("1",))])
    (MatchNone(), Ids(ids=('1',)))
    """
    should = tuple(nodes)
    if len(should) == 1:
        return should[0]
    return Boolean(should=should, minimum_should_match=1) if should else MatchNone()


def conjuncts(node: Node) -> tuple[Node, ...]:
    """Return the nodes of a conjunction; any other node is a conjunction of itself.

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
    """Adds the BM25 score of terms, multiplied by a weight.

    Attributes:
        tier: the name of the ranking tier.
        content_terms: the terms of content words, or of all words if there are none; `matched_by` depends on them.
        scores_every_match: whether an engine that rescores the best matches computes it for every match.
        in_matched_by: whether `matched_by` reports the tier.
    """

    tier: str
    weight: float
    terms: IndexTerms
    content_terms: tuple[str, ...]
    scores_every_match: bool = False
    in_matched_by: bool = False

    @property
    def field(self) -> str:
        """The field of the terms; empty for the combination of all searched fields."""
        return self.terms.field

    @property
    def stop_terms(self) -> tuple[str, ...]:
        """The terms of stop words."""
        if self.terms.terms == self.content_terms:
            return ()
        return tuple(term for term in self.terms.terms if term not in self.content_terms)


@dataclass(frozen=True, slots=True)
class Bonus:
    """Adds a constant weight if a node matches.

    Attributes:
        tier: the name of the ranking tier.
        field: the field to show in an explanation; empty for the combination of all searched fields.
        label: the term to show in an explanation.
    """

    tier: str
    weight: float
    field: str
    label: str
    node: Node


Score = Bm25 | Bonus
