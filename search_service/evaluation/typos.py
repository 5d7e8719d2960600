"""Adds one random typing error to each query, to measure how much quality a search loses by it."""

from __future__ import annotations

import random
from dataclasses import replace

from search_service.evaluation.judgments import Judgments

MIN_WORD_LENGTH = 4
"""Letters. In a shorter word, an error more often gives another real word than a misspelling."""

ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة"


def add_typos(judgments: Judgments, seed: int) -> Judgments:
    """Return the queries with one error each; the same seed gives the same errors."""
    rng = random.Random(seed)
    return replace(judgments, queries=[replace(one, text=misspell(one.text, rng)) for one in judgments.queries])


def misspell(text: str, rng: random.Random) -> str:
    """Return a text with one wrong, missing, added or swapped letter; unchanged if all words are short.

    >>> misspell("ارتفاع أسعار النفط", random.Random(1))
    'ارتفحاع أسعار النفط'
    """
    words = text.split()
    positions = [position for position, word in enumerate(words) if len(word) >= MIN_WORD_LENGTH and word.isalpha()]
    if positions:
        position = rng.choice(positions)
        words[position] = _misspell_word(words[position], rng)
    return " ".join(words)


def _misspell_word(word: str, rng: random.Random) -> str:
    position = rng.randrange(len(word) - 1)
    before, letter, following, rest = word[:position], word[position], word[position + 1], word[position + 2 :]
    other = rng.choice([one for one in ALPHABET if one != letter])
    return before + rng.choice((other + following, following, other + letter + following, following + letter)) + rest
