r"""The tokenizer: finds the words of a folded text.

It follows Unicode's default word segmentation (UAX #29) as Lucene's `standard` tokenizer implements it, with some
amendments for scraped Arabic, where UAX #29 leaves separate words together:

- a full stop or colon between letters ends a word if one side is Arabic and one side has two letters
  (`بروكسل.واعلن`); abbreviations (`أ.د`) and addresses (`example.com`) stay whole;
- an underscore beside an Arabic letter ends a word (`#اليوم_الوطني`);
- a narrow no-break space ends a word, as all white space does;
- a semicolon between digits ends a number, and a comma in a list (`12,15,19`);
- letters and digits part (`كورونا19`, `2015م`).

Each amendment but the last replaces one character by a space before tokenizing, which keeps every offset; the last
inserts a space. Two `pattern_replace` character filters do the same in Elasticsearch. Examples of UAX #29:

=====================  ===========================================
`تنظيم"داعش"`          two words: quotation marks break
`2015/2014`            two words
`COVID-19`             two words
`3.14`, `3,5`          one word each
`U.S.`                 one word without its last full stop
`ali@example.com`      two words: `ali` and `example.com`
=====================  ===========================================
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator
from itertools import pairwise

import regex

from index_config.segmentation import BORDER, GLUE, MAX_TOKEN_LENGTH
from search_service.analysis.unicode_sets import (
    COMPLEX,
    EXTENDING,
    IDEOGRAPH,
    LETTER,
    MID_LETTER,
    MID_NUMBER,
    NEWER,
    NUMERIC,
    PICTOGRAPH,
)

_EXTEND = rf"{EXTENDING}*+"
_HEBREW = rf"\p{{WB=Hebrew_Letter}}{_EXTEND}"
_LETTER = rf"{LETTER}{_EXTEND}"
_NUMBER = rf"{NUMERIC}{_EXTEND}"
_KATAKANA = rf"\p{{WB=Katakana}}{_EXTEND}"
_JOINER = rf"(?:\p{{WB=ExtendNumLet}}{_EXTEND})"
_MID_LETTER = rf"{MID_LETTER}{_EXTEND}"
_MID_NUMBER = rf"{MID_NUMBER}{_EXTEND}"
_HEBREW_QUOTE = rf"{_HEBREW}(?:\p{{WB=Single_Quote}}{_EXTEND}|\p{{WB=Double_Quote}}{_EXTEND}{_HEBREW})"
_RUN = (
    rf"(?:(?:{_HEBREW_QUOTE}"
    rf"|{_NUMBER}(?:(?:{_JOINER}*+|{_MID_NUMBER}){_NUMBER})*+"
    rf"|{_LETTER}(?:(?:{_JOINER}*+(?!{_HEBREW_QUOTE})|{_MID_LETTER}){_LETTER})*+)++"
    rf"|{_KATAKANA}(?:{_JOINER}*+{_KATAKANA})*+)"
)
_MARK = rf"[{EXTENDING}--[\ufe0e\ufe0f]]"
_MARKS = rf"{_MARK}*+"
_SKIN_TONE = rf"[\U0001f3fb-\U0001f3ff]{_MARKS}"
_EMOJI = rf"{PICTOGRAPH}{_MARKS}\ufe0f?"
WORD = (
    rf"{_JOINER}*+{_RUN}(?:{_JOINER}++{_RUN})*+{_JOINER}*+"
    rf"|(?:{COMPLEX}{_EXTEND})++"
    rf"|{IDEOGRAPH}{_EXTEND}"
    rf"|(?:\u200d*+{_EMOJI}|{_SKIN_TONE})(?:(?:(?<=\u200d)|\u200d++)(?:{_EMOJI}|{_SKIN_TONE}))*+"
    rf"|[0-9#*]{_MARK}*\ufe0f?\u20e3{_MARKS}"
    rf"|(?:\p{{Regional_Indicator}}{_EXTEND}){{2}}"
)
"""A word: letters, numbers or Katakana joined as UAX #29 says; a run of a script without spaces; one Han or Hiragana
sign; an emoji. The pattern needs `regex`'s V1 behaviour. Quantifiers are possessive (`*+`, `++`) except for the marks
before a keycap, so no text takes long.

It matches the tokens of Lucene 10's StandardTokenizer. Characters newer than Unicode 12.1, which that does not know,
are replaced by spaces first."""

_ARABIC_RUN = r"[\u0620-\u064a]++(?![^ \n,])"
"""A shortcut for most words; the whole rule would match the same."""

_IDLE = rf"(?:\p{{WB=ExtendNumLet}}[{EXTENDING}--[\u200d{COMPLEX}\U0001f3fb-\U0001f3ff]]*+)++|\u200d++"
"""Joiners with nothing to join. They are skipped as a run, because one by one they would take quadratic time."""

_glue = regex.compile(GLUE)
_border = re.compile(BORDER)
_digit = re.compile("[0-9]")
_newer = regex.compile(NEWER)
_unusual = re.compile(r"[^\0-\u0556\u0600-\u086a\u2000-\u208e]")
"""Characters that `NEWER` may match. Few texts have one, and `re` finds that out ten times as fast as `regex`."""
_word = regex.compile(rf"(?V1){_ARABIC_RUN}|{WORD}|({_IDLE})")
_idle = regex.compile(rf"(?V1){_IDLE}")
_arabic = re.compile(r"[\u0620-\u064a]{1,255}")
_plain = re.compile(r"[\u0620-\u064a]{1,255}|[0-9]{1,255}|[A-Za-z]{1,255}")
"""Nine of ten folded words are a run of one of these, which no rule splits."""


def is_arabic_word(folded: str) -> bool:
    """Whether a folded text consists of Arabic letters only, and so is one word."""
    return _arabic.fullmatch(folded) is not None


def spans(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each word of a folded text.

    >>> text = 'تنظيم"داعش" بروكسل.واعلن 3.14 U.S. 2015/2014'
    >>> [text[start:end] for start, end in spans(text)]
    ['تنظيم', 'داعش', 'بروكسل', 'واعلن', '3.14', 'U.S', '2015', '2014']
    """
    if _plain.fullmatch(folded):
        yield 0, len(folded)
        return
    text = _glue.sub(" ", folded)
    borders = [match.start() for match in _border.finditer(text)] if _digit.search(text) else []
    if not borders:
        yield from _spans(text)
        return
    # A space is inserted at each border, so it moves what comes after it by one.
    inserted = [border + number for number, border in enumerate(borders)]
    parts = [text[start:end] for start, end in pairwise((0, *borders, len(text)))]
    for start, end in _spans(" ".join(parts)):
        yield start - bisect_left(inserted, start), end - bisect_left(inserted, end)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each word of a text without glue."""
    if _unusual.search(text):
        text = _newer.sub(" ", text)
    behind = 0
    while behind >= 0:
        words, behind = _word.finditer(text, behind), -1
        for match in words:
            start, end = match.span()
            if match.lastindex:
                continue
            if end - start > MAX_TOKEN_LENGTH // 2 and _units(text, start, end) > MAX_TOKEN_LENGTH:
                behind = yield from _pieces(text, start, end)
                break
            yield start, end


def _pieces(text: str, start: int, end: int) -> Generator[tuple[int, int], None, int]:
    """Split a long word as Lucene does: match within the maximum token length, then continue after the match.

    The last piece may include characters after the word that belong to its last sign. Return its end.
    """
    while start < end:
        match = _word.match(text, start, _max_end(text, start))
        if match and not match.lastindex:
            yield match.span()
            start = match.end()
        else:
            # In a run of joiners no token starts until the next letter is within reach.
            idle = _idle.match(text, start, end)
            start = max(start + 1, idle.end() - MAX_TOKEN_LENGTH + 1 if idle else 0)
    return start


def _max_end(text: str, start: int) -> int:
    """Return the largest end of a token that starts at `start`."""
    end = min(len(text), start + MAX_TOKEN_LENGTH)
    while (excess := _units(text, start, end) - MAX_TOKEN_LENGTH) > 0:
        end -= (excess + 1) // 2
    return end


def _units(text: str, start: int, end: int) -> int:
    """Return the length in UTF-16 units, as Lucene counts."""
    return len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2
