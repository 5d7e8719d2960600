"""Candidates for spell correction: the words that are one typing error away, each with the likelihood of its error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

ARABIC = "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي"
LATIN = "abcdefghijklmnopqrstuvwxyz"
"""The letters of folded words that can be corrected. Other characters of a word, such as digits, stay as they are."""

LOOK_ALIKE = "بتثني جحخ دذ رز سش صض طظ عغ فق"
"""Groups of letters that differ in dots only."""

SOUND_ALIKE = "ضظد ذزظ سثص تط كق هح ءاع قغ"
"""Groups of letters that sound alike in many dialects."""

KEYBOARDS = (
    ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "يءور-يهوزظ"),  # Arabic (101), folded; - is the key of لا
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
)
"""The rows of keyboards."""

MIN_LENGTH = 3
MAX_LENGTH = 25
"""Letters of the words that can be corrected. A word of two letters is an error of too many others; Arabic words with
all their affixes are shorter than 25."""

ERROR_RATE = 0.03
"""The share of words in queries that have a typing error."""

TRANSPOSITION, OMISSION, OMITTED_DOUBLE = 0.2, 0.3, 0.1
LIKE_SOUND, LIKE_SHAPE, NEAR_LETTER, OTHER_LETTER = 0.15, 0.05, 0.03, 0.2 / 25
DOUBLED_LETTER, ADDED_NEAR_LETTER, ADDED_LETTER = 0.06, 0.03, 0.2 / 25
"""The shares of errors, each for one possible letter: that it is swapped with the next, missing, missing beside the
same letter; replaced by one that sounds alike, by one that looks alike, by one beside it on the keyboard, by any other;
typed twice, typed with one beside it on the keyboard, with any other. They are divided by the letters of the word. Half
or twice of a share moves the misspelt words that are corrected by 1 %."""

MISSING_SPACE = 0.1
SUPERFLUOUS_SPACE = 0.05
"""The shares of these errors. At a third or three times as much, nothing changes."""

MIN_PART_LENGTH = 2
"""Letters of the shortest part of a word that is split in two."""


def _neighbours(rows: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield two letters that are beside, above or below each other on a keyboard."""
    for row in rows:
        yield from pairwise(row)
    for row, below in pairwise(rows):
        for shift in (0, 1):
            yield from zip(row[shift:], below, strict=False)


def _pairs(groups: str) -> Iterator[tuple[str, str]]:
    for group in groups.split():
        yield from combinations(group, 2)


def _symmetric(pairs: Iterator[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset(pair for one, other in pairs for pair in ((one, other), (other, one)))


_NEAR = _symmetric(pair for rows in KEYBOARDS for pair in _neighbours(rows))
_LOOK_ALIKE, _SOUND_ALIKE = map(_symmetric, map(_pairs, (LOOK_ALIKE, SOUND_ALIKE)))


def alphabet_of(word: str) -> str:
    """Return the letters that a misspelt letter of a word can be; an empty string if the word is not corrected.

    >>> alphabet_of("اقتصاد") == alphabet_of("كوفيد19") == ARABIC, alphabet_of("2018"), alphabet_of("كتابa")
    (True, '', '')
    """
    if MIN_LENGTH <= len(word) <= MAX_LENGTH:
        letters = {character for character in word if character.isalpha()}
        return next((alphabet for alphabet in (ARABIC, LATIN) if letters and letters.issubset(alphabet)), "")
    return ""


def one_error_away(word: str) -> Mapping[str, float]:
    """Return the candidates for a folded word, each with the likelihood that it is typed as this word.

    >>> candidates = one_error_away("ضلم")
    >>> candidates["ضمل"] > candidates["ظلم"] > candidates["علم"]
    True
    """
    candidates: dict[str, float] = {}
    for candidate, share in _errors(word, alphabet_of(word)):
        if share > candidates.get(candidate, 0.0) and candidate != word:
            candidates[candidate] = share
    return {candidate: ERROR_RATE * share / len(word) for candidate, share in candidates.items()}


def _errors(word: str, alphabet: str) -> Iterator[tuple[str, float]]:
    """Yield candidates, each with the share of its error."""
    for i, letter in enumerate(word) if alphabet else ():
        before, after, following = word[:i], word[i + 1 :], word[i + 1 : i + 2]
        yield from ((before + omitted + word[i:], _omission(omitted, letter)) for omitted in alphabet)
        if letter not in alphabet:
            continue
        if following and following in alphabet:
            yield before + following + letter + word[i + 2 :], TRANSPOSITION
        yield before + after, _addition(letter, before[-1:], following)
        yield from ((before + right + after, _replacement(letter, right)) for right in alphabet)
    yield from ((word + omitted, _omission(omitted, word[-1])) for omitted in alphabet)


def _omission(omitted: str, beside: str) -> float:
    return OMITTED_DOUBLE if omitted == beside else OMISSION


def _addition(letter: str, before: str, following: str) -> float:
    if letter in (before, following):
        return DOUBLED_LETTER
    return ADDED_NEAR_LETTER if (letter, before) in _NEAR or (letter, following) in _NEAR else ADDED_LETTER


def _replacement(letter: str, right: str) -> float:
    pair = letter, right
    if pair in _SOUND_ALIKE:
        return LIKE_SOUND
    if pair in _LOOK_ALIKE:
        return LIKE_SHAPE
    return NEAR_LETTER if pair in _NEAR else OTHER_LETTER


def splits(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two parts of a folded word for each position of a missing space.

    >>> ("مجلس", "الامن") in splits("مجلسالامن"), ("لعام", "2006") in splits("لعام2006")
    (True, True)
    """
    if len(word) <= 2 * MAX_LENGTH and not word.isdigit():
        yield from ((word[:i], word[i:]) for i in range(MIN_PART_LENGTH, len(word) - MIN_PART_LENGTH + 1))
