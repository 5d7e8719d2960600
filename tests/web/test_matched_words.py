"""How a result matches the words of a search, on demand."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app

from .conftest import HOSTILE, fill
from .test_page import check_harmless, get

DOCUMENTS = [
    {
        "id": "a",
        "title": "مدرسة في القاهرة",
        "text": "في المدرسة مدارس أخرى، ثم المدرسة. زار عبد الله مدرسه. بيت وبيوت وكتاب.",
    },
    {"id": "b", "title": "الاقتصاد العالمي", "text": "الاقتصاد مسؤول عنه كثيرون. السعودية والمسئولون فيها."},
    {"id": "c", "title": f"خبر {HOSTILE}", "text": f"نص {HOSTILE} خبر"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("matched")
    fill(make_engine(Settings(index_dir=folder)), "news", load_schema("news"), DOCUMENTS)
    return folder


@pytest.fixture(scope="module")
def service(folder: Path) -> SearchService:
    return SearchService(make_engine(Settings(index_dir=folder)))


@pytest.fixture
def client(service: SearchService) -> FlaskClient:
    return create_app(service, IndexName("news")).test_client()


def words(client: FlaskClient, q: str, document: str, language: str = "ar") -> dict[str, list[str]]:
    """Return what the page says of each word of a search."""
    html = client.get(f"/matches/{document}?q={quote(q)}&lang={language}").text
    [listed] = re.findall(r'<dl class="matched-words">(.*?)</dl>', html, re.S)
    said: dict[str, list[str]] = {}
    for tag, text in re.findall(r"<(dt|dd)[^>]*>(.*?)</\1>", listed, re.S):
        plain = " ".join(re.sub(r"<[^>]+>", "", text).split()).replace(" ،", "،")
        if tag == "dt":
            word = plain
            said[word] = []
        else:
            said[word].append(plain)
    return said


def test_each_word_says_how_the_document_has_it(client: FlaskClient) -> None:
    assert words(client, "مدرسة زنجبيل", "a") == {
        "«مدرسة»": ["الكلمة نفسها: مدرسة (2)", "بصيغة أخرى: المدرسة (2)، مدارس (1)"],
        "«زنجبيل»": ["ليست في هذه الوثيقة"],
    }
    assert words(client, "عبدالله", "a") == {"«عبدالله»": ["موصولة أو مفصولة: عبد (1)، الله (1)"]}
    assert words(client, "الاقتصاض", "b") == {"«الاقتصاض»": ["بعد تصحيحها: الاقتصاد (2)"]}
    assert words(client, "السعود*", "b", "en") == {"“السعود*”": ["what begins with it: السعودية (1)"]}
    assert words(client, "الاقتصاد", "b", "en") == {"“الاقتصاد”": ["the word itself: الاقتصاد (2)"]}


def test_every_result_has_a_link_to_it_and_only_a_search_for_words_does(client: FlaskClient) -> None:
    linked = [link for link in get(client, "/?q=" + quote("مدرسة خبر")).links if link.startswith("/matches/")]
    assert len(linked) == 2
    get(client, linked[0])
    assert [link for link in get(client, "/documents/a?q=" + quote("مدرسة")).links if link.startswith("/matches/")]
    for url in ("/", "/?q=-" + quote("مدرسة"), "/documents/a"):
        assert not [link for link in get(client, url).links if link.startswith("/matches/")], url


def test_nothing_is_read_for_whoever_does_not_ask(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("nobody asked")

    monkeypatch.setattr(SearchService, "matched_words", asked)
    get(client, "/?q=" + quote("مدرسة"))
    get(client, "/documents/a?q=" + quote("مدرسة"))


def test_markup_is_escaped(client: FlaskClient) -> None:
    check_harmless(get(client, f"/matches/c?q={quote('خبر script ' + HOSTILE)}"))


def test_crawlers_stay_out_and_unknown_documents_are_said(client: FlaskClient) -> None:
    assert get(client, "/matches/a?q=x").all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    assert "Disallow: /matches" in client.get("/robots.txt").text
    get(client, "/matches/none?q=x", 404)
    page = get(client, "/matches/a?q=" + quote("مدرسة"))
    assert any(link.startswith("/matches/a?") and "lang=en" in link for link in page.links), "the switch stays here"
