"""Spell correction: replaces a word that no document of an index contains by words one typing error away.

A word that any document contains is never replaced, however rare it is: the user may want that document. Corrections
depend on the whole index, never on filters, so that totals and facets agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from search_service.query.query import Expansion, ExpansionKind, Query, Term, unique_expansions
from search_service.query.understanding.context import Context, Correction, StepResult
from search_service.query.understanding.spelling.candidates import MIN_PART_LENGTH, alphabet_of, one_error_away, splits

MAX_CORRECTED_WORDS = 5
"""Corrected words per query: each has some 600 candidates to look up, and a query with more unknown words is in another
language or meant for another collection."""

MAX_CORRECTIONS = 3
"""Corrections per word. With one, questions in news keep .940 of their nDCG@10 with a typing error, with three .944,
with five .947 and more irrelevant results."""

MIN_RELATIVE_SCORE = 0.1
"""Lowest score of a correction relative to the best one. The score is the document frequency times the error weight."""

KNOWN_STEM_FACTOR = 30
"""How many times as frequent as a word whose stem is in the index a correction must be. At 10, 30 and 100 headlines
keep .988, .987, .987 of their nDCG@10, questions in news .951, .950, .950; the higher the factor, the fewer queries
without errors change."""


class Replacement(NamedTuple):
    """The terms that replace one word or two adjacent words."""

    terms: tuple[Term, ...]
    correction: Correction


Replacements = dict[tuple[str, ...], Replacement]
"""Replacements by the folded words, one or two adjacent ones, that they replace."""


def correct(query: Query, context: Context) -> StepResult:
    """Return the query with corrections in place of words that no document contains.

    A word whose stem is in the index is replaced only by a much more frequent one, and becomes its expansion.
    """
    checked = {word.exact: word for word in query.words if word.is_content and alphabet_of(word.exact)}
    words = dict.fromkeys(exact for word in checked.values() for exact in (word.exact, *word.compound_parts))
    frequencies = context.document_frequencies(list(words), "exact") if words else {}
    unknown = [word for word in checked.values() if not _is_in_index(word, frequencies)]
    if not unknown:
        return query, ()
    corrector = _Corrector(unknown[:MAX_CORRECTED_WORDS], query, context)
    replacements: Replacements = {}
    for word in corrector.words:
        replacements |= corrector.join(word) or corrector.replace_misspelt(word) or corrector.split(word)
    corrections: dict[Correction, None] = {}

    def change(words: Sequence[Term]) -> Iterator[Term]:
        for part in _apply(replacements, words):
            if isinstance(part, Term):
                yield part
            else:
                corrections[part.correction] = None
                yield from part.terms

    return query.map_words(change) if replacements else query, tuple(corrections)


def _is_in_index(word: Term, frequencies: Mapping[str, int]) -> bool:
    """Return whether documents contain the exact word, or all of its compound parts."""
    parts = word.compound_parts
    return bool(frequencies.get(word.exact) or (parts and all(frequencies.get(part) for part in parts)))


def _apply(replacements: Replacements, words: Sequence[Term]) -> Iterator[Term | Replacement]:
    position = 0
    while position < len(words):
        pair = tuple(word.exact for word in words[position : position + 2])
        key = next((key for key in (pair, pair[:1]) if key in replacements), None)
        yield replacements[key] if key else words[position]
        position += len(key or pair[:1])


class _Corrector:
    """Finds corrections of unknown words. The document frequencies of all candidates are read in two requests."""

    def __init__(self, words: Sequence[Term], query: Query, context: Context) -> None:
        self.words = words
        self._context = context
        document_frequencies, stem = context.document_frequencies, context.analysis.stemmer.stem
        self._neighbours = [
            (first, second)
            for first, second in pairwise(query.clauses)
            if isinstance(first, Term) and isinstance(second, Term)
        ]
        self._error_weights = {word: _highest_weights(one_error_away(word.exact)) for word in words}
        self._splits = {word: list(splits(word.exact)) for word in words}
        candidates = {candidate for weights in self._error_weights.values() for candidate in weights}
        candidates |= {part for pairs in self._splits.values() for pair in pairs for part in pair}
        candidates |= {first.exact + second.exact for first, second in self._neighbours if {first, second} & set(words)}
        self._stems = {candidate: stem(candidate) for candidate in sorted(candidates)}
        own_stems = (own for word in words for own in word.stems)
        stems = dict.fromkeys((*self._stems.values(), *own_stems))
        self._stem_frequencies = document_frequencies(list(stems), "stem")
        self._candidates = {word: self._best_stems(word) for word in words}
        best = dict.fromkeys(
            candidate for by_stem in self._candidates.values() for group in by_stem.values() for candidate in group
        )
        self._exact_frequencies = document_frequencies(list(best), "exact") if best else {}

    def replace_misspelt(self, word: Term) -> Replacements:
        """Return the replacement by words one error away: the likeliest is the term, the others are its expansions."""
        scored = [(score, self._best_form(word, forms)) for (score, _), forms in self._candidates[word].items()]
        has_known_stem = self._stem_frequency(word) > 0
        if has_known_stem:
            # Other forms of the word are in the index: a correction must be much more frequent in its exact form.
            weights = self._error_weights[word]
            exact = [(weights[form] * self._exact_frequencies.get(form, 0), form) for _, form in scored]
            scored = [(score, form) for score, form in exact if self._exceeds(word, score)]
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        corrected_to = [form for score, form in scored if score >= scored[0][0] * MIN_RELATIVE_SCORE]
        if not corrected_to:
            return {}
        best = self._context.term(word.surface, corrected_to[0])
        own_stems = word.stems if has_known_stem else ()
        further_stems = (self._stems[form] for form in corrected_to[1:])
        expansions = unique_expansions((*_as_expansions(own_stems), *best.expansions, *_as_expansions(further_stems)))
        # If no correction is right, the n-grams of the word as typed may still match the intended word.
        term = replace(best, expansions=expansions, grams=tuple(dict.fromkeys((*best.grams, *word.grams))))
        return {(word.exact,): Replacement((term,), Correction(word.surface, tuple(corrected_to)))}

    def _best_stems(self, word: Term) -> dict[tuple[int, str], list[str]]:
        """Return the candidates with the best stems, by score and stem."""
        weights = self._error_weights[word]
        by_stem: dict[str, list[str]] = {}
        for candidate in weights:
            if self._frequency(candidate) and self._stems[candidate] not in word.stems:
                by_stem.setdefault(self._stems[candidate], []).append(candidate)
        scores = {
            stem: self._stem_frequencies[stem] * max(weights[form] for form in forms) for stem, forms in by_stem.items()
        }
        best = sorted(scores, key=lambda stem: (-scores[stem], stem))[:MAX_CORRECTIONS]
        return {(scores[stem], stem): by_stem[stem] for stem in best}

    def _best_form(self, word: Term, forms: Sequence[str]) -> str:
        """Return the likeliest of several words with one stem."""
        weights = self._error_weights[word]
        return max(forms, key=lambda form: (self._exact_frequencies.get(form, 0) * weights[form], weights[form], form))

    def _stem_frequency(self, word: Term) -> int:
        """Return the highest document frequency of the stems of a word; 0 if none is in the index."""
        return max(self._stem_frequencies.get(stem, 0) for stem in word.stems)

    def join(self, word: Term) -> Replacements:
        """Return the replacement of a word and its neighbour by one word: a superfluous space."""
        for pair in self._neighbours:
            joined = "".join(term.exact for term in pair)
            if word in pair and self._exceeds(word, self._frequency(joined)):
                surface = " ".join(term.surface for term in pair)
                replacement = Replacement((self._context.term(surface, joined),), Correction(surface, (joined,)))
                return {tuple(term.exact for term in pair): replacement}
        return {}

    def split(self, word: Term) -> Replacements:
        """Return the replacement of a word by its two most frequent parts: a missing space."""
        scored = [(min(map(self._frequency, pair)), pair) for pair in self._splits[word] if self._are_words(pair)]
        frequency, pair = max(scored, default=(0, ("", "")))
        if not self._exceeds(word, frequency):
            return {}
        first, second = (self._context.term(part, part) for part in pair)
        terms = (replace(first, surface=word.surface), second)
        return {(word.exact,): Replacement(terms, Correction(word.surface, (" ".join(pair),)))}

    def _exceeds(self, word: Term, score: int) -> bool:
        """Return whether a correction is frequent enough to replace a word."""
        return score > 0 and score >= self._stem_frequency(word) * KNOWN_STEM_FACTOR

    def _are_words(self, parts: Sequence[str]) -> bool:
        return all(len(part) >= MIN_PART_LENGTH or part in self._context.resources.stopwords for part in parts)

    def _frequency(self, candidate: str) -> int:
        return self._stem_frequencies.get(self._stems.get(candidate, ""), 0)


def _as_expansions(stems: Iterable[str]) -> Iterator[Expansion]:
    return (Expansion(stem, ExpansionKind.CORRECTION) for stem in stems)


def _highest_weights(candidates: Iterable[tuple[str, int]]) -> dict[str, int]:
    weights: dict[str, int] = {}
    for candidate, weight in candidates:
        weights[candidate] = max(weight, weights.get(candidate, 0))
    return weights
