"""Finds the pieces of an original text that a query matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import lower
from search_service.model import Mark
from search_service.query import Query

MAX_MARKED_LENGTH = 1_000_000
"""Code points of a value that are looked at: reading more of one value for a page of results takes too long (a million
take some 0.1 s). Matches behind that are found but not marked."""

CACHE_ENTRIES = 200_000
"""Stretches whose stems are kept, for all queries of a process: some 80 MB when full."""

MAX_CACHED_LENGTH = 48
"""Longer stretches (addresses, encoded data) are rarely met again."""

Spans = tuple[tuple[int, int], ...]
StemSpans = tuple[tuple[str, int, int], ...]


class StemCache(dict[str, StemSpans]):
    """Maps a stretch of text without white space to the stem, start and end of each of its words."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self._analysis = analysis

    def __missing__(self, stretch: str) -> StemSpans:
        """Analyse a stretch and remember it."""
        stem = self._analysis.stemmer.stem
        words = self._analysis.words(stretch)
        spans = tuple((stem(lower(token.text)), token.start, token.end) for token in words)
        if len(stretch) <= MAX_CACHED_LENGTH:
            if len(self) >= CACHE_ENTRIES:
                self.clear()
            self[stretch] = spans
        return spans


class Matcher:
    """Finds the words and phrases of one query in original texts.

    A word is marked when its stem is that of a counted word of the query; words of a phrase only where the whole
    phrase stands. Every stretch between white space is judged once per query: texts repeat their words.

    Args:
        query: what is looked for.
        analysis: how texts are read.
        stems: what is known of stretches, shared by the queries of a process.
    """

    def __init__(self, query: Query, analysis: Analysis, stems: StemCache | None = None) -> None:
        self._analysis = analysis
        self._phrases = query.phrases
        self._judged = _Judged({word.stem for word in query.counted}, StemCache(analysis) if stems is None else stems)

    def marks(self, text: str, value: int = 0) -> list[Mark]:
        """Return the matched pieces of a text in order; `value` is noted in each.

        >>> from index_config.table import load_table
        >>> from search_service.analysis.queries import parse_query
        >>> analysis = Analysis(load_table().mapping)
        >>> Matcher(parse_query("مدرسة", analysis), analysis).marks("في وَالمَدْرَسَةِ")
        [Mark(start=3, end=17, value=0)]
        """
        text = text[:MAX_MARKED_LENGTH]
        found = [*self._word_spans(text), *self._phrase_spans(text)]
        return [Mark(start, end, value) for start, end in _merged(found)]

    def _word_spans(self, text: str) -> Iterator[tuple[int, int]]:
        judged = self._judged
        for stretch in set(text.split()):
            if spans := judged[stretch]:
                for offset in _standing_alone(stretch, text):
                    for start, end in spans:
                        yield start + offset, end + offset

    def _phrase_spans(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._phrases:
            return
        tokens = self._analysis.tokens("exact", text)
        words = [token.text for token in tokens]
        for phrase in self._phrases:
            for first in _occurrences(phrase, words):
                for token in tokens[first : first + len(phrase)]:
                    yield token.start, token.end


class _Judged(dict[str, Spans]):
    """Maps a stretch to its matched words, for the time of one query."""

    def __init__(self, wanted: set[str], stems: StemCache) -> None:
        super().__init__()
        self._wanted = wanted
        self._stems = stems

    def __missing__(self, stretch: str) -> Spans:
        spans = tuple((start, end) for stem, start, end in self._stems[stretch] if stem in self._wanted)
        self[stretch] = spans
        return spans


def _standing_alone(stretch: str, text: str) -> Iterator[int]:
    """Yield where a stretch stands between white space or the ends of the text."""
    position = text.find(stretch)
    while position >= 0:
        end = position + len(stretch)
        if (position == 0 or text[position - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield position
        position = text.find(stretch, position + 1)


def _occurrences(phrase: Sequence[str], words: list[str]) -> Iterator[int]:
    """Yield the positions at which the words of a phrase stand one after the other."""
    wanted = list(phrase)
    position = -1
    while True:
        try:
            position = words.index(wanted[0], position + 1)
        except ValueError:
            return
        if words[position : position + len(wanted)] == wanted:
            yield position


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort spans and join those that overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
