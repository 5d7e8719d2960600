"""Typing errors in queries, the same for the same seed: how much does a search lose by them?"""

from __future__ import annotations

import random
from dataclasses import replace

from search_service.evaluation.judgments import Judgments

SHORTEST = 4
"""Letters of a word that an error is made in: a shorter one becomes another word more often than a wrong one."""

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة"


def with_typos(judgments: Judgments, seed: int) -> Judgments:
    """Return the same queries, each with one error in one of its words."""
    dice = random.Random(seed)
    return replace(judgments, queries=[replace(one, text=misspelt(one.text, dice)) for one in judgments.queries])


def misspelt(text: str, dice: random.Random) -> str:
    """Return a text with a letter of one word wrong, missing, added or swapped with the next; a short one as it is.

    >>> misspelt("ارتفاع أسعار النفط", random.Random(1))
    'ارتفحاع أسعار النفط'
    """
    words = text.split()
    places = [place for place, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    if places:
        place = dice.choice(places)
        words[place] = _wrong(words[place], dice)
    return " ".join(words)


def _wrong(word: str, dice: random.Random) -> str:
    place = dice.randrange(len(word) - 1)
    before, letter, following, behind = word[:place], word[place], word[place + 1], word[place + 2 :]
    other = dice.choice([one for one in LETTERS if one != letter])
    return before + dice.choice((other + following, following, other + letter + following, following + letter)) + behind
