"""axe-core finds nothing wrong with the page, in both languages, in light and dark, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from .conftest import REPOSITORY, serve

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    "results": "/?q=" + quote("معرض") + "&filter.category=" + quote("ثقافة") + "&calendar=hijri",
    "nothing found": "/?q=zzzzqq",
    "a document": "/documents/ex-001?q=" + quote("كتب"),
    "an error": "/?page=0",
}


@pytest.fixture(scope="module")
def site(news_folder: Path) -> Iterator[str]:
    """A server of the example news with the colours and names of the example of a site."""
    with serve(news_folder, SITE_FILE=str(REPOSITORY / "examples" / "site.toml")) as address:
        yield address


@pytest.fixture(params=[("ar", "light", 1280), ("en", "dark", 390)], ids=["ar-light-desk", "en-dark-phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tab of a browser in one language, scheme and size; the other combinations have no style of their own."""
    language, scheme, width = request.param
    context = browser.new_context(locale=language, color_scheme=scheme, viewport={"width": width, "height": 900})
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that the shown page breaks, each with the elements that break it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [str(node["target"]) for node in one["nodes"]]) for one in found]


@pytest.mark.full(keep=1)
def test_axe_finds_nothing(page: Page, server: str) -> None:
    for name, url in PAGES.items():
        page.goto(server + url)
        assert (name, violations(page)) == (name, [])


@pytest.mark.full(keep=1)
def test_axe_finds_nothing_in_the_colours_of_a_site(page: Page, site: str) -> None:
    page.goto(site + PAGES["results"])
    assert violations(page) == []
