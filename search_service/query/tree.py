"""The query tree, independent of the engines.

Nodes that match::

    Node      = Term | Phrase | WordPrefix | IndexTerms | Boolean | Not | SuggestPrefix | Field | Ids | ValueFilter
                | RangeFilter | HasValue | MatchAll | MatchNone
    Boolean   = must: Node*, should: Node* of which `minimum_should_match`
    Not       = every document that the node does not match
    Field     = the node, restricted to these fields

Nodes that score::

    Score     = Bm25 (weight, IndexTerms) | Bonus (weight, Node)

Each engine compiles nodes and scores with one visitor, in its `queries.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from search_service.core.filters import RangeFilter, ValueFilter
from search_service.query.clauses import Phrase, Term, WordPrefix


class Form(StrEnum):
    """The forms in which text is indexed. A term of `shingle` is two words separated by a space."""

    EXACT = "exact"
    LEMMA = "lemma"
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
class SuggestPrefix:
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
class HasValue:
    """The documents with a value in a field that hits can be sorted by."""

    field: str


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No document."""


Node = (
    Term
    | Phrase
    | WordPrefix
    | IndexTerms
    | Boolean
    | Not
    | SuggestPrefix
    | Field
    | Ids
    | ValueFilter
    | RangeFilter
    | HasValue
    | MatchAll
    | MatchNone
)


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
