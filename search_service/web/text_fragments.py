"""Text fragments: the part of a link that makes a browser scroll to a passage of the page and highlight it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from search_service.highlight.fragmenter import Fragment

WORDS_AFTER = 2
"""Words after the first match that are part of the text, so that it is not found at an earlier place."""

_SENTENCE_END = re.compile(r"\n|(?<=[.!?؟…])\s")
"""Where another paragraph may begin in the document: a browser finds no text in two of them. An abstract has in one
line what its text has in several."""

_SYNTAX = str.maketrans({"-": "%2D"})
"""Has a meaning in a text fragment; `quote` leaves it."""


def text_fragment(fragments: Iterable[Fragment]) -> str:
    r"""Return the text fragment for the first match of passages, with the words after it; empty without one.

    >>> text_fragment([Fragment("", "the new-book fair\nof 2024", ((8, 12),), 0, 0)])
    '#:~:text=new%2Dbook%20fair'
    >>> text_fragment([Fragment("", "a fair. It has", ((2, 6),), 0, 0)])
    '#:~:text=fair'
    """
    for fragment in fragments:
        for start, end in fragment.marks:
            place = start - fragment.start
            line = _SENTENCE_END.split(fragment.text[place:], maxsplit=1)[0]
            before = re.search(r"\S*$", fragment.text[:place])
            words = f"{before.group() if before else ''}{line}".split()
            length = len(fragment.text[place : end - fragment.start].split())
            if text := " ".join(words[: length + WORDS_AFTER]).rstrip(".…"):
                return "#:~:text=" + quote(text, safe="").translate(_SYNTAX)
    return ""
