"""The syntax of queries: splits a text into plain text, quotations, and what operators apply to.

::

    query     = (plain text | item)*
    item      = [not] [NAME ":"] (quotation ["~" NUMBER] | chunk)
    not       = a dash | ليس before a quotation, or before any item in the advanced syntax
    or        = "OR" between two items, or أو in the advanced syntax
    chunk     = text without white space and quotation marks; a word of it may end with "*"

An operator stands at the beginning of a chunk or directly after a word or quotation, so `2018-2019`, `COVID-19` and
`10:30` have none. Every text is a query: what does not fit is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

DASHES = "\u002d\u2010\u2011\u2212\u2013\ufe63\uff0d"
"""Hyphens, the minus sign and the en dash, which editors make of a hyphen. The em dash is none: it is punctuation."""

MAX_NAME_LENGTH = 63
"""Longest name of a field."""

QUOTATION = r'"(?:[^"]*)"|[“”„‟](?:[^“”„‟]*)[“”‟]|[«»](?:[^«»]*)[«»]'
"""Keyboards and right-to-left editors swap opening and closing marks, so each mark can open and close a quotation."""

_QUOTES = '"“”„‟«»'
_INVISIBLE = r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
"""Direction marks and joiners, which right-to-left editors put beside an operator."""

_VOWELS = r"[\u0640\u064b-\u0652]*"
_NOT = rf"ل{_VOWELS}ي{_VOWELS}س{_VOWELS}"
_OR = "OR"
_ADVANCED_OR = rf"OR|[أا]{_VOWELS}و{_VOWELS}"
_LAST_CHUNK = re.compile(r"\S+\s*$")
_UNPAIRED = re.compile(f"[{_QUOTES}]")
_ANY_OPERATOR = re.compile(rf"[{_QUOTES}*:：]|{_OR}|(?<!\S){_INVISIBLE}[{DASHES}]")
"""Found in every text with an operator of the simple syntax."""


@dataclass(frozen=True, slots=True)
class Text:
    """A part of a query without operators and pairs of quotation marks."""

    text: str

    @property
    def has_unpaired_quote(self) -> bool:
        """Whether it has a quotation mark, which has no second one then."""
        return _UNPAIRED.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Or:
    """The operator between the item before it and the item after it."""

    source: str


@dataclass(frozen=True, slots=True)
class Item:
    """A quotation, or a chunk with an operator.

    Attributes:
        text: the words, without operators and quotation marks.
        source: the whole item as typed.
        quoted: whether the words are a quotation.
        excluded: whether documents with it are excluded.
        by_word: whether they are excluded by ليس.
        name: the name before the colon, or empty.
        slop: the number after the quotation, or None.
    """

    text: str
    source: str
    quoted: bool = False
    excluded: bool = False
    by_word: bool = False
    name: str = ""
    slop: int | None = None

    @property
    def is_quotation(self) -> bool:
        """Whether it is a quotation without an operator."""
        return self.quoted and not self.excluded and not self.name and self.slop is None


Part = Text | Or | Item

IsField = Callable[[str, str], bool]
"""Whether a name before a colon is one of a field that can have the value after it."""


def split_query(text: str, is_field: IsField, advanced: bool = False) -> list[Part]:
    """Return the parts of a query in order. Their sources make up the text, but for white space.

    >>> [part.text for part in split_query('الأرض -قمر "ماء"~2', lambda name, value: False) if not isinstance(part, Or)]
    ['الأرض ', 'قمر', 'ماء']
    """
    if not (advanced or _ANY_OPERATOR.search(text)):
        return _text(text)
    parts: list[Part] = []
    end = 0
    for match in _matches(text, is_field, advanced):
        before = text[end : match.start()]
        follows_or = bool(parts) and isinstance(parts[-1], Or) and not before.strip()
        if _is_plain(match) and not follows_or:
            continue
        if match["or"] and (chunk := _LAST_CHUNK.search(before)):
            parts += [*_text(before[: chunk.start()]), Item(chunk[0].strip(), chunk[0].strip())]
        else:
            parts += _text(before)
        parts.append(Or(match[0]) if match["or"] else _item(match))
        end = match.end()
    return [*parts, *_text(text[end:])]


def _matches(text: str, is_field: IsField, advanced: bool) -> Iterator[re.Match[str]]:
    position = 0
    while match := _PATTERNS[advanced, True].search(text, position):
        if match["name"] and not is_field(match["name"], match["chunk"] or match["quotation"][1:-1]):
            # Without the name there is still the chunk that begins with it.
            match = _PATTERNS[advanced, False].match(text, match.start()) or match
        yield match
        position = match.end()


def _is_plain(match: re.Match[str]) -> bool:
    chunk = match["chunk"]
    return bool(chunk) and "*" not in chunk and not (match["dash"] or match["not"] or match["name"])


def _text(text: str) -> list[Part]:
    return [Text(text)] if text.strip() else []


def _item(match: re.Match[str]) -> Item:
    quotation = match["quotation"] or match["glued"]
    slop = match["slop"] or match["glued_slop"]
    return Item(
        text=quotation[1:-1] if quotation else match["chunk"],
        source=match[0].strip(),
        quoted=bool(quotation),
        excluded=bool(match["dash"] or match["not"]),
        by_word=bool(match["not"]),
        name=match["name"] or "",
        slop=int(slop) if slop else None,
    )


def _pattern(advanced: bool, named: bool) -> re.Pattern[str]:
    or_word = _ADVANCED_OR if advanced else _OR
    before_item = r"\S" if advanced else f"[{_QUOTES}]"
    name = rf"[^\s:：*~{_QUOTES}]{{1,{MAX_NAME_LENGTH}}}" if named else "(?!)"
    return re.compile(
        rf"(?P<or>(?<!\S){_INVISIBLE}(?:{or_word}){_INVISIBLE}(?!\S))"
        rf"|(?<!\S)(?:{_INVISIBLE}(?:(?P<dash>[{DASHES}])(?![{DASHES}])|(?P<not>{_NOT}\s+)(?={before_item})))?"
        rf"{_INVISIBLE}(?:(?P<name>{name})[:：]{_INVISIBLE})?"
        rf"(?:(?P<quotation>{QUOTATION})(?:~(?P<slop>\d{{1,9}}))?|(?P<chunk>[^\s{_QUOTES}]+))"
        rf"|(?P<glued>{QUOTATION})(?:~(?P<glued_slop>\d{{1,9}}))?"
    )


_PATTERNS = {(advanced, named): _pattern(advanced, named) for advanced in (False, True) for named in (False, True)}
"""The pattern of an item by whether the syntax is advanced, and whether the item may begin with a name."""
