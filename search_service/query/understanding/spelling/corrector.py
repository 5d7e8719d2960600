"""Corrects spelling: a word that no document of an index has is replaced by those that are one error away.

A word that some document has is left alone, however rare it is: whoever types it may want that document. The choice
depends on the index as a whole, never on filters, so that totals and facets agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from search_service.query.tree import Expansion, ExpansionKind, Query, Term, unique_expansions
from search_service.query.understanding.context import Context, Correction, StepResult
from search_service.query.understanding.spelling.candidates import SHORTEST_PART, alphabet_of, one_error_away, parted

MOST_CORRECTED = 5
"""Words of one query that are mended: each has some 600 forms to look up, and a query with more of them is of another
language or for another collection."""

MOST_MEANT = 3
"""Words that one is taken for. With one, questions in news keep .940 of their nDCG@10 with a typing error, with three
.944, with five .947 and more results that have nothing to do with what was meant."""

LEAST_LIKELY = 0.1
"""The part of the likeliest one's frequency (times how likely its error is) that the others must have."""

FORM_OF_ITS_OWN = 30
"""How many times as likely as another form of the same word (known by its stem) what was meant must be. At 10, 30 and
100 headlines keep .988, .987, .987 of their nDCG@10, questions in news .951, .950, .950, and without errors the less is
changed the higher it is."""


class Replacement(NamedTuple):
    """What replaces a word or two neighbours."""

    terms: tuple[Term, ...]
    correction: Correction


Replacements = dict[tuple[str, ...], Replacement]
"""Folded words of a query, one or two neighbours, and what replaces them."""


def correct(query: Query, context: Context) -> StepResult:
    """Return a query with the words that no document has replaced by those that are likely to be meant.

    One that documents have in another form is replaced where something else is much likelier, and is an expansion then.
    """
    doubted = {word.exact: word for word in query.words if word.is_content and alphabet_of(word.exact)}
    words = dict.fromkeys(form for word in doubted.values() for form in (word.exact, *word.compound_parts))
    written = context.document_frequencies(list(words), "exact") if words else {}
    unknown = [word for word in doubted.values() if not _is_written(word, written)]
    if not unknown:
        return query, ()
    corrector = _Corrector(unknown[:MOST_CORRECTED], query, context)
    replacements: Replacements = {}
    for word in corrector.words:
        replacements |= corrector.joined(word) or corrector.misspelt(word) or corrector.parted(word)
    corrections: dict[Correction, None] = {}

    def change(words: Sequence[Term]) -> Iterator[Term]:
        for replaced in _replaced(words, replacements):
            if isinstance(replaced, Term):
                yield replaced
            else:
                corrections[replaced.correction] = None
                yield from replaced.terms

    return query.map_words(change) if replacements else query, tuple(corrections)


def _is_written(word: Term, written: Mapping[str, int]) -> bool:
    """Whether documents have a word as it is typed, or the two that it is also written as."""
    return bool(
        written.get(word.exact) or (word.compound_parts and all(written.get(part) for part in word.compound_parts))
    )


def _replaced(words: Sequence[Term], replacements: Replacements) -> Iterator[Term | Replacement]:
    place = 0
    while place < len(words):
        two = tuple(word.exact for word in words[place : place + 2])
        found = next((key for key in (two, two[:1]) if key in replacements), None)
        yield replacements[found] if found else words[place]
        place += len(found or two[:1])


class _Corrector:
    """Finds what may have been meant by some words of a query; everything is looked up at once."""

    def __init__(self, words: Sequence[Term], query: Query, context: Context) -> None:
        self.words = words
        self._context = context
        document_frequencies, stem = context.document_frequencies, context.analysis.stemmer.stem
        self._neighbours = [
            (first, second)
            for first, second in pairwise(query.clauses)
            if isinstance(first, Term) and isinstance(second, Term)
        ]
        self._errors = {word: _likeliest(one_error_away(word.exact)) for word in words}
        self._parts = {word: list(parted(word.exact)) for word in words}
        forms = {form for errors in self._errors.values() for form in errors}
        forms |= {part for parts in self._parts.values() for two in parts for part in two}
        forms |= {first.exact + second.exact for first, second in self._neighbours if {first, second} & set(words)}
        self._stems = {form: stem(form) for form in sorted(forms)}
        own = (one for word in words for one in word.stems)
        self._document_frequencies = document_frequencies(list(dict.fromkeys((*self._stems.values(), *own))), "stem")
        self._meant = {word: self._likely(word) for word in words}
        likely = dict.fromkeys(form for meant in self._meant.values() for forms in meant.values() for form in forms)
        self._written = document_frequencies(list(likely), "exact") if likely else {}

    def misspelt(self, word: Term) -> Replacements:
        """Return the words that are one error away, the likeliest in its place and the others as its relatives."""
        best = [(score, self._form(word, forms)) for (score, _), forms in self._meant[word].items()]
        if known := self._known(word):
            # Documents have other forms of the word: what was meant must be much likelier, as it is written.
            written = [(self._errors[word][form] * self._written.get(form, 0), form) for _, form in best]
            best = [found for found in written if self._outweighs(word, found[0])]
        best.sort(key=lambda found: (-found[0], found[1]))
        meant = [form for score, form in best if score >= best[0][0] * LEAST_LIKELY]
        if not meant:
            return {}
        taken = self._context.term(word.surface, meant[0])
        own, others = word.stems if known else (), (self._stems[form] for form in meant[1:])
        expansions = unique_expansions((*_corrections_to(own), *taken.expansions, *_corrections_to(others)))
        # The n-grams of what was typed may still find what was meant, if it was none of these.
        term = replace(taken, expansions=expansions, grams=tuple(dict.fromkeys((*taken.grams, *word.grams))))
        return {(word.exact,): Replacement((term,), Correction(word.surface, tuple(meant)))}

    def _likely(self, word: Term) -> dict[tuple[int, str], list[str]]:
        """Return the likeliest stems that may be meant, each with how likely it is, and the forms that have it."""
        forms: dict[str, list[str]] = {}
        for form in self._errors[word]:
            if self._frequency(form) and self._stems[form] not in word.stems:
                forms.setdefault(self._stems[form], []).append(form)
        scores = {
            stem: self._document_frequencies[stem] * max(self._errors[word][form] for form in forms[stem])
            for stem in forms
        }
        best = sorted(scores, key=lambda stem: (-scores[stem], stem))[:MOST_MEANT]
        return {(scores[stem], stem): forms[stem] for stem in best}

    def _form(self, word: Term, forms: Sequence[str]) -> str:
        """Return the likeliest of the forms of one stem, as documents write it."""
        errors = self._errors[word]
        return max(forms, key=lambda form: (self._written.get(form, 0) * errors[form], errors[form], form))

    def _known(self, word: Term) -> int:
        """Return how many documents have a word in another form; 0 where it is altogether unknown."""
        return max(self._document_frequencies.get(stem, 0) for stem in word.stems)

    def joined(self, word: Term) -> Replacements:
        """Return the word that it makes with a neighbour, if there is such a word: a space was typed too much."""
        for two in self._neighbours:
            form = "".join(one.exact for one in two)
            if word in two and self._outweighs(word, self._frequency(form)):
                surface = " ".join(one.surface for one in two)
                replacement = Replacement((self._context.term(surface, form),), Correction(surface, (form,)))
                return {tuple(one.exact for one in two): replacement}
        return {}

    def parted(self, word: Term) -> Replacements:
        """Return the two words that it is made of, the most frequent ones: a space was forgotten."""
        found = [(min(map(self._frequency, two)), two) for two in self._parts[word] if self._may_stand_alone(two)]
        frequency, two = max(found, default=(0, ("", "")))
        if not self._outweighs(word, frequency):
            return {}
        first, second = (self._context.term(part, part) for part in two)
        terms = (replace(first, surface=word.surface), second)
        return {(word.exact,): Replacement(terms, Correction(word.surface, (" ".join(two),)))}

    def _outweighs(self, word: Term, likely: int) -> bool:
        return likely > 0 and likely >= self._known(word) * FORM_OF_ITS_OWN

    def _may_stand_alone(self, parts: Sequence[str]) -> bool:
        return all(len(part) >= SHORTEST_PART or part in self._context.resources.stopwords for part in parts)

    def _frequency(self, form: str) -> int:
        return self._document_frequencies.get(self._stems.get(form, ""), 0)


def _corrections_to(stems: Iterable[str]) -> Iterator[Expansion]:
    return (Expansion(stem, ExpansionKind.CORRECTION) for stem in stems)


def _likeliest(meant: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for form, likely in meant:
        found[form] = max(likely, found.get(form, 0))
    return found
