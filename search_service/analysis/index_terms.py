"""The index terms of a whole text, fast: the terms of a chunk of text are computed once and cached.

White space always ends a word, so no rule of the analysis looks past it. A text is split at white space and each chunk
is looked up in a cache. Nineteen of twenty chunks of a news text have been met before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from index_config.analyzers import ANALYZERS, Analyzer
from index_config.morphology import LEAD_ENDS
from search_service.analysis.analyzer import PUNCTUATION, Analysis

CACHE_ENTRIES = 300_000
"""Chunks in a generation of the cache; two are kept, some 200 MB when full. 30,000 news articles hold 440,000."""

MAX_CACHED_LENGTH = 48
"""Longer chunks (addresses, encoded data) are rarely met again and would fill the memory."""

MAX_CACHED_WORDS = 50_000
"""Words of suggest fields whose terms are kept."""

_NEXT_WORD = "\n"
"""Between the terms of two words of one chunk where each word of a text is indexed once (`unique`)."""

INDEXED = tuple(analyzer for analyzer in ANALYZERS if analyzer.per_field or analyzer.combined)
"""The analyzers whose terms are indexed for searched fields."""

MADE_BY_SERVICE = tuple(analyzer for analyzer in INDEXED if analyzer.made_by_service)
"""The indexed analyzers whose terms the service also makes for Elasticsearch, which makes the terms of the other
indexed analyzers from theirs (`Analyzer.copied_from`)."""

SUGGEST = tuple(analyzer for analyzer in ANALYZERS if analyzer.per_suggest_field)

_TEXT_FILTERS = ("unique", "beginning")
"""Token filters that look at a whole text; all others look at one word and are cached."""

Terms = tuple[str, ...]
"""The terms of a chunk, a string for each chain of word filters."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """An analyzer as it is run here.

    Attributes:
        column: which of the cached strings of a chunk holds its terms.
        ends: lengths, in terms, of the beginnings of a text that are indexed; empty for the whole text.
    """

    column: int
    ends: tuple[int, ...]


class TermCache(dict[str, Terms]):
    """Maps a chunk of text without white space to its terms, computing those of a new chunk.

    When it is full, its content becomes the older generation, from which what is still in use comes back. The values
    are plain tuples: the garbage collector leaves those alone, however many there are.

    Args:
        entries: chunks in a generation of the cache.
        analyzers: whose terms are made; the first one is `exact`.
    """

    def __init__(
        self, analysis: Analysis, entries: int = CACHE_ENTRIES, analyzers: Sequence[Analyzer] = INDEXED
    ) -> None:
        super().__init__()
        self._analysis = analysis
        self._entries = entries
        self._older: dict[str, Terms] = {}
        columns = tuple(dict.fromkeys((_word_filters(one), "unique" in one.filters) for one in analyzers))
        self._columns = [(_joined_terms(analysis, filters), unique) for filters, unique in columns]
        self._chains = {one.name: _chain(one, columns) for one in analyzers}
        self._suggest = {
            one.name: lru_cache(MAX_CACHED_WORDS)(_joined_terms(analysis, _word_filters(one))) for one in SUGGEST
        }

    def __missing__(self, chunk: str) -> Terms:
        """Find or compute the terms of a chunk and cache them."""
        terms = self._older.get(chunk)
        if terms is None:
            core = chunk.strip(PUNCTUATION)
            terms = self[core] if core != chunk else self._analyze(chunk)
        if len(chunk) <= MAX_CACHED_LENGTH:
            if len(self) >= self._entries:
                self._older = dict(self)
                self.clear()
            self[chunk] = terms
        return terms

    def of(self, text: str) -> dict[str, str]:
        """Return the terms of a whole text by analyzer, joined by spaces as a white-space tokenizer reads them back.

        >>> from index_config.table import load_table
        >>> TermCache(Analysis(load_table().mapping)).of("وَالحُلْم، «جُدد»")["ngram"]
        '_وال والح الحل لحلم حلم_ _جدد جدد_'
        """
        chunks = text.split()
        if not chunks:
            return dict.fromkeys(self._chains, "")
        columns = list(zip(*map(self.__getitem__, chunks), strict=True))
        joined = [
            _unique(column) if unique else " ".join(column)
            for column, (_, unique) in zip(columns, self._columns, strict=True)
        ]
        return {name: _beginnings(joined[chain.column], chain.ends) for name, chain in self._chains.items()}

    def suggest(self, text: str) -> Mapping[str, str]:
        """Return the terms of a value that completes what is typed, by analyzer; each word once."""
        words = dict.fromkeys(word for chunk in text.split() for word in self[chunk][0].split())
        return {name: " ".join(map(terms, words)) for name, terms in self._suggest.items()}

    def _analyze(self, chunk: str) -> Terms:
        words = self._analysis.exact_words(chunk)
        if len(words) == 1:
            return tuple([terms(words[0]) for terms, _ in self._columns])
        return tuple([(_NEXT_WORD if unique else " ").join(map(terms, words)) for terms, unique in self._columns])


def _word_filters(analyzer: Analyzer) -> tuple[str, ...]:
    return tuple(name for name in analyzer.filters if name not in _TEXT_FILTERS)


def _chain(analyzer: Analyzer, columns: Sequence[Any]) -> _Chain:
    column = columns.index((_word_filters(analyzer), "unique" in analyzer.filters))
    return _Chain(column, LEAD_ENDS if "beginning" in analyzer.filters else ())


def _joined_terms(analysis: Analysis, filters: Sequence[str]) -> Callable[[str], str]:
    """Return a function from a lower-cased folded word to its terms by some word filters, joined by spaces."""
    if filters == ("lowercase",):
        return str  # the word itself
    terms = analysis.word_terms(filters)
    return lambda word: " ".join(terms(word))


def _unique(column: Sequence[str]) -> str:
    words = dict.fromkeys(column)
    for several in [terms for terms in words if _NEXT_WORD in terms]:
        del words[several]
        words.update(dict.fromkeys(several.split(_NEXT_WORD)))
    return " ".join(words)


def _beginnings(terms: str, ends: tuple[int, ...]) -> str:
    if not ends:
        return terms
    first = terms.split(None, max(ends))
    return " ".join(term for end in ends for term in first[:end])
