"""Finds the pieces of an original text that a query matches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import lower
from search_service.core.results import Mark
from search_service.query.tree import Query

MAX_MARKED_LENGTH = 1_000_000
"""Code points of a value that are looked at: reading more of one value for a page of results takes too long.
Matches behind that are found but not marked."""

MAX_CACHED_CHUNKS = 50_000
"""Stretches whose words are kept, for all queries of a process: some 25 MB when full."""

MAX_CACHED_CHUNK_LENGTH = 48
"""Longer stretches (addresses, encoded data) are rarely met again."""

MAX_SEPARATE_SEARCHES = 20
"""Up to so many stretches, looking for each in the text is faster than one pass over all its stretches."""

_CHUNK = re.compile(r"\S+")

Span = tuple[int, int]


class Word(NamedTuple):
    """A word of a stretch without white space: its folded form, its stem, and where it stands."""

    exact: str
    stem: str
    start: int
    end: int


class ChunkCache(dict[str, tuple[Word, ...]]):
    """Maps a stretch of text without white space to its words, analysing it when it is new."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self._analysis = analysis

    def __missing__(self, chunk: str) -> tuple[Word, ...]:
        """Analyse a stretch and remember it."""
        stem = self._analysis.stemmer.stem
        tokens = [(lower(token.text), token) for token in self._analysis.words(chunk)]
        words = tuple(Word(exact, stem(exact), token.start, token.end) for exact, token in tokens)
        if len(chunk) <= MAX_CACHED_CHUNK_LENGTH:
            if len(self) >= MAX_CACHED_CHUNKS:
                self.clear()
            self[chunk] = words
        return words


class Matcher:
    """Finds the words and phrases of one query in original texts.

    A word is marked when its stem is that of a counted word of the query or of its relatives; words of a phrase only
    where the whole phrase stands. Affixes are all that stemming takes away, so a word can have a stem only where the
    stem is a part of it: the folded text is searched for the stems first, and only what holds one is analysed.

    Args:
        query: what is looked for.
        analysis: how texts are read.
        known: what is known of stretches, shared by the queries of a process.
    """

    def __init__(self, query: Query, analysis: Analysis, known: ChunkCache | None = None) -> None:
        self._fold = analysis.char_filter.fold
        self._known = ChunkCache(analysis) if known is None else known
        self._stems = {stem for word in query.required_words for stem in word.stems}
        self._phrases = query.phrase_alternatives
        self._stem_parts = {stem.casefold() for stem in self._stems}
        self._phrase_parts = {phrase[0].casefold() for phrase in self._phrases}
        # Case folding looks at one letter at a time, so it keeps what is a part of what; Arabic has no case.
        self._cased = any(part.upper() != part for part in self._stem_parts | self._phrase_parts)

    def marks(self, text: str, value: int = 0) -> list[Mark]:
        """Return the matched pieces of a text in order; `value` is noted in each.

        >>> from index_config.table import load_table
        >>> from search_service.query.parser import parse_query
        >>> analysis = Analysis(load_table().mapping)
        >>> Matcher(parse_query("مدرسة", analysis), analysis).marks("في وَالمَدْرَسَةِ")
        [Mark(start=3, end=17, value=0)]
        """
        text = text[:MAX_MARKED_LENGTH]
        chunks = list(set(text.split()))
        folded = self._fold("\n".join(chunks))
        if self._cased:
            folded = folded.casefold()
        found = [*self._word_spans(text, chunks, folded), *self._phrase_spans(text, chunks, folded)]
        return [Mark(start, end, value) for start, end in _merged(found)]

    def _word_spans(self, text: str, chunks: list[str], folded: str) -> Iterator[Span]:
        spans = {
            chunk: [(word.start, word.end) for word in self._known[chunk] if word.stem in self._stems]
            for chunk in _holding(self._stem_parts, chunks, folded)
        }
        for chunk, offset in _places({chunk for chunk in spans if spans[chunk]}, text):
            yield from ((offset + start, offset + end) for start, end in spans[chunk])

    def _phrase_spans(self, text: str, chunks: list[str], folded: str) -> Iterator[Span]:
        for _, offset in _places(set(_holding(self._phrase_parts, chunks, folded)), text):
            for phrase in self._phrases:
                yield from self._phrase_from(text, offset, phrase)

    def _phrase_from(self, text: str, offset: int, phrase: tuple[str, ...]) -> Iterator[Span]:
        """Yield the words of a phrase wherever it begins in the stretch at an offset."""
        words: list[tuple[str, Span]] = []
        beginnings = 0
        for match in _CHUNK.finditer(text, offset):
            place = match.start()
            words += [(word.exact, (place + word.start, place + word.end)) for word in self._known[match[0]]]
            beginnings = beginnings or len(words)
            if len(words) >= beginnings + len(phrase) - 1:
                break
        for first in range(beginnings):
            chunk = words[first : first + len(phrase)]
            if tuple(exact for exact, _ in chunk) == phrase:
                yield from (span for _, span in chunk)


def _holding(parts: AbstractSet[str], chunks: list[str], folded: str) -> Iterator[str]:
    """Return the stretches in whose folded line a part occurs; the lines of `folded` are those of `chunks`."""
    lines: set[int] = set()
    for part in parts:
        line = behind = 0
        place = folded.find(part)
        while place >= 0:
            line += folded.count("\n", behind, place)
            lines.add(line)
            behind = place
            line_end = folded.find("\n", place)
            place = folded.find(part, line_end) if line_end >= 0 else -1
    return (chunks[line] for line in lines)


def _places(chunks: AbstractSet[str], text: str) -> Iterator[tuple[str, int]]:
    """Yield each of some stretches with every place where it stands in a text."""
    if len(chunks) > MAX_SEPARATE_SEARCHES:
        yield from ((match[0], match.start()) for match in _CHUNK.finditer(text) if match[0] in chunks)
    else:
        yield from ((chunk, place) for chunk in chunks for place in _standing_alone(chunk, text))


def _standing_alone(chunk: str, text: str) -> Iterator[int]:
    """Yield where a stretch stands between white space or the ends of the text."""
    position = text.find(chunk)
    while position >= 0:
        end = position + len(chunk)
        if (position == 0 or text[position - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield position
        position = text.find(chunk, end)


def _merged(spans: list[Span]) -> list[Span]:
    """Sort spans and join those that overlap."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
