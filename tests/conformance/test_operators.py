"""The operators of the query language: what they find, exclude, mark and report, on every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.response import SearchResponse
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill
from tests.conformance.searches import found

DOCUMENTS: Sequence[Mapping[str, Any]] = [
    {
        "id": "hell",
        "title": "وصف النار في جهنم",
        "text": "قيل إن النار سبعة أبواب",
        "category": "دين",
        "author": "محمود علي",
        "date": "2018-03-11",
    },
    {
        "id": "fire",
        "title": "النار في الغابات",
        "text": "أطفأ رجال الإطفاء النار قرب المدينة",
        "category": "بيئة",
        "source": "صحيفة الساحل",
        "date": "2018-04-02",
    },
    {
        "id": "school",
        "title": "المدرسة الجديدة",
        "text": "افتتح الوزير مدرسة في المدينة ومدربا للرياضة",
        "category": "تعليم",
        "source": "صحيفة الجبل",
        "tags": ["مدارس", "وزارة التعليم"],
        "date": "2019-01-05",
    },
    {
        "id": "library",
        "title": "مكتبة القرية",
        "text": "جمع المتطوعون كتبا وكتابات للمكتبة",
        "category": "ثقافة",
        "source": "صحيفة الساحل",
        "author": "سلمى محمود",
    },
    {
        "id": "council",
        "title": "المجلس يجتمع",
        "text": "عقد مجلس محلي يهتم بشؤون الأمن اجتماعا ثم اجتمع المجلس",
        "category": "سياسة",
    },
    {
        "id": "security council",
        "title": "قرار جديد",
        "text": "أصدر مجلس الأمن الدولي قرارا ورد في COVID-19",
        "category": "سياسة",
    },
    {"id": "apart", "title": "خلق الأرض و السماء", "text": "كلام آخر", "tags": ["ماء", "هواء"]},
    {"id": "joined", "title": "خلق الأرض والسماء", "text": "كلام غيره", "category": "دين"},
]


@pytest.fixture
def service(read_only: Fill, news_schema: Schema) -> SearchService:
    return read_only(news_schema, DOCUMENTS)


def ids(response: SearchResponse) -> set[str]:
    assert response.total == len(response.hits)
    return {hit.id for hit in response.hits}


def codes(response: SearchResponse) -> list[str]:
    return [warning.code for warning in response.warnings]


def marks(response: SearchResponse) -> set[str]:
    """The marked words of all hits."""
    return {
        fragment.text[start - fragment.start : end - fragment.start]
        for hit in response.hits
        for fragments in hit.highlights.values()
        for fragment in fragments
        for start, end in fragment.marks
    }


EVERYTHING = {str(document["id"]) for document in DOCUMENTS}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("النار", {"hell", "fire"}, id="without an operator"),
        pytest.param("النار -جهنم", {"fire"}, id="hyphen"),
        pytest.param("-جهنم النار", {"fire"}, id="before the word"),
        pytest.param("النار \u2212جهنم", {"fire"}, id="minus sign"),
        pytest.param("النار \u2013جهنم", {"fire"}, id="en dash"),
        pytest.param("النار \u200f-\u200fجهنم", {"fire"}, id="direction marks"),
        pytest.param('النار -"في جهنم"', {"fire"}, id="phrase"),
        pytest.param('النار -"جهنم في"', {"hell", "fire"}, id="phrase that no document has"),
        pytest.param("النار -«في الغابات»", {"hell"}, id="guillemets"),
        pytest.param('النار ليس "جهنم"', {"fire"}, id="laysa before a quoted word"),
        pytest.param("النار لَيْسَ «في جهنم»", {"fire"}, id="laysa with tashkeel before a phrase"),
        pytest.param("النار -جهنم -غابات", set(), id="two words"),
        pytest.param("النار -الغابة", {"hell"}, id="the other forms of a word too"),
        pytest.param("النار -عنوان:جهنم", {"fire"}, id="in a field"),
        pytest.param("المدينة -عنوان:النار", {"school"}, id="in a field, while another one has the word"),
        pytest.param("النار -قسم:دين", {"fire"}, id="value of a field"),
        pytest.param("النار -جهن*", {"fire"}, id="beginning"),
        pytest.param("كلام -COVID-19", {"apart", "joined"}, id="two words in one"),
        pytest.param("النار - جهنم", {"hell"}, id="a dash alone is none"),
        pytest.param("-النار -المدينة", EVERYTHING - {"hell", "fire", "school"}, id="nothing else"),
        pytest.param('-"مجلس الأمن"', EVERYTHING - {"security council"}, id="a phrase and nothing else"),
    ],
)
def test_excluded_words_are_in_no_hit(query: str, expected: set[str], service: SearchService) -> None:
    assert ids(found(service, query)) == expected


def test_a_query_and_its_exclusion_part_the_documents(service: SearchService) -> None:
    with_word, without = found(service, "النار جهنم"), found(service, "النار -جهنم")
    assert with_word.total + without.total == found(service, "النار").total


def test_an_excluded_word_is_neither_marked_nor_scored_nor_corrected(service: SearchService) -> None:
    response = found(service, "النار -جهنن -الغابت")
    assert (response.corrections, response.absent_words) == ([], [])
    assert marks(response) == {"النار"}
    words = {
        contribution.words
        for reason in service.explain(IndexName("things"), SearchRequest(q="النار -غابات"), "hell").reasons
        for contribution in reason.contributions
    }
    assert words == {"النار"}


def test_exclusions_alone_keep_the_order_of_a_search_without_a_query(service: SearchService) -> None:
    response = found(service, "-جهنم")
    assert [hit.id for hit in response.hits] == [hit.id for hit in found(service, "").hits if hit.id != "hell"]
    assert (response.match_rule, marks(response)) == ("everything", set())
    assert all(hit.matched_by == () for hit in response.hits)


def test_what_is_excluded_stays_so_when_the_match_rule_is_relaxed(service: SearchService) -> None:
    response = found(service, "النار مكتبة -جهنم")
    assert (response.match_rule, ids(response)) == ("any", {"fire", "library"})


def test_facets_count_what_operators_leave(service: SearchService) -> None:
    response = found(service, "النار -جهنم", facets=["category"])
    assert [bucket.value for bucket in response.facets["category"]] == ["بيئة"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("مدر*", {"school"}, id="Arabic"),
        pytest.param("مكت*", {"library"}, id="in a title"),
        pytest.param("مَدر*", {"school"}, id="with tashkeel"),
        pytest.param("تبا*", set(), id="not the middle of a word"),
        pytest.param("كتابا*", {"library"}, id="behind a conjunction"),
        pytest.param("زار*", set(), id="not behind a letter that may belong to the word"),
        pytest.param("أرض*", {"apart", "joined"}, id="behind the article, without the hamza"),
        pytest.param("المدر*", {"school"}, id="with the article"),
        pytest.param("cov*", {"security council"}, id="Latin, other case"),
        pytest.param("النار غاب*", {"fire"}, id="beside a word"),
        pytest.param("كاتب:محم*", {"hell", "library"}, id="in a searched keyword field"),
        pytest.param("عنوان:مدر*", {"school"}, id="in a text field"),
        pytest.param("وزا*", {"school"}, id="in one of several values"),
        pytest.param("نص:المدر*", set(), id="not in another field"),
    ],
)
def test_a_star_stands_for_the_rest_of_a_word(query: str, expected: set[str], service: SearchService) -> None:
    assert ids(found(service, query)) == expected


def test_words_with_the_beginning_are_marked_and_rank_by_field(service: SearchService) -> None:
    response = found(service, "مدي*")
    assert marks(response) == {"المدينة"}
    response = found(service, "نار*")
    assert marks(response) == {"النار"}
    assert all(hit.score > 0 for hit in response.hits)
    assert response.corrections == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param('"مجلس الأمن"', {"security council"}, id="adjacent"),
        pytest.param('"مجلس الأمن"~2', {"security council"}, id="too far"),
        pytest.param('"مجلس الأمن"~3', {"security council", "council"}, id="near"),
        pytest.param("«مجلس الأمن»~٣", {"security council", "council"}, id="guillemets, Arabic digits"),
        pytest.param('"الأمن مجلس"~2', {"security council"}, id="the other order takes two"),
        pytest.param('"الأمن مجلس"~1', set(), id="the other order takes more than one"),
        pytest.param('"مجلس محلي الأمن"~2', {"council"}, id="three words"),
        pytest.param('"ماء هواء"~50', set(), id="not across values"),
        pytest.param('"مجلس الأمن"~3 -COVID', {"council"}, id="beside an exclusion"),
        pytest.param('نص:"مجلس الأمن"~3', {"security council", "council"}, id="in a field"),
        pytest.param('عنوان:"مجلس الأمن"~3', set(), id="in another field"),
    ],
)
def test_words_can_be_near_each_other(query: str, expected: set[str], service: SearchService) -> None:
    assert ids(found(service, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("عنوان:النار", {"title"}, id="word"),
        pytest.param('نص:"قرب المدينة" النار', {"title", "text"}, id="phrase in one field, word in any"),
        pytest.param("نص:الإطف*", {"text"}, id="beginning"),
        pytest.param('عنوان:"النار الغابات"~2', {"title"}, id="nearness"),
    ],
)
def test_what_is_asked_of_a_field_is_marked_there_only(query: str, expected: set[str], service: SearchService) -> None:
    [hit] = [hit for hit in found(service, query).hits if hit.id == "fire"]
    assert set(hit.highlights) == expected


def test_words_near_each_other_are_marked(service: SearchService) -> None:
    [hit] = [hit for hit in found(service, '"مجلس الأمن"~3').hits if hit.id == "council"]
    assert hit.highlights["text"][0].html.count("<mark>") == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("عنوان:النار", {"hell", "fire"}, id="Arabic name"),
        pytest.param("العُنوان:النار", {"hell", "fire"}, id="Arabic name with article and tashkeel"),
        pytest.param("title:النار", {"hell", "fire"}, id="name in the schema"),
        pytest.param("Title:نار", {"hell", "fire"}, id="capital, other form"),
        pytest.param("text:القرية", set(), id="only in the named field"),
        pytest.param('عنوان:"النار في الغابات"', {"fire"}, id="phrase"),
        pytest.param('عنوان:"نار في الغابات"', set(), id="phrase as typed"),
        pytest.param("نص:COVID-19", {"security council"}, id="two words in one"),
        pytest.param("قسم:سياسة", {"council", "security council"}, id="value"),
        pytest.param("قسم:سياسه", {"council", "security council"}, id="value in another spelling"),
        pytest.param("النار، قسم:بيئة، المدينة", {"fire"}, id="value before a comma"),
        pytest.param('مصدر:"صحيفة الساحل"', {"fire", "library"}, id="value with a space"),
        pytest.param("مصدر:صحيفة", set(), id="a value is matched whole"),
        pytest.param("قسم:دين OR قسم:بيئة", {"hell", "fire", "joined"}, id="two values"),
        pytest.param("تاريخ:2018", {"hell", "fire"}, id="year"),
        pytest.param("تاريخ:٢٠١٨-٠٤", {"fire"}, id="month in Arabic digits"),
        pytest.param("date:2018-04..", {"fire", "school"}, id="open range"),
        pytest.param("date:2018-04..2018", {"fire"}, id="range"),
        pytest.param("وسم:مدارس", {"school"}, id="one of several values"),
        pytest.param("النار قسم:بيئة", {"fire"}, id="beside a word"),
    ],
)
def test_a_field_can_be_named(query: str, expected: set[str], service: SearchService) -> None:
    assert ids(found(service, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("جهنم OR الغابات", {"hell", "fire"}, id="words"),
        pytest.param("النار جهنم OR مكتبة", {"hell"}, id="binds its neighbours only"),
        pytest.param('"مجلس الأمن" OR "في الغابات"', {"security council", "fire"}, id="phrases"),
        pytest.param("جهنم OR مكتبة OR المدرسة", {"hell", "library", "school"}, id="three words"),
        pytest.param("جهنم OR مكت*", {"hell", "library"}, id="beginning"),
        pytest.param("جهنم OR في", {"hell", "fire", "school", "security council"}, id="stop word"),
    ],
)
def test_or_is_between_alternatives(query: str, expected: set[str], service: SearchService) -> None:
    assert ids(found(service, query)) == expected


def test_arabic_words_are_operators_in_the_advanced_syntax_only(service: SearchService) -> None:
    assert ids(found(service, "جهنم أو مكتبة", advanced=True)) == {"hell", "library"}
    assert ids(found(service, "النار ليس جهنم", advanced=True)) == {"fire"}
    plain = found(service, "النار ليس جهنم")
    assert (ids(plain), codes(plain)) == ({"hell"}, [])
    lower = found(service, "جهنم or وصف")
    assert (lower.match_rule, codes(lower)) == ("all", [])


@pytest.mark.parametrize(
    "query",
    [
        "الأرض و السماء", "الأرض والسماء", '"الأرض و السماء"', '"الأرض والسماء"', 'عنوان:"خلق الأرض و السماء"',
        "\u200fالأرض  و  السماء",
    ],
)  # fmt: skip
def test_a_conjunction_apart_is_part_of_the_next_word(query: str, service: SearchService) -> None:
    response = found(service, query)
    assert ids(response) == {"apart", "joined"}
    for hit in response.hits:
        assert "السماء</mark>" in hit.highlights["title"][0].html


def test_the_spelling_that_is_typed_ranks_no_lower(service: SearchService) -> None:
    scores = {hit.id: hit.score for hit in found(service, '"الأرض والسماء"').hits}
    assert scores["joined"] >= scores["apart"]


@pytest.mark.parametrize(
    ("query", "code", "expected"),
    [
        pytest.param("*نار", "star-ignored", {"hell", "fire"}, id="star before a word"),
        pytest.param("ا* النار", "prefix-too-short", {"hell", "fire"}, id="short beginning"),
        pytest.param('النار "جهنم"~5', "slop-ignored", {"hell"}, id="nearness of one word"),
        pytest.param('"مجلس الأمن"~999', "slop-too-large", {"council", "security council"}, id="large number"),
        pytest.param("OR النار", "or-ignored", {"hell", "fire"}, id="nothing before OR"),
        pytest.param("النار -؟", "operator-ignored", {"hell", "fire"}, id="nothing to exclude"),
        pytest.param('النار ليس "جهنم"', "excluded-by-word", {"fire"}, id="laysa"),
        pytest.param("النار تاريخ:2018-13 جهنم", "field-value-ignored", {"hell"}, id="no date"),
        pytest.param('"النار جهنم', "quote-unpaired", {"hell"}, id="one quotation mark"),
    ],
)
def test_what_is_ignored_is_reported(query: str, code: str, expected: set[str], service: SearchService) -> None:
    response = found(service, query)
    assert codes(response) == [code]
    if code != "field-value-ignored":  # its words may be required
        assert ids(response) == expected


@pytest.mark.parametrize(
    "query", ["الساعة 10:30", "http://example.com/a", "قال: النار", "2018-2019", "أ-ب", "النار - جهنم"]
)
def test_everyday_punctuation_is_no_operator(query: str, service: SearchService) -> None:
    assert codes(found(service, query)) == []


def test_operators_take_no_part_in_completions(service: SearchService) -> None:
    assert service.suggest(IndexName("things"), "النار").items
    assert service.suggest(IndexName("things"), "-النار").items == ()
