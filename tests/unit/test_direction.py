"""The direction of a text is that of most of its letters; values in sentences are isolated."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from search_service.web.direction import bdi, direction, isolated

RTL = [
    "IMF: السعودية تحقق نموا",
    "John أحمد (محرر)",
    "السعودية تحقق IMF",
    "FIFA تعلن موعد القرعة",
    "«BBC» تعتذر",
    "iPhone 15 وصل إلى الأسواق",
    "C++ للمبتدئين من الصفر",
    "#كأس_العالم 2018",
    "@user كتب تغريدة",
    "1. الفصل الأول",
    "2024-03-11 يوم الاثنين",
    "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ",
    "ﭐ ﺍﻟﺴﻼﻡ ﻋﻠﻴﻜﻢ",
    "abc ابت",
    "ۖ ۗ كلمة",
    "شالوم שלום abc",
    "فارسی: گچ پژ",
    "https://example.com خبر عن موقع عربي كبير على الإنترنت",
    Markup('<mark class="x">كأس</mark> <b lang="en">العالم</b>'),
]

LTR = [
    "Arabic headline: خبر",
    "Introduction to العربية language processing",
    "The word كتاب means book",
    "https://ar.wikipedia.org/wiki/كأس_العالم_لكرة_القدم_للرجال_والنساء",
    "http://خبر.مصر/أخبار/اليوم/كرة/القدم",
    "Русский текст",
    "中文",
    Markup("<mark>World</mark> &amp; Cup"),
]

NEUTRAL = ["", " ", "162", "2024-03-11", "+20 123 456", "١٢٣", "… !؟", "ـــ"[:0], "َُِ", "\u200f\u200f", "😀", "3.14 %"]


@pytest.mark.parametrize("text", RTL)
def test_mostly_arabic_texts_run_from_right_to_left(text: str) -> None:
    assert direction(text) == direction(text, "rtl") == "rtl"


@pytest.mark.parametrize("text", LTR)
def test_mostly_latin_texts_and_addresses_run_from_left_to_right(text: str) -> None:
    assert direction(text) == direction(text, "rtl") == "ltr"


@pytest.mark.parametrize("text", NEUTRAL)
def test_texts_without_letters_have_the_direction_that_is_wanted(text: str) -> None:
    assert (direction(text), direction(text, "rtl")) == ("ltr", "rtl")


def test_a_value_in_a_sentence_is_escaped_and_has_its_own_direction() -> None:
    assert bdi("John <b>أحمد (محرر)") == '<bdi dir="rtl">John &lt;b&gt;أحمد (محرر)</bdi>'
    assert bdi(Markup("<mark>x</mark>")) == '<bdi dir="ltr"><mark>x</mark></bdi>'
    assert bdi("2018", "rtl") == '<bdi dir="rtl">2018</bdi>'


@pytest.mark.parametrize(
    ("text", "surrounding", "expected"),
    [
        ("كأس العالم", "rtl", "كأس العالم"),
        ("World Cup", "ltr", "World Cup"),
        ("World Cup", "rtl", "\u2066World Cup\u2069"),
        ("كأس", "ltr", "\u2067كأس\u2069"),
        ("IMF: السعودية", "rtl", "\u2067IMF: السعودية\u2069"),
        ("كأس IMF", "rtl", "\u2067كأس IMF\u2069"),
        ("كأس (2018)", "rtl", "\u2067كأس (2018)\u2069"),
    ],
)
def test_a_value_in_a_title_is_isolated_if_its_order_could_change(text: str, surrounding: str, expected: str) -> None:
    assert isolated(text, surrounding) == expected
