"""Spell correction: which words are corrected, to what, and what the answer says about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.document import Document
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.query.understanding.context import Correction
from search_service.search.request import SearchRequest
from tests.conformance.conftest import Fill
from tests.conformance.searches import found, ids, titles
from tests.sentences import refused

THINGS = IndexName("things")


def test_the_answer_says_what_a_word_was_taken_for(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنتخب يفوز", "خبر آخر"))
    response = found(service, "المُنختب")
    assert list(response.corrections) == [Correction("المُنختب", ("المنتخب",))]
    assert [hit.id for hit in response.hits] == ["1"]
    assert response.hits[0].highlights["title"][0].html == "<mark>المنتخب</mark> يفوز"
    assert found(service, "المنتخب").corrections == []


def test_a_word_that_some_document_has_is_left_alone(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنختب", *["المنتخب"] * 30))
    response = found(service, "المنختب")
    assert ([hit.id for hit in response.hits], response.corrections) == (["1"], [])


def test_a_word_of_which_some_document_has_another_form_is_left_alone(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("معلم", *["معلوم"] * 30))
    response = found(service, "ومعلمون")
    assert ([hit.id for hit in response.hits], response.corrections) == (["1"], [])


def test_a_word_of_no_document_that_looks_like_a_form_of_another_one_is_corrected(
    fill: Fill, news_schema: Schema
) -> None:
    service = fill(news_schema, titles("انتخب رئيسا", *["الانتخابات اليوم"] * 9, *["خبر"] * 80))
    response = found(service, "الانتخبات", size=20)
    assert response.corrections == [Correction("الانتخبات", ("الانتخابات",))]
    assert response.total == 9, "the verb is another word"


def test_a_word_is_corrected_to_the_frequent_word_and_not_to_its_rare_adjective(
    fill: Fill, news_schema: Schema
) -> None:
    service = fill(news_schema, titles(*["ريال مدريد"] * 9, "مدريدي"))
    assert found(service, "مدرييد").corrections == [Correction("مدرييد", ("مدريد",))]


def test_a_correction_is_spelt_as_documents_most_often_write_it(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("مفاوضات الائتلاف", "مفاوضات الإئتلاف", "الإئتلاف"))
    assert found(service, "الائتلاق").corrections == [Correction("الائتلاق", ("الإئتلاف",))]


@pytest.mark.parametrize(
    "options",
    [
        {"size": 0},
        {"offset": 20},
        {"offset": 1, "size": 1},
        {"fields": ["text"]},
        {"filters": {"category": ["سياسة"]}},
        {"filters": {"category": ["none"]}},
        {"highlight": []},
        {"sort": "-date"},
        {"facets": ["category"]},
    ],
    ids=str,
)
def test_corrections_depend_on_the_query_alone(options: dict[str, Any], fill: Fill, news_schema: Schema) -> None:
    documents = [
        {"id": "1", "title": "اسعار النفط", "text": "خبر", "category": "رياضة"},
        {"id": "2", "title": "أسعار النفط", "text": "أسعارها أسعار", "category": "سياسة"},
    ]
    service = fill(news_schema, documents)
    assert found(service, "اسعااار النفطط", **options).corrections == [Correction("النفطط", ("النفط",))]
    assert found(service, "اسعاار", **options).corrections == [Correction("اسعاار", ("أسعار",))]


def test_a_word_that_is_written_later_is_found_at_once(engine: SearchEngine, fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنتخب", "المنتخب"))
    assert found(service, "المنختب").total == 2
    with engine.indexes.writer(THINGS) as writer:
        writer.upsert(Document("new", {"title": "المنختب"}))
    response = found(service, "المنختب")
    assert ([hit.id for hit in response.hits], response.corrections) == (["new"], [])


def test_the_likeliest_of_several_comes_first(fill: Fill, news_schema: Schema) -> None:
    texts = ["الاقتصاص"] * 4 + ["الاقتصاد"] * 9 + ["الاقتضاض"] * 3 + ["خبر"] * 80
    response = found(fill(news_schema, titles(*texts)), "الاقتصاض", size=20)
    assert response.corrections == [Correction("الاقتصاض", ("الاقتصاد", "الاقتصاص", "الاقتضاض"))]
    assert response.total == 16
    assert {hit.source["title"] for hit in response.hits[:9]} == {"الاقتصاد"}


def test_the_other_words_are_still_required(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنتخب السعودي", "المنتخب", "السعودي", *["خبر"] * 20))
    response = found(service, "المنختب السعودي")
    assert (response.match_rule, [hit.id for hit in response.hits]) == ("all", ["1"])


def test_words_in_quotes_are_searched_as_they_are(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("مجلس الأمن الدولي", "مجلس الأمان الدولي"))
    assert ids(service, '"مجلس الأمن الدولي"') == ["1"]
    assert found(service, '"مجلس الأمن الدولي"').corrections == []


def test_filters_do_not_change_how_a_word_is_corrected(fill: Fill, news_schema: Schema) -> None:
    documents = [{"id": str(n), "title": "المنتخب" if n else "المنختب", "category": str(n % 2)} for n in range(9)]
    service = fill(news_schema, documents)
    assert found(service, "المنختب", filters={"category": ["1"]}).total == 0


def test_totals_facets_and_pages_are_of_the_same_documents(fill: Fill, news_schema: Schema) -> None:
    documents = [{"id": str(n), "title": "المنتخب" if n % 3 else "خبر", "category": str(n % 2)} for n in range(30)]
    service = fill(news_schema, documents)
    response = found(service, "المنختب", facets=["category"], sort="date", size=30)
    assert response.total == len(response.hits) == sum(bucket.count for bucket in response.facets["category"]) == 20


def test_text_that_is_highlighted_is_marked_as_a_search_would(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنتخب"))
    [piece] = service.highlight(THINGS, "فاز المنتخب", "المنختب")
    assert piece.html == "فاز <mark>المنتخب</mark>"
    assert service.marker(THINGS, SearchRequest(q="المنختب"))("المنتخب").html == "<mark>المنتخب</mark>"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("2019", "2018", id="another number"),
        pytest.param("نص", "لص", id="a word of two letters"),
        pytest.param("قمر", "قمح", id="three letters, of which one is no like of the other"),
        pytest.param("مل" * 15, "مل" * 14 + "م", id="no word at all"),
        pytest.param("قهرمانلار", "اقتصاد", id="nothing near it"),
    ],
)
def test_what_is_not_corrected(typed: str, written: str, fill: Fill, news_schema: Schema) -> None:
    response = found(fill(news_schema, titles(written)), typed)
    assert (response.total, response.corrections) == (0, [])


def test_a_name_is_found_as_one_word_and_as_two(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("عبدالله الثاني", "عبد الله الثاني", "الله يرحم غيره", *["خبر"] * 20))
    assert ids(service, "عبدالله") == ["1", "2"]
    assert ids(service, "عبد الله") == ["2", "1"]
    assert "lemma" in found(service, "عبدالله").hits[1].matched_by
    one, two = found(service, "عبدالله").hits
    assert one.highlights["title"][0].html == "<mark>عبدالله</mark> الثاني"
    assert two.highlights["title"][0].html == "<mark>عبد</mark> <mark>الله</mark> الثاني"


def test_a_name_that_is_only_written_apart_is_not_taken_for_another(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("عبد المتعال", *["عبدالمعال"] * 5))
    response = found(service, "عبدالمتعال")
    assert ([hit.id for hit in response.hits], response.corrections) == (["1"], [])


def test_a_name_written_apart_counts_where_any_word_is_enough(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("عبد الله", "تفاح", "خبر"))
    response = found(service, "عبدالله تفاح")
    assert (response.total, response.match_rule) == (2, "any")


def test_a_request_can_leave_out_steps_of_understanding(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنتخب يفوز", "أميركا", "عبدالله"))
    assert found(service, "المنختب", understanding=["expansions", "compounds"]).total == 0
    assert found(service, "المنختب", understanding=["spelling"]).total == 1
    assert (found(service, "أمريكا").total, found(service, "أمريكا", understanding=["compounds"]).total) == (1, 0)
    assert (found(service, "عبد الله").total, found(service, "عبد الله", understanding=False).total) == (1, 0)
    with refused(InvalidParameter, "unknown-step|not a step"):
        found(service, "المنختب", understanding=["typos"])


def test_a_word_is_searched_as_typed_and_the_others_are_corrected(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنتخب الائتلاف", "الائتلاف", *["خبر في الصحف"] * 20))
    query = "المُنختب الائتلاق"
    both = [Correction("المُنختب", ("المنتخب",)), Correction("الائتلاق", ("الائتلاف",))]
    assert found(service, query).corrections == both
    assert found(service, query, as_typed=["المنختب"]).corrections == both[1:], "in any spelling"
    response = found(service, query, as_typed=["الائتلاق", "أخرى"])
    assert (response.corrections, response.unmatched_words) == (both[:1], ["الائتلاق"])
    assert found(service, query, as_typed=["الائتلاق", "المنختب"]).total == 0
    assert service.explain(THINGS, SearchRequest(q=query, as_typed=["الائتلاق"]), "1").corrections == tuple(both[:1])
    assert service.marker(THINGS, SearchRequest(q=query, as_typed=["الائتلاق"]))("المنتخب الائتلاف").marks == ((0, 7),)
    with refused(InvalidParameter, "at most 2000"):
        found(service, query, as_typed=["طويل" * 1_000])


def test_as_typed_accepts_a_word_as_corrections_list_it(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles(*["المنتخب يفوز"] * 3, *["خبر في الصحف"] * 40))
    for query, word, meant in (
        ("المنت خب يفوز", "المنت خب", "المنتخب"),
        ("المنتخبيفوز", "المنتخبيفوز", "المنتخب يفوز"),
        ("خبر و المنختب", "و المنختب", "المنتخب"),
        ("title:المنختب", "المنختب", "المنتخب"),
        ('"المنختب يفوز"', "المنختب", "المنتخب"),
    ):
        assert found(service, query).corrections == [Correction(word, (meant,))], query
        assert found(service, query, as_typed=[word]).corrections == [], query


def test_an_index_can_leave_out_steps_of_understanding(fill: Fill, news_schema: Schema) -> None:
    service = fill(replace(news_schema, understanding=("expansions",)), titles("المنتخب يفوز", "أطفال"))
    assert (found(service, "المنختب").total, found(service, "طفل").total) == (0, 1)
    assert found(service, "المنختب", understanding=["spelling"]).total == 0, "a request cannot switch it on"
    assert service.marker(THINGS, SearchRequest(q="المنختب"))("المنتخب").marks == ()


def test_the_commonest_written_form_is_that_of_most_documents(
    engine: SearchEngine, fill: Fill, news_schema: Schema
) -> None:
    fill(news_schema, titles("أسعار", "الأسعار", "اسعار", "أسعار أسعار", "إسلام", "أسلام"))
    forms = engine.searcher.written_forms(THINGS, ["اسعار", "اسلام", "غريب"])
    assert forms == {"اسعار": "أسعار", "اسلام": "أسلام"}, "equals by their letters; what nobody wrote is left out"


def test_the_commonest_written_form_is_not_that_of_the_first_source(
    engine: SearchEngine, fill: Fill, news_schema: Schema
) -> None:
    """Documents of one source have similar ids, and one spelling."""
    fill(news_schema, titles(*["انستغرام"] * 5, *["إنستغرام كلمة إنستغرام"] * 9))
    assert engine.searcher.written_forms(THINGS, ["انستغرام"]) == {"انستغرام": "إنستغرام"}


def test_a_correction_is_the_same_on_every_page_and_under_every_filter(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles(*["إنستغرام"] * 9, *["انستغرام"] * 3, "خبر"))
    expected = [Correction("انستغرلم", ("إنستغرام",))]
    for parameters in (
        {},
        {"size": 0},
        {"page": 2},
        {"page": 99},
        {"filters": {"category": ["لا شيء"]}},
        {"sort": "date"},
    ):
        response = found(service, "انستغرلم", **parameters)
        assert response.corrections == expected, parameters


@pytest.mark.full(keep=14)
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("عقوبة", "يعقوبه", id="an everyday word and a form of a name"),
        pytest.param("نفي", "فني", id="two letters swapped"),
        pytest.param("زاول", "أول", id="a letter more"),
        pytest.param("بخصوص", "وخصوص", id="another particle"),
        pytest.param("بماذا", "بماوا", id="a letter that looks alike"),
        pytest.param("متميز", "متمايز", id="a letter less"),
        pytest.param("لمرض", "المرض", id="a form of the word"),
        pytest.param("لشاكيرا", "شاكيرا", id="a form of a name"),
        pytest.param("السومطرية", "السومرية", id="an adjective made of a name that is written"),
        pytest.param("جندح", "جندي", id="a name of four letters"),
        pytest.param("clit", "clip", id="a short Latin word"),
        pytest.param("2019", "2018", id="a number"),
    ],
)
def test_a_right_word_that_a_small_collection_lacks_is_no_error(
    typed: str, written: str, fill: Fill, news_schema: Schema
) -> None:
    texts = [f"{written} في الخبر", "سومطرة من جزر إندونيسيا", *["ذكرت الصحف من أخبار الأمس في عددها ما جرى"] * 40]
    response = found(fill(news_schema, titles(*texts)), f"{typed} الصحف")
    assert (response.corrections, list(response.absent_words)) == ([], [typed])


@pytest.mark.full(keep=14)
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("الجكومة", "الحكومة", id="a letter that looks alike"),
        pytest.param("الاظطراب", "الاضطراب", id="a letter that sounds alike"),
        pytest.param("بالصرطان", "بالسرطان", id="a letter that sounds alike, behind a particle"),
        pytest.param("اورويا", "أوروبا", id="the key beside it"),
        pytest.param("تأسسست", "تأسست", id="a letter typed twice"),
        pytest.param("الفسطيني", "الفلسطيني", id="a letter less"),
        pytest.param("المسحافظ", "المحافظ", id="a letter more"),
        pytest.param("اسنتخدم", "استخدم", id="a letter more within"),
        pytest.param("روتشليد", "روتشيلد", id="two letters of a foreign name swapped"),
        pytest.param("iphnoe", "iPhone", id="two Latin letters swapped"),
        pytest.param("gogle", "Google", id="a Latin letter less"),
        pytest.param("المدينةالمنورة", "المدينة المنورة", id="a space less"),
        pytest.param("الاسكندرالاكبر", "الإسكندر الأكبر", id="a space less between folded words"),
    ],
)
def test_an_error_is_corrected_to_what_documents_write(typed: str, meant: str, fill: Fill, news_schema: Schema) -> None:
    texts = [f"{meant} في الخبر"] * 3 + ["ذكرت الصحف من أخبار الأمس في عددها ما جرى"] * 40
    response = found(fill(news_schema, titles(*texts)), typed)
    assert (response.corrections, response.absent_words) == ([Correction(typed, (meant,))], [typed])
    assert response.total == 3


def test_letters_beside_digits_are_corrected_and_the_digits_are_kept(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles(*["كوفيد19"] * 3, "كوفيد18", "كوفيد20", *["خبر في الصحف"] * 40))
    assert {hit.source["title"] for hit in found(service, "كوفبد19").hits[:3]} == {"كوفيد19"}
    assert found(service, "كوفيد17").corrections == []


def test_the_words_beside_an_error_decide_what_was_meant(fill: Fill, news_schema: Schema) -> None:
    texts = ["الطب الشرعي اليوم", "الطب الشرعي أمس", *["الشرقي"] * 6, *["الساحل من الصحف في الأمس"] * 60]
    service = fill(news_schema, titles(*texts))
    assert found(service, "الطب الشرغي").corrections[0].corrected_to[0] == "الشرعي"
    assert found(service, "الساحل الشرغي").corrections[0].corrected_to[0] == "الشرقي"


def test_a_word_is_split_only_into_words_that_are_adjacent_in_a_document(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("الهند وأوروبا", "كبري الشركات", "تات", *["خبر في الصحف"] * 9))
    assert found(service, "كبريتات").corrections == []
    assert found(service, "الهندوأوروبا").corrections == [Correction("الهندوأوروبا", ("الهند وأوروبا",))]
    assert found(service, "الهندتات").corrections == []


def test_a_word_that_only_deleted_documents_had_is_no_correction(
    engine: SearchEngine, fill: Fill, news_schema: Schema
) -> None:
    service = fill(news_schema, titles("المنتخب", *["خبر"] * 20))
    assert found(service, "المنختب").corrections == [Correction("المنختب", ("المنتخب",))]
    with engine.indexes.writer(THINGS) as writer:
        writer.delete("1")
    response = found(service, "المنختب")
    assert (response.total, response.corrections, response.absent_words) == (0, [], ["المنختب"])


def test_a_correction_far_into_a_long_text_is_spelt_as_there(fill: Fill, news_schema: Schema) -> None:
    text = "كلام في الصحف " * 10_000 + "مفاوضات الإئتلاف"
    service = fill(news_schema, [{"id": "1", "title": "خبر", "text": text}])
    assert found(service, "الائتلاق", highlight=False).corrections == [Correction("الائتلاق", ("الإئتلاف",))]


def test_every_word_that_no_document_has_is_named_as_typed(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("المنتخب يفوز بالكأس", "عبد الله الثاني", *["خبر في الصحف"] * 20))
    query = 'المُنختب في باريس "كأس العالم" 2018 London عبدالله يفوز باريس'
    response = found(service, query)
    assert response.absent_words == ["المُنختب", "باريس", "كأس", "العالم", "2018", "London"]
    assert [correction.word for correction in response.corrections] == ["المُنختب"]
    assert found(service, query, understanding=False).absent_words == response.absent_words
    assert found(service, "باريس").absent_words == ["باريس"], "without hits, too"
    assert found(service, "").absent_words == []
    assert response.unmatched_words == ["باريس", "العالم", "2018", "London"], "not كأس, of which there is another form"
    assert found(service, query, understanding=False).unmatched_words[0] == "المُنختب", "not corrected"
    explained = service.explain(THINGS, SearchRequest(q="باريس المنتخب"), "1")
    assert explained.absent_words == explained.unmatched_words == ("باريس",)


def test_a_listed_other_spelling_is_no_error(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles(*["موريتانيا"] * 5, *["خبر في الصحف"] * 40))
    response = found(service, "موريطانيا")
    assert (response.total, response.corrections, response.absent_words) == (5, [], [])


def test_a_name_that_is_absent_with_its_particle_matches_the_name(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("شاكيرا", "غناء", *["خبر في الصحف"] * 20))
    response = found(service, "لشاكيرا")
    assert ([hit.id for hit in response.hits], response.corrections, response.absent_words) == (["1"], [], ["لشاكيرا"])


def test_a_word_behind_a_conjunction_that_is_typed_apart_is_corrected(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles(*["المنتخب"] * 3, *["خبر في الصحف"] * 20))
    response = found(service, "خبر و المنختب")
    assert response.corrections == [Correction("و المنختب", ("المنتخب",))]
    response = found(service, "خبر و المنتخب")
    assert (response.corrections, response.absent_words) == ([], [])
