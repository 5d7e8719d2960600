"""The forms of a whole text for indexing, fast: what is known of a word is computed once.

Every rule of the analysis looks at a stretch without white space at most, for white space always ends a word. So a
text is split at white space and each stretch is looked up in a cache. Nineteen of twenty stretches of a news text have
been met before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from index_config.morphology import LEAD_WORDS
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import grams, prefixes, strip_article

CACHE_ENTRIES = 300_000
"""Stretches in a generation of the cache; two are kept, some 200 MB when full. 30,000 news articles hold 440,000."""

MAX_CACHED_LENGTH = 48
"""Longer stretches (addresses, encoded data) are rarely met again and would fill the memory."""

_PUNCTUATION = '"«»()[]{}.,،:;؛!؟?…-–—“”'
"""Signs at the edge of a stretch that are never part of a word: stripped to find the word itself in the cache."""

_NEXT_WORD = "\n"
"""Stands between the grams of two words of one stretch: each word of a text gives its grams once."""


class IndexTerms(NamedTuple):
    """The forms of a text, each a string of tokens joined by spaces, as a white-space tokenizer reads them back."""

    exact: str
    stem: str
    lead: str
    ngram: str


class TermCache(dict[str, tuple[str, str, str]]):
    """Maps a stretch without white space to its exact, stem and ngram form, computing what it does not know yet.

    When it is full, its content becomes the older generation, from which what is still in use comes back. The values
    are plain tuples: the garbage collector leaves those alone, however many there are.
    """

    def __init__(self, analysis: Analysis, entries: int = CACHE_ENTRIES) -> None:
        super().__init__()
        self._analysis = analysis
        self._stem = analysis.stemmer.stem
        self._entries = entries
        self._older: dict[str, tuple[str, str, str]] = {}

    def __missing__(self, chunk: str) -> tuple[str, str, str]:
        """Find or compute the forms of a stretch and remember them."""
        terms = self._older.get(chunk)
        if terms is None:
            core = chunk.strip(_PUNCTUATION)
            terms = self[core] if core != chunk else self._analyze(chunk)
        if len(chunk) <= MAX_CACHED_LENGTH:
            if len(self) >= self._entries:
                self._older = dict(self)
                self.clear()
            self[chunk] = terms
        return terms

    def of(self, text: str) -> IndexTerms:
        """Return the forms of a whole text.

        >>> from index_config.table import load_table
        >>> TermCache(Analysis(load_table().mapping)).of("وَالحُلْم، «جُدد»")
        IndexTerms(exact='والحلم جدد', stem='حلم جدد', lead='حلم جدد', ngram='_وال والح الحل لحلم حلم_ _جدد جدد_')
        """
        chunks = text.split()
        if not chunks:
            return IndexTerms("", "", "", "")
        exact, stem, ngram = zip(*map(self.__getitem__, chunks), strict=True)
        words = dict.fromkeys(ngram)
        for several in [grams_of for grams_of in words if _NEXT_WORD in grams_of]:
            del words[several]
            words.update(dict.fromkeys(several.split(_NEXT_WORD)))
        stems = " ".join(stem)
        return IndexTerms(" ".join(exact), stems, " ".join(stems.split(None, LEAD_WORDS)[:LEAD_WORDS]), " ".join(words))

    def prefix(self, text: str) -> str:
        """Return the tokens of the `prefix` analyzer, joined by spaces; each word once."""
        words = dict.fromkeys(word for chunk in text.split() for word in self[chunk][0].split())
        return " ".join(map(_beginnings, words))

    def _analyze(self, chunk: str) -> tuple[str, str, str]:
        words = self._analysis.exact_words(chunk)
        if len(words) == 1:
            [word] = words
            return word, self._stem(word), " ".join(grams(word))
        ngram = _NEXT_WORD.join(" ".join(grams(word)) for word in words)
        return " ".join(words), " ".join(map(self._stem, words)), ngram


@lru_cache(maxsize=50_000)
def _beginnings(word: str) -> str:
    return " ".join(prefixes(strip_article(word)))
