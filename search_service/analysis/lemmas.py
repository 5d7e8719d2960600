"""Lemmas: the dictionary words that a form belongs to. Two words match if they share one.

A word is split into particles, a form of the lexicon (`index_config.word_forms`) and a pronoun, in every way that is
grammatical: وبسياراتهم is و, ب, سيارات, هم. Each split has a weight: that of the form times those of the particles and
the pronoun. The word belongs to every lemma that has a fair share of the weight. A word without a split is unknown: it
gets its light stem in place of a lemma.

Names are an exception: the lexicon reads many as forms of another word, طالبان as "two students". The words of a list
of names have a term of their own besides. It is the only one in a query for them, so that they match only themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from index_config.word_forms import SCALE, UNIT, load_word_forms

NOUN, VERB, PARTICLE, NAME = "", "/v", "/p", "/n"
"""What follows a lemma in its term: كتب/v is the verb that كتاب does not belong to, صور/n the town."""

UNKNOWN = "~"
"""Precedes the light stem of an unknown word in its term."""

MIN_SHARE = 0.3
"""Share of the weight of a word that a lemma needs. Precision and recall on gold lemmas are .825 and .945 with .2, .842
and .939 with .3, .861 and .920 with .5 (ADR 17)."""

INFLECTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    NOUN: (
        ("تان", "ه"), ("تين", "ه"), ("تا", "ه"), ("تي", "ه"), ("ات", "ه"),
        ("ات", ""), ("ان", ""), ("ين", ""), ("ون", ""), ("ا", ""),
    ),
    VERB: (
        ("تما", ""), ("تم", ""), ("تن", ""), ("تا", ""), ("نا", ""), ("ان", ""), ("ون", ""), ("ين", ""), ("وا", ""),
        ("ن", ""), ("ت", ""), ("ا", ""),
    ),
}  # fmt: skip
"""Regular endings, and what they replace, of forms that the lexicon does not list: duals and plurals, persons of verbs.
They are tried only for unknown words (سيارتين, يبحثن), so a listed form is never read as another one."""

MISPLACED_HAMZA_WEIGHT = 0.01
"""Weight of a final ي read as يء, relative to the word as it is: شئ is folded to شي, and is written for شيء."""

MIN_FORM_LENGTH = 2
"""Letters of the shortest form that is left after particles and pronouns are split off."""


Reading = tuple[str, str, float]
"""A lemma that a form belongs to, its class, and how common the form is as this word. A plain tuple: the garbage
collector leaves those alone, and reading them is faster."""


_CONJUNCTIONS = {"": 1.0, "و": 0.08, "ف": 0.006}
_PREPOSITIONS = {"": 1.0, "ب": 0.06, "ك": 0.004, "ل": 0.06}
_VERB_PARTICLES = {"": 1.0, "س": 0.03, "ل": 0.06}
_ARTICLE, _ARTICLE_WEIGHT = "ال", 0.5
_TO_THE, _TO_THE_WEIGHT = "لل", 0.05

PRONOUNS: Mapping[str, float] = {
    "ه": 0.05, "ها": 0.05, "هم": 0.02, "هما": 0.003, "هن": 0.002, "ي": 0.01, "ني": 0.01, "نا": 0.015, "ك": 0.003,
    "كم": 0.003, "كما": 0.001, "كن": 0.0005,
}  # fmt: skip
"""The pronouns after a word, with the weight of each. The weights of particles and pronouns are estimates of their
frequency in news; without them the precision on gold lemmas is .79 instead of .84 (ADR 17)."""


def _proclitics() -> dict[str, dict[str, float]]:
    """Return the proclitics, each with its weight by the class of the words after it."""
    found: dict[str, dict[str, float]] = {}
    for conjunction, weight in _CONJUNCTIONS.items():
        for preposition, factor in _PREPOSITIONS.items():
            before = weight * factor
            found[conjunction + preposition] = {NOUN: before, PARTICLE: before}
            if preposition != "ل":
                found[conjunction + preposition + _ARTICLE] = {NOUN: before * _ARTICLE_WEIGHT}
        found[conjunction + _TO_THE] = {NOUN: weight * _TO_THE_WEIGHT}
        for particle, factor in _VERB_PARTICLES.items():
            found.setdefault(conjunction + particle, {})[VERB] = weight * factor
    return found


PROCLITICS = _proclitics()
"""Letters before a word: conjunction, preposition or future particle, and article. The weight of each is relative to a
word that begins with these letters."""

_DEFINITE = frozenset(letters for letters in PROCLITICS if letters.endswith((_ARTICLE, _TO_THE)))
"""The proclitics that end with the article, so that no pronoun follows the word."""

_Split = tuple[str, Mapping[str, float], bool]
"""A word without the proclitics that it may begin with: what is left, the weights of the proclitics by the class of the
words after them, and whether they are definite."""


class Lemmatizer:
    """Returns the lemmas of folded words.

    Args:
        stem: returns the light stem of a folded word.
        forms: the readings of each folded form, `lemma:weight`; by default those of `index_config.word_forms`, loaded
            when the first word is looked up.
        names: folded words that are names.
    """

    def __init__(
        self,
        stem: Callable[[str], str],
        forms: Mapping[str, str] | None = None,
        names: AbstractSet[str] = frozenset(),
    ) -> None:
        self._stem = stem
        self._names = names
        if forms is not None:
            self._forms = forms
        self._parsed: dict[str, tuple[Reading, ...]] = {}

    @cached_property
    def _forms(self) -> Mapping[str, str]:
        return load_word_forms()

    def index_terms(self, word: str) -> tuple[str, ...]:
        """Return the terms of a folded word in a document: its lemmas, and itself if it is a name.

        >>> Lemmatizer(lambda word: word, names={"طالبان"}).index_terms("لطالبان")
        ('طالب', 'طالبان/n')
        """
        splits = _splits(word)
        terms, name = self._terms(word, splits), self._name(word, splits)
        return (*terms, name + NAME) if name else terms

    def terms(self, word: str) -> tuple[str, ...]:
        """Return the lemmas of a folded word, the likeliest first; its stem after `UNKNOWN` if it has none.

        >>> lemmatizer = Lemmatizer(lambda word: word)
        >>> lemmatizer.terms("وسيقولون"), lemmatizer.terms("بمدارسهم"), lemmatizer.terms("زغطيط")
        (('قال/v',), ('مدرسه',), ('~زغطيط',))
        """
        return self._terms(word, _splits(word))

    def _terms(self, word: str, splits: Sequence[_Split]) -> tuple[str, ...]:
        weights = self._weights(splits)
        if len(weights) <= 1:
            return tuple(weights) or (UNKNOWN + self._stem(word),)
        least = MIN_SHARE * sum(weights.values())
        found = sorted([(-weight, lemma) for lemma, weight in weights.items() if weight >= least])
        return tuple([lemma for _, lemma in found]) or (UNKNOWN + self._stem(word),)

    def parts(self, lemma: str) -> Iterator[str]:
        """Yield parts of folded words, one of which is in every word that has a lemma among its terms."""
        if lemma.startswith(UNKNOWN):
            yield lemma[len(UNKNOWN) :]
        elif lemma.endswith(NAME):
            yield lemma[: -len(NAME)].removeprefix(_ARTICLE)
        else:
            for form in self._forms_of.get(lemma, ()):
                # Before a pronoun or an ending, these letters change or are left out.
                yield form[:-1] if len(form) > 1 and form[-1] in "هايءو" else form

    @cached_property
    def _forms_of(self) -> Mapping[str, Sequence[str]]:
        by_lemma: dict[str, list[str]] = {}
        for form, readings in self._forms.items():
            for reading in readings.split(" "):
                by_lemma.setdefault(reading.rpartition(":")[0], []).append(form)
        return by_lemma

    def name(self, word: str) -> str:
        """Return the name in a folded word, which may have particles before it; empty if there is none."""
        return self._name(word, _splits(word))

    def _name(self, word: str, splits: Sequence[_Split]) -> str:
        if word in self._names:
            return word
        for rest, _, definite in splits:
            name = _ARTICLE + rest if definite else rest
            if name in self._names and (definite or word not in self._forms):
                return name  # but لغات is a word, not the town of غات
        return ""

    def weight(self, word: str) -> float:
        """Return how common a folded word is in all of its readings; 0 for an unknown word."""
        return sum(self.weights(word).values())

    def form_weight(self, form: str) -> float:
        """Return how common a folded form is as it stands, with nothing split off."""
        return sum(weight for _, _, weight in self._readings(form))

    def weights(self, word: str) -> dict[str, float]:
        """Return the weight of each lemma that a folded word can belong to."""
        return self._weights(_splits(word))

    def _weights(self, splits: Sequence[_Split]) -> dict[str, float]:
        # No generators and few calls: making the terms of documents spends a fifth of its time here.
        weights: dict[str, float] = {}
        for rest, by_class, definite in splits:
            for lemma, word_class, weight in self._readings(rest):
                if word_class in by_class:
                    total = weight * by_class[word_class]
                    if total > weights.get(lemma, 0.0):
                        weights[lemma] = total
            if rest[-1:] in _PRONOUN_LENGTHS:
                for form, pronoun, factor in self._changed_forms(rest, definite):
                    for lemma, word_class, weight in self._readings(form):
                        if word_class in by_class and (pronoun, word_class) not in IMPOSSIBLE:
                            total = weight * factor * by_class[word_class]
                            if total > weights.get(lemma, 0.0):
                                weights[lemma] = total
        return weights or self._weights_of_inflected(splits)

    def _weights_of_inflected(self, splits: Sequence[_Split]) -> dict[str, float]:
        """Return the weight of each lemma that an unknown word is a regular inflection of."""
        weights: dict[str, float] = {}
        for rest, by_class, _ in splits:
            for length in _ENDING_LENGTHS.get(rest[-1:], ()):
                for ending_class, replaced in ENDINGS.get(rest[-length:], ()):
                    form = rest[:-length] + replaced
                    if len(form) <= MIN_FORM_LENGTH or ending_class not in by_class:
                        continue
                    for lemma, word_class, weight in self._readings(form):
                        if word_class == ending_class:
                            weights[lemma] = max(weights.get(lemma, 0.0), weight * by_class[word_class])
        return weights

    def _changed_forms(self, rest: str, definite: bool) -> list[tuple[str, str, float]]:
        """Return other forms of the lexicon that may be written so, each with its pronoun and the weight of that."""
        found: list[tuple[str, str, float]] = []
        forms = self._forms
        if rest[-1] == "ي" and rest + "ء" in forms:
            found.append((rest + "ء", "", MISPLACED_HAMZA_WEIGHT))
        if definite:
            return found
        for length in _PRONOUN_LENGTHS[rest[-1]]:
            pronoun = rest[-length:]
            if length <= len(rest) - MIN_FORM_LENGTH and pronoun in PRONOUNS:
                for form in _before_pronoun(rest[:-length]):
                    if form in forms:
                        found.append((form, pronoun, PRONOUNS[pronoun]))
        return found

    def _readings(self, form: str) -> tuple[Reading, ...]:
        """Return the readings of a form; none if the lexicon lacks it."""
        parsed = self._parsed.get(form)
        if parsed is None:
            readings = self._forms.get(form)
            if readings is None:
                return ()
            parsed = self._parsed[form] = tuple(map(_reading, readings.split(" ")))
        return parsed


def _reading(text: str) -> Reading:
    lemma, _, exponent = text.rpartition(":")
    word_class = lemma[-2:] if lemma[-2:] in (VERB, PARTICLE) else NOUN
    return lemma, word_class, 2 ** (int(exponent) / SCALE) * UNIT


def _splits(word: str) -> list[_Split]:
    """Return the ways to take the proclitics off a word, first the one without any."""
    splits: list[_Split] = [(word, PROCLITICS[""], False)]
    for length in _PROCLITIC_LENGTHS.get(word[:1], ()):
        letters = word[:length]
        if length <= len(word) - MIN_FORM_LENGTH and letters in PROCLITICS:
            splits.append((word[length:], PROCLITICS[letters], letters in _DEFINITE))
    return splits


def _lengths_by(position: int, texts: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return the lengths of texts, in order, by their first or last letter: most words have none of them."""
    lengths: dict[str, set[int]] = {}
    for text in filter(None, texts):
        lengths.setdefault(text[position], set()).add(len(text))
    return {letter: tuple(sorted(found)) for letter, found in lengths.items()}


_PROCLITIC_LENGTHS = _lengths_by(0, PROCLITICS)
_PRONOUN_LENGTHS = _lengths_by(-1, PRONOUNS)


def _endings() -> dict[str, list[tuple[str, str]]]:
    by_ending: dict[str, list[tuple[str, str]]] = {}
    for word_class, endings in INFLECTIONS.items():
        for ending, replaced in endings:
            by_ending.setdefault(ending, []).append((word_class, replaced))
    return by_ending


ENDINGS = _endings()
_ENDING_LENGTHS = _lengths_by(-1, ENDINGS)

IMPOSSIBLE = frozenset({("ي", VERB), ("ني", NOUN)})
"""Pronouns that do not follow a class."""


def _before_pronoun(part: str) -> Sequence[str]:
    """Return the forms that may be written so before a pronoun: a final ة, ى, ء and وا change.

    >>> _before_pronoun("مدرست"), _before_pronoun("اصدقاو")
    (('مدرست', 'مدرسه'), ('اصدقاو', 'اصدقاء', 'اصدقاوا'))
    """
    match part[-1]:
        case "ت":
            return part, part[:-1] + "ه"
        case "ا":
            return part, part[:-1] + "ي"
        case "و" | "ي" as last:
            hamza = (part[:-1] + "ء",) if part[-2:-1] == "ا" else ()
            return (part, *hamza, part + "ا") if last == "و" else (part, *hamza)
    return (part,)
