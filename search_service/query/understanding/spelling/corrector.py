"""Spell correction: replaces a word that no document of an index contains by words one typing error away.

A word that any document contains is never replaced, however rare it is: the user may want that document. A word that no
document contains is an error only if that is likelier than that it is right. Corrections depend on the whole index,
never on filters, so that totals and facets agree.

==========================  ==============================================================================
likelihood of a correction  of its error (`candidates.py`) x of the corrected word: its share of the words of
                            the index, or of the words beside its neighbour in the query if that is larger
likelihood of the word      as a word of the language or as a name that looks like one (`language.py`), or as
                            a form of a word of the index
==========================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import log
from typing import NamedTuple

from search_service.query.clauses import Expansion, ExpansionKind, Term, unique_expansions
from search_service.query.query import Query
from search_service.query.understanding.context import Context, Correction, StepResult
from search_service.query.understanding.spelling.affixes import differ_in_affixes, without_affixes
from search_service.query.understanding.spelling.candidates import (
    ERROR_RATE,
    MAX_LENGTH,
    MIN_LENGTH,
    MISSING_SPACE,
    SUPERFLUOUS_SPACE,
    one_error_away,
    splits,
)
from search_service.query.understanding.spelling.language import language_of

MAX_CORRECTED_WORDS = 5
"""Corrected words per query: each has some 600 candidates to look up, and a query with more unknown words is in another
language or meant for another collection."""

MAX_CORRECTIONS = 3
"""Corrections per word. With one, questions in news keep .940 of their nDCG@10 with a typing error, with three .944,
with five .947 and more irrelevant results."""

MIN_RELATIVE_LIKELIHOOD = 0.1
"""Lowest likelihood of a correction relative to the best one."""

MIN_ODDS = 4.0
"""How many times as likely as the typed word a correction must be."""

COMMONEST_WORDS = {"في": 0.030, "من": 0.024}
"""Words that make up these shares of Arabic texts: the documents without them tell how long documents are."""

MIN_WORDS_PER_DOCUMENT = 10.0
"""The length of documents if none has a commonest word: titles, or another language."""

LANGUAGE_WORDS = 10_000
"""Words of the language that are added to those of the index: a small collection lacks everyday words, and has few
others."""

NEIGHBOUR_SHARE = 0.5
NEIGHBOUR_SMOOTHING = 20
"""How far to trust that a word is beside its neighbour in the query as often as in documents: the factor, and the
documents that are added to those of the neighbour."""

MAX_IN_CONTEXT = 20
"""Candidates of a word that are looked up beside its neighbours, those first that may be likeliest."""


class Candidate(NamedTuple):
    """A possible correction.

    Attributes:
        likelihood: how likely the correction is meant and typed as the word.
        words: the folded words that replace it, two for a missing space.
        neighbour: for a superfluous space the other word, which is replaced as well.
    """

    likelihood: float
    words: tuple[str, ...]
    neighbour: Term | None = None


class Replacement(NamedTuple):
    """The terms that replace one word or two adjacent words."""

    terms: tuple[Term, ...]
    correction: Correction


Replacements = dict[tuple[str, ...], Replacement]
"""Replacements by the folded words, one or two adjacent ones, that they replace."""


def correct(query: Query, context: Context) -> StepResult:
    """Return the query with corrections in place of words that no document contains."""
    absent: dict[str, Term] = {}
    for word in query.words:
        if word.exact in context.absent and word.exact not in context.as_typed and _can_be_corrected(word):
            absent.setdefault(word.exact, word)
    if not absent:
        return query, ()
    corrector = _Corrector(list(absent.values())[:MAX_CORRECTED_WORDS], query, context)
    replacements = corrector.replacements()
    corrections: dict[Correction, None] = {}

    def change(words: Sequence[Term]) -> Iterator[Term]:
        for part in _apply(replacements, words):
            if isinstance(part, Term):
                yield corrector.with_forms(part) if part in corrector.words else part
            else:
                corrections[part.correction] = None
                yield from part.terms

    return query.map_words(change), tuple(corrections)


def _can_be_corrected(word: Term) -> bool:
    """Return whether a word may be an error; one with a listed spelling matches the other spelling as it is."""
    is_listed = bool(word.variants) or any(expansion.kind is ExpansionKind.MISSPELLING for expansion in word.expansions)
    return word.is_content and not is_listed and MIN_LENGTH <= len(word.exact) <= 2 * MAX_LENGTH


def _word_of(term: Term) -> str:
    """Return the folded word that may be misspelt: without a conjunction that is typed apart from it."""
    return term.without_conjunction if term.is_apart else term.exact


def _apply(replacements: Replacements, words: Sequence[Term]) -> Iterator[Term | Replacement]:
    position = 0
    while position < len(words):
        pair = tuple(word.exact for word in words[position : position + 2])
        key = next((key for key in (pair, pair[:1]) if key in replacements), None)
        yield replacements[key] if key else words[position]
        position += len(key or pair[:1])


class _Corrector:
    """Finds corrections of words. All document frequencies are read in two requests, of words and of pairs of words."""

    def __init__(self, words: Sequence[Term], query: Query, context: Context) -> None:
        self.words = words
        self._context = context
        self._beside = [pair for run in query.adjacent_words for pair in pairwise(run)]
        self._unquoted_pairs = [
            (one, other) for one, other in pairwise(query.clauses) if isinstance(one, Term) and isinstance(other, Term)
        ]
        self._errors = {word: one_error_away(_word_of(word)) for word in words}
        looked_up = {
            *(candidate for errors in self._errors.values() for candidate in errors),
            *(part for word in words for parts in splits(_word_of(word)) for part in parts),
            *(form for word in words for form, _ in without_affixes(_word_of(word))),
            *(word.exact for word in query.words),
            *COMMONEST_WORDS,
            *(one.exact + other.exact for one, other in self._unquoted_pairs if one in words or other in words),
        }
        self._frequencies = context.document_frequencies(sorted(looked_up), "exact")
        self._language = language_of(context.analysis)
        self._occurrences = self._count_words(max(1, context.documents()))
        first = query.words[0]
        self._known = {word: self._likelihood_of_word(_word_of(word), word.exact == first.exact) for word in words}
        self._in_context = {word: self._candidates_in_context(word) for word in words}
        pairs = {
            *(pair for word in words for other in self._in_context[word] for pair in self._pairs(word, other)),
            *(parts for word in words for parts in splits(_word_of(word)) if all(map(self._frequency, parts))),
        }
        self._pair_frequencies = context.document_frequencies([" ".join(pair) for pair in sorted(pairs)], "shingle")

    def replacements(self) -> Replacements:
        """Return the replacements of all words that have a correction."""
        found = {word: candidates for word in self.words if (candidates := self._likely_candidates(word))}
        words = {part: None for candidates in found.values() for one in candidates for part in one.words}
        spellings = self._context.written_forms(list(words)) if words else {}
        replacements: Replacements = {}
        for word, candidates in found.items():
            # Frequencies can count documents that were deleted: what no document has now is no correction.
            if written := [one for one in candidates if all(part in spellings for part in one.words)]:
                replacements |= self._replacement(word, written, spellings)
        return replacements

    def with_forms(self, word: Term) -> Term:
        """Return an uncorrected word that also matches its most frequent forms in the index.

        Lemmas relate the forms of words of the lexicon, but not لشاكيرا and شاكيرا.
        """
        forms = {form for form, _ in without_affixes(_word_of(word)) if self._frequency(form)}
        forms |= {one for one in self._errors[word] if self._frequency(one) and self._is_form(one, word)}
        best = sorted(forms, key=lambda form: (-self._frequency(form), form))[:MAX_CORRECTIONS]
        further = (one for form in best for one in self._context.expansions(form, ExpansionKind.FORM))
        expansions = unique_expansions(one for one in (*word.expansions, *further) if one.lemma not in word.lemmas)
        return replace(word, expansions=expansions)

    # Likelihoods

    def _frequency(self, word: str) -> int:
        return self._frequencies.get(word, 0)

    def _count_words(self, documents: int) -> float:
        """Return roughly how many words all documents have together."""
        lengths = [
            -log(1 - min(self._frequency(word), documents) / (documents + 1)) / share
            for word, share in COMMONEST_WORDS.items()
        ]
        return documents * max(MIN_WORDS_PER_DOCUMENT, min(lengths))

    def _share(self, word: str) -> float:
        """Return the share of a word among those of the index and some of the language."""
        expected = LANGUAGE_WORDS * self._language.probability(word)
        return (self._frequency(word) + expected) / (self._occurrences + LANGUAGE_WORDS)

    def _likelihood_of_word(self, word: str, begins_query: bool) -> float:
        """Return how likely the typed word is right: a word of the language, or a form of a word of the index."""
        readings = without_affixes(word, begins_query)
        forms = (share * self._share(form) for form, share in readings if self._frequency(form))
        return max(self._language.probability(word, begins_query), *forms, 0.0)

    def _candidates_in_context(self, word: Term) -> list[str]:
        """Return the candidates of a word that may be likely enough, depending on the neighbours in the query."""
        bounds = {}
        for candidate, error in self._errors[word].items():
            frequency = self._frequency(candidate)
            if not frequency:
                continue
            beside = (self._beside_neighbour(min(frequency, self._frequency(n)), n) for n in self._neighbours(word))
            bound = error * max(self._share(candidate), *beside, 0.0)
            if bound >= MIN_ODDS * self._known[word]:
                bounds[candidate] = bound
        best = sorted(bounds, key=lambda candidate: (-bounds[candidate], candidate))
        # A form of the same word is no correction: it matches as it is.
        others = (one for one in best if not self._is_form(one, word))
        return [candidate for candidate, _ in zip(others, range(MAX_IN_CONTEXT), strict=False)]

    def _is_form(self, candidate: str, word: Term) -> bool:
        lemmas = self._context.analysis.lemmatizer.terms(candidate)
        return not set(lemmas).isdisjoint(word.matching_lemmas) or differ_in_affixes(candidate, _word_of(word))

    def _neighbours(self, word: Term) -> list[str]:
        """Return the content words before and after a word in the query."""
        before = [one.exact for one, other in self._beside if other.exact == word.exact and one.is_content]
        return before + [other.exact for one, other in self._beside if one.exact == word.exact and other.is_content]

    def _pairs(self, word: Term, candidate: str) -> Iterator[tuple[str, str]]:
        """Yield a candidate with each neighbour of the word, in the order of the query."""
        for one, other in self._beside:
            if other.exact == word.exact and one.is_content:
                yield one.exact, candidate
            if one.exact == word.exact and other.is_content:
                yield candidate, other.exact

    def _beside_neighbour(self, frequency: int, neighbour: str) -> float:
        """Return the likelihood of a word beside a neighbour, from the documents where they are adjacent."""
        return NEIGHBOUR_SHARE * frequency / (self._frequency(neighbour) + NEIGHBOUR_SMOOTHING)

    def _likely_candidates(self, word: Term) -> list[Candidate]:
        """Return the likeliest correction of a word, and further ones of the same kind."""
        candidates = [*self._one_error(word), *self._split(word), *self._joined(word)]
        candidates.sort(key=lambda one: (-one.likelihood, one.words))
        if not candidates or candidates[0].likelihood < MIN_ODDS * self._known[word]:
            return []
        best = candidates[0]
        if best.neighbour or len(best.words) > 1:
            return [best]
        found = [best]
        for one in candidates:
            likely = one.likelihood >= MIN_RELATIVE_LIKELIHOOD * best.likelihood
            if likely and len(one.words) == 1 and not one.neighbour and not self._is_form_of_any(one.words[0], found):
                found.append(one)
        return found[:MAX_CORRECTIONS]

    def _is_form_of_any(self, word: str, found: Sequence[Candidate]) -> bool:
        return any(self._language.are_forms_of_one_word(word, one.words[0]) for one in found)

    def _one_error(self, word: Term) -> Iterator[Candidate]:
        for candidate in self._in_context[word]:
            beside = (
                self._beside_neighbour(
                    self._pair_frequencies.get(" ".join(pair), 0), pair[0] if pair[1] == candidate else pair[1]
                )
                for pair in self._pairs(word, candidate)
            )
            share = max(self._share(candidate), *beside, 0.0)
            yield Candidate(self._errors[word][candidate] * share, (candidate,))

    def _split(self, word: Term) -> Iterator[Candidate]:
        """Yield two words that are adjacent in documents: a missing space."""
        for parts in splits(_word_of(word)):
            if frequency := self._pair_frequencies.get(" ".join(parts), 0):
                share = frequency / (self._occurrences + LANGUAGE_WORDS)
                yield Candidate(ERROR_RATE * MISSING_SPACE * share, parts)

    def _joined(self, word: Term) -> Iterator[Candidate]:
        """Yield the word together with its neighbour: a superfluous space."""
        for one, other in self._unquoted_pairs:
            joined = one.exact + other.exact
            if word in (one, other) and self._frequency(joined) and not self._is_form(joined, word):
                neighbour = other if one == word else one
                if neighbour.exact in self._context.as_typed:
                    continue
                # If no document has the neighbour either, both would have to be right.
                right = self._language.probability(neighbour.exact) if neighbour.exact in self._context.absent else 1.0
                likelihood = ERROR_RATE * SUPERFLUOUS_SPACE * self._share(joined) / right
                yield Candidate(likelihood, (joined,), neighbour)

    # Replacements

    def _replacement(self, word: Term, candidates: Sequence[Candidate], spellings: Mapping[str, str]) -> Replacements:
        best = candidates[0]
        shown = tuple(" ".join(spellings[part] for part in one.words) for one in candidates)
        if best.neighbour:
            pair = next(pair for pair in self._unquoted_pairs if {*pair} == {word, best.neighbour})
            surface = " ".join(term.surface for term in pair)
            terms: tuple[Term, ...] = (self._context.term(surface, best.words[0]),)
            return {tuple(term.exact for term in pair): Replacement(terms, Correction(surface, shown))}
        if len(best.words) > 1:
            first, *others = (self._context.term(part, part) for part in best.words)
            terms = (replace(first, surface=word.surface), *others)
        else:
            terms = (self._corrected(word, [one.words[0] for one in candidates]),)
        return {(word.exact,): Replacement(terms, Correction(word.surface, shown))}

    def _corrected(self, word: Term, corrections: Sequence[str]) -> Term:
        """Return the term of the likeliest correction, with the others and the word's own lemmas as expansions."""
        best = self._context.term(word.surface, corrections[0])
        kind = ExpansionKind.CORRECTION
        own = (Expansion(lemma, kind) for lemma in word.matching_lemmas)
        further = (one for form in corrections[1:] for one in self._context.expansions(form, kind))
        expansions = unique_expansions(
            one for one in (*best.expansions, *own, *further) if one.lemma not in best.lemmas
        )
        # If no correction is right, the n-grams of the word as typed may still match the intended word.
        return replace(best, expansions=expansions, grams=tuple(dict.fromkeys((*best.grams, *word.grams))))
