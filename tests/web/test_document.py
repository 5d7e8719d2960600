"""The page of a document: its place in a search, its matches, its citation; and what errors offer."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.core.errors import DeadlineExceeded, EngineTimeout, EngineUnavailable, SearchServiceError
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from search_service.web.messages.arabic import ARABIC
from search_service.web.messages.english import ENGLISH

from .conftest import fill
from .test_page import BROWSER, ParsedPage, get


def next_of(page: ParsedPage, rel: str = "next nofollow") -> str:
    return next((link["href"] for link in page.all("a", rel=rel)), "")


class TestNeighbours:
    def test_next_and_previous_walk_through_all_results_across_pages(self, client: FlaskClient) -> None:
        search = "q=" + quote("مصر") + "&sort=-date"
        ids = [
            hit["id"]
            for page in (1, 2)
            for hit in client.get(f"/v1/indexes/news/search?{search}&page={page}").get_json()["hits"]
        ]
        assert len(ids) > 10
        url, walked = f"/documents/{ids[0]}?{search}", [ids[0]]
        while len(walked) < len(ids) and (url := next_of(get(client, url))):
            walked.append(urlsplit(url).path.rpartition("/")[2])
            assert parse_qs(urlsplit(url).query).get("page", ["1"]) == [str((len(walked) - 1) // 10 + 1)]
        assert walked == ids
        back = next_of(get(client, url), "prev nofollow")
        assert urlsplit(back).path == f"/documents/{ids[-2]}"
        assert not next_of(get(client, f"/documents/{ids[0]}?{search}"), "prev nofollow")

    @pytest.mark.parametrize("search", ["", "?lang=en", "?q=zzzzqq", "?filter.none=x", "?sort=none", "?page=10000"])
    def test_a_document_that_a_search_does_not_lead_to_has_none(self, client: FlaskClient, search: str) -> None:
        page = get(client, "/documents/ex-001" + search)
        assert not page.all("nav", **{"class": "neighbours"})


def test_the_address_of_the_original_is_shown_with_its_letters(tmp_path: Path) -> None:
    engine = make_engine(Settings(index_dir=tmp_path))
    address = "https://news.example/" + quote("أسعار-النفط") + "?from=a%2Fb"
    fill(engine, "news", load_schema("news"), [{"id": "1", "title": "خبر", "url": address}])
    client = create_app(SearchService(engine), IndexName("news")).test_client()
    page = get(client, "/documents/1")
    assert "https://news.example/أسعار-النفط?from=a%2Fb" in page.text
    assert address in page.links


class TestMatches:
    def test_matches_are_counted_in_the_language_of_the_reader(self, client: FlaskClient) -> None:
        url = "/documents/ex-001?q=" + quote("كتب برايل")
        assert "7 مواضع مطابقة" in get(client, url).text
        assert "7 matches" in get(client, url + "&lang=en").text
        assert "matches" not in get(client, "/documents/ex-001?lang=en").text

    def test_results_link_to_their_first_match(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("القمح"))
        links = [link for link in page.links if "#:~:text=" in link]
        assert links
        for link in links:
            address, _, directive = link.partition("#:~:text=")
            document = client.get(address, headers=BROWSER).text
            text = "".join(piece for _, piece in ParsedPage(document).texts).replace(" ", "")
            assert parse_qs("t=" + directive)["t"][0].replace(" ", "") in text
            assert "-" not in directive


def test_a_citation_has_title_source_date_and_address(client: FlaskClient) -> None:
    source = client.get("/v1/indexes/news/documents/ex-001").get_json()["source"]
    [cited] = [text for tag, text in get(client, "/documents/ex-001").texts if source["url"] in text and tag == "p"]
    assert cited.endswith(f". {source['url']}")
    assert f"«{source['title']}»، " in cited
    assert source["source"] in cited
    [english] = [
        text for tag, text in get(client, "/documents/ex-001?lang=en").texts if source["url"] in text and tag == "p"
    ]
    assert f"“{source['title']}”, " in english
    assert "2023" in english


class TestErrorsThatMayPass:
    @pytest.mark.parametrize(
        ("error", "status", "seconds"),
        [
            (EngineUnavailable("engine-unavailable"), 503, "5"),
            (EngineTimeout("engine-timeout"), 504, "5"),
            (DeadlineExceeded("deadline-exceeded"), 504, "5"),
        ],
        ids=["gone", "late", "too long"],
    )
    @pytest.mark.parametrize("texts", [ARABIC, ENGLISH], ids=["ar", "en"])
    def test_errors_keep_the_query_and_offer_another_try(
        self,
        client: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        error: SearchServiceError,
        status: int,
        seconds: str,
        texts: object,
    ) -> None:
        def fail(*_: object) -> None:
            raise error

        language = "ar" if texts is ARABIC else "en"
        monkeypatch.setattr(SearchService, "search", fail)
        url = f"/?q={quote('مصر')}&filter.category={quote('رياضة')}&lang={language}"
        response = client.get(url, headers=BROWSER)
        assert (response.status_code, response.headers["Retry-After"]) == (status, seconds)
        assert "Refresh" not in response.headers
        page = ParsedPage(response.text)
        assert page.all("input", name="q", value="مصر")
        [again] = page.all("a", **{"class": "button"})
        assert parse_qs(urlsplit(again["href"]).query) == parse_qs(urlsplit(url).query)
        assert (ARABIC if language == "ar" else ENGLISH).retry in page.text
        assert page.all("p", **{"data-retry": seconds})
