"""Fragmenter: cuts pieces out of a marked text and renders them as escaped HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import regex

from search_service.core.results import Mark
from search_service.highlight.wording import Fold, Words, have_repetition, repeats, words_of

FRAGMENT_LENGTH = 180
"""Code points, about two lines on a results page."""

MAX_FRAGMENTS = 3
"""Per field."""

WHOLE_MARGIN = 70
"""Code points by which a value may be longer than a fragment and is shown whole: headlines, names, tags."""

CONTEXT_LENGTH = 40
"""Code points before the first mark of a fragment, if no sentence begins within twice as many; in short fragments, a
quarter of their length."""

CANDIDATES = 4
"""How many times as many parts of a text as fragments are shown are compared for equal wording: a text that repeats one
sentence a thousand times must not take a thousand times as long."""

_SENTENCE_END = re.compile(r"""(?:(?<!\W\w)\.(?![0-9A-Za-z])|[!?؟؛…]|\n)["'»”’)\]]*""")
"""Skips the full stops of `أ.د.`, `U.S.`, `3.14` and addresses. A closing quotation mark belongs to its sentence."""

_MARKUP = re.compile(r"""[&<>"']""")
_SPACE = re.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")
"""One grapheme cluster: a letter with its marks, an emoji of several code points."""


@dataclass(frozen=True, slots=True)
class FragmentOptions:
    """How fragments are cut and marked.

    Attributes:
        length: of a fragment, in code points.
        limit: fragments of a field.
        before: what a mark begins with in HTML.
        after: what it ends with.
    """

    length: int = FRAGMENT_LENGTH
    limit: int = MAX_FRAGMENTS
    before: str = "<mark>"
    after: str = "</mark>"

    @property
    def whole(self) -> int:
        """The length of the longest value that is shown whole."""
        return self.length + WHOLE_MARGIN

    @property
    def context(self) -> int:
        """The code points before the first mark."""
        return min(CONTEXT_LENGTH, self.length // 4)


DEFAULT_OPTIONS = FragmentOptions()


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an original value with its marks.

    Attributes:
        html: the escaped piece, each mark in `<mark>` or what the options say.
        text: the piece as in the original.
        marks: start and end of each mark, in code points from the start of the value.
        value: index of the value in its field.
        start: offset of the piece in the value, in code points.
    """

    html: str
    text: str
    marks: tuple[tuple[int, int], ...]
    value: int
    start: int

    @property
    def marked(self) -> tuple[str, ...]:
        """The marked parts of the text."""
        return tuple(self.text[start - self.start : end - self.start] for start, end in self.marks)


_BY_POSITION = attrgetter("value", "start", "end")


class _Window(NamedTuple):
    value: int
    start: int
    end: int
    marks: list[Mark]


class _MarkGroup(NamedTuple):
    """Marks of a value that fit into one fragment; the end of the mark before and the start of the mark after them."""

    value: int
    previous_end: int
    marks: list[Mark]
    next_start: int


def cut_fragments(
    values: Sequence[str], marks: Iterable[Mark], options: FragmentOptions = DEFAULT_OPTIONS, fold: Fold = str
) -> list[Fragment]:
    """Return the fragments of a field with the most marks, in the order of the text; empty without marks.

    A part of a text that repeats the wording of another one is left out, unless it has another marked word. Values that
    are shown whole are never left out.

    Args:
        values: of the field.
        marks: of the values.
        options: how fragments are cut and marked.
        fold: folds a text; wording is compared as it is written without it.

    >>> [piece] = cut_fragments(["رأي <b>عام</b>"], [Mark(0, 3)])
    >>> piece.html
    '<mark>رأي</mark> &lt;b&gt;عام&lt;/b&gt;'
    """
    groups = [
        _MarkGroup(
            value,
            previous_end=of_value[first - 1].end if first else 0,
            marks=of_value[first:last],
            next_start=of_value[last].start if last < len(of_value) else len(values[value]),
        )
        for value, of_value in _merge_by_value(marks).items()
        for first, last in _group_nearby(of_value, len(values[value]), options)
    ]
    best = sorted(groups, key=lambda group: -_score(values[group.value], group.marks))
    fragments = list(_cut_groups(values, sorted(best[: options.limit]), options))
    if have_repetition([piece.text for piece in fragments if len(values[piece.value]) > options.whole], fold):
        fragments = list(_cut_groups(values, sorted(_different(values, best, options, fold)), options))
    return fragments


def _different(
    values: Sequence[str], groups: Sequence[_MarkGroup], options: FragmentOptions, fold: Fold
) -> list[_MarkGroup]:
    """Return the first groups whose fragments do not repeat each other, or have another marked word."""
    chosen: list[_MarkGroup] = []
    wordings: list[tuple[Words, set[str]]] = []
    for group in groups[: CANDIDATES * options.limit]:
        is_whole = len(values[group.value]) <= options.whole
        [fragment] = _cut_groups(values, [group], options)
        words, marked = words_of(fragment.text, fold), set(fragment.marked)
        if is_whole or not any(marked <= others and repeats(words, other) for other, others in wordings):
            chosen.append(group)
            wordings.append((words, marked))
            if len(chosen) == options.limit:
                break
    return chosen


def mark_whole_text(text: str, marks: Iterable[Mark]) -> Fragment:
    """Return a text as one fragment with all of its marks.

    >>> mark_whole_text("رأي عام", []).html
    'رأي عام'
    """
    return _render(text, _Window(0, 0, len(text), list(marks)), DEFAULT_OPTIONS)


def _merge_by_value(marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    """Return the marks of each value in the order of the text, overlapping ones merged."""
    merged: dict[int, list[Mark]] = {}
    for mark in sorted(marks, key=_BY_POSITION):
        of_value = merged.setdefault(mark.value, [])
        if of_value and mark.start < of_value[-1].end:
            of_value[-1] = Mark(of_value[-1].start, max(of_value[-1].end, mark.end), mark.value)
        else:
            of_value.append(mark)
    return merged


def _score(text: str, marks: Sequence[Mark]) -> float:
    """Score a group of marks: different words count more than one word repeated."""
    return len({text[mark.start : mark.end] for mark in marks}) + 0.1 * len(marks)


def is_sentence_boundary(text: str, position: int) -> bool:
    """Return whether a sentence or a line ends at a position of a text, or the text itself begins or ends there.

    >>> text = "قال الوزير. وأضاف أن"
    >>> [is_sentence_boundary(text, position) for position in (0, 3, 11, 12, 20)]
    [True, False, True, True, True]
    """
    before, after = text[max(0, position - CONTEXT_LENGTH) : position], text[position : position + CONTEXT_LENGTH]
    sentence, rest = before.rstrip(), after.lstrip()
    space = before[len(sentence) :] + after[: len(after) - len(rest)]
    if not sentence or not rest or "\n" in space:
        return True
    return any(end.end() == len(sentence) for end in _SENTENCE_END.finditer(sentence))


def _group_nearby(marks: list[Mark], length: int, options: FragmentOptions) -> Iterator[tuple[int, int]]:
    """Yield the first and past-the-last index of each run of marks that fits into one fragment.

    The exact edges of a fragment are found later, only for the fragments that are shown.

    Args:
        marks: the merged marks of one value.
        length: of the value, in code points.
        options: the length of fragments.
    """
    max_width = length if length <= options.whole else options.length - options.context
    first = 0
    for index, mark in enumerate(marks):
        if index > first and mark.end - marks[first].start > max_width:
            yield first, index
            first = index
    yield first, len(marks)


def _cut_groups(values: Sequence[str], groups: Iterable[_MarkGroup], options: FragmentOptions) -> Iterator[Fragment]:
    """Yield one fragment per group, in the order of the text and without overlaps."""
    value, cut_end = -1, 0
    for group in groups:
        text = values[group.value]
        earliest = max(group.previous_end, cut_end if group.value == value else 0)
        if len(text) <= options.whole:
            start, end = 0, len(text)
        else:
            start = _find_start(text, group.marks[0].start, earliest, options.context)
            end = _find_end(text, group.marks[0].end, start + options.length, options.context)
            end = _trim_end(text, group.marks[0].end, min(end, group.next_start))
        window = _Window(group.value, start, end, [mark for mark in group.marks if mark.end <= end])
        yield _render(text, window, options)
        value, cut_end = group.value, end


def _find_start(text: str, mark_start: int, earliest: int, context: int) -> int:
    """Return where a fragment begins: at the last sentence before its mark, else at `earliest` if near, else at a word.

    Args:
        text: of the value.
        mark_start: start of the first mark of the fragment.
        earliest: end of the mark or fragment before it.
        context: code points before the mark; twice as many for a sentence.
    """
    search_start = max(earliest, mark_start - 2 * context)
    if sentences := [sentence.end() for sentence in _SENTENCE_END.finditer(text, search_start, mark_start)]:
        return _skip_space(text, sentences[-1], mark_start)
    if search_start == earliest:
        return _skip_space(text, earliest, mark_start)
    space = _SPACE.search(text, mark_start - context, mark_start)
    return space.end() if space else mark_start


def _trim_end(text: str, first_mark_end: int, end: int) -> int:
    """Return the end of a fragment without the white space before it: after it an ellipsis would be on a new line."""
    return max(first_mark_end, first_mark_end + len(text[first_mark_end:end].rstrip()))


def _skip_space(text: str, position: int, limit: int) -> int:
    space = _SPACE.match(text, position, limit)
    return space.end() if space else position


def _find_end(text: str, first_mark_end: int, end: int, context: int) -> int:
    """Return where a fragment ends: after a sentence, else between words, else between graphemes.

    Args:
        text: of the value.
        first_mark_end: end of the first mark, which is never cut.
        end: the last position allowed; a sentence or word end counts if it is at most `context` before.
        context: code points.
    """
    if end <= first_mark_end or end >= len(text):
        return min(max(end, first_mark_end), len(text))
    earliest = max(first_mark_end, end - context)
    for pattern, side, last in (
        (_SENTENCE_END, 1, end),
        (_SPACE, 0, end + 1),
        (_GRAPHEME, 1, end + context),
    ):
        positions = [match.span()[side] for match in pattern.finditer(text, earliest, last)]
        if fitting := [position for position in positions if position <= end]:
            return fitting[-1]
    return end


def _render(text: str, window: _Window, options: FragmentOptions) -> Fragment:
    piece = text[window.start : window.end]
    # Most pieces need no escaping. One check is faster than escaping each part.
    escaped = html.escape if _MARKUP.search(piece) else str
    parts: list[str] = []
    position = window.start
    for mark in window.marks:
        marked = escaped(text[mark.start : mark.end])
        parts += (escaped(text[position : mark.start]), options.before, marked, options.after)
        position = mark.end
    parts.append(escaped(text[position : window.end]))
    spans = tuple((mark.start, mark.end) for mark in window.marks)
    return Fragment("".join(parts), piece, spans, window.value, window.start)
