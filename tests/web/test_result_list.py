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

from .conftest import fill
from .test_page import BROWSER, get

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


TRACKED = "utm_source=a&fbclid=b&utm_source=c&size=50&q%00=&&x"


class TestForeignParameters:
    """Shared links come with parameters that the page does not know: it ignores them, and its links drop them."""

    @pytest.mark.parametrize("path", ["/", "/documents/ex-001", "/docs", "/problems/not-a-date"])
    def test_are_ignored_on_every_page(self, client: FlaskClient, path: str) -> None:
        query = "" if path.startswith(("/docs", "/problems")) else "q=%D9%85%D8%B5%D8%B1&"
        plain = client.get(f"{path}?{query}", headers=BROWSER)
        tracked = client.get(f"{path}?{TRACKED}&{query}{TRACKED}", headers=BROWSER)
        assert (plain.status_code, tracked.status_code) == (200, 200)
        assert tracked.text == plain.text

    def test_are_refused_by_the_api(self, client: FlaskClient) -> None:
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
