"""What a text would be if the keyboard had been in its other layout: Arabic (101), or US English."""

from __future__ import annotations

_KEYS = dict(
    zip(
        "qwertyuiop[]asdfghjkl;'zxcvnm,./`YHN",
        "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذإأآ",
        strict=True,
    )
)
"""The Arabic letter on the key of each Latin one, with the shift key where that is a letter, too."""

_LIGATURES = {"b": "لا", "G": "لأ", "T": "لإ", "B": "لآ"}
"""Keys of two Arabic letters."""

_TO_ARABIC = str.maketrans({**_KEYS, **_LIGATURES})
_TO_ARABIC_FROM_CAPITALS = {ord(chr(key).upper()): letter for key, letter in _TO_ARABIC.items()}
_TO_LATIN = str.maketrans({arabic: latin for latin, arabic in _KEYS.items() if latin.islower() or not latin.isalpha()})


def in_other_layout(text: str) -> str:
    """Return the text that the same keys type in the other layout; an empty string if that is not words.

    >>> in_other_layout("hgvzds"), in_other_layout(";jhf"), in_other_layout("لخخلمث"), in_other_layout("2018")
    ('الرئيس', 'كتاب', 'google', '')
    """
    letters = [character for character in text if character.isalpha()]
    if any(character.isascii() for character in letters):
        typed = "".join(_arabic(character) for character in text)
    else:
        typed = text.replace("لا", "b").translate(_TO_LATIN) if letters else ""
    return typed if all(character.isalnum() or character.isspace() for character in typed) else ""


def _arabic(character: str) -> str:
    """Return what a key types in the Arabic layout; without shift where there is no letter with it (caps lock)."""
    return character.translate(_TO_ARABIC if ord(character) in _TO_ARABIC else _TO_ARABIC_FROM_CAPITALS)
