"""Documents that share a value, such as the reports of one story, are one result."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient

from index_config.errors import ConfigError
from index_config.schema import schema_from_dict
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from search_service.web.site_file import LoadedSite, load_site

from .conftest import fill
from .test_languages import get

NEWS = schema_from_dict(
    {
        "name": "news",
        "default_sort": "-date",
        "date": "date",
        "fields": {
            "title": {"kind": "text", "weight": 3.0},
            "text": {"kind": "text"},
            "source": {"kind": "keyword", "facet": True},
            "story": {"kind": "keyword", "facet": True},
            "date": {"kind": "date", "facet": True, "sort": True},
            "image": {"kind": "url"},
        },
    },
    "news.toml",
)

SITE = '[indexes.news]\ngroup_by = "story"\nsource = ["source"]\nfacets = ["source"]\n'

STORIES = {"زلزال": 6, "زلازل & <b>": 12, "هزة": 2, "دليل": 1, **{f"قصة {number}": 3 for number in range(9)}}
"""Stories, and how many reports each has."""


ALONE = 2
"""Reports without a story."""


def reports() -> list[dict[str, Any]]:
    return [
        {
            "id": f"{story}/{number}",
            "title": f"خبر {story} رقم {number}",
            "text": "وقع الزلزال أمس. " * (number + 1),
            "source": f"صحيفة {number}",
            "story": story,
            "date": f"2024-01-{number + 10}",
        }
        for story, count in STORIES.items()
        for number in range(count)
    ] + [{"id": f"alone {number}", "title": "خبر زلزال آخر", "date": "2020"} for number in range(ALONE)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> SearchService:
    engine = make_engine(Settings(index_dir=tmp_path_factory.mktemp("stories")))
    fill(engine, "news", NEWS, reports())
    return SearchService(engine)


def site_of(folder: Path, text: str = SITE) -> LoadedSite:
    (folder / "site.toml").write_text(text, encoding="utf-8")
    return load_site(folder / "site.toml")


@pytest.fixture
def client(service: SearchService, tmp_path: Path) -> FlaskClient:
    return create_app(service, IndexName("news"), site=site_of(tmp_path)).test_client()


def groups(client: FlaskClient, url: str, language: str = "ar") -> list[tuple[str, int, str]]:
    """Return what each group of a page says, how many others it lists, and the link to all of it."""
    html = client.get(url, headers={"Accept-Language": language, "Accept": "text/html"}).text
    found = re.findall(r'<details class="others".*?</details>', html, re.S)
    return [
        (
            re.findall(r"<summary>(.*?)</summary>", one)[0],
            one.count("<li>"),
            re.findall(r'<p><a href="([^"]*)"', one)[0].replace("&amp;", "&"),
        )
        for one in found
    ]


def test_a_story_is_one_result_that_says_how_many_others_there_are(client: FlaskClient) -> None:
    found = [one for page in (1, 2) for one in groups(client, f"/?q={quote('الزلزال')}&page={page}")]
    says = sorted(text for text, _, _ in found)
    assert says == sorted(["و5 مصادر أخرى", "و11 مصدرًا آخر", "ومصدر آخر", *(9 * ["ومصدران آخران"])])
    assert {text: listed for text, listed, _ in found}["و11 مصدرًا آخر"] == 3, "the best ones; a link leads to all"
    english = {text for page in (1, 2) for text, _, _ in groups(client, f"/?q={quote('الزلزال')}&page={page}", "en")}
    assert english == {"and 5 more", "and 11 more", "and 1 more", "and 2 more"}


def test_the_link_of_a_group_lists_all_of_it_each_for_itself(client: FlaskClient) -> None:
    search = f"/?q={quote('الزلزال')}&sort=date"
    [(_, _, whole)] = [one for one in groups(client, search) + groups(client, f"{search}&page=2") if "11" in one[0]]
    assert "sort=date" in whole
    page = get(client, whole, "ar")
    assert "12 نتيجة" in page.text
    assert groups(client, whole) == []
    assert any("page=2" in link for link in page.links)


def test_every_document_is_in_one_entry_of_one_page(client: FlaskClient) -> None:
    """Documents without a story stand for themselves; the number of results is that of documents."""
    first, second = (get(client, f"/?page={page}", "ar") for page in (1, 2))
    documents = len(reports())
    assert first.texts[0][0] == "title"
    assert f"{documents} وثيقة" in first.text
    results = [link for page in (first, second) for link in page.links if "/documents/" in link]
    assert len(results) == len(set(results))
    entries = [re.findall(r"<article>", client.get(f"/?page={page}").text) for page in (1, 2)]
    assert [len(one) for one in entries] == [10, len(STORIES) + ALONE - 10]
    assert not any("page=3" in link for link in second.links)


def test_the_next_result_of_a_document_is_the_next_story(client: FlaskClient) -> None:
    state = "?q=" + quote("الزلزال")
    titles = re.findall(r'<h2><a href="(/documents/[^"?]*)', client.get(f"/{state}").text)
    page = client.get(titles[0] + state).text
    [following] = re.findall(r'rel="next nofollow" href="([^"?]*)', page)
    assert following == titles[1]


@pytest.mark.parametrize("query", ["q=" + quote("الزلزال"), "q=" + quote("الزلزال") + "&sort=date", ""])
def test_a_file_has_as_many_documents_as_the_page_says_in_its_order_with_their_stories(
    client: FlaskClient, query: str
) -> None:
    """The page counts documents, of which a group hides some; a file hides none."""
    page = html.unescape(client.get(f"/?{query}").text)
    assert re.search(rf"{len(reports())} (نتيجة|وثيقة)", page)
    listed = client.get(f"/export/json?{query}").get_json()
    assert {one["id"] for one in listed} == {one["id"] for one in reports()}
    assert all(one["story"] == one["id"].partition("/")[0] for one in listed if "/" in one["id"])
    best: dict[str, str] = {}
    for one in listed:
        best.setdefault(one.get("story") or one["id"], one["id"])
    shown = [unquote(link) for link in re.findall(r'<h2><a href="/documents/([^"?#]*)', page)]
    assert shown == list(best.values())[:10]
    table = client.get(f"/export/csv?{query}").text.removeprefix("\ufeff")
    assert [row["story"] for row in csv.DictReader(io.StringIO(table))] == [one.get("story", "") for one in listed]


def test_the_names_file_says_by_which_field_an_index_groups(client: FlaskClient) -> None:
    names = {index: client.get(f"/names/en.json?index={index}").get_json() for index in ("news", "none", "")}
    assert [one["group_by"] for one in names.values()] == ["story", "", ""]
    assert names["none"]["fields"] == names["news"]["fields"]


def test_without_a_site_that_groups_each_document_is_a_result(service: SearchService, tmp_path: Path) -> None:
    plain = create_app(service, IndexName("news")).test_client()
    unknown = create_app(service, IndexName("news"), site=site_of(tmp_path, '[indexes.news]\ngroup_by = "title"\n'))
    for one in (plain, unknown.test_client()):
        assert groups(one, "/") == []
        assert "page=5" in one.get("/").text


def test_group_by_in_the_site_file_must_be_one_field_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the name of a field"):
        site_of(tmp_path, '[indexes.news]\ngroup_by = ["story"]\n')
