"""The likelihood of words, by which spell correction tells an error from a right word that a collection lacks."""

from __future__ import annotations

import gzip

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.query.understanding.spelling.affixes import differ_in_affixes, without_affixes
from search_service.query.understanding.spelling.language import LETTERS, Language, language_of
from tools.build_letters import count_letters


@pytest.fixture(scope="module")
def language(analysis: Analysis) -> Language:
    return language_of(analysis)


@pytest.mark.parametrize(
    ("likelier", "other", "why"),
    [
        ("عقوبه", "عقوبخ", "a known word, and an error in it"),
        ("وسيقولون", "وسيقولزن", "a known word with its particles"),
        ("بمدارسهم", "بمدارسهظ", "a known word with a particle and a pronoun"),
        ("جندح", "ظجدح", "an unknown word that looks like one, and one that does not"),
        ("لشاكيرا", "لشاكيظا", "an unknown name"),
        ("السومطريه", "السومظريه", "an adjective made of a name"),
        ("نفي", "نغي", "a short known word"),
        ("ibm", "iphone", "a shorter Latin word"),
    ],
)
def test_right_words_are_likelier_than_errors(likelier: str, other: str, why: str, language: Language) -> None:
    assert language.probability(likelier) > 5 * language.probability(other), why


def test_the_likelihoods_of_common_words_are_their_shares_of_texts(language: Language) -> None:
    for word, share in {"في": 0.03, "كتاب": 2e-4, "الحكومه": 3e-4}.items():
        assert share / 30 < language.probability(word) < share * 30, word


def test_a_conjunction_at_the_beginning_of_a_query_is_less_likely(language: Language) -> None:
    assert language.probability("وضيفه", begins_query=True) < language.probability("وضيفه") / 5
    assert language.probability("وزير", begins_query=True) == language.probability("وزير"), "no conjunction"


@pytest.mark.parametrize("word", ["", "2018", "١", "слово", "كوفيد19", "م" * 50, "😀"])
def test_any_word_has_a_likelihood(word: str, language: Language) -> None:
    assert 0 <= language.probability(word) < 1


@pytest.mark.parametrize(
    ("word", "other"),
    [("لكاس", "الكاس"), ("تفشل", "يفشل"), ("وبالمدرسه", "مدرستهم"), ("لشاكيرا", "شاكيرا"), ("اسست", "اسسوا")],
)
def test_forms_of_one_word(word: str, other: str, language: Language) -> None:
    assert language.are_forms_of_one_word(word, other)
    assert language.are_forms_of_one_word(other, word)


@pytest.mark.parametrize(("word", "other"), [("الكاس", "الكان"), ("المنختب", "المنتخب"), ("iphnoe", "iphone")])
def test_errors_are_no_forms(word: str, other: str, language: Language) -> None:
    assert not language.are_forms_of_one_word(word, other)


def test_no_pronoun_follows_a_word_with_the_article() -> None:
    assert "كتاب" not in dict(without_affixes("الكتابها"))
    assert "كتاب" in dict(without_affixes("بكتابها"))
    assert not differ_in_affixes("", "كتاب")


def test_the_letters_are_those_of_the_word_forms() -> None:
    assert gzip.decompress(LETTERS.read_bytes()).decode() == count_letters(), "run `python -m tools.build_letters`"
