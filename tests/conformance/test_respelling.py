"""Phrases in modern spelling, and words and numbers that are written together, on both engines."""

from __future__ import annotations

import pytest

from index_config.schema import Schema
from tests.conformance.conftest import Fill
from tests.conformance.searches import found, ids, titles

VERSES = {
    "إن الله مع الصابرين": "إِنَّ ٱللَّهَ مَعَ ٱلصَّـٰبِرِينَ",
    "آمنوا بالله ورسوله": "إِنَّمَا ٱلْمُؤْمِنُونَ ٱلَّذِينَ ءَامَنُوا۟ بِٱللَّهِ وَرَسُولِهِۦ",
    "يا أيها الذين آمنوا": "يَـٰٓأَيُّهَا ٱلَّذِينَ ءَامَنُوا۟",
    "وأقيموا الصلاة وآتوا الزكاة": "وَأَقِيمُوا۟ ٱلصَّلَوٰةَ وَءَاتُوا۟ ٱلزَّكَوٰةَ",
    "يا بني إسرائيل": "يَـٰبَنِىٓ إِسْرَٰٓءِيلَ ٱذْكُرُوا۟",
    "الحمد لله رب العالمين": "ٱلْحَمْدُ لِلَّهِ رَبِّ ٱلْعَـٰلَمِينَ",
    "ملك السماوات والأرض": "لَهُۥ مُلْكُ ٱلسَّمَـٰوَٰتِ وَٱلْأَرْضِ",
    "ويسألونك عن": "وَيَسْـَٔلُونَكَ عَنِ",
}
"""Quotations in modern spelling, and a verse that has each."""


def test_quotations_in_modern_spelling_are_found_in_the_quran(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles(*VERSES.values(), "آمنوا ورسوله بالله"))
    for number, quotation in enumerate(VERSES, 1):
        response = found(service, f'"{quotation}"')
        assert (response.match_rule, f"{number}" in [hit.id for hit in response.hits]) == ("phrase", True), quotation
        assert "9" not in [hit.id for hit in response.hits]


@pytest.mark.parametrize("quotation", ['"رسول الله صلى الله عليه وسلم"', '"قال رسول الله ﷺ"', '"الله ﷺ من"'])
def test_a_sign_for_a_formula_is_its_words_in_a_phrase(quotation: str, fill: Fill, news_schema: Schema) -> None:
    written = ("قال رسول الله ﷺ من صام", "قال رسول الله صلى الله عليه وسلم من صام", "قال رسول الله من صام")
    assert set(ids(fill(news_schema, titles(*written)), quotation)) == {"1", "2"}


def test_no_phrase_reaches_across_a_sign(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("قال رسول الله ﷺ من صام", "قال رسول الله من صام"))
    assert ids(service, '"رسول الله من"') == ["2"]
    assert set(ids(service, "صام ﷺ")) == {"1", "2"}


def test_a_query_with_letters_and_a_number_wants_both(fill: Fill, news_schema: Schema) -> None:
    service = fill(
        news_schema,
        titles("طائرات إف16", "طائرات إف-16", "يوم 16 مايو", "إف 35", *[f"خبر {number}" for number in range(40)]),
    )
    for query in ("إف16", "إف-16"):
        response = found(service, query)
        assert ({hit.id for hit in response.hits}, response.total, response.relaxed) == ({"1", "2"}, 2, False)
    assert set(ids(service, "طائرات إف16 الحربية الجديدة")) == {"1", "2"}


def test_a_date_matches_as_a_whole(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("يوم 12/5/2018", "يوم ١٢/٥/٢٠١٨", "يوم 5/12/2018", "الساعة 10:30", "10 و30"))
    assert set(ids(service, "12/5/2018")) == {"1", "2"}
    assert ids(service, "١٠:٣٠") == ["4"]
    response = found(service, "10:30")
    assert response.hits[0].highlights["title"][0].html == "الساعة <mark>10</mark>:<mark>30</mark>"


def test_another_spelling_is_found_marked_and_not_corrected(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("شركة جوجل", "شركة لقوقل", *["خبر"] * 20))
    response = found(service, "غوغل")
    assert ({hit.id for hit in response.hits}, response.corrections) == ({"1", "2"}, [])
    assert {hit.highlights["title"][0].html for hit in response.hits} == {
        "شركة <mark>جوجل</mark>",
        "شركة <mark>لقوقل</mark>",
    }
    assert ids(service, "شركة -غوغل") == []


def test_a_rare_spelling_ranks_below_the_typed_one(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("في أميركا", *[f"في أمريكا {number}" for number in range(30)], *["خبر"] * 20))
    response = found(service, "أمريكا", size=31)
    assert (response.total, response.hits[-1].id) == (31, "1")
