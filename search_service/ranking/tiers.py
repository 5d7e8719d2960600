"""What scores, and how much: the tiers from strict to loose, the same for every engine.

A document's score is the sum over tiers of BM25, multiplied by the tier's weight. A document that matches strictly
matches loosely too and gains from both, so a tighter match outranks a looser one when the rest is equal.

Three tiers add their weight as it is. BM25 gives next to nothing for what stands once in a long text, be it the very
words that were asked for, and nothing for a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.core.dates import days_before
from search_service.core.filters import RangeFilter
from search_service.query.plan import SearchPlan
from search_service.query.tree import ALL_UP_TO

ANALYZERS = ("exact", "stem", "ngram", "shingle")
"""The ways a text is matched; `matched_by` names them in this order. That a word stands in the lead is no way of its
own: it scores, and is a match by its stem."""


WEIGHTS = {
    "exact": 0.2,
    "stem": 0.7,
    "related": 0.3,
    "lead": 0.5,
    "ngram": 0.4,
    "shingle": 0.4,
    "quotation": 10.0,
    "complete": 5.0,
}
"""What each tier adds, multiplied by its BM25 score and the field's weight; the last two are added as they are. The
best for headlines, questions and quotations at once among some twenty mixes; the differences between neighbours are
small (ADR 5)."""


MEANINGS = {
    "quotation": "the whole query, word for word",
    "complete": "all words, where few documents have them all",
    "exact": "the word as it is typed",
    "shingle": "two words side by side",
    "stem": "forms of the word",
    "lead": "forms of the word near the beginning of a text",
    "related": "broken plurals, a hamza on another seat, what else may be meant",
    "ngram": "words that are nearly the same: pieces of four letters",
    "fresh": "a date of the last days",
}
"""What each tier rewards, for those who ask why a document stands where it does."""

AGES = (7, 30, 365)
"""Days. A document that is no older gains a third of the schema's `freshness` for each: news are of a week, a month or
a year to those who look for them. Steps, for the embedded engine has no score that falls with age."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One way a field is matched.

    Attributes:
        analyzer: `stem`, `related` (stems of related words), `exact`, `shingle`, `lead` or `ngram`; `quotation` (the
            whole query stands in a field, word for word), `complete` (all its counted words are there) or `fresh` (the
            date is of the last days).
        field: the field; empty for all searched fields taken together.
        terms: what is looked up, each once; of `shingle` two words with a space between, of `quotation` and `complete`
            all together, of `fresh` numbers of days.
        content_terms: those of them that are not of stop words, unless there are no others: `matched_by` goes by them.
        weight: what a match is worth.
    """

    analyzer: str
    field: str
    terms: tuple[str, ...]
    content_terms: tuple[str, ...]
    weight: float

    @property
    def constant(self) -> bool:
        """Whether a match adds the weight as it is."""
        return self.analyzer in ("quotation", "complete", "fresh")

    @property
    def others(self) -> tuple[str, ...]:
        """The terms of stop words."""
        return (
            ()
            if self.terms == self.content_terms
            else tuple(term for term in self.terms if term not in self.content_terms)
        )


def tiers(plan: SearchPlan, schema: Schema) -> Iterator[Tier]:
    """Yield the tiers of a plan that have something to look up, those of single fields first."""
    query, weights = plan.query, plan.weights or WEIGHTS
    scored_words = query.scored_words
    stems, exacts, significant_terms, content_exacts = (
        tuple(dict.fromkeys(forms))
        for forms in (
            (word.stem for word in query.words),
            (word.exact for word in query.words),
            (word.stem for word in scored_words),
            (word.exact for word in scored_words),
        )
    )
    related = tuple(dict.fromkeys(stem for word in scored_words for stem in word.expansions if stem not in stems))
    bigrams = tuple(" ".join(pair) for pair in query.bigrams)
    for name, weight in plan.fields.items():
        yield Tier("stem", name, stems, significant_terms, weight * weights["stem"])
        if related:
            yield Tier("related", name, related, related, weight * weights["related"])
        yield Tier("exact", name, exacts, content_exacts, weight * weights["exact"])
        # Words stand side by side in texts; names and tags are too short for it to tell anything.
        if bigrams and (field := schema.field(name)) and field.kind is FieldKind.TEXT:
            yield Tier("shingle", name, bigrams, bigrams, weight * weights["shingle"])
    if len(exacts) > 1:
        words = (" ".join(word.exact for word in query.words),)
        yield Tier("quotation", "", words, words, weights["quotation"])
    if plan.rule.relaxed and 1 < len(query.required_words) <= ALL_UP_TO:
        # All were asked for and are in too few documents: those come before what has some of them more often.
        words = (" ".join(word.stem for word in query.required_words),)
        yield Tier("complete", "", words, words, weights["complete"])
    if schema.freshness:
        ages = tuple(str(days) for days in AGES)
        yield Tier("fresh", schema.date, ages, ages, schema.freshness / len(AGES))
    if plan.whole:
        # These hold all fields together: a search in some of them goes without.
        yield Tier("lead", "", stems, significant_terms, weights["lead"])
        # The n-grams of stop words would cost half the time of a query and lift nothing.
        grams = tuple(dict.fromkeys(gram for word in scored_words for gram in word.grams))
        yield Tier("ngram", "", grams, grams, weights["ngram"])


def newer_than(plan: SearchPlan, tier: Tier, days: str) -> RangeFilter:
    """Return the filter for documents that are at most so many days old."""
    return RangeFilter(tier.field, days_before(plan.today, int(days)), None)
