"""The ranking tiers: what scores and how much, for every engine.

A document's score is the sum over the tiers. A document that matches strictly also matches loosely and scores in both
tiers, so a stricter match outranks a looser one if the rest is equal.

Most tiers add the BM25 score of index terms in one form, multiplied by their weight. Four add a constant weight: BM25
is almost 0 for a single match in a long text, even of the exact query, and does not apply to dates or to beginnings of
words.

To add a tier, add it to `FIELD_TIERS` or `DOCUMENT_TIERS`, and its sentence to `messages.english.requests` and
`messages.arabic.requests`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf

from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.core.dates import days_before
from search_service.core.filters import RangeFilter
from search_service.core.message import Message, message
from search_service.query.clauses import Term, Unit, phrase_of
from search_service.query.parser import without_quotes
from search_service.query.query import Query, words_of_unit
from search_service.query.tree import Bm25, Bonus, Form, IndexTerms, Score, any_of
from search_service.ranking.match_rules import ALL_UP_TO, at_least, in_fields, variants_of

EXACT_UP_TO = 3
"""For queries of up to this many words, exact words score every match, not only the best: thousands of documents can
match the lemma of a single word, and the best 300 need not be those with the exact word."""

AGES = (7, 30, 365)
"""Days. A document scores a third of the schema's `freshness` for each age that it does not exceed: users look for news
of a week, a month or a year. Steps, because the embedded engine has no decay function."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The query, fields and date that tiers score by.

    Attributes:
        fields: the weight of each field to search.
        all_fields: whether these are all searched fields of the schema.
        relaxed: whether the match rule was relaxed.
        today: the first second of the current day.
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
    """A ranking tier.

    Attributes:
        name: its name in explanations and in `--weight`.
        weight: the constant that a match adds, or the factor of its BM25 score and the field's weight.
        meaning: what it scores, for explanations.
    """

    name: str
    weight: float
    meaning: Message

    @abstractmethod
    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the scoring nodes for a field; an empty field is the combination of all searched fields."""

    @abstractmethod
    def words(self, query: Query, term: str, /) -> str:
        """Return the query words, as typed, that a term of this tier comes from."""


@dataclass(frozen=True, slots=True)
class WordTier(Tier):
    """Adds the BM25 score of the index terms of single words.

    Attributes:
        form: the form of the index terms.
        terms_of: returns the index terms of a word.
        stop_words: whether stop words score.
        every_match_up_to: the longest query, in words, for which an engine that rescores the best matches computes the
            tier for every match.
        in_matched_by: whether `matched_by` reports the tier.
    """

    form: Form
    terms_of: Callable[[Term], Iterable[str]]
    stop_words: bool = True
    every_match_up_to: float = 0
    in_matched_by: bool = False

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the BM25 node; for the combination of all fields only if all fields are searched."""
        if not field and not scope.all_fields:
            return
        if self.name not in scope.terms:
            scope.terms[self.name] = self._all_terms(scope.query)
        terms, content_terms = scope.terms[self.name]
        if terms:
            every_match = len(scope.query.words) <= self.every_match_up_to
            index_terms = IndexTerms(self.form, field, terms)
            yield Bm25(self.name, weight, index_terms, content_terms, every_match, self.in_matched_by)

    def _all_terms(self, query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the terms of the words that score, and those of content words."""
        content_terms = self._terms(query.scored_words, query)
        return self._terms(query.words, query) if self.stop_words else content_terms, content_terms

    def _terms(self, words: Iterable[Term], _query: Query) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term for word in words for term in self.terms_of(word)))

    def words(self, query: Query, term: str, /) -> str:
        """Return the first word with this term, content words first."""
        # A stop word can share n-grams with a content word.
        words = (*query.scored_words, *query.words)
        return next(word.surface for word in words if term in self.terms_of(word))


class LeadTier(WordTier):
    """Adds the BM25 score of words at the beginning of a text, multiplied by the schema's `lead`."""

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the BM25 node, unless the beginning does not count."""
        if scope.schema.lead:
            yield from super().scores(scope, field, weight * scope.schema.lead)


class ExpansionTier(WordTier):
    """Adds the BM25 score of the expansions of words."""

    def _terms(self, words: Iterable[Term], query: Query) -> tuple[str, ...]:
        own = {lemma for word in query.words for lemma in word.lemmas}
        return tuple(dict.fromkeys(lemma for word in words for lemma in self.terms_of(word) if lemma not in own))


@dataclass(frozen=True, slots=True)
class BigramTier(Tier):
    """Adds the BM25 score of pairs of adjacent words."""

    in_matched_by: bool = False

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the BM25 node of the bigrams in a text field; names and tags are too short for bigrams."""
        bigrams = tuple(" ".join(pair) for pair in scope.query.bigrams)
        definition = scope.schema.field(field)
        if bigrams and definition and definition.kind is FieldKind.TEXT:
            index_terms = IndexTerms(Form.SHINGLE, field, bigrams)
            yield Bm25(self.name, weight, index_terms, bigrams, in_matched_by=self.in_matched_by)

    def words(self, query: Query, term: str, /) -> str:
        """Return the two words of a bigram, or the compound with these parts."""
        pairs = (pair for run in query.adjacent_words for pair in pairwise(run))
        neighbours = (pair for pair in pairs if " ".join(word.exact for word in pair) == term)
        compounds = ((word,) for word in query.words if " ".join(word.compound_parts) == term)
        return _typed(next(iter((*neighbours, *compounds))))


class ExactPhraseTier(Tier):
    """Adds its weight if a field contains the whole query as a phrase."""

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield the bonus for a query of several words."""
        if len(scope.query.adjacent_words) != 1:
            return
        words = scope.query.words
        phrase = replace(phrase_of(words), terms=())
        if not any(word.is_apart for word in words):
            # Documents with a conjunction apart are rarer than queries with conjunctions, whose spellings take time.
            phrase = replace(phrase, variants=())
        if len(set(phrase.exact)) > 1:
            yield Bonus(self.name, weight, field, " ".join(phrase.exact), in_fields(phrase, scope.only_in))

    def words(self, query: Query, _term: str, /) -> str:
        """Return all words."""
        return _typed(query.words)


class PrefixTier(Tier):
    """Adds its weight and the field's if a field has a word with a beginning."""

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield a bonus for each beginning that the field may have."""
        for prefix, only_in in scope.query.word_prefixes:
            if only_in in ("", field):
                yield Bonus(self.name, weight, field, prefix.surface, in_fields(prefix, (field,)))

    def words(self, _query: Query, term: str, /) -> str:
        """Return the beginning as typed."""
        return term


class CoverageTier(Tier):
    """Adds its weight × the share of the content words that a document has.

    Documents with most words rank above those in which a few of the words are frequent.
    """

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield a bonus for each word, unless every match has all words."""
        units = scope.query.required_units
        if len(units) > ALL_UP_TO or (scope.relaxed and len(units) > 1):
            for unit in units:
                node = in_fields(at_least((unit,), 1), scope.only_in)
                yield Bonus(self.name, weight / len(units), field, _label(unit), node)

    def words(self, query: Query, term: str, /) -> str:
        """Return the word, or the words and numbers that are written together; a relaxed rule ignores quotes."""
        units = without_quotes(query).required_units
        return next(_typed(words_of_unit(unit)) for unit in units if _label(unit) == term)


class VariantTier(Tier):
    """Adds its weight for each word of which a document has a spelling variant.

    A constant, because BM25 would rank a rare spelling above the one that was typed.
    """

    def scores(self, scope: Scope, field: str, weight: float, /) -> Iterator[Score]:
        """Yield a bonus for each word with variants."""
        for word in scope.query.scored_words:
            if word.variants:
                node = in_fields(any_of(variants_of(word)), scope.only_in)
                yield Bonus(self.name, weight, field, word.exact, node)

    def words(self, query: Query, term: str, /) -> str:
        """Return the word with these variants."""
        return next(word.surface for word in query.scored_words if word.exact == term)


class RecencyTier(Tier):
    """Adds a part of the schema's `freshness` for each of `AGES` that a document does not exceed."""

    def scores(self, scope: Scope, _field: str, _weight: float, /) -> Iterator[Score]:
        """Yield a bonus for each age if the schema has a freshness."""
        name, freshness = scope.schema.date, scope.schema.freshness
        for days in AGES if freshness else ():
            node = RangeFilter(name, days_before(scope.today, days), None)
            yield Bonus(self.name, freshness / len(AGES), name, str(days), node)

    def words(self, _query: Query, term: str, /) -> str:
        """Return the age; the tier has no words."""
        return f"{term} days"


def _label(unit: Unit) -> str:
    return " ".join(word.exact for word in words_of_unit(unit))


def _typed(words: Iterable[Term]) -> str:
    return " ".join(word.surface for word in words)


def _lemmas(word: Term) -> Iterable[str]:
    return word.lemmas


def _exact(word: Term) -> Iterable[str]:
    return (word.exact,)


def _expanded(word: Term) -> Iterable[str]:
    return word.expanded_lemmas


def _grams(word: Term) -> Iterable[str]:
    return word.grams


FIELD_TIERS: tuple[Tier, ...] = (
    WordTier("lemma", 0.5, message("tier-lemma"), Form.LEMMA, _lemmas, every_match_up_to=inf, in_matched_by=True),
    ExpansionTier(
        "expansion",
        0.3,
        message("tier-expansion"),
        Form.LEMMA,
        _expanded,
        stop_words=False,
        every_match_up_to=inf,
    ),
    WordTier(
        "exact",
        0.1,
        message("tier-exact"),
        Form.EXACT,
        _exact,
        every_match_up_to=EXACT_UP_TO,
        in_matched_by=True,
    ),
    BigramTier("shingle", 0.2, message("tier-shingle"), in_matched_by=True),
    PrefixTier("prefix", 1.0, message("tier-prefix")),
)
"""The tiers of each searched field."""

DOCUMENT_TIERS: tuple[Tier, ...] = (
    ExactPhraseTier("exact_phrase", 10.0, message("tier-exact-phrase")),
    CoverageTier("coverage", 7.5, message("tier-coverage")),
    VariantTier("variant", 0.3, message("tier-variant")),
    RecencyTier("recency", 0.0, message("tier-recency")),
    LeadTier("lead", 0.6, message("tier-lead"), Form.LEAD, _lemmas),
    # The n-grams of stop words would take half the time of a query and not improve ranking.
    WordTier(
        "ngram",
        0.25,
        message("tier-ngram"),
        Form.NGRAM,
        _grams,
        stop_words=False,
        in_matched_by=True,
    ),
)
"""The tiers of the combination of all searched fields. The weights are those of titles and quotations; small changes
make little difference (ADR 5)."""

TIERS: Mapping[str, Tier] = {tier.name: tier for tier in (*FIELD_TIERS, *DOCUMENT_TIERS)}

WEIGHTS: Mapping[str, float] = {tier.name: tier.weight for tier in TIERS.values() if tier.weight}
"""The default weight of each tier."""

QUESTION_WEIGHTS: Mapping[str, float] = {
    **WEIGHTS,
    "exact": 0.15,
    "shingle": 0.3,
    "ngram": 0.45,
    "lead": 0.5,
    "coverage": 5.0,
}
"""The weights for questions. Titles and quotations repeat the words of a document, questions paraphrase them: what is
similar weighs more (ADR 5)."""


def default_weights(query: Query) -> Mapping[str, float]:
    """Return the weights of the tiers for a query."""
    return QUESTION_WEIGHTS if query.is_question else WEIGHTS


MATCHED_BY = ("exact", "lemma", "ngram", "shingle")
"""The tiers that `matched_by` reports, in this order. `lead` is not among them: it is a match by lemma."""


def scores(scope: Scope, weights: Mapping[str, float] | None = None) -> Iterator[Score]:
    """Yield the scoring nodes of a search, those of single fields first; `weights` replace default weights."""
    weights = {**default_weights(scope.query), **(weights or {})}
    for name, field_weight in scope.fields.items():
        for tier in FIELD_TIERS:
            yield from tier.scores(scope, name, field_weight * weights.get(tier.name, 0.0))
    for tier in DOCUMENT_TIERS:
        yield from tier.scores(scope, "", weights.get(tier.name, 0.0))
