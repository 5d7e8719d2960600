"""Spelling candidates: the words one error away from a misspelt word."""

from __future__ import annotations

import random

import pytest

from search_service.evaluation.typos import misspell
from search_service.query.understanding.spelling.candidates import (
    ARABIC,
    MAX_LENGTH,
    SIMILAR,
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
            assert word in dict(one_error_away(typed)), typed


def test_a_word_is_no_candidate_for_itself() -> None:
    assert all(candidate != "اللوز" for candidate, _ in one_error_away("اللوز"))


def test_short_words_have_similar_candidates_only() -> None:
    candidates = {word for word, _ in one_error_away("ضلم")}
    assert {"ظلم", "صلم", "لضم"} <= candidates
    assert not {"علم", "ضلمه", "ضم"} & candidates


@pytest.mark.parametrize("word", ["", "من", "2018", "covid19", "كتابA", "م" * (MAX_LENGTH + 1), "слово"])
def test_words_without_candidates(word: str) -> None:
    assert not list(one_error_away(word))
    assert not list(splits(word))


def test_similar_letters_are_letters_of_folded_words() -> None:
    assert set("".join(SIMILAR)) - {" "} <= set(ARABIC)
