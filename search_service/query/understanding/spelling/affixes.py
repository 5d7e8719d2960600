"""Particles, pronouns and endings of words that no lexicon has, such as names: whether a word is a form of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from index_config.morphology import ARTICLE

PARTICLES: Mapping[str, float] = {
    "": 0.55, "ال": 0.25, "و": 0.05, "وال": 0.03, "ب": 0.03, "ل": 0.03, "بال": 0.02, "لل": 0.02,
    "ف": 0.005, "س": 0.005, "ول": 0.003, "وب": 0.003, "ك": 0.002, "فال": 0.002, "وبال": 0.002, "ولل": 0.002,
    "كال": 0.001, "وس": 0.001, "فب": 0.0005, "فل": 0.0005, "وك": 0.0003,
}  # fmt: skip
PRONOUNS: Mapping[str, float] = {
    "": 0.85, "ه": 0.04, "ها": 0.03, "هم": 0.015, "نا": 0.01, "ي": 0.005, "ك": 0.004, "ني": 0.003, "هما": 0.002,
    "كم": 0.002, "هن": 0.001, "كما": 0.0002, "كن": 0.0002,
}  # fmt: skip
"""The shares of words that begin with these particles and end with these pronouns, in news. Only the order of magnitude
matters."""

NISBA = ("ي", "يه", "يين", "يون", "يات")
NISBA_SHARE = 0.02
"""The endings of adjectives made of a noun, and the share of words that have one: السومطرية is no error if documents
have سومطرة."""

FIRST_CONJUNCTION = 0.01
"""The factor of these shares for a conjunction at the beginning of a query: it would connect nothing."""

_CONJUNCTIONS = ("و", "ف")

MIN_LENGTH = 3
"""Letters of the shortest word that is left without affixes: two letters would be part of any word."""

_FUTURE, _PERSONS = "س", "يتنا"
"""The particle of the future, and the letters that a verb begins with after it."""

_DEFINITE = (ARTICLE, "لل")
"""Particles after which a word has no pronoun."""

_ENDINGS = ("وا", "ون", "ين", "ان", "ات", "ا", "ت", "ه")
_CACHED_WORDS = 10_000


def without_affixes(word: str, begins_query: bool = False) -> Iterator[tuple[str, float]]:
    """Yield the words that a folded word can be with affixes, each with the share of words that have these affixes.

    >>> {inner for inner, _ in without_affixes("وكتابها")} >= {"كتابها", "وكتاب", "كتاب"}
    True
    """
    for inner, share in _without_particles_and_pronouns(word, FIRST_CONJUNCTION if begins_query else 1.0):
        yield inner, share
        for ending in NISBA:
            if inner.endswith(ending) and len(inner) - len(ending) >= MIN_LENGTH:
                noun = inner.removesuffix(ending)
                yield from ((noun + lost, share * NISBA_SHARE) for lost in ("", "ه", "ا", "يا"))


def _without_particles_and_pronouns(word: str, conjunction: float = 1.0) -> Iterator[tuple[str, float]]:
    """Yield words without particles and pronouns; shares with a conjunction are multiplied by `conjunction`."""
    for particles, share in PARTICLES.items():
        rest = word.removeprefix(particles)
        if not word.startswith(particles) or (particles.endswith(_FUTURE) and rest[:1] not in _PERSONS):
            continue
        particles_share = share * conjunction if particles.startswith(_CONJUNCTIONS) else share
        for pronoun, pronoun_share in PRONOUNS.items():
            inner = rest.removesuffix(pronoun)
            if not rest.endswith(pronoun) or len(inner) < MIN_LENGTH or (pronoun and particles.endswith(_DEFINITE)):
                continue
            yield inner, particles_share * pronoun_share
            if pronoun and inner.endswith("ت"):
                yield inner[:-1] + "ه", particles_share * pronoun_share


def differ_in_affixes(word: str, other: str) -> bool:
    """Return whether two folded words differ in affixes only: particles, pronouns, and endings and persons of a verb.

    >>> differ_in_affixes("لكاس", "الكاس"), differ_in_affixes("تفشل", "يفشل"), differ_in_affixes("كاس", "كان")
    (True, True, False)
    """
    return not _cores(word).isdisjoint(_cores(other))


@lru_cache(maxsize=_CACHED_WORDS)
def _cores(word: str) -> frozenset[str]:
    """Return a word, and what can be left of it without affixes."""
    cores = {word} | {inner for inner, _ in _without_particles_and_pronouns(word)}
    cores |= {core[1:] for core in cores if len(core) > MIN_LENGTH and core[0] in _PERSONS}
    for ending in _ENDINGS:
        cores |= {core.removesuffix(ending) for core in cores if len(core) - len(ending) >= MIN_LENGTH}
    return frozenset(cores)
