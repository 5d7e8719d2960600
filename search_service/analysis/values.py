r"""Keys of keyword values: values with equal keys are one value, and keys sort in Arabic order.

A key has, for each character of the folded value (a mark is a code point that no text has):

================================ ==========================================================
white space, one or several      one space; none at the ends
punctuation, symbols             `!`, the character
a number, by its value           its length in two digits, its digits, `\x01`, leading zeros
ء and the 28 letters             the letter: Unicode has them in their order
another Arabic letter            the letter it is sorted after, a mark, the letter
Latin, other scripts             a mark, the letter
================================ ==========================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256

from index_config.schema import Field
from index_config.value_order import letters_behind, value_mapping
from search_service.analysis.charfilter import CharFilter
from search_service.analysis.filters import lower

MAX_CACHED_VALUES = 50_000
"""Keys in the cache of a process, some 15 MB when full: the values of facets repeat."""

MAX_CACHED_LENGTH = 200
"""Code points of a value whose key is cached."""

MAX_KEY_LENGTH = 8_000
"""Code points of a key; a longer one ends in a hash. Lucene refuses terms over 32,766 bytes, and each has up to 3; the
written value after a key (`MAX_KEYWORD_BYTES`) has 8,191."""

SEPARATOR = "\x1f"
"""Stands between a key and a written value. No key has it: it counts as white space."""

_PUNCTUATION = "!"
_BEHIND, _LATIN, _OTHER = "\ufdd0", "\ufdd1", "\ufdd2"
_HASHED = "\x02"
_NUMBER_END = "\x01"
_DIGITS = re.compile("[0-9]+")
_NUMBER_KEY = re.compile(f"[0-9]{{2}}([0-9]+){_NUMBER_END}(0*)")
_OWN_LETTER = re.compile(f"{_BEHIND}.")
_MARKED = re.compile(f"{_PUNCTUATION}(.)|.{_BEHIND}(.)|[{_LATIN}{_OTHER}](.)", re.DOTALL)


class ValueKeys(dict[str, str]):
    """Value -> its key, an empty string if it is no value. A missing one is computed on access.

    Args:
        mapping: the normalisation table, code point to its folding.

    >>> from index_config.table import load_table
    >>> keys = ValueKeys(load_table().mapping)
    >>> len({keys[value] for value in ("اقتصاد", "إقتصاد", "اقتصاد ", "إقتصـــاد")})
    1
    >>> sorted(["BBC", "تونس", "أمن", "باريس", "پاريس", "امن", "10", "9"], key=keys.__getitem__)
    ['9', '10', 'أمن', 'امن', 'باريس', 'پاريس', 'تونس', 'BBC']
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        super().__init__()
        self._fold = CharFilter(value_mapping(mapping)).fold_short
        self._signs = _Signs()

    def __missing__(self, value: str) -> str:
        """Compute the key of a value and cache it."""
        key = self._key(value)
        if len(value) <= MAX_CACHED_LENGTH:
            if len(self) >= MAX_CACHED_VALUES:
                self.clear()
            self[value] = key
        return key

    def of(self, field: Field, value: str) -> str:
        """Return the key of a value of a field; where spellings are not compared, that is the value.

        The key of a verbatim value ends with the value: it is sorted beside those of other spellings.
        """
        if not field.kind.compared_by_key:
            return value
        key = self[value]
        return f"{key}{SEPARATOR}{value}" if key and field.verbatim else key

    def part(self, folded: str) -> str:
        """Return what `searched_key` of a value has if the value contains a folded text."""
        return _OWN_LETTER.sub("", folded.translate(self._signs))

    def _key(self, value: str) -> str:
        key = " ".join(lower(self._fold(value)).translate(self._signs).split())
        if not key:  # marks without a letter, tatweel, or nothing that can be seen
            return "".join(_OTHER + character for character in value if not _is_blank(character))
        key = _DIGITS.sub(_number_key, key)
        if len(key) > MAX_KEY_LENGTH:
            key = f"{key[:MAX_KEY_LENGTH]}{_HASHED}{sha256(key.encode()).hexdigest()}"
        return key


def folded_value(key: str) -> str:
    """Return the folded value of a key.

    >>> from index_config.table import load_table
    >>> folded_value(ValueKeys(load_table().mapping)["الحَلْقة  007 (BBC)"])
    'الحلقه 007 (bbc)'
    """
    text = key.partition(SEPARATOR)[0].partition(_HASHED)[0]
    return _MARKED.sub(lambda match: match[match.lastindex or 0], _NUMBER_KEY.sub(r"\2\1", text))


def searched_key(key: str) -> str:
    """Return a key in which pieces of its value can be found: letters and numbers as searching folds them.

    >>> from index_config.table import load_table
    >>> keys = ValueKeys(load_table().mapping)
    >>> keys.part("بار") in searched_key(keys["پاريس"]), keys.part("07") in searched_key(keys["قناة 007"])
    (True, True)
    """
    text = key.partition(SEPARATOR)[0]
    if _BEHIND in text:
        text = _OWN_LETTER.sub("", text)
    return _NUMBER_KEY.sub(r"\2\1", text) if _NUMBER_END in text else text


def written_value(value: str) -> str:
    """Return a value as it is shown: without the white space around it, and one space where it has several.

    >>> written_value(" وزارة  التعليم ")
    'وزارة التعليم'
    """
    return " ".join(value.split())


class _Signs(dict[int, str]):
    """Code point -> its part of a key. A missing one is computed on access."""

    def __init__(self) -> None:
        super().__init__({ord(letter): f"{base}{_BEHIND}{letter}" for letter, base in letters_behind().items()})

    def __missing__(self, code: int) -> str:
        self[code] = sign = _sign(chr(code))
        return sign


def _sign(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace():
        return " "
    if _is_blank(character) or character in (_BEHIND, _LATIN, _OTHER):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category[0] in "PSN":
        return _PUNCTUATION + character
    script = unicodedata.name(character, "").partition(" ")[0]
    return {"ARABIC": character, "LATIN": _LATIN + character}.get(script, _OTHER + character)


def _is_blank(character: str) -> bool:
    """Whether a character is white space or cannot be seen."""
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Zs")


def _number_key(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0") or "0"
    zeros = match[0][: -len(digits)]
    return f"{min(len(digits), 99):02}{digits}{_NUMBER_END}{zeros}"
