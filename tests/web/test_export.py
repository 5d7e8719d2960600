"""What a search found, as a file for spreadsheets and programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from search_service.web import export
from search_service.web.app import create_app

from .conftest import HOSTILE
from .test_page import get

OF_ONE_REQUEST = ("X-Request-ID", "Server-Timing")
"""Headers that differ between two answers with the same content."""

SEARCH = "q=" + quote("مصر") + "&filter.category=" + quote("رياضة")


@pytest.fixture
def links(client: FlaskClient) -> dict[str, str]:
    """The links of a page of results to its files, by format."""
    page = get(client, f"/?{SEARCH}&page=1")
    return {link["href"].partition("?")[0].rpartition("/")[2]: link["href"] for link in page.all("a", download="")}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_both_formats_have_what_the_search_found_in_its_order(client: FlaskClient, links: dict[str, str]) -> None:
    found = client.get(f"/v1/indexes/news/search?{SEARCH}&size=100").get_json()
    assert 0 < found["total"] < 100
    table, array = client.get(links["csv"]), client.get(links["json"])
    assert table.data.startswith("\ufeffid,".encode())
    assert "filename=news.csv" in table.headers["Content-Disposition"]
    assert (table.mimetype, array.mimetype) == ("text/csv", "application/json")
    ids = [hit["id"] for hit in found["hits"]]
    assert [row["id"] for row in rows(table.data)] == ids
    assert [document["id"] for document in array.get_json()] == ids
    for hit, row, document in zip(found["hits"], rows(table.data), array.get_json(), strict=True):
        assert document == {"id": hit["id"], **hit["source"]}
        assert row["title"] == hit["source"]["title"]
        assert row["tags"] == " | ".join(hit["source"]["tags"])


def test_a_file_has_at_most_the_documents_that_the_page_names(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "10,000" in get(client, "/").text
    monkeypatch.setattr(export, "MAX_DOCUMENTS", 3)
    assert len(rows(client.get("/export/csv").data)) == 3


def test_a_file_begins_as_the_pages_do(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elasticsearch lists all matches by fewer tiers than it ranks a page by; here, they come in the opposite order."""
    listed = SearchService.export

    def otherwise(service: SearchService, index: IndexName, wanted: SearchRequest) -> Iterator[Document]:
        return reversed(list(listed(service, index, wanted)))

    monkeypatch.setattr(SearchService, "export", otherwise)
    monkeypatch.setattr(export, "BEST", 5)
    query = "q=" + quote("مصر")
    hits = [hit["id"] for hit in client.get(f"/v1/indexes/news/search?{query}&size=100").get_json()["hits"]]
    ids = [document["id"] for document in client.get(f"/export/json?{query}").get_json()]
    assert len(hits) > 5
    assert ids == [*hits[:5], *reversed(hits[5:])]


def test_a_spreadsheet_runs_no_cell(hostile: FlaskClient) -> None:
    for sign in ("=", "+", "-", "@", "\t", "＝"):
        assert export.cell(f"{sign}cmd|' /C calc'!A0").startswith("'")
    assert export.cell(["=1", "a"]).startswith("'")
    assert [export.cell(value) for value in (-5, 1.5, True, None, "2024-03-11")] == [
        "-5",
        "1.5",
        "True",
        "",
        "2024-03-11",
    ]
    [row] = [row for row in rows(hostile.get("/export/csv").data) if row["id"].startswith("h ")]
    assert row["title"] == f"خبر {HOSTILE} عاجل"


def test_errors_are_pages_and_no_half_files(client: FlaskClient, news: SearchService) -> None:
    get(client, "/export/csv?filter.none=x", 400)
    get(client, "/export/csv?index=none", 404)
    assert client.get("/export/xml").status_code == 404
    get(create_app(news, IndexName("news"), request_seconds=1e-9).test_client(), "/export/json", 504)


def test_the_head_of_an_answer_is_that_of_the_file_which_is_not_written(
    client: FlaskClient, links: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {file_format: client.get(link) for file_format, link in links.items()}

    def write(*_: object) -> Iterator[Document]:
        raise AssertionError("documents are read")

    monkeypatch.setattr(SearchService, "export", write)
    for file_format, link in links.items():
        head = client.head(link)
        assert (head.status_code, head.data) == (200, b"")
        head_of_file = {**files[file_format].headers, **{name: head.headers[name] for name in OF_ONE_REQUEST}}
        assert dict(head.headers) == head_of_file
    for link, status in (("/export/csv?filter.none=x", 400), ("/export/csv?index=none", 404)):
        assert client.head(link).status_code == status


def test_a_browser_saves_the_file(tab: Page, tmp_path: Path) -> None:
    tab.goto("/?" + SEARCH)
    with tab.expect_download() as download:
        tab.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "found.csv")
    assert download.value.suggested_filename == "news.csv"
    assert rows((tmp_path / "found.csv").read_bytes())
