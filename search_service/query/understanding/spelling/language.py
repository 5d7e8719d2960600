"""How likely words are: those of the lexicon by their frequency, others, such as names, by their letters.

`letters.tsv.gz` has the letters that words of the lexicon (`index_config.word_forms`) have after each two letters, with
their counts; `tools/build_letters.py` makes it.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from math import prod, sqrt
from pathlib import Path

from search_service.analysis.analyzer import Analysis
from search_service.analysis.lemmas import Lemmatizer
from search_service.query.understanding.spelling.affixes import differ_in_affixes, without_affixes

LETTERS = Path(__file__).with_name("letters.tsv.gz")

EDGE = " "
"""Stands for the beginning and the end of a word among the letters."""

COUNTED_WORDS = 70_000_000
"""Words of the corpus of the lexicon. A weight is the probability of a lemma times the count of a form, so the square
root of its share of these words is between the probability of the form and that of the lemma."""

UNKNOWN_SHARE = 0.05
"""Share of words in queries that are right and not in the lexicon, mostly foreign names. At .1 and .03, 70 and 75 % of
the misspelt words are corrected on the ARCD paragraphs, and 3.8 and 4.2 % of the ARCD questions change on the news
index."""

LATIN_SHARE = 0.3
"""Share of Latin words among those."""

BITS_PER_LATIN_LETTER = 4.0
"""The entropy of the letters of English."""

SMOOTHING = 20.0
"""How many occurrences of two letters count as much as what is known of the second one alone."""

UNSEEN_SHARE = 0.1
UNSEEN_LETTERS = 31
"""The share of all letters, equal for each, that keeps a letter of no word of the lexicon possible."""

_CACHED_WORDS = 10_000


class LetterModel:
    """How likely a sequence of letters is as a word, by the two letters before each letter.

    Args:
        counts: three letters -> how often words have them.
    """

    def __init__(self, counts: Mapping[str, float]) -> None:
        self._three = counts
        self._first_two, self._last_two = defaultdict[str, float](float), defaultdict[str, float](float)
        self._middle, self._last = defaultdict[str, float](float), defaultdict[str, float](float)
        for letters, count in counts.items():
            self._first_two[letters[:2]] += count
            self._last_two[letters[1:]] += count
            self._middle[letters[1]] += count
            self._last[letters[2]] += count
        self._total = sum(counts.values())

    def probability(self, word: str) -> float:
        """Return the probability of a word among all sequences of letters."""
        text = EDGE + EDGE + word + EDGE
        return prod(self._next(text[i : i + 3]) for i in range(len(text) - 2))

    def _next(self, letters: str) -> float:
        """Return the probability of the last of three letters after the other two, smoothed by shorter sequences."""
        alone = (1 - UNSEEN_SHARE) * self._last.get(letters[2], 0) / self._total + UNSEEN_SHARE / UNSEEN_LETTERS
        second = self._last_two.get(letters[1:], 0) + SMOOTHING * alone
        second /= self._middle.get(letters[1], 0) + SMOOTHING
        return (self._three.get(letters, 0) + SMOOTHING * second) / (self._first_two.get(letters[:2], 0) + SMOOTHING)


class Language:
    """The probability of folded words, and which of them are forms of one word.

    Args:
        lemmatizer: has the lexicon.
        letters: which sequences of letters look like a word.
    """

    def __init__(self, lemmatizer: Lemmatizer, letters: LetterModel) -> None:
        self._lemmatizer = lemmatizer
        self._letters = letters
        self.probability = lru_cache(maxsize=_CACHED_WORDS)(self._probability)
        self._lemmas = lru_cache(maxsize=_CACHED_WORDS)(lemmatizer.terms)

    def _probability(self, word: str, begins_query: bool = False) -> float:
        if word.isascii() and not word.isdigit():
            return float(UNKNOWN_SHARE * LATIN_SHARE * 2 ** (-BITS_PER_LATIN_LETTER * len(word)))
        readings = list(without_affixes(word, begins_query))
        derived = (share * self._known(inner) for inner, share in readings)
        unknown = (share * self._letters.probability(inner) for inner, share in readings)
        looks_like_one = max(self._letters.probability(word), *unknown, 0.0)
        return max(self._known(word), *derived, UNKNOWN_SHARE * looks_like_one)

    def _known(self, word: str) -> float:
        return sqrt(self._lemmatizer.form_weight(word) / COUNTED_WORDS)

    def are_forms_of_one_word(self, word: str, other: str) -> bool:
        """Return whether two folded words share a lemma or a stem, or differ in affixes only."""
        return not set(self._lemmas(word)).isdisjoint(self._lemmas(other)) or differ_in_affixes(word, other)


@cache
def language_of(analysis: Analysis) -> Language:
    """Return the model for the words of an analysis; it is loaded at the first call, in .4 s.

    >>> from index_config.table import load_table
    >>> language = language_of(Analysis(load_table().mapping))
    >>> language.probability("عقوبه") > language.probability("يعقوبهم") > language.probability("الجكومه")
    True
    """
    lines = gzip.decompress(LETTERS.read_bytes()).decode().splitlines()
    counts = {letters: float(count) for letters, count in (line.split("\t") for line in lines)}
    return Language(analysis.lemmatizer, LetterModel(counts))
