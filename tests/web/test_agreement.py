"""Queries on the two scraped pages give the same hits over HTTP, on the command line and on the search page."""

from __future__ import annotations

import html
import re
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from search_service.cli.main import main
from search_service.wsgi import create_app
from tests.shared_data import shared

TENSION, COALITION = "000_ec3350cfe4d026f5.txt", "003_312e09f79a1a0fcd.txt"

QUERIES = {
    "الائتلاف الدولي": (COALITION, {"الائتلاف", "الإئتلاف", "للإئتلاف"}),
    "مليون يورو": (COALITION, {"مَليون", "يورو"}),
    "قدرت": (COALITION, {"قدرّت"}),
    "داعش": (COALITION, {"داعش"}),
    "اعلن": (COALITION, {"واعلن", "أعلن"}),
    "الولايات المتحده": (TENSION, {"الولايات", "المتحدة"}),
    '"خطر الجهاديين الأجانب"': (COALITION, {"خطر", "الجهاديين", "الأجانب"}),
    '"خطر الجهاديين الاجانب"': (COALITION, {"خطر", "الجهاديين", "الأجانب"}),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index the two pages with the command line."""
    folder = tmp_path_factory.mktemp("pages")
    environment = {"INDEX_DIR": str(folder)}
    done = CliRunner(env=environment).invoke(main, ["index", "news", str(shared("seeds")), "--quiet"])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def client(pages: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("INDEX_DIR", str(pages))
    return create_app().test_client()


def marked(texts: list[str]) -> set[str]:
    return {html.unescape(word) for text in texts for word in re.findall(r"<mark>(.*?)</mark>", text)}


@pytest.mark.full(keep=4)
@pytest.mark.parametrize("query", list(QUERIES))
def test_all_front_ends_find_and_mark_the_same(query: str, pages: Path, client: FlaskClient) -> None:
    page, words = QUERIES[query]
    over_http = client.get("/v1/indexes/news/search", query_string={"q": query}).get_json()
    assert over_http["hits"][0]["id"] == page
    pieces = [piece["html"] for pieces in over_http["hits"][0]["highlights"].values() for piece in pieces]
    assert words <= marked(pieces)

    in_terminal = CliRunner(env={"INDEX_DIR": str(pages)}).invoke(main, ["search", "news", query, "--json"])
    answer = orjson.loads(in_terminal.stdout)
    assert {**answer, "took_ms": 0, "facets": {}} == {**over_http, "took_ms": 0, "facets": {}}

    on_page = client.get("/", query_string={"q": query}).text
    shown = marked([on_page])
    assert shown
    assert shown <= marked(pieces)
    assert f"/documents/{page}" in on_page


def test_tanwin_is_found_before_and_after_the_alef(client: FlaskClient) -> None:
    hits = client.get("/v1/indexes/news/search", query_string={"q": "اجتماعا"}).get_json()["hits"]
    pieces = [piece["html"] for hit in hits for pieces in hit["highlights"].values() for piece in pieces]
    assert {"اجتماعًا", "اجتماعاً"} <= marked(pieces)


def test_a_phrase_matches_one_page_only(client: FlaskClient) -> None:
    for query in ('"خطر الجهاديين الأجانب"', '"خطر الجهاديين الاجانب"'):
        answer = client.get("/v1/indexes/news/search", query_string={"q": query}).get_json()
        assert (answer["total"], answer["match_rule"]) == (1, "phrase")
