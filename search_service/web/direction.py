"""The direction of a text: that of most of its letters. `static/text_nodes.js` has the same rule.

A browser goes by the first strong letter (`dir="auto"`), which scrambles an Arabic headline that begins with a Latin
name or abbreviation, such as `IMF: السعودية تحقق نموا`.
"""

from __future__ import annotations

from typing import Literal

import regex
from markupsafe import Markup

Direction = Literal["rtl", "ltr"]

_LETTER = regex.compile(r"\p{L}")
_RTL_LETTER = regex.compile(
    r"(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]"
)
_ADDRESS = regex.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://\S+\s*")
"""A URL runs from left to right, whatever letters its path has."""

_PLAIN = regex.compile(r"[\p{L}\p{M}\s]*")
"""Letters, marks and spaces: nothing that a text around them could move."""

_OPENING = {"ltr": "\N{LEFT-TO-RIGHT ISOLATE}", "rtl": "\N{RIGHT-TO-LEFT ISOLATE}"}
_CLOSING = "\N{POP DIRECTIONAL ISOLATE}"

MAX_LENGTH = 2_000
"""Code points of a text that decide."""


def direction(text: object, neutral: str = "ltr") -> str:
    """Return the direction of a text or of HTML, as the attribute `dir` has it.

    As many letters of either direction make it right-to-left. Marks and digits are no letters.

    Args:
        text: the text.
        neutral: the direction of a text without letters.

    >>> direction("IMF: السعودية"), direction("Web ويب"), direction("2024-03-11"), direction("3", "rtl")
    ('rtl', 'rtl', 'ltr', 'rtl')
    """
    plain = (text.striptags() if isinstance(text, Markup) else str(text))[:MAX_LENGTH]
    letters = len(_LETTER.findall(plain))
    if not letters:
        return neutral
    if _ADDRESS.fullmatch(plain):
        return "ltr"
    return "rtl" if 2 * len(_RTL_LETTER.findall(plain)) >= letters else "ltr"


def bdi(text: object, neutral: str = "ltr") -> Markup:
    """Return a value for the middle of a sentence, which cannot change its order, nor it that of the sentence."""
    return Markup('<bdi dir="{}">{}</bdi>').format(direction(text, neutral), text)


def isolated(text: str, surrounding: str) -> str:
    """Return a value for the middle of a text that cannot have tags, such as the title of a window.

    >>> isolated("كأس العالم", "rtl"), len(isolated("2018", "rtl"))
    ('كأس العالم', 6)
    """
    own = direction(text, surrounding)
    if own == surrounding and _PLAIN.fullmatch(text) and _is_of_one_direction(text):
        return text
    return f"{_OPENING[own]}{text}{_CLOSING}"


def _is_of_one_direction(text: str) -> bool:
    return len(_RTL_LETTER.findall(text)) in (0, len(_LETTER.findall(text)))
