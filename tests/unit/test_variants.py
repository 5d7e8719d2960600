"""The list of spelling variants, and the forms of the words of a group."""

from __future__ import annotations

from collections import Counter

import pytest

from index_config.table import load_table
from index_config.word_lists import SPELLING_VARIANTS, load_expansions
from search_service.query.variants import SpellingVariants

TABLE = load_table()
GROUPS = [{word.removeprefix("ال") for word in group} for group in load_expansions(SPELLING_VARIANTS, TABLE)]


def test_each_group_has_several_spellings_that_differ_when_folded() -> None:
    assert len(GROUPS) > 300
    assert [group for group in GROUPS if len(group) < 2] == []


def test_no_word_is_in_two_groups() -> None:
    assert [word for word, groups in Counter(word for group in GROUPS for word in group).items() if groups > 1] == []


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("غوغل", "جوجل"),
        ("وبغوغل", "لقوقل"),
        ("الاميركيه", "امريكيين"),
        ("الرحمن", "الرحمان"),
        ("سموات", "والسماوات"),
    ],
)
def test_forms_of_the_other_spellings(word: str, form: str) -> None:
    forms = SpellingVariants(GROUPS).forms(word)
    assert form in forms
    assert word not in forms


@pytest.mark.parametrize("word", ["قمر", "", "و", "ال", "غوغلها", "غرامه"])
def test_other_words_have_none(word: str) -> None:
    assert SpellingVariants(GROUPS).forms(word) == ()
