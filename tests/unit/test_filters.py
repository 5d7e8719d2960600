"""Token filters on folded words: a case for each affix, and similar words that keep theirs.

The base is Lucene's ArabicStemmer; pronouns, verbs, the final hamza and numbers have rules of their own.
"""

from __future__ import annotations

import pytest

from index_config.morphology import MAX_PREFIX_LENGTH
from search_service.analysis.filters import (
    LightStemmer,
    grams,
    lower,
    prefixes,
    strip_article,
)

STEMMED = {
    "al": ("الحسن", "حسن"),
    "wal": ("والحسن", "حسن"),
    "bal": ("بالحسن", "حسن"),
    "kal": ("كالحسن", "حسن"),
    "fal": ("فالحسن", "حسن"),
    "ll": ("للاخر", "اخر"),
    "waw": ("وحسن", "حسن"),
    "ha": ("زوجها", "زوج"),
    "an": ("ساهدان", "ساهد"),
    "at": ("ساهدات", "ساهد"),
    "wn": ("ساهدون", "ساهد"),
    "yn": ("ساهدين", "ساهد"),
    "yh": ("ساهديه", "ساهد"),
    "heh": ("ساهده", "ساهد"),
    "yeh": ("ساهدي", "ساهد"),
    "a letter beyond the basic plane counts twice": ("𞸀ه", "𞸀"),
    "prefix and suffix": ("وساهدون", "ساهد"),
    "several suffixes": ("ساهدهات", "ساهد"),
    "suffixes in their order only": ("ساهديتان", "ساهدي"),
    "an ending before a pronoun of one letter": ("ساهداته", "ساهد"),
    "an ending before a longer pronoun": ("ساهداتهما", "ساهد"),
    "the ت of a feminine word before a pronoun": ("شركتهم", "شرك"),
    "the ت of a verb": ("اعلنت", "اعلن"),
    "the plural of a verb": ("اعلنوا", "اعلن"),
    "the present tense of three letters": ("يلعبون", "لعب"),
    "a preposition before a word with a pronoun": ("بسياراتهم", "سيار"),
    "an article after two particles": ("وبالمدارس", "مدارس"),
    "an article after the other two particles": ("فللمدارس", "مدارس"),
    "one prefix only": ("والوزير", "وزير"),
}
KEPT = {
    "three letters before ت": ("بيت", "بيت"),
    "a pronoun after three letters": ("مساهم", "مساهم"),
    "a preposition before three letters and a pronoun": ("كتبهم", "كتبهم"),
    "the present tense of more letters": ("يستعمل", "يستعمل"),
    "al of a short word": ("الو", "الو"),
    "al alone": ("ال", "ال"),
    "al inside": ("سالم", "سالم"),
    "waw of a short word": ("وهب", "وهب"),
    "waw of a word of two letters": ("وش", "وش"),
    "ll of a short word": ("للو", "للو"),
    "kl": ("كلمة"[:3], "كلم"),
    "sin is no prefix": ("سيكتب", "سيكتب"),
    "ha of a short word": ("بها", "بها"),
    "an of a short word": ("كان", "كان"),
    "yeh of a short word": ("في", "في"),
    "teh is no suffix": ("بيت", "بيت"),
    "alef is no suffix": ("كتابا", "كتابا"),
    "Latin": ("yahoo", "yahoo"),
    "empty": ("", ""),
}
HAMZA = {
    "final": ("شيء", "شي"),
    "with the alef of tanwin": ("مساءا", "مسا"),
    "under the article": ("العلماء", "علما"),
    "not inside": ("مساءله", "مساءل"),
    "not of two letters": ("ءا", "ءا"),
    "two letters must remain": ("ماء", "ما"),
    "not the second letter": ("جء", "جء"),
    "two letters beyond the basic plane": ("𞸀𞸁ء", "𞸀𞸁"),
    "one letter beyond the basic plane": ("𞸀ء", "𞸀ء"),
}


@pytest.mark.parametrize(("word", "stem"), STEMMED.values(), ids=STEMMED.keys())
def test_an_affix_is_removed(word: str, stem: str) -> None:
    assert LightStemmer().stem(word) == stem


@pytest.mark.parametrize(("word", "stem"), KEPT.values(), ids=KEPT.keys())
def test_a_word_is_not_stemmed(word: str, stem: str) -> None:
    assert LightStemmer().stem(word) == stem


@pytest.mark.parametrize(("word", "stem"), HAMZA.values(), ids=HAMZA.keys())
def test_the_final_hamza(word: str, stem: str) -> None:
    assert LightStemmer().stem(word) == stem


def test_a_protected_word_has_its_given_stem() -> None:
    stemmer = LightStemmer({"ولايات": "ولايه", "مساءا": "مساءا"})
    assert [stemmer.stem(word) for word in ("ولايات", "مساءا", "الولايات")] == ["ولايه", "مساءا", "ولا"]


@pytest.mark.parametrize(
    ("word", "lowered"),
    [
        pytest.param("BREXIT", "brexit", id="ASCII"),
        pytest.param("Ångström", "ångström", id="Latin"),
        pytest.param("МОСКВА", "москва", id="Cyrillic"),
        pytest.param("İZMİR", "izmir", id="dotted capital I is one plain letter"),
        pytest.param("ISPARTA", "isparta", id="capital I has its dot"),
        pytest.param("ΟΔΟΣ", "οδοσ", id="final sigma is a sigma"),
        pytest.param("οδος", "οδος", id="a written final sigma stays"),
        pytest.param("STRAẞE", "straße", id="sharp s"),
        pytest.param("شركهOpenAI", "شركهopenai", id="mixed"),
        pytest.param("𐐀", "𐐨", id="beyond the basic plane"),
    ],
)
def test_a_word_is_lowercased_letter_by_letter(word: str, lowered: str) -> None:
    assert lower(word) == lowered


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("كتاب", ["_كتا", "كتاب", "تاب_"], id="four letters"),
        pytest.param("من", ["_من_"], id="two letters make one"),
        pytest.param("و", ["_و__"], id="one letter is padded to one"),
        pytest.param("مصر", ["_مصر", "مصر_"], id="three letters make two"),
    ],
)
def test_grams_of_a_word(word: str, expected: list[str]) -> None:
    assert grams(word) == expected


def test_prefixes_begin_at_the_first_letter() -> None:
    assert prefixes("مصر") == ["م", "مص", "مصر"]


def test_prefixes_end_at_a_length() -> None:
    assert prefixes("م" * 50) == ["م" * length for length in range(1, MAX_PREFIX_LENGTH + 1)]


@pytest.mark.parametrize(
    ("word", "rest"),
    [("المدرسه", "مدرسه"), ("مدرسه", "مدرسه"), ("ال", "ال"), ("الا", "ا"), ("والمدرسه", "والمدرسه"), ("", "")],
)
def test_strip_article_removes_an_initial_al(word: str, rest: str) -> None:
    assert strip_article(word) == rest
