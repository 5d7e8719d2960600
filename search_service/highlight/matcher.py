"""Matcher: finds the parts of an original text that a query matches.

A *chunk* is a part of a text without white space; it may contain several words. Chunks repeat, so their analysis is
cached.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import lower
from search_service.core.deadline import check_deadline
from search_service.core.document import SourceFields, values_of
from search_service.core.results import Mark
from search_service.highlight.controls import without_controls
from search_service.query.clauses import Phrase
from search_service.query.query import Query

MAX_MARKED_LENGTH = 1_000_000
"""Code points. Later matches in the same value are found by the search but not marked: reading more text for a results
page takes too long."""

MAX_CACHED_CHUNKS = 50_000
"""Chunks in the cache of a process: about 25 MB when full."""

MAX_CACHED_CHUNK_LENGTH = 48
"""Code points. Longer chunks (addresses, encoded data) rarely repeat."""

MAX_SEPARATE_SEARCHES = 20
"""Up to so many chunks, one search of the text per chunk is faster than one pass over all chunks of the text."""

CHECK_CHUNKS = 2_000
"""Chunks between two checks of the deadline: some 20 ms if none is in the cache."""

_CHUNK = re.compile(r"\S+")

Offsets = tuple[int, int]
"""Start and end in a text, in code points."""


class ChunkWord(NamedTuple):
    """A word of a chunk: its folded form, its lemmas, and the offsets of its mark in the chunk."""

    exact: str
    lemmas: tuple[str, ...]
    start: int
    end: int


class ChunkCache(dict[str, tuple[ChunkWord, ...]]):
    """Chunk -> its words. A missing chunk is analysed on access."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self._analysis = analysis

    def __missing__(self, chunk: str) -> tuple[ChunkWord, ...]:
        """Analyse a chunk and cache its words."""
        lemmas = self._analysis.lemmatizer.index_terms
        found: list[ChunkWord] = []
        for token in self._analysis.words(chunk):
            exact = lower(token.text)
            mark = without_controls(chunk, Mark(token.start, token.end))
            found.append(ChunkWord(exact, lemmas(exact), mark.start, mark.end))
        words = tuple(found)
        if len(chunk) <= MAX_CACHED_CHUNK_LENGTH:
            if len(self) >= MAX_CACHED_CHUNKS:
                self.clear()
            self[chunk] = words
        return words


class Matcher:
    """Finds the words and phrases of a query in original texts.

    A word is marked if it shares a lemma with a required word of the query or one of its expansions. The words of a
    phrase are marked only where the whole phrase occurs. The folded text is searched first for parts of the forms of
    words and for the beginnings of phrases, and only chunks that contain one are analysed.

    Args:
        query: the words and phrases to find.
        cache: analysed chunks, shared by the queries of a process.
    """

    def __init__(self, query: Query, analysis: Analysis, cache: ChunkCache | None = None) -> None:
        self._query = query
        self._analysis = analysis
        self._fold = analysis.char_filter.fold
        self._cache = ChunkCache(analysis) if cache is None else cache
        self._lemmas = {lemma for word in query.marked_words for lemma in word.matching_lemmas}
        self._beginnings = tuple(start for prefix, _ in query.word_prefixes for start in prefix.beginnings)
        self._phrases = _by_first_word(query.phrase_alternatives)
        self._near = query.near_phrases
        lengths = (*map(len, query.phrase_alternatives), *(len(one.exact) + one.slop for one in self._near))
        self._longest_phrase = max(lengths, default=0)
        near = (word for phrase in self._near for word in phrase.exact)
        self._phrase_parts = {first.casefold() for first in (*self._phrases, *near)}
        self._in_fields: dict[str, Matcher] = {}

    @cached_property
    def _word_parts(self) -> AbstractSet[str]:
        """Parts of folded words, one of which is in every word to mark. A search without highlighting needs none."""
        parts = (part for lemma in self._lemmas for part in self._analysis.lemmatizer.parts(lemma))
        return _shortest({part.casefold() for part in (*parts, *self._beginnings) if part})

    @cached_property
    def _cased(self) -> bool:
        """Whether letter case matters. Case folding maps letter by letter, so a part of a word stays a part of it."""
        return any(part.upper() != part for part in (*self._phrase_parts, *self._word_parts))

    def marks_of_fields(self, source: SourceFields, names: Sequence[str]) -> dict[str, tuple[Mark, ...]]:
        """Return the marks of each field of a document that has some."""
        marks_of_fields: dict[str, tuple[Mark, ...]] = {}
        for name in names:
            matcher = self.in_field(name)
            texts = values_of(source, name)
            if marks := [mark for number, text in enumerate(texts) for mark in matcher.find_marks(text, number)]:
                marks_of_fields[name] = tuple(marks)
        return marks_of_fields

    def in_field(self, name: str) -> Matcher:
        """Return the matcher of what the query asks for in a field."""
        if name not in self._in_fields:
            query = self._query.in_field(name)
            same = query is self._query
            self._in_fields[name] = self if same else Matcher(query, self._analysis, self._cache)
        return self._in_fields[name]

    def find_marks(self, text: str, value: int = 0) -> list[Mark]:
        """Return the matched parts of a text in order, each with the index `value` of the text in its field.

        >>> from index_config.table import load_table
        >>> from search_service.query.parser import parse_query
        >>> analysis = Analysis(load_table().mapping)
        >>> Matcher(parse_query("مدرسة", analysis), analysis).find_marks("في وَالمَدْرَسَةِ")
        [Mark(start=3, end=17, value=0)]
        """
        check_deadline()
        text = text[:MAX_MARKED_LENGTH]
        chunks = list(set(text.split()))
        folded = self._fold("\n".join(chunks))
        if self._cased:
            folded = folded.casefold()
        matches = [*self._match_words(text, chunks, folded), *self._match_phrases(text, chunks, folded)]
        return [Mark(start, end, value) for start, end in _merge(matches)]

    def _match_words(self, text: str, chunks: list[str], folded: str) -> Iterator[Offsets]:
        matches: dict[str, list[Offsets]] = {}
        for number, chunk in enumerate(_find_chunks(self._word_parts, chunks, folded)):
            if number % CHECK_CHUNKS == 0:
                check_deadline()
            found = [(word.start, word.end) for word in self._cache[chunk] if self._is_match(word)]
            if found:
                matches[chunk] = found
        for chunk, offset in _locate_chunks(matches.keys(), text):
            yield from ((offset + start, offset + end) for start, end in matches[chunk])

    def _is_match(self, word: ChunkWord) -> bool:
        return not self._lemmas.isdisjoint(word.lemmas) or word.exact.startswith(self._beginnings)

    def _match_phrases(self, text: str, chunks: list[str], folded: str) -> Iterator[Offsets]:
        starts = _locate_chunks(set(_find_chunks(self._phrase_parts, chunks, folded)), text)
        for words, offsets in self._phrase_windows(text, sorted(offset for _, offset in starts)):
            matched = 0  # all words before this one are yielded
            for first, word in enumerate(words):
                for phrase in self._phrases.get(word, ()):
                    end = first + len(phrase)
                    if end > matched and words[first:end] == phrase:
                        yield from offsets[max(first, matched) : end]
                        matched = end
            for near in self._near:
                yield from (offsets[at] for at in _near_positions(near, words))

    def _phrase_windows(self, text: str, starts: Sequence[int]) -> Iterator[tuple[list[str], list[Offsets]]]:
        """Yield the words, with their offsets, of each part of a text in which a phrase may occur.

        A part begins with a chunk that may begin a phrase, and ends as many words after its last such chunk as the
        longest phrase has. Every chunk is read once, however many phrases there are.

        Args:
            text: the original text.
            starts: the offsets of the chunks that may begin a phrase, in order.
        """
        position = 0
        while position < len(starts):
            words: list[str] = []
            offsets: list[Offsets] = []
            needed = 0
            for match in _CHUNK.finditer(text, starts[position]):
                start = match.start()
                begins = position < len(starts) and starts[position] <= start
                if len(words) >= needed and not begins:
                    break
                for word in self._cache[match[0]]:
                    words.append(word.exact)
                    offsets.append((start + word.start, start + word.end))
                if begins:
                    position += 1
                    needed = len(words) + self._longest_phrase - 1
            check_deadline()
            yield words, offsets


def _near_positions(phrase: Phrase, words: Sequence[str]) -> Iterator[int]:
    """Yield the positions of words of a phrase that are near each of its other words.

    >>> list(_near_positions(Phrase(("مجلس", "الامن"), slop=2), "الامن و مجلس لشوون الامن".split()))
    [2, 4]
    """
    positions: dict[str, list[int]] = {word: [] for word in phrase.exact}
    for position, word in enumerate(words):
        if word in positions:
            positions[word].append(position)
    near = {word: set(found) for word, found in positions.items()}
    for (first, second), slop in phrase.pairs:
        near[first] &= {at for at in positions[first] if _any_between(positions[second], at + 1 - slop, at + 1 + slop)}
        near[second] &= {at for at in positions[second] if _any_between(positions[first], at - 1 - slop, at - 1 + slop)}
    yield from sorted(set[int]().union(*near.values()))


def _any_between(positions: Sequence[int], low: int, high: int) -> bool:
    """Return whether any of the sorted positions is from `low` to `high`."""
    place = bisect_left(positions, low)
    return place < len(positions) and positions[place] <= high


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> dict[str, list[list[str]]]:
    """Return phrases by their first word, the longest first."""
    by_first: dict[str, list[list[str]]] = {}
    for phrase in sorted(set(phrases), key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append(list(phrase))
    return by_first


def _shortest(parts: AbstractSet[str]) -> frozenset[str]:
    """Return the parts that do not begin with another one."""
    return frozenset(part for part in parts if not any(part[:end] in parts for end in range(1, len(part))))


def _find_chunks(parts: AbstractSet[str], chunks: list[str], folded: str) -> Iterator[str]:
    """Return the chunks whose folded form contains one of the parts; line n of `folded` is the folded `chunks[n]`."""
    lines: set[int] = set()
    for part in parts:
        line = counted_to = 0
        position = folded.find(part)
        while position >= 0:
            line += folded.count("\n", counted_to, position)
            lines.add(line)
            counted_to = position
            line_end = folded.find("\n", position)
            position = folded.find(part, line_end) if line_end >= 0 else -1
    return (chunks[line] for line in lines)


def _locate_chunks(chunks: AbstractSet[str], text: str) -> Iterator[tuple[str, int]]:
    """Yield each chunk with every offset at which it occurs in a text."""
    if len(chunks) > MAX_SEPARATE_SEARCHES:
        yield from ((match[0], match.start()) for match in _CHUNK.finditer(text) if match[0] in chunks)
    else:
        yield from ((chunk, offset) for chunk in chunks for offset in _find_occurrences(chunk, text))


def _find_occurrences(chunk: str, text: str) -> Iterator[int]:
    """Yield the offsets at which a chunk occurs between white space or the ends of the text."""
    position = text.find(chunk)
    while position >= 0:
        end = position + len(chunk)
        if (position == 0 or text[position - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield position
        position = text.find(chunk, end)


def _merge(matches: list[Offsets]) -> list[Offsets]:
    """Sort matches and merge those that overlap. The words of a sign such as ﷺ have no length: the sign is marked."""
    merged: list[Offsets] = []
    for start, end in sorted((start, max(end, start + 1)) for start, end in matches):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
