"""What the page shows of what was found: each sentence once, whole where it can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from search_service.web.messages.arabic import ARABIC

from .conftest import fill
from .test_page import BROWSER, WORDS, get

LEAD = "وافق مجلس الوزراء على مشروع النهر الجديد في جلسة عقدها أمس"
REST = "ويمتد ثلاثين كيلومترا بين الجبل والبحر، ويسقي عشرين قرية من قرى الوادي القديم كلها. "


def client_of(folder: Path, *documents: Mapping[str, Any]) -> FlaskClient:
    engine = make_engine(Settings(index_dir=folder))
    fill(engine, "news", load_schema("news"), documents)
    return create_app(SearchService(engine), IndexName("news")).test_client()


def test_an_abstract_that_begins_the_text_is_shown_once(tmp_path: Path) -> None:
    document = {"id": "a", "title": "قرار", "abstract": LEAD, "text": f"القاهرة - {LEAD}.\n{REST * 3}"}
    client = client_of(tmp_path, document)
    for url in ("/?q=" + quote("النهر"), "/documents/a", "/documents/a?q=" + quote("النهر")):
        assert get(client, url).text.count("مشروع") == 1, url


def test_a_snippet_ends_with_its_sentence_or_with_its_word_and_an_ellipsis(tmp_path: Path) -> None:
    long = " ".join(f"كلمة{number}" for number in range(60))
    texts = {"a": f"{LEAD}.\n{REST * 3}", "b": f"{LEAD}. {REST * 3}", "c": f"{LEAD} {long}"}
    client = client_of(tmp_path, *({"id": name, "title": "قرار", "text": text} for name, text in texts.items()))
    answer = client.get("/?q=" + quote("النهر")).text
    snippets = [re.sub("<[^>]+>", "", text) for text in re.findall(r'<p class="snippet"[^>]*>(.*?)</p>', answer, re.S)]
    assert sorted(text[-2:] for text in snippets if "كلمة1" not in text) == ["ا.", "ا."]
    assert [text[-2:] for text in snippets if "كلمة1" in text] == ["\N{NO-BREAK SPACE}…"]


TRACKED = "utm_source=a&filters=a&fbclid=b&utm_source=c&size=50&q%00=&&x"


class TestForeignParameters:
    """Shared links come with parameters that the page does not know: it ignores them, and its links drop them."""

    @pytest.mark.parametrize("path", ["/", "/documents/ex-001", "/docs", "/problems/not-a-date"])
    def test_foreign_parameters_are_ignored_on_every_page(self, client: FlaskClient, path: str) -> None:
        query = "" if path.startswith(("/docs", "/problems")) else "q=%D9%85%D8%B5%D8%B1&"
        plain = client.get(f"{path}?{query}", headers=BROWSER)
        tracked = client.get(f"{path}?{TRACKED}&{query}{TRACKED}", headers=BROWSER)
        assert (plain.status_code, tracked.status_code) == (200, 200)
        assert tracked.text == plain.text

    def test_foreign_parameters_are_refused_by_the_api(self, client: FlaskClient) -> None:
        answer = client.get("/v1/indexes/news/search?q=x&utm_source=y").get_json()
        assert (answer["status"], answer["code"]) == (400, "unknown-parameter")

    def test_of_a_repeated_parameter_the_first_value_counts(self, client: FlaskClient) -> None:
        repeated = "/?q=%D9%85%D8%B5%D8%B1&q=x&page=2&page=9&lang=en&lang=ar&sort=date&sort=-date"
        once = "/?q=%D9%85%D8%B5%D8%B1&page=2&lang=en&sort=date"
        assert client.get(repeated).text == client.get(once).text

    def test_empty_parameters_are_those_of_an_empty_form(self, client: FlaskClient) -> None:
        empty = "/?q=&page=&sort=&date_from=&date_to=&filter.source=&advanced=&index=&lang=&understanding="
        assert client.get(empty).text == client.get("/").text

    def test_a_repeated_value_is_one_filter(self, client: FlaskClient) -> None:
        page = get(
            client, "/?filter.category=%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9&filter.category=%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9"
        )
        assert len([link for link in page.links if link.count("filter.category") == 2]) > 0
        assert not [link for link in page.links if link.count("%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9") > 1]


class TestWords:
    """What becomes of words that no document has."""

    def notes(self, client: FlaskClient, url: str) -> list[str]:
        found = re.findall(r'<p class="note">(.*?)</p>', client.get(url).text, re.S)
        return [re.sub("<[^>]+>", "", note).strip() for note in found]

    def test_a_correction_is_the_same_on_every_page_and_under_every_filter(self, client: FlaskClient) -> None:
        query = "/?q=" + quote("الائتلاق")
        corrected = "لا تحوي أي وثيقة «الائتلاق»، فبحثنا عن «الائتلاف»."
        for more in ("", "&page=2", "&filter.category=x", "&sort=date", "&date_from=1990&date_to=1991"):
            assert self.notes(client, query + more)[0].startswith(corrected), more

    def test_a_link_insists_on_what_was_typed(self, client: FlaskClient) -> None:
        first = "/?q=" + quote("الائتلاق")
        [link] = [link for link in get(client, first).links if "as_typed" in link]
        assert self.notes(client, first)[0].endswith(" ابحث عن «الائتلاق» كما كُتبت")
        assert self.notes(client, link) == ["لا توجد وثيقة فيها «الائتلاق»."]
        box = client.get(link).text.partition("</form>")[0]
        assert "as_typed" not in box.partition("<form")[2], "another search is corrected again"

    def test_each_corrected_word_has_a_link_that_insists_on_it_alone(self, client: FlaskClient) -> None:
        first = "/?filter.category=x&q=" + quote("الائتلاق المُعررض مصر")
        notes = self.notes(client, first)
        assert [note.rpartition(".")[2] for note in notes[:2]] == [
            " ابحث عن «الائتلاق» كما كُتبت", " ابحث عن «المُعررض» كما كُتبت",
        ]  # fmt: skip
        one, other = [link for link in get(client, first).links if "as_typed" in link]
        noticed = self.notes(client, one)
        assert noticed[0].startswith("لا تحوي أي وثيقة «المُعررض»، فبحثنا عن «المعرض»")
        assert noticed[1] == "لا توجد وثيقة فيها «الائتلاق»."
        assert "«المُعررض»، فبحثنا" not in client.get(other).text
        [both] = [link for link in get(client, one).links if link.count(quote("المُعررض")) == 2]
        assert "فبحثنا" not in client.get(both).text
        without_filters = [link for link in get(client, both).links if link.count(quote("المُعررض")) == 2]
        assert any("filter" not in link for link in without_filters), "it is the same query"

    def test_words_that_match_nothing_are_named(self, client: FlaskClient) -> None:
        notes = self.notes(client, "/?q=" + quote("مصر زغنبوط <b>hgvzds</b>"))
        assert "لا توجد وثيقة فيها «زغنبوط» ولا «b» ولا «hgvzds»." in notes
        assert self.notes(client, "/?q=" + quote("زنجبيل")) == ["لا توجد وثيقة فيها «زنجبيل»."]

    def test_a_word_of_which_documents_have_other_forms_is_named_as_such(self, tmp_path: Path) -> None:
        client = client_of(tmp_path, {"id": "a", "title": "كتب جديدة"})
        assert self.notes(client, "/?q=" + quote("كتابين")) == ["لا تحوي أي وثيقة «كتابين» بهذه الصيغة."]

    def test_a_word_that_is_found_is_not_named(self, client: FlaskClient) -> None:
        assert self.notes(client, "/?q=" + quote("الائتلاف")) == []


class TestNothingUnderFilters:
    def test_the_page_says_what_there_is_without_each_filter(self, client: FlaskClient) -> None:
        url = "/?q=" + quote("مصر") + "&filter.category=x&date_from=2024-01&sort=date"
        page = get(client, url)
        total = client.get("/v1/indexes/news/search?q=" + quote("مصر")).get_json()["total"]
        dated = client.get("/v1/indexes/news/search?date_from=2024-01&q=" + quote("مصر")).get_json()["total"]
        counts = [WORDS.counted(number, ARABIC.results) for number in (dated, total)]
        choices = self.choices(client, url)
        assert f"من دونها كلها {counts[1]}" in page.text
        assert "لا نتائج بهذه الشروط" in page.text
        assert list(choices) == [f"من دون القسم: x: {counts[0]}", f"من دون أي شرط: {counts[1]}"]
        for link, number in zip(choices.values(), (dated, total), strict=True):
            assert WORDS.counted(number, ARABIC.results) in get(client, link).text
            assert "sort=date" in link

    def test_nothing_is_offered_where_there_is_nothing(self, client: FlaskClient) -> None:
        assert not self.choices(client, "/?q=hgvzds&filter.category=x")
        assert not self.choices(client, "/?q=hgvzds")
        answer = client.get("/?q=hgvzds&filter.category=x").text
        [message] = re.findall(r'<div class="message">(.*?)</div>', answer, re.S)
        assert re.findall('href="(.*?)"', message) == ["/"], "the same search without its filters finds nothing, either"

    def test_dates_that_begin_after_their_end_can_be_exchanged(self, client: FlaskClient) -> None:
        page = get(client, "/?q=a&date_from=2024-03-11&date_to=2024-02", 400)
        assert "تاريخ البداية \u20682024-03-11\u2069 بعد تاريخ النهاية \u20682024-02\u2069" in page.text
        assert "/?q=a&date_from=2024-02&date_to=2024-03-11" in page.links
        english = get(client, "/?lang=en&date_from=2024-03-11&date_to=2024-02", 400)
        assert "The first date, 2024-03-11, is after the last date, 2024-02." in english.text
        assert "Begin with the earlier date" in english.text

    def choices(self, client: FlaskClient, url: str) -> dict[str, str]:
        found = re.search(r'<ul class="dropped">(.*?)</ul>', client.get(url).text, re.S)
        links = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', found[1], re.S) if found else []
        return {re.sub("<[^>]+>", "", text): link.replace("&amp;", "&") for link, text in links}
