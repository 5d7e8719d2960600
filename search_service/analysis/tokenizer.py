r"""The tokenizer: where words begin and end in a folded text.

The rule is Unicode's default word segmentation (UAX #29) as Lucene's `standard` tokenizer runs it, with two
amendments for scraped Arabic, where UAX #29 glues words together:

- a full stop or colon between letters ends a word when one side is Arabic and one side has two letters
  (`بروكسل.واعلن`), so that abbreviations (`أ.د`) and addresses (`example.com`) stay whole;
- an underscore beside an Arabic letter ends a word (`#اليوم_الوطني`).

Both replace one character by a space before tokenizing, which keeps every offset, and which a `pattern_replace`
character filter does the same way in Elasticsearch. What follows from UAX #29:

=====================  ===========================================
`تنظيم"داعش"`          two words: quotation marks break
`2015/2014`            two words
`COVID-19`             two words
`3.14`, `1,000`        one word each
`U.S.`                 one word without its last full stop
`ali@example.com`      two words: `ali` and `example.com`
`2015م`, `iPhone15`    one word each: letters and digits hold together
=====================  ===========================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

MAX_TOKEN_LENGTH = 255
"""Longer words are cut into pieces of this length, as Lucene's `standard` tokenizer does."""

GLUE = (
    r"(?<=\p{L}\p{Arabic})[.:](?=\p{L})"
    r"|(?<=\p{Arabic})[.:](?=\p{L}{2})"
    r"|(?<=\p{L})[.:](?=\p{Arabic}\p{L})"
    r"|(?<=\p{L}{2})[.:](?=\p{Arabic})"
    r"|(?<=\p{Arabic})_|_(?=\p{Arabic})"
)
"""What is replaced by a space before tokenizing: see the module's text."""

_EXTEND = r"[\p{WB=Format}\p{WB=Extend}\p{WB=ZWJ}]*+"
_LETTER = rf"[\p{{WB=ALetter}}\p{{WB=Hebrew_Letter}}]{_EXTEND}"
_HEBREW = rf"\p{{WB=Hebrew_Letter}}{_EXTEND}"
_NUMBER = rf"\p{{WB=Numeric}}{_EXTEND}"
_KATAKANA = rf"\p{{WB=Katakana}}{_EXTEND}"
_JOINER = rf"(?:\p{{WB=ExtendNumLet}}{_EXTEND})"
_MID_LETTER = rf"[\p{{WB=MidLetter}}\p{{WB=MidNumLet}}\p{{WB=Single_Quote}}]{_EXTEND}"
_MID_NUMBER = rf"[\p{{WB=MidNum}}\p{{WB=MidNumLet}}\p{{WB=Single_Quote}}]{_EXTEND}"
_RUN = (
    rf"(?:{_HEBREW}(?:\p{{WB=Single_Quote}}{_EXTEND}|\p{{WB=Double_Quote}}{_EXTEND}{_HEBREW})"
    rf"|{_NUMBER}(?:(?:{_JOINER}*|{_MID_NUMBER}){_NUMBER})*"
    rf"|{_LETTER}(?:(?:{_JOINER}*|{_MID_LETTER}){_LETTER})*"
    rf"|{_KATAKANA}(?:{_JOINER}*{_KATAKANA})*)+"
)
WORD = (
    rf"{_JOINER}*{_RUN}(?:{_JOINER}+{_RUN})*{_JOINER}*"
    rf"|(?:\p{{Line_Break=SA}}{_EXTEND})+"
    rf"|[\p{{Han}}\p{{Hiragana}}]{_EXTEND}"
    rf"|(?:\p{{RI}}{_EXTEND}){{2}}"
    rf"|\p{{Extended_Pictographic}}{_EXTEND}"
)
"""A word: letters, numbers or Katakana held together as UAX #29 says; a run of a script without spaces; one Han or Hiragana sign; an emoji."""

_glue = regex.compile(GLUE)
_word = regex.compile(WORD)
_arabic = re.compile(r"[\u0620-\u064a]{1,255}")
_plain = re.compile(r"[\u0620-\u064a]{1,255}|[0-9]{1,255}|[A-Za-z]{1,255}")
"""Nine words of ten, once folded, are a run of one of these, which no rule can divide."""


def is_arabic_word(folded: str) -> bool:
    """Whether a folded text is nothing but Arabic letters, and so one word."""
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
    for match in _word.finditer(_glue.sub(" ", folded)):
        start, end = match.span()
        while end - start > MAX_TOKEN_LENGTH:
            yield start, start + MAX_TOKEN_LENGTH
            start += MAX_TOKEN_LENGTH
        yield start, end
