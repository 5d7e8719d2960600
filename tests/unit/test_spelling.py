"""Spelling candidates: the words one error away from a misspelt word."""

from __future__ import annotations

import random

import pytest

from search_service.evaluation.typos import misspell
from search_service.query.understanding.spelling.candidates import (
    ARABIC,
    LOOK_ALIKE,
    MAX_LENGTH,
    SOUND_ALIKE,
    alphabet_of,
    one_error_away,
    splits,
)


@pytest.mark.parametrize("word", ["الاقتصاد", "منتخب", "مدرسه", "wikipedia"])
def test_every_single_error_has_the_right_word_as_candidate(word: str) -> None:
    dice = random.Random(20261122)
    for _ in range(300):
        typed = misspell(word, dice)
        if alphabet_of(typed):
            assert word in one_error_away(typed), typed


def test_a_word_is_no_candidate_for_itself() -> None:
    assert "اللوز" not in one_error_away("اللوز")


@pytest.mark.parametrize(
    ("likelier", "other", "why"),
    [
        ("الحكومه", "الرحومه", "ج and ح look alike"),
    ],
)
def test_likely_errors_weigh_more(likelier: str, other: str, why: str) -> None:
    candidates = one_error_away("الجكومه")
    assert candidates.get(likelier, 0.0) >= candidates.get(other, 0.0), why


def test_a_letter_typed_twice_is_a_likelier_error_than_any_other_added_letter() -> None:
    assert one_error_away("تاسسست")["تاسست"] > one_error_away("تاسظست")["تاسست"]


def test_the_letter_beside_the_right_one_on_the_keyboard_is_likelier_than_another() -> None:
    assert one_error_away("يباغ")["يبلغ"] > one_error_away("يبذغ")["يبلغ"]
    assert one_error_away("iphobe")["iphone"] > one_error_away("iphoze")["iphone"]


def test_digits_stay_as_they_are() -> None:
    candidates = one_error_away("كوفد19")
    assert "كوفيد19" in candidates
    assert {"".join(filter(str.isdigit, candidate)) for candidate in candidates} == {"19"}


@pytest.mark.parametrize("word", ["", "من", "2018", "كتابa", "م" * (MAX_LENGTH + 1), "слово"])
def test_words_without_candidates(word: str) -> None:
    assert not one_error_away(word)


@pytest.mark.parametrize("word", ["", "من", "2018", "م" * (2 * MAX_LENGTH + 1)])
def test_words_that_are_not_split(word: str) -> None:
    assert not list(splits(word))


def test_similar_letters_are_letters_of_folded_words() -> None:
    assert set(LOOK_ALIKE + SOUND_ALIKE) - {" "} <= set(ARABIC)
