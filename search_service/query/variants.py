"""Spelling variants: the other spellings of a word, such as أميركا and أمريكا, in the forms that documents may have.

Lemmas and stems of foreign words are often those of another word, so variants match as exact words, in every form that
a word of the list can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from index_config.morphology import ARTICLE, PARTICLES

PROCLITICS = ("", *PARTICLES)
"""What can stand before a word of the list."""

ADJECTIVE = "ي"
"""The end of an adjective of origin."""

ADJECTIVE_ENDINGS = ("", "ه", "ين", "ون", "ات", "ا")
"""What can stand after an adjective of the list (أمريكية, أمريكيين). Other words are listed in each of their forms:
with endings, more of them would be other words."""


class SpellingVariants:
    """Finds the other spellings of words.

    Args:
        groups: folded words of which each is a spelling of the others.
    """

    def __init__(self, groups: Iterable[AbstractSet[str]] = ()) -> None:
        self._groups: dict[str, frozenset[str]] = {}
        for group in groups:
            bare = frozenset(map(_without_article, group))
            self._groups |= dict.fromkeys(bare, bare)

    def forms(self, word: str) -> tuple[str, ...]:
        """Return all forms of the other spellings of a folded word; none if it is not a form of a listed word.

        >>> variants = SpellingVariants([{"امريكي", "اميركي"}])
        >>> forms = variants.forms("بالامريكيه")
        >>> "الاميركيين" in forms, "اميركا" in forms, variants.forms("قمر")
        (True, False, ())
        """
        base = next(self._bases(word), "")
        others = sorted(self._groups.get(base, frozenset()) - {base})
        return tuple(
            proclitic + other + ending for other in others for proclitic in PROCLITICS for ending in _endings(other)
        )

    def _bases(self, word: str) -> Iterator[str]:
        """Yield the listed words that a word may be a form of, that with the fewest particles first."""
        for proclitic in PROCLITICS:
            if word.startswith(proclitic):
                rest = word[len(proclitic) :]
                if rest in self._groups:
                    yield rest
                for ending in ADJECTIVE_ENDINGS[1:]:
                    base = rest.removesuffix(ending)
                    if base != rest and base.endswith(ADJECTIVE) and base in self._groups:
                        yield base


def _endings(word: str) -> tuple[str, ...]:
    return ADJECTIVE_ENDINGS if word.endswith(ADJECTIVE) else ("",)


def _without_article(word: str) -> str:
    return word.removeprefix(ARTICLE)
