"""The language of problems: English, or Arabic for those who ask for it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_service.core.errors import InvalidParameter, StaleIndex
from search_service.core.message import Message
from search_service.messages import arabic, english
from search_service.messages.arabic import phrases
from search_service.messages.arabic.phrases import bare
from search_service.messages.examples import ERRORS, MESSAGES
from search_service.messages.rendering import FrontEnd, Language, allowed, render, title
from search_service.ranking.tiers import TIERS

SEARCH = "/v1/indexes/news/search"
BIDI_ALLOWED = {"\u2068", "\u2069"}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "en"), ("*", "en"), ("en", "en"), ("fr", "en"), ("ar", "ar"), ("ar-EG", "ar"), ("ar-EG,ar;q=0.9", "ar"),
        ("en;q=0.5, ar;q=0.9", "ar"), ("fr, ar;q=0.5", "ar"), ("ar;q=0", "en"), ("en-GB,en;q=0.9,ar;q=0.8", "en"),
        ("%%%", "en"),
    ],
)  # fmt: skip
def test_a_problem_has_the_language_that_the_client_prefers(accepted: str, expected: str, client: FlaskClient) -> None:
    response = client.get(SEARCH, query_string={"size": 101}, headers={"Accept-Language": accepted})
    assert response.headers["Content-Language"] == expected
    assert "Accept-Language" in response.headers["Vary"]
    content = response.get_json()
    assert (content["code"], content["parameter"]) == ("out-of-range", "size")
    texts = {"en": ("Invalid parameter", "0 to 100"), "ar": ("معامل غير صالح", "من 0 إلى 100")}
    assert (content["title"], content["allowed"]) == texts[expected]


def test_an_arabic_problem_is_arabic_throughout(client: FlaskClient) -> None:
    headers = {"Accept-Language": "ar"}
    sort = client.get(SEARCH, query_string={"sort": "title"}, headers=headers).get_json()
    assert bare(sort["detail"]) == "في «sort»: لا يمكن ترتيب النتائج حسب «title». المسموح به: relevance، date، -date."
    assert sort["allowed"] == "\u2068relevance\u2069، \u2068date\u2069، \u2068-date\u2069"
    ranged = client.post(SEARCH, json={"ranges": {"date": "x"}}, headers=headers).get_json()
    assert ranged["parameter"] == "ranges.date"
    assert '{"from": LOW, "to": HIGH}' in ranged["detail"]
    assert client.get("/v1/nothing", headers=headers).get_json()["title"] == "لا شيء في هذا العنوان"
    assert client.delete(SEARCH, headers=headers).get_json()["title"] == "طريقة غير مسموح بها"
    assert "«other»" in client.get("/v1/indexes/other/search", headers=headers).get_json()["detail"]


def test_warnings_have_the_language_that_the_client_prefers(client: FlaskClient) -> None:
    def ask(language: str, tag: str = "") -> TestResponse:
        headers = {"Accept-Language": language, **({"If-None-Match": tag} if tag else {})}
        return client.get(SEARCH, query_string={"q": 'كأس "العالم', "size": 1}, headers=headers)

    arabic_answer, english_answer = ask("ar"), ask("en")
    assert arabic_answer.get_json()["warnings"] == ["أُهملت علامة تنصيص لا ثانية لها."]
    assert english_answer.get_json()["warnings"] == ["A quotation mark is ignored: its second one is missing"]
    for answer in (arabic_answer, english_answer):
        assert "Accept-Language" in answer.headers["Vary"]
    tag = arabic_answer.headers["ETag"]
    assert (ask("ar", tag).status_code, ask("en", tag).status_code) == (304, 200)


def test_an_explanation_has_the_language_that_the_client_prefers(client: FlaskClient) -> None:
    meanings = {
        language: client.get(
            "/v1/indexes/news/explain/ex-020?q=لاهاي", headers={"Accept-Language": language}
        ).get_json()
        for language in ("ar", "en")
    }
    assert {tier.meaning.code for tier in TIERS.values()} <= arabic.SENTENCES.keys()
    assert meanings["en"]["reasons"][0]["meaning"] == "forms of the word (dictionary)"
    assert all(ARABIC_LETTER.search(reason["meaning"]) for reason in meanings["ar"]["reasons"])


def test_an_answer_without_a_problem_or_warning_does_not_vary_by_language(client: FlaskClient) -> None:
    response = client.get(SEARCH, headers={"Accept-Language": "ar"})
    assert "Accept-Language" not in response.headers.get("Vary", "")
    assert "Content-Language" not in response.headers


ARABIC_LETTER = re.compile("[ء-ي]")


@pytest.mark.parametrize("reported", [*ERRORS, *MESSAGES], ids=lambda one: one.code)
@pytest.mark.parametrize("front_end", [FrontEnd.QUERY_STRING, FrontEnd.JSON_BODY])
def test_every_code_has_an_arabic_sentence(reported: Exception | Message, front_end: FrontEnd) -> None:
    assert isinstance(reported, Exception | Message)
    text = render(reported, front_end, Language.ARABIC)  # type: ignore[arg-type]
    assert ARABIC_LETTER.search(text)
    assert "{" not in text.replace('{"from": LOW, "to": HIGH}', "")
    assert text.endswith((".", "\u2069", ")"))
    invisible = {one for one in text if unicodedata.category(one) == "Cf"}
    assert invisible <= BIDI_ALLOWED
    assert text.count("\u2068") == text.count("\u2069")


def test_every_error_has_an_arabic_title_of_its_own_class() -> None:
    for error in ERRORS:
        assert ARABIC_LETTER.search(title(error, Language.ARABIC))
    assert phrases.TITLES.keys() >= {type(error) for error in ERRORS}


@pytest.mark.parametrize(
    "error", [one for one in ERRORS if isinstance(one, InvalidParameter)], ids=lambda one: one.code
)
def test_what_is_allowed_is_said_in_both_languages_or_none(error: InvalidParameter) -> None:
    in_english, in_arabic = (allowed(error, FrontEnd.JSON_BODY, language) for language in Language)
    assert bool(in_english) == bool(in_arabic)


def test_a_command_in_an_arabic_sentence_can_be_copied() -> None:
    text = render(StaleIndex("news-", "other-configuration"), FrontEnd.QUERY_STRING, Language.ARABIC)
    assert "\u2068arabic-search reindex news- --from-stored\u2069" in text


def test_every_arabic_sentence_has_an_english_one() -> None:
    assert arabic.SENTENCES.keys() <= english.SENTENCES.keys()
    assert sum(map(len, arabic.GROUPS)) == len(arabic.SENTENCES)
