"""What may have been meant by a mistyped word."""

from __future__ import annotations

import random

import pytest

from search_service.evaluation.typos import misspell
from search_service.query.understanding.spelling.candidates import (
    ALIKE,
    ARABIC,
    LONGEST,
    alphabet_of,
    one_error_away,
    parted,
)


@pytest.mark.parametrize("word", ["الاقتصاد", "منتخب", "مدرسه", "wikipedia"])
def test_every_single_error_is_undone(word: str) -> None:
    dice = random.Random(20261122)
    for _ in range(300):
        typed = misspell(word, dice)
        if alphabet_of(typed):
            assert word in dict(one_error_away(typed)), typed


def test_a_word_is_never_taken_for_itself() -> None:
    assert all(meant != "اللوز" for meant, _ in one_error_away("اللوز"))


def test_short_words_are_taken_for_similar_ones_only() -> None:
    meant = {form for form, _ in one_error_away("ضلم")}
    assert {"ظلم", "صلم", "لضم"} <= meant
    assert not {"علم", "ضلمه", "ضم"} & meant


@pytest.mark.parametrize("word", ["", "من", "2018", "covid19", "كتابA", "م" * (LONGEST + 1), "слово"])
def test_errors_are_not_looked_for_in(word: str) -> None:
    assert not list(one_error_away(word))
    assert not list(parted(word))


def test_letters_that_are_alike_are_letters_of_folded_words() -> None:
    assert set("".join(ALIKE)) - {" "} <= set(ARABIC)
