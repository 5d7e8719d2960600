"""The page of a document in a browser: matches by buttons and keys, sharing, paper, forced colours; a second try."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .conftest import serve
from .test_accessibility import violations

DOCUMENT = "/documents/ex-001?q=" + quote("كتب برايل")


class TestMatches:
    def test_buttons_and_keys_go_from_match_to_match(self, tab: Page) -> None:
        tab.goto(DOCUMENT)
        marks, current = tab.locator(".document mark"), tab.locator("mark.current")
        place = tab.locator(".matches [role=status]")
        tab.get_by_role("button", name="الموضع التالي").click()
        assert current.inner_text() == marks.first.inner_text()
        expect(place).to_have_text("الموضع 1 من 7")
        tab.keyboard.press("n")
        expect(place).to_have_text("الموضع 2 من 7")
        tab.keyboard.press("p")
        tab.keyboard.press("p")
        expect(place).to_have_text("الموضع 7 من 7")
        expect(marks.last).to_be_in_viewport()
        expect(current).to_have_count(1)
        assert violations(tab) == []
        tab.locator("#q").press("n")
        expect(place).to_have_text("الموضع 7 من 7")

    def test_a_result_opens_at_its_first_match_and_leads_back_without_a_reload(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("برايل"))
        tab.locator(".entries h2 a").first.click()
        expect(tab.locator(".document .text mark").first).to_be_in_viewport()
        tab.locator(".back a").click()
        expect(tab.locator(".entries mark").first).to_be_visible()
        columns = tab.evaluate("getComputedStyle(document.querySelector('.columns')).gridTemplateColumns")
        assert columns.startswith("256px"), "the filters have their style"
        assert tab.evaluate("getComputedStyle(document.querySelector('.facet > ul a')).display") == "flex"
        tab.go_back()
        tab.get_by_role("button", name="الموضع التالي").click()
        expect(tab.locator("mark.current")).to_have_count(1)


def test_a_latin_paragraph_has_the_full_stops_of_a_latin_font(tab: Page) -> None:
    """That of an Arabic font stands above the line."""
    tab.goto("/documents/ex-001")
    paragraph = tab.locator(".text p").first
    first_font = "(paragraph) => getComputedStyle(paragraph).fontFamily.split(',')[0]"
    assert "Arabic" in paragraph.evaluate(first_font)
    paragraph.evaluate("(paragraph) => { paragraph.dir = 'ltr' }")
    assert paragraph.evaluate(first_font) == "Georgia"


def test_link_and_citation_are_copied(tab: Page) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(DOCUMENT)
    tab.get_by_role("button", name="انسخ الرابط").click()
    expect(tab.get_by_text("نُسخ.")).to_be_visible()
    assert str(tab.evaluate("navigator.clipboard.readText()")).endswith("/documents/ex-001")
    tab.get_by_role("button", name="انسخ الاستشهاد").click()
    tab.locator("summary", has_text="استشهد").click()
    cited = tab.locator(".citation")
    expect(cited).to_be_visible()
    tab.wait_for_function("navigator.clipboard.readText().then((text) => !text.endsWith('/documents/ex-001'))")
    assert tab.evaluate("navigator.clipboard.readText()") == cited.inner_text()


@pytest.mark.parametrize("url", [DOCUMENT, "/?q=" + quote("برايل")], ids=["document", "results"])
def test_paper_has_the_text_and_no_controls(tab: Page, url: str) -> None:
    tab.goto(url)
    tab.emulate_media(media="print")
    expect(tab.locator("main mark").first).to_be_visible()
    for control in ("#q", "aside", "nav", "footer", ".sharing", "main button", "main summary"):
        assert not any(one.is_visible() for one in tab.locator(control).all()), control
    assert "underline" in tab.evaluate("getComputedStyle(document.querySelector('main mark')).textDecoration")
    if "documents" not in url:
        shown = "getComputedStyle(document.querySelector('.entries h2 a'), '::after').content"
        assert "https://" in tab.evaluate(shown)


def test_with_forced_colours_marks_and_choices_can_be_seen(tab: Page) -> None:
    tab.emulate_media(forced_colors="active")
    tab.goto("/?q=" + quote("معرض") + "&filter.category=" + quote("ثقافة"))
    colours = tab.evaluate(
        """['mark', '.bars rect', '.chips a', '.facet ul a[aria-current]'].map((name, at) => {
            const style = getComputedStyle(document.querySelector('main ' + name), at === 3 ? '::before' : null);
            return at === 1 ? style.fill : at === 2 ? style.borderTopStyle : style.backgroundColor;
        })"""
    )
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colours[2] == "solid"
    assert ground not in (colours[0], colours[1], colours[3])


def test_the_tick_of_a_chosen_value_is_not_read_aloud(tab: Page) -> None:
    tab.goto("/?filter.category=" + quote("ثقافة"))
    chosen = tab.locator(".facet ul a[aria-current]").first
    assert "✓" not in chosen.aria_snapshot()


def test_a_refused_search_is_tried_again_once_by_itself_and_then_by_a_link(
    browser: Browser, server: str, news_folder: Path
) -> None:
    """The requests are refused by a real service; only the time to wait is made short."""
    asked: list[str] = []

    def soon(route: Route) -> None:
        asked.append(route.request.url)
        answer = route.fetch(url=route.request.url.replace(address, server) if len(asked) > 2 else route.request.url)
        assert len(asked) > 2 or answer.status == 429
        route.fulfill(response=answer, body=re.sub(r'data-retry="\d+"', 'data-retry="30"', answer.text()))

    with (
        serve(news_folder, RATE_LIMIT="1/hour") as address,
        browser.new_context(base_url=address, locale="ar") as context,
    ):
        page = context.new_page()
        page.clock.install()
        page.goto("/")
        page.route(re.compile("q="), soon)
        page.goto("/?q=" + quote("القمح"))
        expect(page.get_by_text(re.compile(r"الثواني الباقية حتى نعيد المحاولة: \d+"))).to_be_visible()
        assert violations(page) == []
        page.clock.run_for(31_000)
        expect(page.get_by_text("أعدنا المحاولة ولم تستجب الخدمة بعد.")).to_be_visible()
        expect(page.locator("#q")).to_have_value("القمح")
        assert len(asked) == 2
        page.get_by_role("link", name="أعد المحاولة").click()
        expect(page.locator(".entries mark").first).to_be_visible()
