"""What scores, and how much: the ranking tiers, the same for every engine.

A document's score is the sum of what the tiers add. A document that matches strictly matches loosely too and gains from
both, so a tighter match outranks a looser one when the rest is equal.

Most tiers add the BM25 score of a word's index terms in one form, multiplied by their weight. Three add their weight as
it is: BM25 adds next to nothing for what stands once in a long text, be it the very words that were asked for, and
nothing for a date.

To add a tier, add it to `FIELD_TIERS` or `DOCUMENT_TIERS`, and its sentence to `messages.english` and
`messages.arabic`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.core.dates import days_before
from search_service.core.filters import RangeFilter
from search_service.core.message import Message, message
from search_service.query.parser import without_quotes
from search_service.query.tree import Bm25, Bonus, Form, IndexTerms, Phrase, Query, Score, Term
from search_service.ranking.match_rules import ALL_UP_TO, enough_of, in_fields

EXACT_UP_TO = 3
"""Up to so many words of a query, exact words score every match, not only the best: a single word can have thousands of
relatives by its stem, of which the best 300 need not be those that have the word itself."""

AGES = (7, 30, 365)
"""Days. A document that is no older gains a third of the schema's `freshness` for each: news are of a week, a month or
a year to those who look for them. Steps, for the embedded engine has no score that falls with age."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search scores by.

    Attributes:
        fields: the searched fields and the weight of each.
        all_fields: whether those are all searched fields of the schema.
        relaxed: whether the match rule was relaxed.
        today: the day that ages are counted from, in seconds.
        terms: the terms and content terms of tiers, by name: they are the same in each field.
    """

    query: Query
    schema: Schema
    fields: Mapping[str, float]
    all_fields: bool = True
    relaxed: bool = False
    today: int = 0
    terms: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict, compare=False)

    @property
    def only_in(self) -> Sequence[str] | None:
        """The fields to search; None for all."""
        return None if self.all_fields else tuple(self.fields)


@dataclass(frozen=True, slots=True)
class Tier(ABC):
    """One way to score.

    Attributes:
        name: as explanations and `--weight` name it.
        weight: what a match adds, multiplied by its BM25 score and the field's weight, or as it is.
        meaning: what it scores, for explanations; its sentence is in `messages`.
    """

    name: str
    weight: float
    meaning: Message

    @abstractmethod
    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield what it adds in a field, or, with an empty field, in all searched fields together."""

    @abstractmethod
    def words(self, query: Query, term: str, /) -> str:
        """Return the words of a query, as they were typed, that one of its terms comes from."""


@dataclass(frozen=True, slots=True)
class WordTier(Tier):
    """Adds the BM25 score of the index terms of single words.

    Attributes:
        form: the form in which they are looked up.
        terms_of: returns the index terms of a word.
        stop_words: whether stop words score.
        every_match_up_to: words of a query up to which an engine that scores in two passes scores every match by it.
        in_matched_by: whether `matched_by` reports it.
    """

    form: Form
    terms_of: Callable[[Term], Iterable[str]]
    stop_words: bool = True
    every_match_up_to: float = 0
    in_matched_by: bool = False

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the BM25 of the terms; of all fields together only where all fields are searched."""
        if not field and not scope.all_fields:
            return
        if self.name not in scope.terms:
            scope.terms[self.name] = self._all_terms(scope.query)
        terms, content_terms = scope.terms[self.name]
        if terms:
            every_match = len(scope.query.words) <= self.every_match_up_to
            looked_up = IndexTerms(self.form, field, terms)
            yield Bm25(self.name, weight, looked_up, content_terms, every_match, self.in_matched_by)

    def _all_terms(self, query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the terms of the words that score, and those of content words."""
        content_terms = self._terms(query.scored_words, query)
        return self._terms(query.words, query) if self.stop_words else content_terms, content_terms

    def _terms(self, words: Iterable[Term], _query: Query) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term for word in words for term in self.terms_of(word)))

    def words(self, query: Query, term: str, /) -> str:
        """Return the word that has the term."""
        # A stop word may share letters with one that is looked up by them.
        words = (*query.scored_words, *query.words)
        return next(word.surface for word in words if term in self.terms_of(word))


class ExpansionTier(WordTier):
    """Adds the BM25 score of the stems of other words that a word finds."""

    def _terms(self, words: Iterable[Term], query: Query) -> tuple[str, ...]:
        own = {word.stem for word in query.words}
        return tuple(dict.fromkeys(stem for word in words for stem in self.terms_of(word) if stem not in own))


@dataclass(frozen=True, slots=True)
class BigramTier(Tier):
    """Adds the BM25 score of two neighbouring words, where a document has them side by side."""

    in_matched_by: bool = False

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the BM25 of the bigrams in a text; names and tags are too short for them to mean anything."""
        bigrams = tuple(" ".join(two) for two in scope.query.bigrams)
        found = scope.schema.field(field)
        if bigrams and found and found.kind is FieldKind.TEXT:
            looked_up = IndexTerms(Form.SHINGLE, field, bigrams)
            yield Bm25(self.name, weight, looked_up, bigrams, in_matched_by=self.in_matched_by)

    def words(self, query: Query, term: str, /) -> str:
        """Return the two words, or the compound that is also written as two."""
        neighbours = (two for two in pairwise(query.words) if " ".join(word.exact for word in two) == term)
        compounds = ((word,) for word in query.words if " ".join(word.compound_parts) == term)
        return _typed(next(iter((*neighbours, *compounds))))


class ExactPhraseTier(Tier):
    """Adds its weight where all words stand side by side."""

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the bonus, for a query of several words."""
        words = tuple(word.exact for word in scope.query.words)
        if len(set(words)) > 1:
            yield Bonus(self.name, weight, field, " ".join(words), in_fields(Phrase(words), scope.only_in))

    def words(self, query: Query, _term: str, /) -> str:
        """Return all words."""
        return _typed(query.words)


class AllTermsTier(Tier):
    """Adds its weight where all required words are, though the match rule was relaxed to fewer.

    All were asked for and are in too few documents: those rank above what has some of them more often.
    """

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the bonus, for a query of few words."""
        words = scope.query.required_words
        if scope.relaxed and 1 < len(words) <= ALL_UP_TO:
            node = in_fields(enough_of(words, len(words)), scope.only_in)
            yield Bonus(self.name, weight, field, " ".join(word.stem for word in words), node)

    def words(self, query: Query, _term: str, /) -> str:
        """Return the required words; a relaxed rule has dropped the quotes."""
        return _typed(without_quotes(query).required_words)


class RecencyTier(Tier):
    """Adds a part of the schema's `freshness` for each of `AGES` that a document is not older than."""

    def scores(self, scope: Scope, _field: str, _weight: float, /) -> Iterator[Score]:
        """Yield a bonus for each age, where the schema has a freshness."""
        name, freshness = scope.schema.date, scope.schema.freshness
        for days in AGES if freshness else ():
            node = RangeFilter(name, days_before(scope.today, days), None)
            yield Bonus(self.name, freshness / len(AGES), name, str(days), node)

    def words(self, _query: Query, term: str, /) -> str:
        """Return the age: no word is looked up."""
        return f"{term} days"


def _typed(words: Iterable[Term]) -> str:
    return " ".join(word.surface for word in words)


def _stem(word: Term) -> Iterable[str]:
    return (word.stem,)


def _exact(word: Term) -> Iterable[str]:
    return (word.exact,)


def _expanded(word: Term) -> Iterable[str]:
    return word.expanded_stems


def _grams(word: Term) -> Iterable[str]:
    return word.grams


FIELD_TIERS: tuple[Tier, ...] = (
    WordTier("stem", 0.7, message("tier-stem"), Form.STEM, _stem, every_match_up_to=inf, in_matched_by=True),
    ExpansionTier(
        "expansion",
        0.3,
        message("tier-expansion"),
        Form.STEM,
        _expanded,
        stop_words=False,
        every_match_up_to=inf,
    ),
    WordTier(
        "exact",
        0.2,
        message("tier-exact"),
        Form.EXACT,
        _exact,
        every_match_up_to=EXACT_UP_TO,
        in_matched_by=True,
    ),
    BigramTier("shingle", 0.4, message("tier-shingle"), in_matched_by=True),
)
"""The tiers of each searched field."""

DOCUMENT_TIERS: tuple[Tier, ...] = (
    ExactPhraseTier("exact_phrase", 10.0, message("tier-exact-phrase")),
    AllTermsTier("all_terms", 5.0, message("tier-all-terms")),
    RecencyTier("recency", 0.0, message("tier-recency")),
    WordTier("lead", 0.5, message("tier-lead"), Form.LEAD, _stem),
    # The n-grams of stop words would cost half the time of a query and lift nothing.
    WordTier(
        "ngram",
        0.4,
        message("tier-ngram"),
        Form.NGRAM,
        _grams,
        stop_words=False,
        in_matched_by=True,
    ),
)
"""The tiers of all searched fields together. The weights are the best for headlines, questions and quotations at once
among some twenty mixes; the differences between neighbours are small (ADR 5)."""

TIERS: Mapping[str, Tier] = {tier.name: tier for tier in (*FIELD_TIERS, *DOCUMENT_TIERS)}

WEIGHTS: Mapping[str, float] = {tier.name: tier.weight for tier in TIERS.values() if tier.weight}
"""What each tier adds."""

MATCHED_BY = ("exact", "stem", "ngram", "shingle")
"""The tiers that `matched_by` reports, in this order. That a word stands in the lead is no way of matching: it is a
match by its stem."""


def scores(scope: Scope, weights: Mapping[str, float] | None = None) -> Iterator[Score]:
    """Yield what adds to the score of a document: the tiers of single fields first.

    Args:
        scope: what the search scores by.
        weights: of each tier; None for the usual ones.
    """
    weights = weights or WEIGHTS
    for name, field_weight in scope.fields.items():
        for tier in FIELD_TIERS:
            yield from tier.scores(scope, name, field_weight * weights.get(tier.name, 0.0))
    for tier in DOCUMENT_TIERS:
        yield from tier.scores(scope, "", weights.get(tier.name, 0.0))
