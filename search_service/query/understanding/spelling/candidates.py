"""Candidates for spell correction: the words that are one typing error away."""

from __future__ import annotations

from collections.abc import Iterator

ARABIC = "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي"
LATIN = "abcdefghijklmnopqrstuvwxyz"
"""The letters of folded words that can be corrected."""

SIMILAR = (
    "بتثني جحخ دذ رز سش صض طظ عغ فق",  # differ in dots only
    "ضظد ذزظ سثص تط كق هح ءاع",  # sound alike in many dialects
)

MIN_LENGTH = 4
"""Shortest word, in letters, for which every error is considered: almost every error in a shorter one makes a word."""

MIN_LENGTH_SIMILAR = 3
"""Shortest word, in letters, for which similar and swapped letters are considered."""

MAX_LENGTH = 25
"""Longest word, in letters, that can be corrected; Arabic words with all their affixes are shorter."""

MIN_PART_LENGTH = 3
"""Shortest part, in letters, of a word that is split in two, except stop words: shorter parts are words too often."""

OMISSION, TRANSPOSITION, SIMILAR_LETTER, OTHER_LETTER = 30, 10, 5, 1
"""Weights of errors: the relative likelihood of two equally frequent candidates. Typists omit about as many letters as
they replace, and swap fewer. But an omitted letter can be restored in few ways, and a replaced one in many, of which
letters that look or sound alike are likelier. The exact values matter little: with all four equal, questions in news
keep .941 of their nDCG@10 with a typing error, with these .944."""

_ALPHABETS = tuple((letters, frozenset(letters)) for letters in (ARABIC, LATIN))
_SIMILAR = {
    letter: {other for groups in SIMILAR for group in groups.split() if letter in group for other in group} - {letter}
    for letter in ARABIC
}


def alphabet_of(word: str) -> str:
    """Return the alphabet of a word, or an empty string if the word is not corrected.

    >>> alphabet_of("اقتصاد") == ARABIC, alphabet_of("2018"), alphabet_of("ماء2")
    (True, '', '')
    """
    if MIN_LENGTH_SIMILAR <= len(word) <= MAX_LENGTH:
        return next((letters for letters, alphabet in _ALPHABETS if alphabet.issuperset(word)), "")
    return ""


def one_error_away(word: str) -> Iterator[tuple[str, int]]:
    """Yield the candidates for a folded word, each with the weight of its error; candidates can repeat.

    >>> sorted(pair for pair in one_error_away("ضلم") if pair[0] in ("ظلم", "حلم", "ضمل"))
    [('ضمل', 10), ('ظلم', 5)]
    """
    letters = alphabet_of(word)
    for i in range(len(word) - 1) if letters else ():
        if word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :], TRANSPOSITION
    every_error = len(word) >= MIN_LENGTH
    for i, letter in enumerate(word) if letters else ():
        before, after = word[:i], word[i + 1 :]
        similar = _SIMILAR.get(letter, set())
        for replacement in letters if every_error else similar:
            if replacement != letter:
                yield before + replacement + after, SIMILAR_LETTER if replacement in similar else OTHER_LETTER
        if every_error:
            yield before + after, SIMILAR_LETTER if before.endswith(letter) else OTHER_LETTER
            yield from ((before + omitted + word[i:], OMISSION) for omitted in letters)
    yield from ((word + omitted, OMISSION) for omitted in letters if every_error)


def splits(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two parts of a folded word for each position of a missing space.

    >>> ("مجلس", "الامن") in splits("مجلسالامن")
    True
    """
    if alphabet_of(word):
        yield from ((word[:i], word[i:]) for i in range(2, len(word) - 1))
