"""The list below the search box in a real browser: what it offers, by keyboard, mouse and screen reader."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, quote_plus, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from search_service.web.messages.arabic import ARABIC
from search_service.web.messages.wording import Wording

GROUPS = {"past": "عمليات بحثك السابقة", "searches": "كلمات وعبارات", "titles": "وثائق", "tags": "الوسوم"}


@pytest.fixture
def box(tab: Page) -> Locator:
    """The search box of an empty page."""
    tab.goto("/")
    return tab.locator("#q")


def options(tab: Page, group: str = "") -> Locator:
    listed = tab.get_by_role("group", name=GROUPS[group], exact=True) if group else tab.get_by_role("listbox")
    return listed.get_by_role("option")


def parameters(tab: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(tab.url).query)


def test_words_and_phrases_are_offered_with_the_number_of_their_results(tab: Page, box: Locator) -> None:
    box.fill("معرض")
    first = options(tab, "searches").first
    expect(first.locator("b")).to_have_text("معرض")
    text, count = first.locator("span").inner_text(), first.locator("small").inner_text()
    expect(tab.get_by_role("search").get_by_role("status")).to_have_text(
        Wording(ARABIC).counted(options(tab).count(), ARABIC.suggestion_count)
    )
    first.click()
    tab.wait_for_url("**/?q=" + quote_plus(text))  # not the search for what was typed before
    expect(tab.locator(".results h1, .results .total").first).to_contain_text("نتائج" if int(count) > 2 else "نتيج")


def test_everything_by_keyboard(tab: Page, box: Locator) -> None:
    box.fill("معرض")
    expect(options(tab).first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    for key, selected in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None), ("ArrowUp", -1)):
        box.press(key)
        if selected is None:
            expect(tab.locator("[aria-selected=true]")).to_have_count(0)
            expect(box).not_to_have_attribute("aria-activedescendant", "suggestion-0")
        else:
            option = options(tab).nth(selected)
            expect(option).to_have_attribute("aria-selected", "true")
            expect(box).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    box.press("Home")
    expect(tab.locator("[aria-selected=true]")).to_have_count(0)
    box.press("Escape")
    expect(tab.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("معرض")
    box.press("ArrowDown")
    expect(options(tab).first).to_be_visible()
    box.press("Enter")
    tab.wait_for_url("**/?q=*")
    assert parameters(tab) == {"q": ["معرض"]}, "nothing was selected, so what was typed is searched"


def test_what_was_typed_is_bold_in_any_spelling_layout_and_with_an_error(tab: Page, box: Locator) -> None:
    for typed, bold in (("الاما", "الإما"), ("hgYlhv", "الإمار"), ("الامارت", "الإمارات")):
        box.fill(typed)
        expect(options(tab, "searches").locator("b").first).to_have_text(bold)


def test_a_title_leads_to_its_document_and_a_value_to_its_documents(tab: Page, box: Locator) -> None:
    box.fill("معرض")
    title = options(tab, "titles").first
    text = title.locator("span").inner_text()
    title.click()
    tab.wait_for_url("**/documents/*")
    expect(tab.locator("h1")).to_have_text(text)
    tab.goto("/?sort=date")
    box.fill("ميا")
    value = options(tab, "tags").first
    chosen, count = value.locator("span").inner_text(), value.locator("small").inner_text()
    value.click()
    tab.wait_for_url("**filter.tags*")
    assert parameters(tab) == {"sort": ["date"], "filter.tags": [chosen]}
    assert tab.locator(".entries h2").count() == int(count)


def test_counts_are_those_under_the_filters_of_the_page(tab: Page) -> None:
    tab.goto("/?filter.category=" + quote("ثقافة"))
    with tab.expect_request("**/suggest?*") as asked:
        tab.locator("#q").fill("معرض")
    assert unquote(urlsplit(asked.value.url).query) == "q=معرض&filter.category=ثقافة"


def test_past_searches_stay_in_this_browser(tab: Page, box: Locator) -> None:
    urls: list[str] = []
    tab.on("request", lambda request: urls.append(unquote(request.url)))
    for text in ("الطقس غدا", "معرض الكتاب"):
        box.fill(text)
        box.press("Enter")
        tab.wait_for_url("**/?q=*")
        tab.goto("/")
    urls.clear()
    box.click()
    expect(options(tab, "past")).to_have_text(["معرض الكتاب", "الطقس غدا"])
    box.fill("طقس")  # without the article
    expect(options(tab, "past")).to_have_text(["الطقس غدا"])
    expect(options(tab, "past").locator("b")).to_have_text("الطقس")
    assert not [url for url in urls if "غدا" in url], "nothing of them is sent"
    tab.get_by_role("button", name="مسح السجل").click()
    expect(options(tab, "past")).to_have_count(0)
    tab.get_by_role("checkbox").uncheck()
    box.press("Enter")
    tab.wait_for_url("**/?q=*")
    tab.goto("/")
    box.fill("طق")
    expect(options(tab, "searches").first).to_be_visible()
    expect(options(tab, "past")).to_have_count(0)
    expect(tab.get_by_role("checkbox")).not_to_be_checked()


def test_a_late_answer_to_an_older_text_is_not_shown_and_the_list_does_not_flicker(tab: Page, box: Locator) -> None:
    held: list[Route] = []
    tab.route("**/suggest?q=" + quote("معرض"), lambda route: held.append(route))
    box.fill("كتاب")
    expect(options(tab).first).to_contain_text("كتاب")
    with tab.expect_request("**/suggest?*"):
        box.fill("معرض")
    expect(options(tab).first).to_contain_text("كتاب")  # the list stays until there is another
    box.fill("طقس")
    expect(options(tab).first).to_contain_text("طقس")
    assert len(held) == 1
    expect(options(tab).filter(has_text="معرض")).to_have_count(0)


def test_a_service_that_does_not_answer_breaks_nothing(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.route("**/suggest?*", lambda route: route.fulfill(status=503, body="busy"))
    page.goto("/")
    with page.expect_response("**/suggest?*"):
        page.locator("#q").fill("معرض")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.locator("#q").press("Enter")
    page.wait_for_url("**/?q=*")
    context.close()


def test_markup_in_documents_and_past_searches_is_text(tab: Page, box: Locator) -> None:
    markup = "<img src=x onerror=alert(1)> معرض"
    answer = {"suggestions": [{"kind": "word", "text": markup, "marks": [[0, 4]], "count": 1, "field": "t", "id": "1"}]}
    tab.route("**/suggest?*", lambda route: route.fulfill(json=answer))
    box.fill(markup)
    expect(options(tab, "searches").first.locator("span")).to_have_text(markup)
    expect(options(tab).locator("b")).to_have_text("<img")
    assert tab.locator("img").count() == 0


def test_without_scripts_there_is_no_list_and_the_box_searches(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    assert page.get_by_role("listbox").count() == page.get_by_role("combobox").count() == 0
    page.locator("#q").fill("معرض")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/?q=*")
    context.close()
