"""Lemmas: the dictionary words that a form belongs to. Two words match if they share one.

A word is split into particles, a form of the lexicon (`index_config.word_forms`) and a pronoun, in every way that is
grammatical: وبسياراتهم is و, ب, سيارات, هم. Each split has a weight: that of the form times those of the particles and
the pronoun. The word belongs to every lemma that has a fair share of the weight. A word without a split is unknown: it
gets its light stem in place of a lemma.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from index_config.word_forms import SCALE, UNIT

NOUN, VERB, PARTICLE = "", "/v", "/p"
"""What follows a lemma in its term: كتب/v is the verb that كتاب does not belong to."""

UNKNOWN = "~"
"""Precedes the light stem of an unknown word in its term."""

MIN_SHARE = 0.3
"""Share of the weight of a word that a lemma needs. Precision and recall on gold lemmas are .825 and .945 with .2, .842
and .939 with .3, .861 and .920 with .5 (ADR 17)."""

MIN_FORM_LENGTH = 2
"""Letters of the shortest form that is left after particles and pronouns are split off."""


class Proclitic(NamedTuple):
    """Letters before a word: conjunction, preposition or future particle, and article.

    Attributes:
        weight: how likely they are, relative to a word that begins with these letters.
        word_class: the class of the words that they stand before.
        definite: whether they end with the article, so that no pronoun follows.
    """

    letters: str
    weight: float
    word_class: str
    definite: bool = False


_CONJUNCTIONS = {"": 1.0, "و": 0.08, "ف": 0.006}
_PREPOSITIONS = {"": 1.0, "ب": 0.06, "ك": 0.004, "ل": 0.06}
_VERB_PARTICLES = {"": 1.0, "س": 0.03, "ل": 0.06}
_ARTICLE, _ARTICLE_WEIGHT = "ال", 0.5
_TO_THE, _TO_THE_WEIGHT = "لل", 0.05

PRONOUNS: Mapping[str, float] = {
    "ه": 0.05, "ها": 0.05, "هم": 0.02, "هما": 0.003, "هن": 0.002, "ي": 0.01, "ني": 0.01, "نا": 0.015, "ك": 0.003,
    "كم": 0.003, "كما": 0.001, "كن": 0.0005,
}  # fmt: skip
"""The pronouns behind a word, with the weight of each. The weights of particles and pronouns are estimates of their
frequency in news; without them the precision on gold lemmas is .79 instead of .84 (ADR 17)."""


def _proclitics() -> Iterator[Proclitic]:
    for conjunction, weight in _CONJUNCTIONS.items():
        for preposition, factor in _PREPOSITIONS.items():
            letters = conjunction + preposition
            yield Proclitic(letters, weight * factor, NOUN)
            yield Proclitic(letters, weight * factor, PARTICLE)
            if preposition != "ل":
                yield Proclitic(letters + _ARTICLE, weight * factor * _ARTICLE_WEIGHT, NOUN, definite=True)
        yield Proclitic(conjunction + _TO_THE, weight * _TO_THE_WEIGHT, NOUN, definite=True)
        for particle, factor in _VERB_PARTICLES.items():
            yield Proclitic(conjunction + particle, weight * factor, VERB)


PROCLITICS = tuple(_proclitics())


class Lemmatizer:
    """Returns the lemmas of folded words.

    Args:
        stem: returns the light stem of a folded word.
        forms: the readings of each folded form, `lemma:weight` (`index_config.word_forms`).
    """

    def __init__(self, stem: Callable[[str], str], forms: Mapping[str, str]) -> None:
        self._stem = stem
        self._forms = forms
        by_letters: dict[str, list[Proclitic]] = {}
        for proclitic in PROCLITICS:
            by_letters.setdefault(proclitic.letters, []).append(proclitic)
        self._proclitics = by_letters
        self._weights = [2 ** (exponent / SCALE) * UNIT for exponent in range(400)]

    def terms(self, word: str) -> tuple[str, ...]:
        """Return the lemmas of a folded word, the likeliest first; its stem behind `UNKNOWN` if it has none.

        >>> from index_config.word_forms import load_word_forms
        >>> lemmatizer = Lemmatizer(lambda word: word, load_word_forms())
        >>> lemmatizer.terms("وسيقولون"), lemmatizer.terms("بمدارسهم"), lemmatizer.terms("زغطيط")
        (('قال/v',), ('مدرسه',), ('~زغطيط',))
        """
        weights = self.weights(word)
        least = MIN_SHARE * sum(weights.values())
        found = sorted((-weight, lemma) for lemma, weight in weights.items() if weight >= least)
        return tuple(lemma for _, lemma in found) or (UNKNOWN + self._stem(word),)

    def is_known(self, word: str) -> bool:
        """Whether a folded word is in the lexicon, with or without particles and a pronoun."""
        return any(True for _ in self._splits(word))

    def weight(self, word: str) -> float:
        """Return how common a folded word is in all of its readings; 0 for an unknown word."""
        return sum(self.weights(word).values())

    def weights(self, word: str) -> dict[str, float]:
        """Return the weight of each lemma that a folded word can belong to."""
        weights: dict[str, float] = {}
        for form, factor, word_class in self._splits(word):
            for reading in self._forms[form].split(" "):
                lemma, _, exponent = reading.rpartition(":")
                if _word_class(lemma) == word_class:
                    weight = factor * self._weights[int(exponent)]
                    if weight > weights.get(lemma, 0.0):
                        weights[lemma] = weight
        return weights

    def _splits(self, word: str) -> Iterator[tuple[str, float, str]]:
        """Yield the forms of the lexicon in a word, each with the weight of what is split off, and its class."""
        for length in range(min(MAX_PROCLITIC_LENGTH, len(word) - MIN_FORM_LENGTH) + 1):
            proclitics = self._proclitics.get(word[:length])
            if not proclitics:
                continue
            rest = word[length:]
            known = rest in self._forms
            with_pronoun = list(self._pronoun_splits(rest))
            for proclitic in proclitics:
                if known:
                    yield rest, proclitic.weight, proclitic.word_class
                if not proclitic.definite:
                    for form, pronoun, weight in with_pronoun:
                        if (pronoun, proclitic.word_class) not in IMPOSSIBLE:
                            yield form, proclitic.weight * weight, proclitic.word_class

    def _pronoun_splits(self, word: str) -> Iterator[tuple[str, str, float]]:
        for length in range(1, min(MAX_PRONOUN_LENGTH, len(word) - MIN_FORM_LENGTH) + 1):
            pronoun = word[-length:]
            if weight := PRONOUNS.get(pronoun):
                for form in _before_pronoun(word[:-length]):
                    if form in self._forms:
                        yield form, pronoun, weight


MAX_PROCLITIC_LENGTH = max(len(one.letters) for one in PROCLITICS)
MAX_PRONOUN_LENGTH = max(map(len, PRONOUNS))

IMPOSSIBLE = frozenset({("ي", VERB), ("ني", NOUN)})
"""Pronouns that do not follow a class."""


def _before_pronoun(part: str) -> Iterator[str]:
    """Yield the forms that may be written so before a pronoun: a final ة, ى, ء and وا change.

    >>> list(_before_pronoun("مدرست")), list(_before_pronoun("اصدقاو"))
    (['مدرست', 'مدرسه'], ['اصدقاو', 'اصدقاء', 'اصدقاوا'])
    """
    yield part
    last = part[-1]
    if last == "ت":
        yield part[:-1] + "ه"
    elif last == "ا":
        yield part[:-1] + "ي"
    elif last in "وي" and part[-2:-1] == "ا":
        yield part[:-1] + "ء"
    if last == "و":
        yield part + "ا"


def _word_class(lemma: str) -> str:
    return lemma[-2:] if lemma[-2:] in (VERB, PARTICLE) else NOUN
