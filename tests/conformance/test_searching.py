"""What a query finds, in which order, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.errors import InvalidParameter, UnknownDocument
from search_service.core.index_name import IndexName
from search_service.ranking.tiers import WEIGHTS
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill
from tests.conformance.searches import found, ids, titles
from tests.sentences import refused

SPELLINGS = (
    ("الائتلاف", "الإئتلاف"),
    ("الائتلاف", "للإئتلاف"),
    ("مدرسه", "وَالمَدْرَسَةِ"),
    ("مستشفي", "مستشفى"),
    ("على", "علي"),
    ("قدرت", "قدرّت"),
    ("الرياض", "الريـــاض"),
    ("2400", "٢٤٠٠"),
    ("3.14", "٣٫١٤"),
    ("2015", "2015م"),
    ("شئ", "شيء"),
    ("الله", "ﷲ"),
    ("الاردن", "اﻷردن"),
    ("كتاب", "کتاب"),
    ("داعش", 'تنظيم"داعش"'),
    ("اعلن", "بروكسل.واعلن"),
    ("اليوم الوطني", "#اليوم_الوطني"),
    ("كورونا 19", "كورونا19"),
    ("كوفيد19", "كوفيد-19"),
    ("1500", "١٬٥٠٠"),
    ("15", "12،15،19"),
    ("مبروك", "مبروووك"),
    ("الله", "اﷲ"),
    ("الصلاة", "ٱلصَّلَوٰةَ"),
    ("آمنوا", "ءَامَنُوا۟"),
    ("Quran", "Qur’an"),
    ("اليوم", "#اليوم\u200cالوطني"),
    ("brexit", "بريكست BREXIT"),
    ("cote", "Côte"),
)
"""What is typed, and how a document has it."""


@pytest.fixture
def spellings(read_only: Fill, news_schema: Schema) -> SearchService:
    """A document in each spelling, in a category of its own, with another one beside it."""
    documents = []
    for number, (_, written) in enumerate(SPELLINGS):
        documents.append({"id": f"{number}", "title": written, "category": f"{number}"})
        documents.append({"id": f"{number} other", "title": "كلام آخر تماما", "category": f"{number}"})
    return read_only(news_schema, documents)


@pytest.mark.parametrize("number", range(len(SPELLINGS)), ids=["-".join(pair) for pair in SPELLINGS])
def test_a_word_is_found_however_it_is_written(number: int, spellings: SearchService) -> None:
    typed, _ = SPELLINGS[number]
    [hit] = found(spellings, typed, filters={"category": [f"{number}"]}).hits
    assert hit.id == f"{number}"
    assert "<mark>" in hit.highlights["title"][0].html


def test_a_stop_word_does_not_hide_what_was_asked(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("من هو رئيس الوزراء", "هو من قال ذلك", "رئيس البلدية"))
    assert ids(service, "من هو رئيس")[0] == "1"
    assert "2" not in ids(service, "من هو رئيس")


def test_a_query_of_stop_words_alone_is_answered(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("من أين لك هذا", "كلام آخر"))
    assert ids(service, "من أين") == ["1"]


def test_words_of_a_query_may_be_in_different_fields(fill: Fill, news_schema: Schema) -> None:
    documents = [
        {"id": "split", "title": "الفيضانات", "text": "وصلت المياه إلى السودان"},
        {"id": "half", "title": "الفيضانات", "text": "في بلد آخر"},
    ]
    response = found(fill(news_schema, documents), "فيضانات السودان")
    assert (response.match_rule, response.total) == ("all", 1)
    assert response.hits[0].id == "split"


def test_up_to_three_words_are_all_required(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("مجلس الأمن الدولي", "مجلس الأمن", "مجلس النواب", *["خبر"] * 20))
    response = found(service, "مجلس الأمن الدولي")
    assert (response.total, response.match_rule) == (1, "all")


def test_of_more_words_a_third_is_enough(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("تفاح برتقال", "تفاح", "تفاح برتقال موز رمان", *["خبر"] * 20))
    for query, total in (
        ("تفاح برتقال موز رمان", 2),
        ("تفاح برتقال موز رمان تين عنب", 2),
        ("تفاح برتقال موز رمان تين عنب خوخ", 1),
    ):
        response = found(service, query)
        assert (response.total, response.match_rule, response.minimum_should_match) == (total, "most", "3<-67%")


def test_of_a_long_query_one_of_the_rarest_words_is_enough(fill: Fill, news_schema: Schema) -> None:
    common = ["مشكلة الاتصال في الحاسوب القديم"] * 30
    service = fill(news_schema, titles("إعدادات الراوتر", "مشكلة الراتب", *common, *["خبر"] * 20))
    response = found(service, "مشكلة الاتصال بين الحاسوب القديم والراوتر", size=100)
    assert (response.match_rule, response.total) == ("most", 31)
    assert "1" in {hit.id for hit in response.hits}


def test_a_question_of_few_words_finds_documents_with_some_of_them(fill: Fill, news_schema: Schema) -> None:
    documents = titles(*["عاصمة فرنسا"] * 8, *["عاصمة أخرى"] * 10, *["خبر"] * 80)
    service = fill(news_schema, documents)
    statement, question = found(service, "عاصمة فرنسا"), found(service, "ما عاصمة فرنسا؟")
    assert (statement.match_rule, statement.total) == ("all", 8)
    assert (question.match_rule, question.total, question.relaxed) == ("any", 18, True)
    assert {hit.id for hit in question.hits[:8]} == {hit.id for hit in statement.hits}


def test_a_document_with_more_of_the_words_comes_first(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("تفاح تفاح تفاح تفاح برتقال", "تفاح برتقال موز مع غيره", *["خبر"] * 20))
    assert ids(service, "تفاح برتقال موز رمان") == ["2", "1"]
    parts = service.explain(IndexName("things"), SearchRequest(q="تفاح برتقال موز رمان"), "2").explanation.parts
    coverage = [(part.term, part.score) for part in parts if part.tier == "coverage"]
    weight = WEIGHTS["coverage"] / 4
    assert dict(coverage) == pytest.approx(dict.fromkeys(("تفاح", "برتقال", "موز"), weight))


@pytest.mark.parametrize(("lead", "order"), [(1.0, ["2", "1"]), (0.0, ["1", "2"])])
def test_a_schema_decides_how_much_the_first_words_of_a_text_count(
    fill: Fill, news_schema: Schema, lead: float, order: list[str]
) -> None:
    late = " ".join(["كلام"] * 60)
    documents = titles(f"{late} زلزال زلزال", f"زلزال {late}", *["خبر"] * 20)
    assert ids(fill(replace(news_schema, lead=lead), documents), "زلزال") == order


def test_enough_stop_words_find_a_quotation_whose_other_words_are_spelt_otherwise(
    fill: Fill, news_schema: Schema
) -> None:
    service = fill(news_schema, titles("ما هو إلا إسمعل", "ما هو", "في غيره", "إلا الصيام"))
    response = found(service, "ما هو إلا إسماعيل")
    assert (response.total, response.match_rule, response.hits[0].id) == (1, "any", "1")
    assert response.relaxed


def test_a_match_rule_with_too_few_hits_is_relaxed_for_the_whole_query(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("برتقال", "تفاح", "خبر"))
    response = found(service, "تفاح برتقال", facets=["source"], sort="-date", size=1)
    assert (response.total, response.match_rule) == (2, "any")


def test_the_rule_does_not_depend_on_filters_order_or_page(fill: Fill, news_schema: Schema) -> None:
    documents = [{"id": str(n), "title": "مجلس الأمن" if n % 2 else "مجلس", "category": str(n % 3)} for n in range(60)]
    service = fill(news_schema, documents)
    requests: list[dict[str, Any]] = [
        {}, {"filters": {"category": ["none"]}}, {"sort": "date"}, {"offset": 40}, {"size": 0}, {"highlight": []},
    ]  # fmt: skip
    assert {found(service, "مجلس الأمن", **request).match_rule for request in requests} == {"all"}


def test_a_phrase_is_found_where_its_words_are_adjacent(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles('خطر "الجهاديين الاجانب"', "الجهاديين خطر الأجانب", "خطر الأجانب الجهاديين"))
    assert ids(service, '"خطر الجهاديين الأجانب"') == ["1"]
    assert found(service, "«خطر الجهاديين الاجانب»").match_rule == "phrase"


def test_a_phrase_does_not_cross_the_values_of_a_field(fill: Fill, products: Schema) -> None:
    service = fill(products, [{"id": "1", "notes": ["قهوة عربية", "سوداء"]}, {"id": "2", "notes": ["عربية سوداء"]}])
    assert ids(service, '"عربية سوداء"') == ["2"]


def test_stop_words_count_in_a_phrase(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("لا مانع لما أعطيت", "مانع لا لما"))
    assert ids(service, '"لا مانع لما"') == ["1"]


def test_a_phrase_without_hits_is_searched_as_words_and_the_rule_says_so(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("الأمن في المجلس"))
    response = found(service, '"مجلس الأمن"')
    assert (response.total, response.match_rule) == (1, "all")


def test_a_phrase_beside_words_is_required(fill: Fill, news_schema: Schema) -> None:
    texts = [f"مجلس الأمن يبحث شأن {name}" for name in ("اليمن", "سوريا", "ليبيا")]
    service = fill(news_schema, titles(*texts, "الأمن يزور مجلس اليمن"))
    assert ids(service, '"مجلس الأمن" اليمن') == ["1"]


def test_an_empty_query_matches_everything_newest_first(fill: Fill, news_schema: Schema) -> None:
    documents = [
        {"id": "old", "title": "خبر", "date": "0950-05-01"},
        {"id": "undated", "title": "خبر"},
        {"id": "new", "title": "خبر", "date": "9999-12-31T23:59:59Z"},
        {"id": "mid", "title": "خبر", "date": "2024-03"},
    ]
    response = found(fill(news_schema, documents))
    assert [hit.id for hit in response.hits] == ["new", "mid", "old", "undated"]
    assert (response.total, response.match_rule) == (4, "everything")


def test_the_exact_word_ranks_above_its_relatives(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المعلمون في المدينة", "المعلم في المدينة", "معلم في المدينة"))
    response = found(service, "المعلم")
    assert response.hits[0].id == "2"
    assert response.hits[0].score > response.hits[1].score


def test_a_match_in_a_heavier_field_ranks_higher(fill: Fill, news_schema: Schema) -> None:
    service = fill(
        news_schema,
        [{"id": "body", "title": "كلام", "text": "زلزال"}, {"id": "head", "title": "زلزال", "text": "كلام"}],
    )
    assert ids(service, "زلزال") == ["head", "body"]


def test_a_search_can_be_restricted_to_some_fields(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "زلزال"}, {"id": "2", "text": "زلزال", "author": "سعاد زلزال"}])
    assert ids(service, "زلزال", fields=["title"]) == ["1"]
    assert sorted(ids(service, "زلزال", fields=["title", "author"])) == ["1", "2"]
    plain = found(service, "زلزال ضرب")
    for names in (every := [field.name for field in news_schema.searched], every[::-1], [*every, every[0]]):
        named = found(service, "زلزال ضرب", fields=names)
        assert [(hit.id, hit.score) for hit in named.hits] == [(hit.id, hit.score) for hit in plain.hits]
    with refused(InvalidParameter, "'url' is not a searched field"):
        found(service, "زلزال", fields=["url"])


def test_matched_by_names_the_ranking_tiers(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("مجلس الأمن", "مجلسان للأمن", "المجلسي"))
    matched = {hit.id: hit.matched_by for hit in found(service, "مجلس الأمن", sort="date").hits}
    assert matched["1"] == ("exact", "lemma", "ngram", "shingle")
    assert matched["2"] == ("lemma", "ngram")


def test_highlights_count_code_points_of_the_original_value(fill: Fill, products: Schema) -> None:
    values = ["𝔘𝔫𝔦 <b>& قهوة", "وَالقَهْوَةُ 😀 قهوه"]
    service = fill(products, [{"id": "1", "notes": values}])
    pieces = found(service, "قهوة").hits[0].highlights["notes"]
    marked = [(piece.value, values[piece.value][start:end]) for piece in pieces for start, end in piece.marks]
    assert marked == [(0, "قهوة"), (1, "وَالقَهْوَةُ"), (1, "قهوه")]
    assert pieces[0].html == "𝔘𝔫𝔦 &lt;b&gt;&amp; <mark>قهوة</mark>"


def test_only_the_wanted_fields_are_highlighted(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "زلزال", "text": "زلزال"}])
    assert set(found(service, "زلزال").hits[0].highlights) == {"title", "text"}
    assert set(found(service, "زلزال", highlight=["text"]).hits[0].highlights) == {"text"}
    assert not found(service, "زلزال", highlight=[]).hits[0].highlights


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("زار \u2067مكة\u2069 أمس", "زار \u2067<mark>مكة</mark>\u2069 أمس"),
        ("زار \u202bمكة\u202c أمس", "زار \u202b<mark>مكة</mark>\u202c أمس"),
        ("زار \u2068\u202bمَكَّةَ\u202c\u2069", "زار \u2068\u202b<mark>مَكَّةَ</mark>\u202c\u2069"),
        ("زار \u200fمكة\u200f أمس", "زار \u200f<mark>مكة</mark>\u200f أمس"),
        ("زار \u2067مكة المكرمة\u2069", "زار \u2067<mark>مكة</mark> <mark>المكرمة</mark>\u2069"),
        ("زار م\u2067كة\u2069 أمس", "زار <mark>م\u2067كة\u2069</mark> أمس"),
    ],
    ids=["isolate", "embedding", "both", "mark", "two words", "inside"],
)
def test_a_mark_has_no_half_of_a_pair_of_direction_controls(
    title: str, shown: str, fill: Fill, news_schema: Schema
) -> None:
    service = fill(news_schema, titles(title))
    queries = ("مكة المكرمة", '"مكة المكرمة"') if "المكرمة" in title else ("مكة",)
    for query in queries:
        [hit] = found(service, query).hits
        assert hit.highlights["title"][0].html == shown


def test_a_query_without_any_word_finds_nothing(fill: Fill, news_schema: Schema) -> None:
    response = found(fill(news_schema, titles("ما الخبر؟")), "؟!")
    assert (response.total, response.match_rule, response.hits) == (0, "nothing", [])


def test_similar_documents_share_significant_words(fill: Fill, news_schema: Schema) -> None:
    texts = [
        "زلزال قوي يضرب جنوب المغرب وفرق الإنقاذ تبحث عن ناجين",
        "فرق الإنقاذ في المغرب تنتشل ناجين بعد الزلزال القوي",
        "أسعار النفط ترتفع في الأسواق العالمية بعد قرار أوبك",
        "أوبك تبقي إنتاج النفط والأسواق تترقب الأسعار",
    ]
    service = fill(news_schema, titles(*texts))
    assert [hit.id for hit in service.similar(IndexName("things"), "1").items] == ["2"]
    assert [hit.id for hit in service.similar(IndexName("things"), "3").items] == ["4"]
    with pytest.raises(UnknownDocument):
        service.similar(IndexName("things"), "5")
