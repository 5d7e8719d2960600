"""The order of keyword values, and the letters that values keep apart although searching folds them.

Values are compared by keys (`search_service/analysis/values.py`). The order is that of CLDR for Arabic: white space,
punctuation and symbols, digits, Arabic, Latin, other scripts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

KEY_VERSION = 1
"""Increase it when keys change under the same table: older indexes become stale."""

KEPT_LETTERS: Mapping[str, str] = {
    "پ": "ب", "ٹ": "ت", "چ": "ج", "ڈ": "د", "ڑ": "ر", "ژ": "ز", "ڤ": "ف", "گ": "ك", "ں": "ن", "ے": "ي",
}  # fmt: skip
"""Letters of their own in the Persian and Urdu alphabets, with the letter before each (ڤ, a foreign v, is after ف).
Searching folds them to that letter; as values, `پارس` and `بارس` are two, and the one is sorted after ب."""

LETTER_NAMES: Mapping[str, str] = {
    "ALEF": "ا", "BEH": "ب", "TEH": "ت", "THEH": "ث", "JEEM": "ج", "HAH": "ح", "KHAH": "خ", "DAL": "د", "THAL": "ذ",
    "REH": "ر", "ZAIN": "ز", "SEEN": "س", "SHEEN": "ش", "SAD": "ص", "DAD": "ض", "TAH": "ط", "ZAH": "ظ", "AIN": "ع",
    "GHAIN": "غ", "FEH": "ف", "QAF": "ق", "KAF": "ك", "KEHEH": "ك", "GAF": "ك", "LAM": "ل", "MEEM": "م", "NOON": "ن",
    "HEH": "ه", "WAW": "و", "YEH": "ي", "FARSI YEH": "ي",
}  # fmt: skip
"""A letter that no alphabet above has (ARABIC LETTER DAL WITH RING, ډ) is sorted after the one in its name."""

ARABIC_BLOCKS = (range(0x0600, 0x0700), range(0x0750, 0x0780))


def value_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    r"""Return how values are folded: by the normalisation table, except that `KEPT_LETTERS` stay.

    >>> value_mapping({"پ": "ب", "\ufb56": "ب", "أ": "ا"})
    {'ﭖ': 'پ', 'أ': 'ا'}
    """
    return {source: _folded(source, mapping) for source in mapping if source not in KEPT_LETTERS}


def _folded(source: str, mapping: Mapping[str, str]) -> str:
    """Return the folding of a code point; one that is a shape of a kept letter becomes that letter."""
    letters = unicodedata.normalize("NFKC", source)
    if KEPT_LETTERS.keys().isdisjoint(letters):
        return mapping[source]
    return "".join(letter if letter in KEPT_LETTERS else mapping.get(letter, letter) for letter in letters)


def letters_behind() -> dict[str, str]:
    """Return the Arabic letters that are sorted after another one, with that one.

    >>> letters_behind()["پ"], letters_behind()["ډ"]
    ('ب', 'د')
    """
    return {**dict(_named_after_another()), **KEPT_LETTERS}


def _named_after_another() -> Iterator[tuple[str, str]]:
    for letter in (chr(code) for block in ARABIC_BLOCKS for code in block):
        name, _, variation = unicodedata.name(letter, "").partition(" WITH ")
        base = LETTER_NAMES.get(name.removeprefix("ARABIC LETTER "))
        if base and variation:
            yield letter, base
