"""Folding of texts, and the offsets of folded characters in the original."""

from __future__ import annotations

import pytest

from index_config.table import load_table
from search_service.analysis.charfilter import CharFilter


@pytest.fixture(scope="module")
def folding() -> CharFilter:
    return CharFilter(load_table().mapping)


TEXTS = {
    "empty": "",
    "nothing to fold": "كتاب جديد 2015",
    "common letters alone": "أإآةىئؤ",
    "vocalised": "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ",
    "rare letters": "ڤيينا و گراج",
    "digits and signs": "٣٫١٤ و١٬٠٠٠ ﷺ",
    "emoji": "أهلًا 👩🏽‍💻 ❤️",
    "Latin accents": "Côte d’Azur",
    "lam-alef ligature": "ﻷنه",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_three_folding_methods_agree(folding: CharFilter, text: str) -> None:
    folded, _ = folding.fold_with_offsets(text)
    assert folding.fold(text) == folding.fold_short(text) == folded


@pytest.mark.parametrize(
    ("text", "folded", "starts"),
    [
        pytest.param("", "", [0], id="empty"),
        pytest.param("من", "من", [0, 1, 2], id="nothing to fold"),
        pytest.param("مِنْ", "من", [0, 2, 4], id="trailing marks belong to their word"),
        pytest.param("\u202bمن\u202c", "من", [1, 2, 4], id="leading invisible characters do not"),
        pytest.param("مَ نَ", "م ن", [0, 2, 3, 5], id="marks before a space belong to the letter"),
        pytest.param("\u064b\u064c", "", [2], id="nothing but marks"),
        pytest.param("ﻻم", "لام", [0, 0, 1, 2], id="both letters of a ligature map to it"),
        pytest.param("دﷻ", "د جل جلاله ", [0, *[1] * 10, 2], id="a phrase sign becomes its words"),
        pytest.param("راااائع", "رايع", [0, 1, 5, 6, 7], id="a stretched letter"),
        pytest.param("1,500م", "1500م", [0, 1, 2, 3, 5, 6], id="a comma of thousands"),
        pytest.param("يَـٰبُنَىَّ", "يا بني", [0, 3, 4, 4, 6, 8, 11], id="a vocative becomes a word of its own"),
    ],
)
def test_offsets_in_the_original(folding: CharFilter, text: str, folded: str, starts: list[int]) -> None:
    assert folding.fold_with_offsets(text) == (folded, starts)


def test_an_empty_table_folds_nothing() -> None:
    assert CharFilter({}).fold("أَب") == "أَب"


def test_a_custom_table_may_lack_the_common_letters() -> None:
    assert CharFilter({"x": "ks", "\u064e": ""}).fold("أَx") == "أks"
