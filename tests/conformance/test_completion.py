"""What completes an input: words and phrases with their results, titles, and values of facets."""

from __future__ import annotations

from typing import Any

import pytest

from index_config.schema import Schema, schema_from_dict
from search_service.core.index_name import IndexName
from search_service.search.completion.suggestion import Suggestion
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill

THINGS = IndexName("things")

DOCUMENTS: list[dict[str, Any]] = [
    {"id": "1", "title": "أسعار النفط ترتفع", "author": "سعاد العلي", "source": "الصباح", "date": "2024-01-01"},
    {"id": "2", "title": "أسعار النفط تتراجع", "author": "سعاد العلي", "source": "الصباح", "date": "2024-01-02"},
    {"id": "3", "title": "أسعار الذهب والنفط", "author": "سعيد الصالح", "source": "المساء", "date": "2024-01-03"},
    {"id": "4", "title": "المنتخب يفوز", "text": "قال مسؤول كبير إن الرئيس هنأ المنتخب", "date": "2024-01-04"},
    {"id": "5", "title": "الرئيس يستقبل المنتخب", "text": "قرأ سورة البقرة", "date": "2024-01-05"},
    {"id": "6", "title": "سورة الكهف", "text": "سورة البقرة وسورة الكهف في المصحف", "date": "2024-01-06"},
    {"id": "7", "title": "Google تفتتح مكتبا في ألمانيا", "tags": ["أعمال"], "date": "2024-01-07"},
    {"id": "8", "title": "مَدارس الرياض", "author": "مدير التحرير", "date": "2024-01-08"},
    {"id": "9", "title": "المدرسة الجديدة", "text": "مدرسة مالية", "date": "2024-01-09"},
]


@pytest.fixture
def service(read_only: Fill, news_schema: Schema) -> SearchService:
    return read_only(news_schema, DOCUMENTS)


def offered(service: SearchService, q: str, **options: Any) -> list[Suggestion]:
    return list(service.suggest(THINGS, q, **{"size": 20, **options}).items)


def texts(service: SearchService, q: str, *kinds: str, **options: Any) -> list[str]:
    return [one.text for one in offered(service, q, **options) if one.kind in (kinds or ("word", "phrase"))]


def typed(one: Suggestion) -> list[str]:
    """Return the marked parts of a suggestion."""
    return [one.text[mark.start : mark.end] for mark in one.marks]


INPUTS = ("اس", "أسعار", "أسعار ال", "المنتخب", "الرئ", "سوره ال", "مد", "نفط", "المنختب", "hgvzds", "مسئول")


@pytest.mark.full(keep=8)
@pytest.mark.parametrize("q", INPUTS)
def test_a_search_for_a_suggestion_finds_as_many_documents_as_it_says(service: SearchService, q: str) -> None:
    found = offered(service, q)
    assert found
    for one in found:
        if one.kind in ("word", "phrase"):
            assert service.search(THINGS, SearchRequest(q=one.text)).total == one.count, one
        elif one.kind == "value":
            response = service.search(THINGS, SearchRequest(filters={one.field: [one.text]}))
            assert response.total == one.count, one
        else:
            assert service.document(THINGS, one.id).source[one.field] == one.text
            assert one.count is None
        assert one.count != 0


def test_words_and_phrases_come_first_then_titles_and_values(service: SearchService) -> None:
    assert [(one.kind, one.text, one.count) for one in offered(service, "سعا")] == [
        ("word", "سعاد", 2), ("phrase", "سعاد العلي", 2), ("value", "سعاد العلي", 2),
    ]  # fmt: skip
    assert [one.kind for one in offered(service, "أسعار", size=4)] == ["word", "phrase", "title", "title"]
    assert texts(service, "أسعار", "title") == ["أسعار الذهب والنفط", "أسعار النفط تتراجع", "أسعار النفط ترتفع"]


def test_a_phrase_continues_what_is_typed(service: SearchService) -> None:
    assert texts(service, "أسعار ال") == ["أسعار النفط", "أسعار الذهب"]
    assert texts(service, "اسعار الن") == ["أسعار النفط"]
    assert texts(service, "الرياض مدا") == ["الرياض مَدارس"], "words that are not adjacent"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("المدرسه", "المدرسة"), ("مدرسه", "مدرسة"), ("اسعا", "أسعار"), ("الاسعا", "أسعار"), ("مَدا", "مَدارس"),
        ("المان", "ألمانيا"), ("الماني", "ألمانيا"), ("GOOG", "Google"),
    ],
)  # fmt: skip
def test_spelling_and_article_do_not_matter(service: SearchService, q: str, expected: str) -> None:
    assert texts(service, q)[:1] == [expected]


def test_the_letters_of_an_article_that_is_none_are_not_dropped(service: SearchService) -> None:
    """Nobody means ألمانيا by مان."""
    assert texts(service, "مان", "word", "title") == []


def test_a_last_article_completes_words_that_have_it(service: SearchService) -> None:
    assert texts(service, "سوره ال") == ["سورة البقرة", "سورة الكهف"]
    assert all(one.text.startswith("ال") for one in offered(service, "ال") if one.kind == "word")


def test_words_of_texts_complete_what_no_title_has(service: SearchService) -> None:
    assert texts(service, "مصح") == ["المصحف"]
    assert texts(service, "مسؤول كب") == ["مسؤول كبير"]


@pytest.mark.parametrize("q", ["مسئول", "مسؤول", "مسئو"])
def test_the_seat_of_a_hamza_does_not_matter(service: SearchService, q: str) -> None:
    assert texts(service, q)[:1] == ["مسؤول"]


@pytest.mark.parametrize(
    ("q", "expected"), [("hgvzds", "الرئيس"), ("HGVZDS", "الرئيس"), ("lkjof", "المنتخب"), ("لخخلمث", "Google")]
)
def test_the_wrong_keyboard_layout_is_understood(service: SearchService, q: str, expected: str) -> None:
    assert texts(service, q)[:1] == [expected]


@pytest.mark.parametrize(
    ("q", "expected"),
    [("المنختب", "المنتخب"), ("المنتحب", "المنتخب"), ("أسعر النف", "أسعار النفط"), ("الرييسس", "الرئيس")],
)
def test_one_error_is_forgiven(service: SearchService, q: str, expected: str) -> None:
    assert expected in texts(service, q)


def test_what_is_typed_is_marked_in_any_spelling(service: SearchService) -> None:
    first = {q: typed(offered(service, q)[0]) for q in ("اسعا", "الاسعا", "المدرس", "مدرس", "سوره ال", "المنختب", "م")}
    assert first == {
        "اسعا": ["أسعا"], "الاسعا": ["أسعا"], "المدرس": ["المدرس"], "مدرس": ["مدرس"], "سوره ال": ["سورة", "ال"],
        "المنختب": ["المنتخب"], "م": ["م"],
    }  # fmt: skip
    [title] = [one for one in offered(service, "مدا") if one.kind == "title"]
    assert typed(title) == ["مَدا"]


def test_completions_are_of_documents_that_pass_the_filters(service: SearchService) -> None:
    among = SearchRequest(filters={"source": ["المساء"]})
    assert texts(service, "أسعار ال", among=among) == ["أسعار الذهب"]
    [word] = [one for one in offered(service, "أسعار", among=among) if one.kind == "word"]
    assert word.count == 1
    assert offered(service, "الرياض", among=among) == []


def test_nothing_completes_nothing(service: SearchService) -> None:
    assert [offered(service, q) for q in ("", "؟!", "قققققق", "-أسعار", "title:أسعار")] == [[]] * 5


def test_without_a_suggest_field_nothing_is_completed(fill: Fill) -> None:
    schema = schema_from_dict({"name": "notes", "fields": {"text": {"kind": "text"}}}, "notes.toml")
    assert offered(fill(schema, [{"id": "1", "text": "أسعار النفط"}]), "أسع") == []
