"""What a query finds, in which order, and what is said about it."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.document import Document
from search_service.core.errors import InvalidParameter, UnknownDocument
from search_service.core.filters import FacetOrder
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.ranking.tiers import WEIGHTS
from search_service.search.dropped_filters import WithoutFilters, count_without_filters
from search_service.search.request import SearchRequest
from search_service.search.response import SearchResponse
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill
from tests.sentences import refused


def found(service: SearchService, q: str = "", **request: Any) -> SearchResponse:
    return service.search(IndexName("things"), SearchRequest(q=q, **request))


def ids(service: SearchService, q: str = "", **request: Any) -> list[str]:
    return [hit.id for hit in found(service, q, **request).hits]


def titles(*texts: str) -> list[dict[str, Any]]:
    return [{"id": str(number), "title": text} for number, text in enumerate(texts, 1)]


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


def test_words_of_a_query_may_stand_in_different_fields(fill: Fill, news_schema: Schema) -> None:
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


def test_a_rule_that_yields_too_little_is_loosened_for_the_whole_query(fill: Fill, news_schema: Schema) -> None:
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


def test_a_phrase_is_found_where_its_words_stand_side_by_side(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles('خطر "الجهاديين الاجانب"', "الجهاديين خطر الأجانب", "خطر الأجانب الجهاديين"))
    assert ids(service, '"خطر الجهاديين الأجانب"') == ["1"]
    assert found(service, "«خطر الجهاديين الاجانب»").match_rule == "phrase"


def test_a_phrase_does_not_cross_the_values_of_a_field(fill: Fill, products: Schema) -> None:
    service = fill(products, [{"id": "1", "notes": ["قهوة عربية", "سوداء"]}, {"id": "2", "notes": ["عربية سوداء"]}])
    assert ids(service, '"عربية سوداء"') == ["2"]


def test_stop_words_count_in_a_phrase(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("لا مانع لما أعطيت", "مانع لا لما"))
    assert ids(service, '"لا مانع لما"') == ["1"]


def test_a_phrase_that_is_nowhere_is_taken_as_words_and_said_so(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("الأمن في المجلس"))
    response = found(service, '"مجلس الأمن"')
    assert (response.total, response.match_rule) == (1, "all")


def test_quotes_beside_words_hold(fill: Fill, news_schema: Schema) -> None:
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


def test_a_search_can_be_held_to_some_fields(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, [{"id": "1", "title": "زلزال"}, {"id": "2", "text": "زلزال", "author": "سعاد زلزال"}])
    assert ids(service, "زلزال", fields=["title"]) == ["1"]
    assert sorted(ids(service, "زلزال", fields=["title", "author"])) == ["1", "2"]
    plain = found(service, "زلزال ضرب")
    for names in (every := [field.name for field in news_schema.searched], every[::-1], [*every, every[0]]):
        named = found(service, "زلزال ضرب", fields=names)
        assert [(hit.id, hit.score) for hit in named.hits] == [(hit.id, hit.score) for hit in plain.hits]
    with refused(InvalidParameter, "'url' is not a searched field"):
        found(service, "زلزال", fields=["url"])


def test_matched_by_names_the_analyzers(fill: Fill, news_schema: Schema) -> None:
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


# Filters and facets


@pytest.fixture
def shop(read_only: Fill, products: Schema) -> SearchService:
    rows = [
        ("1", "قهوة", "سنابل", ["أسود"], "2023-12-31T23:30:00Z", 5, 1.5, True),
        ("2", "قهوة", "سنابل", ["أسود", "أحمر"], "2024-01-01", 7, 2.5, False),
        ("3", "قهوة", "مرافئ", ["أحمر"], "2024-01-31", 5, 0.5, False),
        ("4", "شاي", "مرافئ", ["أخضر"], "2024-02-01", -3, 9.25, True),
    ]
    names = ("id", "name", "brand", "colours", "since", "stock", "price", "sold")
    return read_only(products, [dict(zip(names, row, strict=True)) for row in rows])


def counts(response: SearchResponse, field: str) -> dict[str, int]:
    return {bucket.value: bucket.count for bucket in response.facets[field]}


def test_values_of_one_filter_are_alternatives_and_filters_all_hold(shop: SearchService) -> None:
    assert ids(shop, filters={"brand": ["سنابل", "مرافئ"], "colours": ["أحمر"]}, sort="price") == ["3", "2"]
    assert ids(shop, filters={"stock": ["5"]}, sort="price") == ["3", "1"]
    assert ids(shop, filters={"sold": ["true"], "brand": ["مرافئ"]}) == ["4"]
    assert ids(shop, filters={"brand": ["لا أحد"]}) == []


def test_facets_count_documents_by_value_most_frequent_first(shop: SearchService) -> None:
    response = found(shop, facets=["colours", "stock", "sold"])
    assert list(counts(response, "colours").items()) == [("أحمر", 2), ("أسود", 2), ("أخضر", 1)]
    assert counts(response, "stock") == {"5": 2, "-3": 1, "7": 1}
    assert counts(response, "sold") == {"false": 2, "true": 2}


def test_a_facet_is_counted_under_every_filter_but_its_own(shop: SearchService) -> None:
    response = found(
        shop, "قهوة", filters={"brand": ["سنابل"], "colours": ["أحمر"]}, facets=["brand", "colours", "sold"]
    )
    assert response.total == 1
    assert counts(response, "brand") == {"سنابل": 1, "مرافئ": 1}
    assert counts(response, "colours") == {"أسود": 2, "أحمر": 1}
    assert counts(response, "sold") == {"false": 1}


def test_choosing_a_facet_value_yields_the_count_it_showed(shop: SearchService) -> None:
    for bucket in found(shop, "قهوة شاي", facets=["brand"]).facets["brand"]:
        assert found(shop, "قهوة شاي", filters={"brand": [bucket.value]}).total == bucket.count


def test_dates_are_filtered_by_range_with_the_last_day_included(shop: SearchService) -> None:
    assert ids(shop, date_from="2024-01-01", date_to="2024-01-31", sort="since") == ["2", "3"]
    assert ids(shop, date_to="2023-12-31", sort="since") == ["1"]
    assert ids(shop, date_from="2024-02", sort="since") == ["4"]
    assert ids(shop, date_from="2023-12-31T23:30:01Z", date_to="2024", sort="since") == ["2", "3", "4"]
    assert ids(shop, date_from="2024-01-01T01:00:00+02:00", date_to="2024-01-01", sort="since") == ["1", "2"]


def test_numbers_are_filtered_by_range(shop: SearchService) -> None:
    assert ids(shop, ranges={"price": ("1.5", "2.5")}) == ["1", "2"]
    assert ids(shop, ranges={"stock": ("", "-3")}) == ["4"]


@pytest.mark.parametrize(
    ("parameters", "parameter", "ends"),
    [
        ({"date_from": "2024-03-11", "date_to": "2024-03-10"}, "date_from", ("2024-03-11", "2024-03-10")),
        ({"date_from": "2024-03", "date_to": "2024-02"}, "date_from", ("2024-03", "2024-02")),
        ({"date_from": "2025", "date_to": "2024-12-31"}, "date_from", ("2025", "2024-12-31")),
        ({"ranges": {"since": ("2025", "2024")}}, "ranges.since", ("2025", "2024")),
        ({"ranges": {"price": ("2.5", "1.5")}}, "ranges.price", ("2.5", "1.5")),
        ({"ranges": {"stock": ("-3", "-4")}}, "ranges.stock", ("-3", "-4")),
    ],
)
def test_a_range_that_begins_after_its_end_is_refused(
    shop: SearchService, parameters: dict[str, Any], parameter: str, ends: tuple[str, str]
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        found(shop, **parameters)
    assert (refused.value.parameter, refused.value.code) == (parameter, "range-reversed")
    assert (refused.value.message.params["low"], refused.value.message.params["high"]) == ends


def test_a_range_within_one_day_or_number_is_none_that_is_reversed(shop: SearchService) -> None:
    assert ids(shop, date_from="2024-01-31", date_to="2024-01") == ["3"]
    assert ids(shop, ranges={"price": ("2.5", "2.5")}) == ["2"]


def test_a_search_without_hits_has_some_without_its_filters(shop: SearchService) -> None:
    index = IndexName("things")

    def counted(**parameters: Any) -> WithoutFilters | None:
        return count_without_filters(shop, index, SearchRequest(**parameters))

    assert counted(q="قهوة") is None
    assert counted(filters={"brand": ["none"]}) == WithoutFilters(4, {"filters.brand": 4})
    several = {"filters": {"brand": ["none"]}, "ranges": {"stock": ("", "-3")}, "date_from": "2024-02", "page": 3}
    found_without = counted(**several)
    assert found_without == WithoutFilters(4, {"filters.brand": 1, "ranges.stock": 0, "dates": 0})
    assert counted(q="لا شيء كهذا", **several) == WithoutFilters(0, dict.fromkeys(found_without.without, 0))


def test_a_histogram_counts_by_time_under_every_filter_but_the_dates(shop: SearchService) -> None:
    response = found(shop, histogram="month", date_from="2024-02", filters={"brand": ["مرافئ", "سنابل"]})
    assert response.histogram is not None
    assert [(b.value, b.count) for b in response.histogram] == [("2023-12", 1), ("2024-01", 2), ("2024-02", 1)]
    days = found(shop, "شاي", histogram="day").histogram
    assert days is not None
    assert [(b.value, b.count) for b in days] == [("2024-02-01", 1)]


def test_the_values_of_a_facet_can_be_searched(shop: SearchService) -> None:
    values = shop.facet(IndexName("things"), SearchRequest(filters={"colours": ["أسود"]}), "colours", contains="احم")
    assert [(bucket.value, bucket.count) for bucket in values.items] == [("أحمر", 2)]


def most_frequent(written: Mapping[str, int], engine: SearchEngine) -> list[tuple[str, int]]:
    """Sort counted values as facets are: by count, ties in the order of values."""
    keys = engine.searcher.analysis.value_keys
    return sorted(written.items(), key=lambda item: (-item[1], keys[item[0]]))


def test_facets_are_exact_over_many_values_and_commits(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [])
    rng = random.Random(7)
    expected: dict[str, int] = {}
    number = itertools.count()
    for _ in range(6):
        with engine.indexes.writer(IndexName("things")) as writer:
            for _ in range(150):
                author = f"كاتب {int(rng.paretovariate(0.6)) % 300}"
                expected[author] = expected.get(author, 0) + 1
                writer.upsert(Document(str(next(number)), {"title": "خبر", "author": author}))
    shown = counts(found(service, "خبر", facets=["author"], facet_size=10), "author")
    assert list(shown.items()) == most_frequent(expected, engine)[:10]


@pytest.fixture
def many_authors(fill: Fill, engine: SearchEngine, news_schema: Schema) -> tuple[SearchService, Mapping[str, int]]:
    """Documents of 300 authors in several segments, most authors with one or two; and the documents of each."""
    service = fill(news_schema, [])
    rng = random.Random(11)
    authors = [f"كاتب {number}" for number in range(300)]
    written = authors + rng.choices(authors, [1 / (number + 1) for number in range(300)], k=300)
    rng.shuffle(written)
    for first in range(0, len(written), 200):
        with engine.indexes.writer(IndexName("things")) as writer:
            for number, author in enumerate(written[first : first + 200], first):
                writer.upsert(Document(str(number), {"title": "خبر", "author": author}))
    return service, Counter(written)


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("size", [1, 10, 60, 150, 300])
def test_a_facet_with_more_values_than_an_engine_keeps_is_exact(
    size: int, many_authors: tuple[SearchService, Mapping[str, int]], engine: SearchEngine
) -> None:
    service, written = many_authors
    best = most_frequent(written, engine)[:size]
    response = found(service, "خبر", facets=["author"], facet_size=size)
    assert list(counts(response, "author").items()) == best
    assert response.facet_error_bounds == {}


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("piece", ["٢٩", "7", "كاتِب 29"])
def test_every_value_of_a_facet_with_too_many_is_found(
    piece: str, many_authors: tuple[SearchService, Mapping[str, int]], engine: SearchEngine
) -> None:
    service, written = many_authors
    digits = {"٢٩": "29", "كاتِب 29": "كاتب 29"}.get(piece, piece)
    expected = [(author, count) for author, count in most_frequent(written, engine) if digits in author]
    values = service.facet(IndexName("things"), SearchRequest(q="خبر"), "author", contains=piece, size=100)
    assert [(bucket.value, bucket.count) for bucket in values.items] == expected
    assert values.error_bound == 0


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("contains", ["", "2"])
def test_the_values_of_a_facet_are_listed_in_their_order(
    contains: str, many_authors: tuple[SearchService, Mapping[str, int]], engine: SearchEngine
) -> None:
    service, written = many_authors
    keys = engine.searcher.analysis.value_keys
    in_order = [(value, written[value]) for value in sorted(written, key=keys.__getitem__) if contains in value]
    for size in (1, 30, 300):
        values = service.facet(
            IndexName("things"), SearchRequest(q="خبر"), "author", contains, size, order=FacetOrder.VALUE
        )
        assert [(bucket.value, bucket.count) for bucket in values.items] == in_order[:size]


def test_whole_numbers_are_listed_by_value(fill: Fill, products: Schema) -> None:
    service = fill(products, [{"id": str(number), "name": "شاي", "stock": number} for number in (100, -5, 9, 20, 9)])
    values = service.facet(IndexName("things"), SearchRequest(), "stock", order=FacetOrder.VALUE)
    assert [bucket.value for bucket in values.items] == ["-5", "9", "20", "100"]


# Order and pages


def test_documents_are_sorted_by_a_field_missing_last(fill: Fill, products: Schema) -> None:
    service = fill(
        products,
        [
            {"id": "a", "name": "شاي", "price": 2.5, "brand": "ب"},
            {"id": "b", "name": "شاي"},
            {"id": "c", "name": "شاي", "price": -1, "brand": "أ"},
        ],
    )
    assert ids(service, "شاي", sort="price") == ["c", "a", "b"]
    assert ids(service, "شاي", sort="-price") == ["a", "c", "b"]
    assert ids(service, "شاي", sort="brand") == ["c", "a", "b"]


def tied(number: int) -> dict[str, Any]:
    """A document of which many others have the same values, or none."""
    if number % 5 == 0:
        return {"name": "شاي"}
    day = f"2024-01-0{1 + number % 2}"
    return {"name": "شاي", "price": float(number % 3), "brand": f"ب{number % 4}", "since": day}


def in_order(names: list[str], field: str, descending: bool) -> list[str]:
    """Sort by a field, documents without it last and equals by id."""
    documents = {name: tied(int(name[1:])) for name in names}
    with_value = sorted(name for name in names if field in documents[name])
    with_value.sort(key=lambda name: documents[name][field], reverse=descending)
    return with_value + sorted(name for name in names if field not in documents[name])


@pytest.mark.parametrize(
    ("q", "sort", "field", "descending"),
    [
        ("شاي", "price", "price", False),
        ("شاي", "-price", "price", True),
        ("", "brand", "brand", False),
        ("شاي", "-since", "since", True),
        ("", "", "price", False),  # the schema's default order
        ("شاي", "relevance", "none", False),  # all score alike
    ],
)
def test_ties_follow_the_ids_and_pages_join_without_gap_or_double(
    q: str, sort: str, field: str, descending: bool, read_only: Fill, products: Schema
) -> None:
    names = [f"d{number:03}" for number in range(90)]
    random.Random(11).shuffle(names)
    # Several commits, so that the engine's own order differs from the ids'.
    service = read_only(products, [{"id": name, **tied(int(name[1:]))} for name in names], commit_every=30)
    pages = [ids(service, q, sort=sort, offset=offset, size=7) for offset in range(0, 98, 7)]
    assert list(itertools.chain.from_iterable(pages)) == in_order(names, field, descending)


def test_paging_goes_as_far_as_documented(shop: SearchService) -> None:
    assert found(shop, offset=9_990, size=10).hits == []
    with refused(InvalidParameter, "`--offset` is 9991; allowed: 0 to 9990"):
        found(shop, offset=9_991, size=10)
    with refused(InvalidParameter, "`--size` is 101; allowed: 0 to 100"):
        found(shop, size=101)


@pytest.mark.parametrize(("q", "sort"), [("شاي", ""), ("", ""), ("شاي", "-price"), ("", "brand")])
def test_everything_that_is_found_can_be_exported_in_its_order(
    q: str, sort: str, read_only: Fill, products: Schema
) -> None:
    names = [f"d{number:04}" for number in range(1_234)]
    service = read_only(products, [{"id": name, **tied(int(name[1:]))} for name in reversed(names)])
    request = SearchRequest(q=q, sort=sort)
    field, descending = ("none", False) if q and not sort else ((sort or "price").removeprefix("-"), sort[:1] == "-")
    exported = list(service.export(IndexName("things"), request))
    assert [document.id for document in exported] == in_order(names, field, descending)
    assert exported[0].source == tied(int(exported[0].id[1:]))


def test_a_page_of_size_zero_counts_only(shop: SearchService) -> None:
    response = found(shop, "قهوة", size=0, facets=["brand"])
    assert (response.total, response.hits) == (3, [])
    assert counts(response, "brand") == {"سنابل": 2, "مرافئ": 1}


# Similar documents


def test_similar_documents_share_telling_words(fill: Fill, news_schema: Schema) -> None:
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


# Explanation


def test_a_score_is_explained_by_what_adds_to_it(fill: Fill, news_schema: Schema) -> None:
    texts = titles("مجلس الأمن يبحث الأزمة", "مجلسان للأمن", "كلام آخر")
    service = fill(news_schema, texts)
    request = SearchRequest(q="مجلس الأمن")
    explained = service.explain(IndexName("things"), request, "1").explanation
    parts = {(part.tier, part.field, part.term) for part in explained.parts}
    assert {("lemma", "title", "مجلس"), ("exact", "title", "الامن")} <= parts
    assert {("shingle", "title", "مجلس الامن"), ("ngram", "", "مجلس")} <= parts
    assert not any(part.score <= 0 for part in explained.parts)
    assert explained.score == pytest.approx(service.search(IndexName("things"), request).hits[0].score, rel=1e-4)
    assert explained.matches
    assert not service.explain(IndexName("things"), request, "3").explanation.matches
    with pytest.raises(UnknownDocument):
        service.explain(IndexName("things"), request, "4")


def test_a_score_is_explained_in_words(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("كتب عبد الله عن مدن المغرب", "كلام آخر"))
    query = "عبدالله يكتب في مدينه بالمغرب"
    explained = service.explain(IndexName("things"), SearchRequest(q=query), "1")
    assert sum(reason.score for reason in explained.reasons) == pytest.approx(explained.explanation.score)
    words = {(reason.tier, contribution.words) for reason in explained.reasons for contribution in reason.contributions}
    assert {
        ("lemma", "بالمغرب"),
        ("lemma", "يكتب"),
        ("lemma", "مدينه"),
        ("shingle", "عبدالله"),
        ("lead", "بالمغرب"),
        ("ngram", "بالمغرب"),
    } <= words
    assert all(text in query for _, text in words)


def test_an_explanation_says_what_a_word_was_taken_for(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("فاز المنتخب بالكأس", "كلام آخر"))
    explained = service.explain(IndexName("things"), SearchRequest(q="المنختب"), "1")
    [correction] = explained.corrections
    assert (correction.word, correction.corrected_to) == ("المنختب", ("المنتخب",))
    assert {contribution.words for reason in explained.reasons for contribution in reason.contributions} == {"المنختب"}


# Errors


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"facets": ["name"]},
            r"`--facet`: 'name' is not a facet \(facet = true in the schema\); allowed: brand, colours, stock, sold",
        ),
        ({"facets": ["since"]}, "`--facet`: 'since' is not a facet"),
        ({"filters": {"nothing": ["x"]}}, "`--filter nothing=`: 'nothing' is not a filterable field"),
        ({"filters": {"stock": ["many"]}}, "`--filter stock=`: 'many' is not a number"),
        ({"filters": {"sold": ["yes"]}}, "`--filter sold=`: 'yes' is not a boolean; allowed: true, false"),
        (
            {"ranges": {"brand": ("a", "b")}},
            "`--range brand=`: 'brand' is not a field that supports ranges; allowed: since, stock, price",
        ),
        ({"ranges": {"price": ("nan", "")}}, "`--range price=`: 'nan' is not a number"),
        ({"date_from": "2024-13-01"}, "`--date-from`: '2024-13-01' is not a date"),
        ({"date_to": "أمس"}, "`--date-to`: 'أمس' is not a date"),
        ({"sort": "colours"}, "`--sort`: results cannot be sorted by 'colours'; allowed: relevance, brand"),
        ({"histogram": "week"}, "`--histogram`: 'week' is not an interval; allowed: day, month, year"),
        ({"highlight": ["brand"]}, "`--highlight`: 'brand' is not a searched field"),
        ({"q": "ق" * 2001}, "`QUERY` has 2001 characters; at most 2000 are allowed"),
        ({"q": "ق " * 101}, "`QUERY` has 101 words; at most 100 are allowed"),
        ({"offset": -1}, "`--offset` is -1; allowed: 0 to 10000"),
        ({"facet_size": 0, "facets": ["brand"]}, "`--facet-size` is 0; allowed: 1 to 1000"),
    ],
    ids=str,
)
def test_what_is_not_possible_is_refused_with_what_is(
    request_: dict[str, Any], message: str, shop: SearchService
) -> None:
    with refused(InvalidParameter, message):
        shop.search(IndexName("things"), SearchRequest(**request_))


def test_a_filter_has_no_more_and_no_longer_values_than_every_engine_takes(shop: SearchService) -> None:
    many = [f"علامة {number}" for number in range(1_000)]
    assert shop.search(IndexName("things"), SearchRequest(filters={"brand": many})).total == 0
    assert shop.search(IndexName("things"), SearchRequest(filters={"brand": ["س" * 16_383]})).total == 0
    with refused(InvalidParameter, "`--filter brand=` has 1001 values; at most 1000 are allowed"):
        shop.search(IndexName("things"), SearchRequest(filters={"brand": [*many, "x"]}))
    with refused(InvalidParameter, "`--filter brand=` has a value of 32768 bytes; at most 32766 are allowed"):
        shop.search(IndexName("things"), SearchRequest(filters={"brand": ["س" * 16_384]}))


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "(((",
        "a AND OR NOT b",
        "title:x",
        "*",
        "~2",
        "\\",
        "\0",
        "\ud800",
        "؟" * 50,
        "ـ" * 50,
        "َ",
        '""',
        "😀",
        "a" * 2000,
    ],
)
def test_no_query_is_a_syntax_error(q: str, shop: SearchService) -> None:
    assert found(shop, q).total >= 0
