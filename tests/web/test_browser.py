"""The search page of a real server in a real browser."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FACET = "aside a:has(bdi:text-is('{}'))"


def parameters(tab: Page) -> dict[str, list[str]]:
    """Return the parameters in the address bar."""
    return parse_qs(urlsplit(tab.url).query)


def titles(tab: Page) -> list[str]:
    return tab.locator(".entries h2").all_inner_texts()


def search(tab: Page, text: str) -> None:
    tab.locator("#q").fill(text)
    tab.locator("#q").press("Enter")
    tab.wait_for_url("**/?q=*")


def is_wider_than_the_screen(tab: Page) -> bool:
    return bool(tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


class TestDesktop:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return DESKTOP

    def test_a_search_shows_marked_results_and_its_words_in_the_url(self, tab: Page) -> None:
        tab.goto("/")
        search(tab, "معرض الكتاب")
        assert parameters(tab) == {"q": ["معرض الكتاب"]}
        expect(tab.locator(".entries mark").first).to_be_visible()
        expect(tab.locator("#q")).to_have_value("معرض الكتاب")
        assert tab.title() == "معرض الكتاب – الأخبار"

    def test_the_page_is_right_to_left(self, tab: Page) -> None:
        tab.goto("/")
        box, facets = tab.locator(".results").bounding_box(), tab.locator("aside").bounding_box()
        assert box is not None
        assert facets is not None
        assert facets["x"] > box["x"]

    def test_facets_back_and_forward(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("معرض الكتاب"))
        before = titles(tab)
        first = tab.locator("aside section", has_text="المصدر").locator("li").nth(0)
        second = tab.locator("aside section", has_text="المصدر").locator("li").nth(1)
        name, count = first.locator("bdi").inner_text(), int(first.locator(".count").inner_text().strip("، "))
        first.locator("a").click()
        expect(first.locator("a")).to_have_attribute("aria-current", "true")
        chosen = titles(tab)
        assert parameters(tab)["filter.source"] == [name]
        assert len(chosen) == count
        assert set(chosen) < set(before)
        second.locator("a").click()
        expect(second.locator("a")).to_have_attribute("aria-current", "true")
        assert set(chosen) < set(titles(tab)), "the values of a facet are alternatives"
        tab.go_back()
        expect(tab.locator(".entries h2")).to_have_text(chosen)
        tab.go_back()
        expect(tab.locator(".entries h2")).to_have_text(before)
        tab.go_forward()
        expect(tab.locator(".entries h2")).to_have_text(chosen)

    def test_filters_are_removed_by_their_chips(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("مصر") + "&filter.category=" + quote("رياضة") + "&date_from=2024-01-01")
        tab.locator(".chips a").first.click()
        expect(tab.locator(".chips li")).to_have_count(2)
        assert parameters(tab) == {"q": ["مصر"], "date_from": ["2024-01-01"]}
        tab.locator(".chips .clear").click()
        expect(tab.locator(".chips")).to_have_count(0)
        assert parameters(tab) == {"q": ["مصر"]}

    def test_a_shared_url_shows_the_same_results(self, tab: Page, browser: Browser) -> None:
        tab.goto("/")
        search(tab, "مصر")
        tab.locator(FACET.format("ثقافة")).click()
        tab.get_by_role("link", name="الأقدم").click()
        tab.wait_for_url("**sort=date**")
        with browser.new_context(locale="ar") as elsewhere:
            other = elsewhere.new_page()
            other.goto(tab.url)
            assert titles(other) == titles(tab)
            assert other.locator("#total").inner_text() == tab.locator("#total").inner_text()

    def test_paging(self, tab: Page) -> None:
        tab.goto("/")
        first = titles(tab)
        tab.get_by_role("link", name="التالية").click()
        tab.wait_for_url("**page=2")
        second = titles(tab)
        assert len(first) == len(second) == 10
        assert not set(first) & set(second)
        expect(tab.locator(".pages [aria-current]")).to_have_text("2")
        tab.get_by_role("link", name="السابقة").click()
        tab.wait_for_url("**/")
        assert titles(tab) == first

    def test_dates_are_chosen_in_the_form_and_in_the_histogram(self, tab: Page) -> None:
        tab.goto("/")
        tab.locator("#date_from").fill("2024-06-01")
        tab.get_by_role("button", name="طبّق").click()
        tab.wait_for_url("**date_from*")
        assert parameters(tab) == {"date_from": ["2024-06-01"]}, "an empty field is not in the URL"
        expect(tab.locator("#total")).to_contain_text("13 وثيقة")
        tab.get_by_role("link", name="كل التواريخ").click()
        expect(tab.locator("#total")).to_contain_text("104 وثائق")
        tab.locator(".bars a").first.click()
        tab.wait_for_url("**2023-11-30")
        expect(tab.locator("#total")).to_contain_text("10 وثائق")
        expect(tab.locator(".path [aria-current]")).to_have_text("تشرين الثاني/نوفمبر 2023")

    def test_a_range_of_bars_is_drawn_with_the_pointer(self, tab: Page) -> None:
        tab.goto("/")
        bars = tab.locator(".bars li")
        first, last = bars.nth(2).bounding_box(), bars.nth(0).bounding_box()
        assert first
        assert last
        wanted = bars.nth(0).get_attribute("data-first"), bars.nth(2).get_attribute("data-last")
        count = sum(int(bars.nth(number).get_attribute("data-count") or "") for number in range(3))
        tab.mouse.move(first["x"] + 1, first["y"] + 5)
        tab.mouse.down()
        tab.mouse.move(last["x"] + 2, last["y"] + 9, steps=3)
        expect(tab.locator("output.brushed")).to_have_text(re.compile(f": {count}$"))
        tab.mouse.up()
        tab.wait_for_url("**date_from*")
        assert parameters(tab) == {"date_from": [wanted[0]], "date_to": [wanted[1]]}
        expect(tab.locator("#total")).to_contain_text(str(count))

    def test_a_range_of_bars_is_drawn_with_the_keyboard(self, tab: Page) -> None:
        tab.goto("/")
        bars = tab.locator(".bars li:has(a)")
        wanted = bars.nth(0).get_attribute("data-first"), bars.nth(1).get_attribute("data-last")
        tab.locator(".bars a").first.focus()
        tab.keyboard.press("Shift+ArrowLeft")
        expect(tab.locator("output.brushed")).not_to_be_empty()
        tab.keyboard.press("Escape")
        expect(tab.locator("output.brushed")).to_be_empty()
        tab.keyboard.press("Home")
        tab.keyboard.press("Shift+ArrowLeft")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**date_from*")
        assert parameters(tab) == {"date_from": [wanted[0]], "date_to": [wanted[1]]}

    def test_the_tab_key_stops_once_at_the_bars(self, tab: Page) -> None:
        tab.goto("/")
        expect(tab.locator(".bars a[tabindex='0']")).to_have_count(1)
        tab.locator(".bars a").first.focus()
        tab.keyboard.press("Tab")
        expect(tab.locator("#date_from")).to_be_focused()

    def test_a_document_links_back_to_the_results(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("مصر") + "&filter.category=" + quote("رياضة"))
        results = tab.url
        title = titles(tab)[0]
        tab.locator(".entries h2 a").first.click()
        expect(tab.locator("h1")).to_have_text(title)
        expect(tab.locator(".document mark").first).to_be_visible()
        expect(tab.locator(".similar li").first).to_be_visible()
        tab.get_by_role("link", name="العودة إلى النتائج").click()
        tab.wait_for_url(results)

    def test_the_results_are_reached_by_keyboard(self, tab: Page) -> None:
        tab.goto("/")
        tab.keyboard.press("Tab")
        expect(tab.locator(".skip")).to_be_focused()
        expect(tab.locator(".skip")).to_be_in_viewport()
        tab.keyboard.press("Enter")
        expect(tab.locator(".results")).to_be_focused()
        tab.keyboard.press("Tab")
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


class TestPhone:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return PHONE

    @pytest.mark.parametrize(
        "url",
        [
            "/",
            "/?q=" + quote("معرض الكتاب") + "&filter.category=" + quote("ثقافة") + "&date_from=2023-01-01",
            "/?q=" + quote("قسطنطينوبولوس"),
            "/?page=5",
            "/documents/ex-001?q=" + quote("كتب برايل"),
        ],
    )
    def test_nothing_is_wider_than_the_screen(self, tab: Page, url: str) -> None:
        tab.goto(url)
        assert not is_wider_than_the_screen(tab)

    def test_facets_are_collapsed(self, tab: Page) -> None:
        tab.goto("/")
        expect(tab.locator(FACET.format("رياضة"))).to_be_hidden()
        tab.get_by_text("تصفية النتائج").tap()
        tab.locator(FACET.format("رياضة")).tap()
        tab.wait_for_url("**filter.category*")
        expect(tab.locator("#total")).to_contain_text("13 وثيقة")
        assert not is_wider_than_the_screen(tab)


class TestWithoutJavaScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {**DESKTOP, "java_script_enabled": False}

    def test_searching_filtering_and_paging(self, tab: Page) -> None:
        tab.goto("/")
        search(tab, "مصر")
        tab.locator(FACET.format("رياضة")).click()
        tab.wait_for_url("**filter.category*")
        expect(tab.locator(".chips a").first).to_contain_text("رياضة")
        tab.goto("/")
        tab.get_by_role("link", name="التالية").click()
        tab.wait_for_url("**page=2")
