r"""The tokenizer: where words begin and end in a folded text.

The rule is Unicode's default word segmentation (UAX #29) as Lucene's `standard` tokenizer runs it, with three
amendments for scraped Arabic, where UAX #29 glues words together:

- a full stop or colon between letters ends a word when one side is Arabic and one side has two letters
  (`بروكسل.واعلن`), so that abbreviations (`أ.د`) and addresses (`example.com`) stay whole;
- an underscore beside an Arabic letter ends a word (`#اليوم_الوطني`);
- a narrow no-break space ends a word, as all white space does.

Each replaces one character by a space before tokenizing, which keeps every offset, and which a `pattern_replace`
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

from index_config.segmentation import GLUE, MAX_TOKEN_LENGTH

_EXTEND = r"[\p{WB=Format}\p{WB=Extend}\p{WB=ZWJ}]*+"
_HEBREW = rf"\p{{WB=Hebrew_Letter}}{_EXTEND}"
_LETTER = rf"[[\p{{WB=ALetter}}\p{{WB=Hebrew_Letter}}]--[\u00b8\u02e5-\u02eb\u055a\u058a\ua708-\ua716]]{_EXTEND}"
"""The signs taken out became letters of words in Unicode 13; Lucene knows version 12.1."""

_NUMBER = rf"\p{{WB=Numeric}}{_EXTEND}"
_KATAKANA = rf"\p{{WB=Katakana}}{_EXTEND}"
_JOINER = rf"(?:\p{{WB=ExtendNumLet}}{_EXTEND})"
_MID_LETTER = rf"[\p{{WB=MidLetter}}\p{{WB=MidNumLet}}\p{{WB=Single_Quote}}]{_EXTEND}"
_MID_NUMBER = rf"[\p{{WB=MidNum}}\p{{WB=MidNumLet}}\p{{WB=Single_Quote}}]{_EXTEND}"
_HEBREW_QUOTE = rf"{_HEBREW}(?:\p{{WB=Single_Quote}}{_EXTEND}|\p{{WB=Double_Quote}}{_EXTEND}{_HEBREW})"
_RUN = (
    rf"(?:(?:{_HEBREW_QUOTE}"
    rf"|{_NUMBER}(?:(?:{_JOINER}*+|{_MID_NUMBER}){_NUMBER})*+"
    rf"|{_LETTER}(?:(?:{_JOINER}*+(?!{_HEBREW_QUOTE})|{_MID_LETTER}){_LETTER})*+)++"
    rf"|{_KATAKANA}(?:{_JOINER}*+{_KATAKANA})*+)"
)
_PICTOGRAPH = (
    "["
    r"\u00a9\u00ae\u203c\u2049\u2122\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u2388\u23cf\u23e9-\u23f3"
    r"\u23f8-\u23fa\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2605\u2607-\u2612\u2614-\u2685"
    r"\u2690-\u2705\u2708-\u2712\u2714\u2716\u271d\u2721\u2728\u2733-\u2734\u2744\u2747\u274c\u274e"
    r"\u2753-\u2755\u2757\u2763-\u2767\u2795-\u2797\u27a1\u27b0\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c"
    r"\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f12f"
    r"\U0001f16c-\U0001f171\U0001f17e-\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f1ad-\U0001f1e5"
    r"\U0001f201-\U0001f20f\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f23c-\U0001f23f\U0001f249-\U0001f3fa"
    r"\U0001f400-\U0001f53d\U0001f546-\U0001f64f\U0001f680-\U0001f6ff\U0001f774-\U0001f77f"
    r"\U0001f7d5-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f\U0001f85a-\U0001f85f"
    r"\U0001f888-\U0001f88f\U0001f8ae-\U0001f8ff\U0001f90c-\U0001f93a\U0001f93c-\U0001f945"
    r"\U0001f947-\U0001fffd"
    "]"
)
"""Extended_Pictographic of Unicode 12.1 without the skin tones; later versions took signs out again, such as ★."""

_MARKS = r"[[\p{WB=Format}\p{WB=Extend}\p{WB=ZWJ}]--[\ufe0e\ufe0f]]*+"
_SKIN_TONE = rf"[\U0001f3fb-\U0001f3ff]{_MARKS}"
_EMOJI = rf"{_PICTOGRAPH}{_MARKS}\ufe0f?"
WORD = (
    rf"{_JOINER}*+{_RUN}(?:{_JOINER}++{_RUN})*+{_JOINER}*+"
    rf"|(?:\p{{Line_Break=SA}}{_EXTEND})++"
    rf"|[\p{{Han}}\p{{Hiragana}}]{_EXTEND}"
    rf"|(?:\u200d*+{_EMOJI}|{_SKIN_TONE})(?:(?:(?<=\u200d)|\u200d++)(?:{_EMOJI}|{_SKIN_TONE}))*+"
    rf"|[0-9#*]\ufe0f?\u20e3{_MARKS}"
    rf"|(?:\p{{Regional_Indicator}}{_EXTEND}){{2}}"
)
"""A word: letters, numbers or Katakana held together as UAX #29 says; a run of a script without spaces; one Han or
Hiragana sign; an emoji. It wants `regex`'s V1 behaviour. Nothing is given back (`*+`, `++`), so no text takes long.

It gives what Lucene 10's StandardTokenizer gives, but for letters younger than Unicode 12.1, which that drops."""

_ARABIC_RUN = r"[\u0620-\u064a]++(?![^ \n,])"
"""Most words, found without asking the rest; by the whole rule the same would come out."""

_IDLE = r"(?:\p{WB=ExtendNumLet}[\p{WB=Format}\p{WB=Extend}--[\U0001f3fb-\U0001f3ff]]*+)++|\u200d++"
"""Joiners without anything to join: skipped at once, for one by one they would take the square of their number."""

_glue = regex.compile(GLUE)
_word = regex.compile(rf"(?V1){_ARABIC_RUN}|{WORD}|({_IDLE})")
_idle = regex.compile(rf"(?V1){_IDLE}")
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
    text = _glue.sub(" ", folded)
    for match in _word.finditer(text):
        start, end = match.span()
        if match.lastindex:
            continue
        if end - start <= MAX_TOKEN_LENGTH:
            yield start, end
        else:
            yield from _pieces(text, start, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a long word as Lucene does: it sees no further than a token may reach, and reads on from where that ended."""
    while start < end:
        match = _word.match(text, start, min(end, start + MAX_TOKEN_LENGTH))
        if match and not match.lastindex:
            yield match.span()
            start = match.end()
        else:
            # Among many joiners nothing begins before the next letter is in sight.
            idle = _idle.match(text, start, end)
            start = max(start + 1, idle.end() - MAX_TOKEN_LENGTH + 1 if idle else 0)
