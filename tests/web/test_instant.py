"""Results without a reload: while typing, by links and filters, by keyboard, and without a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from .test_browser import parameters, titles

RESULTS = re.compile(r"/\?q=")
PHONE: ViewportSize = {"width": 390, "height": 800}


@pytest.fixture
def failing_tab(browser: Browser, server: str) -> Iterator[Page]:
    """A tab for requests that fail, which a browser reports on its console."""
    with browser.new_context(base_url=server, locale="ar") as context:
        yield context.new_page()


def not_reloaded(tab: Page) -> Callable[[], bool]:
    """Mark the page; the mark is gone if it was loaded anew."""
    tab.evaluate("window.sameLoad = true")
    return lambda: bool(tab.evaluate("window.sameLoad === true"))


class TestTyping:
    def test_results_address_and_history_follow_what_is_typed(self, tab: Page) -> None:
        tab.goto("/")
        everything = titles(tab)
        same = not_reloaded(tab)
        tab.locator("#q").press_sequentially("القمح", delay=20)
        tab.wait_for_url("**" + quote("القمح"))
        expect(tab.locator(".entries mark").first).to_be_visible()
        expect(tab.locator("#q")).to_be_focused()
        expect(tab.get_by_role("status").filter(has_text=tab.locator("#total").inner_text())).to_have_count(1)
        assert same()
        tab.go_back()
        tab.wait_for_url("**/")
        expect(tab.locator("#q")).to_have_value("")
        assert titles(tab) == everything

    def test_of_answers_in_another_order_the_last_search_counts(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("خبر"))
        held: list[Route] = []
        tab.route(re.compile("q=" + quote("مصر") + "$"), lambda route: held.append(route))
        box = tab.locator("#q")
        with tab.expect_request(re.compile("q=" + quote("مصر") + "$")):
            box.fill("مصر")
        box.fill("القمح")
        expect(tab.locator(".entries mark").first).to_contain_text("قمح")
        shown = titles(tab)
        for route in held:
            route.continue_()
        tab.wait_for_load_state("networkidle")
        assert titles(tab) == shown
        assert parameters(tab) == {"q": ["القمح"]}

    def test_an_overloaded_service_is_asked_again_and_the_results_stay(self, failing_tab: Page) -> None:
        failing_tab.goto("/?q=" + quote("خبر"))
        refused: list[str] = []

        def refuse_once(route: Route) -> None:
            if refused:
                return route.continue_()
            refused.append(route.request.url)
            return route.fulfill(status=503, headers={"Retry-After": "1"}, body="<h1>busy</h1>")

        failing_tab.route(re.compile("q=" + quote("مصر") + "$"), refuse_once)
        failing_tab.locator("#q").fill("مصر")
        failing_tab.wait_for_url("**" + quote("مصر"))
        expect(failing_tab.locator(".entries mark").first).to_contain_text("مصر")
        assert len(refused) == 1

    def test_without_a_network_what_was_typed_is_kept_and_searched_later(self, failing_tab: Page) -> None:
        failing_tab.goto("/")
        failing_tab.context.set_offline(True)
        failing_tab.locator("#q").fill("مصر")
        expect(failing_tab.get_by_role("heading", name="لا اتصال بالشبكة")).to_be_visible()
        expect(failing_tab.locator("#q")).to_have_value("مصر")
        failing_tab.context.set_offline(False)
        expect(failing_tab.locator(".entries mark").first).to_contain_text("مصر")


def test_a_link_that_changes_the_digits_reloads_the_page(tab: Page) -> None:
    tab.goto("/?q=" + quote("مصر"))
    same = not_reloaded(tab)
    expect(tab.locator("form.search")).not_to_have_attribute("data-words", re.compile('"arab"'))
    tab.get_by_role("link", name="أرقام ١٢٣").click()
    expect(tab.locator("form.search")).to_have_attribute("data-words", re.compile('"arab"'))
    assert not same()


class TestFilters:
    def test_a_choice_keeps_the_focus_the_scroll_and_what_is_open(self, tab: Page) -> None:
        tab.goto("/")
        same = not_reloaded(tab)
        more = tab.locator("details[data-keep^='more:']").first
        more.locator("summary").click()
        choice = tab.locator(".facet ul a").nth(2)
        name = choice.get_attribute("data-keep")
        choice.focus()
        place = tab.evaluate("scrollY")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**filter.*")
        expect(tab.locator(f"[data-keep='{name}']")).to_be_focused()
        expect(tab.locator(f"[data-keep='{name}']")).to_have_attribute("aria-current", "true")
        assert tab.evaluate("scrollY") == place
        assert same()
        kept = tab.locator(f"details[data-keep='{more.get_attribute('data-keep')}']")
        expect(kept).to_have_attribute("open", "")

    def test_paging_shows_the_top_and_moves_the_focus_to_the_results(self, tab: Page) -> None:
        tab.goto("/")
        same = not_reloaded(tab)
        tab.get_by_role("link", name="التالية").click()
        tab.wait_for_url("**page=2")
        expect(tab.locator("#content")).to_be_focused()
        assert tab.evaluate("scrollY") == 0
        assert same()
        tab.go_back()
        tab.wait_for_url("**/")
        expect(tab.get_by_role("link", name="التالية")).to_be_in_viewport()

    def test_on_a_phone_the_filters_are_a_sheet_that_stays_open(self, browser: Browser, server: str) -> None:
        with browser.new_context(viewport=PHONE, base_url=server, locale="ar", has_touch=True) as context:
            tab = context.new_page()
            tab.goto("/")
            panel = tab.locator("details.filters")
            tab.locator(".filters > summary").click()
            box = panel.bounding_box()
            assert box
            assert (box["width"], box["height"]) == (PHONE["width"], PHONE["height"])
            expect(tab.locator(".results")).to_have_attribute("inert", "")
            tab.locator(".facet ul a").first.click()
            tab.wait_for_url("**filter.*")
            expect(panel).to_have_attribute("open", "")
            total = " ".join(tab.locator("#total").inner_text().split())
            tab.get_by_role("button", name=f"عرض {total}").click()
            expect(panel).not_to_have_attribute("open", "")
            expect(tab.locator(".entries h2 a").first).to_be_in_viewport()

    def test_the_values_of_a_facet_are_searched(self, tab: Page) -> None:
        tab.goto("/")
        details = tab.locator("details[data-url]").first
        details.locator("summary").click()
        value = details.locator("ul").last.locator("bdi").last.inner_text()
        details.locator("input").fill(value)
        found = details.locator("ul").first.locator("a")
        expect(found.filter(has_text=value).first).to_be_visible()
        found.filter(has_text=value).first.click()
        tab.wait_for_url("**filter.*")
        assert [value] in parameters(tab).values()


class TestKeys:
    def test_slash_goes_to_the_box_and_arrows_from_result_to_result(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("مصر"))
        tab.keyboard.press("/")
        expect(tab.locator("#q")).to_be_focused()
        tab.keyboard.press("Enter")
        expect(tab.locator("#content")).to_be_focused()
        links = tab.locator(".entries h2 a")
        tab.keyboard.press("ArrowDown")
        expect(links.nth(0)).to_be_focused()
        tab.keyboard.press("ArrowDown")
        expect(links.nth(1)).to_be_focused()
        tab.keyboard.press("ArrowUp")
        expect(links.nth(0)).to_be_focused()
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/documents/**")

    def test_results_come_before_the_filters(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("مصر"))
        tab.locator("#content").focus()
        for _ in range(5):
            tab.keyboard.press("Tab")
            if tab.evaluate("Boolean(document.activeElement.closest('.entries'))"):
                return
        raise AssertionError("no result within five steps")


class TestBoxButtons:
    def test_the_box_is_cleared(self, tab: Page) -> None:
        tab.goto("/?q=" + quote("مصر"))
        tab.get_by_role("button", name="امسح المكتوب").click()
        expect(tab.locator("#q")).to_have_value("")
        expect(tab.locator("#q")).to_be_focused()
        expect(tab.get_by_role("button", name="امسح المكتوب")).to_be_hidden()
        tab.wait_for_url("**/")

    def test_the_keyboard_on_the_screen_types_where_the_caret_is(self, tab: Page) -> None:
        tab.goto("/")
        switch = tab.get_by_role("button", name="لوحة مفاتيح عربية")
        switch.click()
        keys = tab.get_by_role("group", name="لوحة مفاتيح عربية")
        for letter in "مصرر":
            keys.get_by_role("button", name=letter, exact=True).click()
        keys.get_by_role("button", name="احذف حرفًا").click()
        expect(tab.locator("#q")).to_have_value("مصر")
        tab.wait_for_url("**" + quote("مصر"))
        tab.keyboard.press("Escape")
        tab.keyboard.press("Escape")
        expect(keys).to_be_hidden()
        expect(switch).to_have_attribute("aria-expanded", "false")

    def test_what_is_spoken_is_searched(self, tab: Page) -> None:
        """With a recogniser of the test's own: a browser without a microphone has none that hears."""
        tab.add_init_script("""
            window.SpeechRecognition = class extends EventTarget {
                start() {
                    const result = Object.assign([{ transcript: "مصر" }], { isFinal: true });
                    const event = Object.assign(new Event("result"), { results: [result] });
                    setTimeout(() => { this.dispatchEvent(event); this.dispatchEvent(new Event("end")); });
                }
                stop() {}
            };
        """)
        tab.goto("/")
        tab.get_by_role("button", name="ابحث بالصوت").click()
        tab.wait_for_url("**" + quote("مصر"))
        expect(tab.locator(".entries mark").first).to_contain_text("مصر")
