"""Cuts fragments out of a marked text and renders them as safe HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from search_service.model import Mark

FRAGMENT_LENGTH = 180
"""Code points of a fragment, about two lines of a page of results."""

FRAGMENTS = 3
"""Fragments of a field at most."""

WHOLE_LENGTH = 250
"""A value up to this length is shown whole: headlines, names, tags."""

LEAD = 40
"""Code points kept before the first mark of a fragment where no sentence begins nearer."""

_SENTENCE_ENDS = ".!?؟؛\n"


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


def fragments(values: Sequence[str], marks: Sequence[Mark], limit: int = FRAGMENTS) -> list[Fragment]:
    """Return the fragments of a field that show most marks, in the order of the text; none without marks.

    >>> [piece] = fragments(["رأي <b>عام</b>"], [Mark(0, 3)])
    >>> piece.html
    '<mark>رأي</mark> &lt;b&gt;عام&lt;/b&gt;'
    """
    windows: list[tuple[int, int, int, list[Mark]]] = []
    for number, value in enumerate(values):
        own = [mark for mark in marks if mark.value == number]
        windows += [(number, start, end, inside) for start, end, inside in _windows(value, own)]
    best = sorted(windows, key=lambda w: -_worth(values[w[0]], w[3]))[:limit]
    in_order = sorted(best, key=lambda window: window[:2])
    return [_fragment(values[number], number, start, end, inside) for number, start, end, inside in in_order]


def _worth(text: str, marks: list[Mark]) -> float:
    """Different words count more than one word repeated."""
    return len({text[mark.start : mark.end] for mark in marks}) + 0.1 * len(marks)


def _windows(text: str, marks: list[Mark]) -> list[tuple[int, int, list[Mark]]]:
    """Cover the marks of a value by windows that do not overlap."""
    if not marks:
        return []
    if len(text) <= WHOLE_LENGTH:
        return [(0, len(text), marks)]
    windows: list[tuple[int, int, list[Mark]]] = []
    rest = marks
    behind = 0
    while rest:
        start = _begin(text, rest[0].start, behind)
        end = _finish(text, rest[0].end, start + FRAGMENT_LENGTH)
        inside = [mark for mark in rest if mark.end <= end]
        if len(inside) < len(rest):
            end = min(end, rest[len(inside)].start)
        windows.append((start, end, inside))
        rest = rest[len(inside) :]
        behind = end
    return windows


def _begin(text: str, mark: int, behind: int) -> int:
    """Begin at a sentence when one begins shortly before the mark, else at a word."""
    earliest = max(behind, mark - LEAD * 2)
    sentence = max(text.rfind(sign, earliest, mark) for sign in _SENTENCE_ENDS) + 1
    start = sentence if sentence > earliest else max(behind, mark - LEAD)
    if 0 < start < mark and sentence <= earliest:
        start = next((place for place in range(start, mark) if text[place].isspace()), mark)
    while start < mark and text[start].isspace():
        start += 1
    return start


def _finish(text: str, least: int, end: int) -> int:
    """End between words, behind `least`."""
    if end <= least or end >= len(text):
        return min(max(end, least), len(text))
    return next((place for place in range(end, max(least, end - LEAD), -1) if text[place].isspace()), end)


def _fragment(text: str, value: int, start: int, end: int, marks: list[Mark]) -> Fragment:
    pieces: list[str] = []
    position = start
    for mark in marks:
        pieces.append(html.escape(text[position : mark.start]))
        pieces.append(f"<mark>{html.escape(text[mark.start : mark.end])}</mark>")
        position = mark.end
    pieces.append(html.escape(text[position:end]))
    spans = tuple((mark.start, mark.end) for mark in marks)
    return Fragment("".join(pieces), text[start:end], spans, value, start)
