"""What a result opens, in a browser: how it matches, and the other documents of its group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from search_service.config.settings import Settings
from search_service.engines.factory import make_engine

from .conftest import fill, serve
from .test_accessibility import violations
from .test_browser import is_wider_than_the_screen
from .test_groups import NEWS, SITE, reports

SEARCH = "/?q=" + quote("الزلزال")
WORDS = "كيف طابقت كلمات بحثك؟"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that groups stories."""
    folder: Path = tmp_path_factory.mktemp("stories")
    fill(make_engine(Settings(index_dir=folder)), "news", NEWS, reports())
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    with serve(folder) as address:
        yield address


def test_a_result_opens_by_keyboard_in_its_place(tab: Page) -> None:
    tab.goto(SEARCH)
    groups = tab.locator("article:has(.others)")
    first, second = groups.nth(0), groups.nth(1)
    why, others = first.get_by_text(WORDS), first.locator(".others summary")
    why.focus()
    why.press("Enter")
    expect(first.locator(".matched-words dt")).to_have_text("«الزلزال»")
    expect(first.locator(".matched-words")).to_contain_text("الزلزال (")
    expect(first.locator(".why a")).to_have_count(0)
    others.press("Enter")
    expect(first.locator(".others li > a")).to_have_count(2 if "مصدران" in others.inner_text() else 3)
    assert violations(tab) == []
    tab.route("**/matches/**", lambda route: route.fulfill(body="<p>another page</p>"))
    with tab.expect_response("**/matches/**"):
        second.get_by_text(WORDS).click()
    expect(second.locator(".why a")).to_be_visible()
    first.locator(".others").get_by_role("link").last.click()
    expect(tab.locator(".chips")).to_contain_text("القصة")
    expect(tab.locator(".others")).to_have_count(0)


def test_it_is_complete_without_scripts(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=server, locale="en")
    page = context.new_page()
    page.goto(SEARCH)
    first = page.locator("article:has(.others)").first
    first.get_by_text("How it matches your words").click()
    first.get_by_role("link", name="Show the words").click()
    expect(page.locator(".matched-words")).to_contain_text("الزلزال (")
    page.get_by_role("link", name="Back to the results").click()
    first.locator(".others summary").click()
    expect(first.locator(".others li").first).to_be_visible()
    context.close()


def test_axe_finds_nothing_on_a_dark_phone(browser: Browser, server: str) -> None:
    context = browser.new_context(locale="en", color_scheme="dark", viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(server + SEARCH)
    page.locator(".others summary").first.click()
    page.locator(".why summary").first.click()
    expect(page.locator(".matched-words").first).to_be_visible()
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    page.goto(server + "/matches/" + quote("زلزال/0") + "?q=" + quote("الزلزال " + "ط" * 300))
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    context.close()
