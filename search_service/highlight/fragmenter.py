"""Cuts fragments out of a marked text and renders them as safe HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import regex

from search_service.core.results import Mark

FRAGMENT_LENGTH = 180
"""Code points of a fragment, about two lines of a page of results."""

FRAGMENTS = 3
"""Fragments of a field at most."""

WHOLE_LENGTH = 250
"""A value up to this length is shown whole: headlines, names, tags."""

LEAD = 40
"""Code points kept before the first mark of a fragment where no sentence begins within twice as many."""

_SENTENCE_END = re.compile(r"""(?:(?<!\W\w)\.(?![0-9A-Za-z])|[!?؟؛…]|\n)["'»”’)\]]*""")
"""Not the full stops of `أ.د.`, `U.S.`, `3.14` and addresses; a closing quotation mark goes with its sentence."""

_MARKUP = re.compile(r"""[&<>"']""")
_SPACE = re.compile(r"\s+")
_CHARACTER = regex.compile(r"\X")
"""What a reader takes for one character: a letter with its marks, an emoji of several code points."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an original value with its marks.

    Attributes:
        html: the piece, escaped, each mark in `<mark>`.
        text: the piece as it stands in the original.
        marks: start and end of each mark, in code points of the whole value.
        value: number of the value in its field.
        start: where the piece begins in the value.
    """

    html: str
    text: str
    marks: tuple[tuple[int, int], ...]
    value: int
    start: int


_BY_PLACE = attrgetter("value", "start", "end")


class _Window(NamedTuple):
    value: int
    start: int
    end: int
    marks: list[Mark]


class _Group(NamedTuple):
    """Marks of a value near each other; the mark before them ends at `behind`, the one after them begins at `limit`."""

    value: int
    behind: int
    marks: list[Mark]
    limit: int


def fragments(values: Sequence[str], marks: Iterable[Mark], limit: int = FRAGMENTS) -> list[Fragment]:
    """Return the fragments of a field that show most marks, in the order of the text; none without marks.

    >>> [piece] = fragments(["رأي <b>عام</b>"], [Mark(0, 3)])
    >>> piece.html
    '<mark>رأي</mark> &lt;b&gt;عام&lt;/b&gt;'
    """
    groups = [
        _Group(
            number,
            behind=own[first - 1].end if first else 0,
            marks=own[first:last],
            limit=own[last].start if last < len(own) else len(values[number]),
        )
        for number, own in _by_value(marks).items()
        for first, last in _near(own, len(values[number]))
    ]
    best = sorted(groups, key=lambda group: -_worth(values[group.value], group.marks))[:limit]
    return list(_cut(values, sorted(best)))


def whole_text(text: str, marks: Iterable[Mark]) -> Fragment:
    """Return a text as one fragment with all of its marks.

    >>> whole_text("رأي عام", []).html
    'رأي عام'
    """
    return _fragment(text, _Window(0, 0, len(text), list(marks)))


def _by_value(marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    """The marks of each value in the order of the text, those that overlap joined."""
    own: dict[int, list[Mark]] = {}
    for mark in sorted(marks, key=_BY_PLACE):
        before = own.setdefault(mark.value, [])
        if before and mark.start < before[-1].end:
            before[-1] = Mark(before[-1].start, max(before[-1].end, mark.end), mark.value)
        else:
            before.append(mark)
    return own


def _worth(text: str, marks: list[Mark]) -> float:
    """Different words count more than one word repeated."""
    return len({text[mark.start : mark.end] for mark in marks}) + 0.1 * len(marks)


def _near(marks: list[Mark], length: int) -> Iterator[tuple[int, int]]:
    """Divide the marks of a value of some length into runs that fit into a fragment; yield where each begins and ends.

    Where a fragment begins and ends exactly is found out later, for the few that are shown.
    """
    room = length if length <= WHOLE_LENGTH else FRAGMENT_LENGTH - LEAD
    first = 0
    for number, mark in enumerate(marks):
        if number > first and mark.end - marks[first].start > room:
            yield first, number
            first = number
    yield first, len(marks)


def _cut(values: Sequence[str], groups: Iterable[_Group]) -> Iterator[Fragment]:
    """Cut the fragments of some groups of marks, in the order of the text and not overlapping."""
    value, cut = -1, 0
    for group in groups:
        text = values[group.value]
        behind = max(group.behind, cut if group.value == value else 0)
        if len(text) <= WHOLE_LENGTH:
            start, end = 0, len(text)
        else:
            start = _start(text, group.marks[0].start, behind)
            end = min(_end(text, group.marks[0].end, start + FRAGMENT_LENGTH), group.limit)
        yield _fragment(text, _Window(group.value, start, end, [mark for mark in group.marks if mark.end <= end]))
        value, cut = group.value, end


def _start(text: str, mark: int, behind: int) -> int:
    """Begin at a sentence, else where the fragment before ended, else at a word, whichever is near the mark."""
    earliest = max(behind, mark - 2 * LEAD)
    if sentences := [sentence.end() for sentence in _SENTENCE_END.finditer(text, earliest, mark)]:
        return _skip_space(text, sentences[-1], mark)
    if earliest == behind:
        return _skip_space(text, behind, mark)
    space = _SPACE.search(text, mark - LEAD, mark)
    return space.end() if space else mark


def _skip_space(text: str, place: int, limit: int) -> int:
    space = _SPACE.match(text, place, limit)
    return space.end() if space else place


def _end(text: str, least: int, end: int) -> int:
    """End with a sentence, else between words, else between characters; behind `least`, shortly before `end`."""
    if end <= least or end >= len(text):
        return min(max(end, least), len(text))
    earliest = max(least, end - LEAD)
    for pattern, side, last in ((_SENTENCE_END, 1, end), (_SPACE, 0, end + 1), (_CHARACTER, 1, end + LEAD)):
        places = [match.span()[side] for match in pattern.finditer(text, earliest, last)]
        if fitting := [place for place in places if place <= end]:
            return fitting[-1]
    return end


def _fragment(text: str, window: _Window) -> Fragment:
    piece = text[window.start : window.end]
    # Most pieces hold nothing to escape: to see so once is faster than to escape each of their parts.
    escaped = html.escape if _MARKUP.search(piece) else str
    pieces: list[str] = []
    position = window.start
    for mark in window.marks:
        pieces += (escaped(text[position : mark.start]), "<mark>", escaped(text[mark.start : mark.end]), "</mark>")
        position = mark.end
    pieces.append(escaped(text[position : window.end]))
    spans = tuple((mark.start, mark.end) for mark in window.marks)
    return Fragment("".join(pieces), piece, spans, window.value, window.start)
