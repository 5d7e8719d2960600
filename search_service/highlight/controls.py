"""Keeps invisible direction controls around a word out of its mark.

A token ends after the characters that folding deletes after its word, so that vowel signs belong to it. A control
that closes what was opened before the word does not: `<mark>` would cut the pair in two.
"""

from __future__ import annotations

from search_service.core.results import Mark

OPENING = "\u2066\u2067\u2068\u202a\u202b\u202d\u202e"
"""Isolates, embeddings and overrides."""

CLOSING = "\u2069\u202c"

CONTROLS = f"{OPENING}{CLOSING}\u061c\u200e\u200f"
"""With the marks of direction."""


def without_controls(text: str, mark: Mark) -> Mark:
    """Return a mark of a text without the controls at its ends; a closing one stays if its opening one is inside.

    >>> without_controls("\u2067مكة\u2069", Mark(0, 5))
    Mark(start=1, end=4, value=0)
    >>> without_controls("مك\u2067ة\u2069", Mark(0, 5))
    Mark(start=0, end=5, value=0)
    """
    start, end = mark.start, mark.end
    if start == end or (text[end - 1] not in CONTROLS and text[start] not in CONTROLS):
        return mark
    while start < end and text[start] in CONTROLS:
        start += 1
    while end > start and text[end - 1] in CONTROLS and not _closes(text[start:end]):
        end -= 1
    return Mark(start, end, mark.value) if start < end else mark


def _closes(piece: str) -> bool:
    """Whether the last character of a piece closes a pair that is opened in it."""
    if piece[-1] not in CLOSING:
        return False
    opened = sum(character in OPENING for character in piece)
    return opened >= sum(character in CLOSING for character in piece)
