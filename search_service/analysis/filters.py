"""Token filters: from a folded word to the terms that are indexed and searched."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index_config.morphology import (
    ARTICLE,
    FINAL_HAMZA,
    FURTHER_PREFIX,
    FURTHER_SUFFIX,
    GRAM_EDGE,
    GRAM_LENGTH,
    MAX_PREFIX_LENGTH,
)

STEM_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
STEM_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
"""The affixes of light10 (Larkey, Ballesteros, Connell 2007) in Lucene's order, in folded spelling."""

_PREFIX_LETTERS = frozenset("اوبكفل")
_SUFFIX_ENDS = frozenset("انتهي")
_FURTHER_STARTS = frozenset("فبكلي")
_FURTHER_ENDS = frozenset("اتمن")
_FURTHER_PREFIX = re.compile(FURTHER_PREFIX)
_FURTHER_SUFFIX = re.compile(FURTHER_SUFFIX)
_FINAL_HAMZA = re.compile(FINAL_HAMZA)


def lower(word: str) -> str:
    """Return a word lower-cased letter by letter, as Java does: İ becomes a plain i, and a final sigma is not special.

    >>> lower("Brexit")
    'brexit'
    """
    # Of all letters, only a sigma depends on its neighbours, and only this I becomes two characters.
    if "Σ" in word or "İ" in word:
        return "".join(character.lower()[0] for character in word)
    return word.lower()


class LightStemmer:
    """Lucene's light10 stemmer for folded words, with additions.

    - It removes a final hamza and the alef that often follows it: شيء and شئ get one stem, مساءا and مساء, too.
    - It removes affixes that light10 leaves: `FURTHER_PREFIX` and `FURTHER_SUFFIX`.

    Args:
        protected: folded words that the stemmer does not change by rule, with their stems.
    """

    def __init__(self, protected: Mapping[str, str] | None = None) -> None:
        self._protected = protected or {}

    def stem(self, word: str) -> str:
        """Return the stem of a folded word.

        >>> [LightStemmer().stem(word) for word in ("والمدرسه", "بسياراتهم", "شيء", "ال")]
        ['مدرس', 'سيار', 'شي', 'ال']
        """
        if known := self._protected.get(word):
            return known
        stem = _strip_suffixes(_strip_prefix(word))
        if "ء" in stem:
            stem = _FINAL_HAMZA.sub(r"\1", stem)
        if stem[:1] in _FURTHER_STARTS:
            stem = _FURTHER_PREFIX.sub("", stem)
        return _FURTHER_SUFFIX.sub(r"\1\2", stem) if stem[-1:] in _FURTHER_ENDS else stem


def _strip_prefix(word: str) -> str:
    if word[:1] not in _PREFIX_LETTERS:
        return word
    for prefix in STEM_PREFIXES:
        # At least two letters must remain, three after a lone و.
        if word.startswith(prefix) and _reaches(word, 4 if len(prefix) == 1 else len(prefix) + 2):
            return word[len(prefix) :]
    return word


def _strip_suffixes(word: str) -> str:
    if word[-1:] not in _SUFFIX_ENDS:
        return word
    for suffix in STEM_SUFFIXES:
        if word.endswith(suffix) and _reaches(word, len(suffix) + 2):
            word = word[: -len(suffix)]
    return word


def _reaches(word: str, length: int) -> bool:
    """Whether a word has at least this length in UTF-16 units, which Lucene counts."""
    return len(word) >= length or len(word.encode("utf-16-le")) >= 2 * length


def grams(word: str) -> list[str]:
    """Return the character n-grams of a folded word with edge marks; a word of one letter is padded to one gram.

    >>> grams("كتاب")
    ['_كتا', 'كتاب', 'تاب_']
    >>> grams("في")
    ['_في_']
    >>> grams("و")
    ['_و__']
    """
    edged = f"{GRAM_EDGE}{word}{GRAM_EDGE}".ljust(GRAM_LENGTH, GRAM_EDGE)
    return [edged[start : start + GRAM_LENGTH] for start in range(len(edged) - GRAM_LENGTH + 1)]


def strip_article(word: str) -> str:
    """Return a word without a leading ال, so that مدر completes المدرسة and المدر completes مدرسة.

    >>> [strip_article(word) for word in ("المدرسه", "مدرسه", "ال")]
    ['مدرسه', 'مدرسه', 'ال']
    """
    return word[len(ARTICLE) :] if word.startswith(ARTICLE) and word != ARTICLE else word


def prefixes(word: str) -> list[str]:
    """Return the prefixes of a folded word, up to `MAX_PREFIX_LENGTH` letters.

    >>> prefixes("كتاب")
    ['ك', 'كت', 'كتا', 'كتاب']
    """
    return [word[:length] for length in range(1, min(len(word), MAX_PREFIX_LENGTH) + 1)]
