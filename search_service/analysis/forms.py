"""The forms of a whole text for indexing, fast: what is known of a word is computed once.

Every rule of the analysis looks at a stretch without white space at most, for white space always ends a word. So a
text is split at white space and each stretch is looked up in a cache. Nineteen of twenty stretches of a news text have
been met before.
"""

from __future__ import annotations

from typing import NamedTuple

from search_service.analysis import tokenizer
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import grams, lower, prefixes, strip_article

CACHE_ENTRIES = 400_000
"""Stretches kept before the cache starts afresh: some 150 MB. 30,000 news articles hold about 550,000 different ones,
of which most occur once."""

MAX_CACHED_LENGTH = 48
"""Longer stretches (addresses, encoded data) are rarely met again and would fill the memory."""

_PUNCTUATION = '"«»()[]{}.,،:;؛!؟?…-–—“”*#'
"""Signs at the edge of a stretch that are never part of a word: stripped to find the word itself in the cache."""


class Forms(NamedTuple):
    """The forms of a text, each a string of tokens joined by spaces, as a white-space tokenizer reads them back."""

    exact: str
    stem: str
    ngram: str


class FormCache(dict[str, tuple[str, str, str]]):
    """Maps a stretch without white space to its exact, stem and ngram form, computing what it does not know yet.

    The values are plain tuples: the garbage collector leaves those alone, however many there are.
    """

    def __init__(self, analysis: Analysis, entries: int = CACHE_ENTRIES) -> None:
        super().__init__()
        self._fold = analysis.char_filter.fold
        self._stem = analysis.stemmer.stem
        self._entries = entries

    def __missing__(self, stretch: str) -> tuple[str, str, str]:
        """Compute the forms of a stretch and remember them."""
        core = stretch.strip(_PUNCTUATION)
        forms = self[core] if core != stretch else self._analyze(stretch)
        if len(stretch) <= MAX_CACHED_LENGTH:
            if len(self) >= self._entries:
                self.clear()
            self[stretch] = forms
        return forms

    def of(self, text: str) -> Forms:
        """Return the forms of a whole text.

        >>> from index_config.table import load_table
        >>> FormCache(Analysis(load_table().mapping)).of("وَالمَدْرَسَة، «الكُبرى»")
        Forms(exact='والمدرسه الكبري', stem='مدرس كبر', ngram='_وال والم المد لمدر مدرس درسه رسه_ _الك الكب لكبر كبري بري_')
        """
        stretches = text.split()
        if not stretches:
            return Forms("", "", "")
        exact, stem, ngram = zip(*map(self.__getitem__, stretches), strict=True)
        return Forms(" ".join(exact), " ".join(stem), " ".join(ngram))

    def prefix(self, text: str) -> str:
        """Return the tokens of the `prefix` analyzer, each once, joined by spaces."""
        words = dict.fromkeys(" ".join([self[stretch][0] for stretch in text.split()]).split())
        return " ".join(dict.fromkeys(beginning for word in words for beginning in prefixes(strip_article(word))))

    def _analyze(self, stretch: str) -> tuple[str, str, str]:
        folded = self._fold(stretch)
        spans = list(tokenizer.spans(folded))
        if len(spans) == 1:
            start, end = spans[0]
            word = lower(folded[start:end])
            return word, self._stem(word), " ".join(grams(word))
        words = [lower(folded[start:end]) for start, end in spans]
        return " ".join(words), " ".join(map(self._stem, words)), " ".join(gram for word in words for gram in grams(word))
