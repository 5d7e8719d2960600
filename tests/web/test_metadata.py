"""What the pages say of themselves to search engines, browsers and services that show links."""

from __future__ import annotations

import json
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from search_service.core.index_name import IndexName
from search_service.search.service import SearchService
from search_service.web.app import create_app
from search_service.web.site import Site
from search_service.web.site_file import LoadedSite

from .test_page import ParsedPage, get

ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def named(page: ParsedPage) -> dict[str, str]:
    """Return the metadata of a page by name or property."""
    return {one.get("name") or one["property"]: one["content"] for one in page.all("meta") if "content" in one}


def test_a_document_has_one_address_whatever_search_led_to_it(client: FlaskClient) -> None:
    page = get(client, "/documents/ex-001?page=2&lang=ar&digits=arab&q=" + quote("كتب"))
    [canonical] = page.all("link", rel="canonical")
    assert canonical["href"] == "http://localhost/documents/ex-001?lang=ar"
    shown = named(page)
    assert shown["og:url"] == canonical["href"]
    assert shown["og:type"] == "article"
    assert shown["og:title"] in page.text
    assert shown["article:published_time"].startswith("2023-")
    assert 20 < len(shown["og:description"]) <= 162
    assert shown["description"] == shown["og:description"]
    assert "robots" not in shown


@pytest.mark.parametrize(
    ("url", "path"), [("/?lang=en", "/"), ("/documents/ex-001?q=x&digits=arab", "/documents/ex-001")]
)
def test_a_page_names_itself_in_both_languages(client: FlaskClient, url: str, path: str) -> None:
    found = {link["hreflang"]: link["href"] for link in get(client, url).all("link", rel="alternate")}
    address = f"http://localhost{path}"
    assert found == {"ar": f"{address}?lang=ar", "en": f"{address}?lang=en", "x-default": address}
    for language, link in found.items():
        other = {one["hreflang"]: one["href"] for one in get(client, link).all("link", rel="alternate")}
        assert other == found, language
    assert not get(client, "/?q=x").all("link", rel="alternate")


def test_a_shared_link_has_an_image(client: FlaskClient, news: SearchService) -> None:
    icon = "http://localhost/static/icon.png"
    assert {named(get(client, url))["og:image"] for url in ("/", "/documents/ex-001", "/?q=x")} == {icon}
    for kind, image in (("image/png", "http://localhost/site-logo?v=1"), ("image/svg+xml", icon)):
        site = LoadedSite(logo=b"x", logo_type=kind, version="1")
        shown = named(get(create_app(news, IndexName("news"), site=site).test_client(), "/"))["og:image"]
        assert shown == image
    with client.get(icon) as response:
        assert response.mimetype == "image/png"


@pytest.mark.parametrize(
    ("url", "name", "start"), [("/?q=x&lang=ar&page=2", "الأخبار", "/?lang=ar"), ("/documents/ex-001", "News", "/")]
)
def test_a_browser_installs_the_page_without_a_further_request(
    server: str, browser: Browser, url: str, name: str, start: str
) -> None:
    """A manifest with an address would be read with each first load, as would icons of several sizes."""
    tab = browser.new_page(locale="en")
    tab.goto(server + url)
    devtools = tab.context.new_cdp_session(tab)
    found = devtools.send("Page.getAppManifest")
    assert (found["url"].partition(",")[0], found["errors"]) == ("data:application/manifest+json", [])
    written = json.loads(found["data"])
    assert (written["name"], written["start_url"]) == (name, server + start)
    [icon] = written["icons"]
    assert tab.request.get(icon["src"]).headers["content-type"].startswith("image/svg+xml")
    tab.close()


@pytest.mark.parametrize(
    ("url", "is_listed"),
    [
        ("/", True),
        ("/?lang=en", True),
        ("/documents/ex-001", True),
        ("/?q=x", False),
        ("/?page=2", False),
        ("/?filter.category=x", False),
    ],
)
def test_search_engines_list_documents_but_no_results(client: FlaskClient, url: str, is_listed: bool) -> None:
    assert (named(get(client, url)).get("robots") != "noindex") == is_listed


def test_errors_are_not_listed(client: FlaskClient) -> None:
    page = get(client, "/documents/none", 404)
    assert named(page)["robots"] == "noindex"
    assert not page.all("link", rel="canonical")


def test_robots_stay_out_of_searches(client: FlaskClient) -> None:
    rules = client.get("/robots.txt")
    assert rules.mimetype == "text/plain"
    lines = rules.text.splitlines()
    assert {"User-agent: *", "Disallow: /v1/", "Disallow: /*?q=", "Disallow: /*&filter."} <= set(lines)
    assert not [line for line in lines if line.startswith("Disallow: /documents") or line == "Disallow: /"]


def test_a_browser_can_add_the_site_as_a_search_engine(news: SearchService) -> None:
    site = LoadedSite(Site.model_validate({"name": {"ar": "مكتبة التراث <العربي>", "en": "Heritage & Library"}}))
    client = create_app(news, IndexName("news"), site=site).test_client()
    [link] = get(client, "/?q=x").all("link", rel="search")
    for headers, name in ((None, "مكتبة التراث <العربي>"), (ENGLISH, "Heritage & Library")):
        description = ElementTree.fromstring(client.get(link["href"], headers=headers).text)
        assert description.findtext(f"{OPENSEARCH}ShortName") == name[:16]
        assert name in (description.findtext(f"{OPENSEARCH}Description") or "")
        target = description.find(f"{OPENSEARCH}Url")
        assert target is not None
        url = target.attrib["template"].replace("{searchTerms}", quote("مصر"))
        assert "مصر" in get(client, url.removeprefix("http://localhost")).text


def test_the_name_of_a_site_is_that_of_its_links(news: SearchService) -> None:
    site = LoadedSite(Site.model_validate({"name": {"ar": "الديوان", "en": "Diwan"}}))
    client = create_app(news, IndexName("news"), site=site).test_client()
    assert named(get(client, "/"))["og:site_name"] == "الديوان"
    english = named(ParsedPage(client.get("/", headers=ENGLISH).text))
    assert (english["og:site_name"], english["og:locale"]) == ("Diwan", "en")
    assert "Diwan" in english["description"]
