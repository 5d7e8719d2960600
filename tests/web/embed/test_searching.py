"""Searching by the one line or by `<arabic-search>`, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote

from playwright.sync_api import Browser, Request, Route, expect

from search_service.access.key_admin import KeyAdmin
from tests.web.embed.page import ADDRESS, COMPONENT, LINE, LISTEN, Open, box, results, search, status


def test_the_line_of_the_readme_gives_a_search_that_is_complete_by_keyboard(open_page: Open) -> None:
    page = open_page(LINE)
    address = page.url
    page.keyboard.press("Tab")
    expect(box(page)).to_be_focused()
    page.keyboard.type("معر")
    first = page.get_by_role("option").first
    expect(first.locator("b")).to_have_text("معر")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("7 نتائج")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(results(page)).to_have_count(7)
    expect(results(page).first.locator("mark").first).to_have_text("معرض")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    link = results(page).first.get_by_role("link")
    expect(link).to_be_focused()
    assert str(link.get_attribute("href")).startswith("https://news.example.com/")
    assert page.url == address


def test_results_follow_what_is_typed_and_more_are_added(open_page: Open) -> None:
    page = open_page(COMPONENT.replace('filters="filter.category=ثقافة&date_from=2024"', 'size="5"') + LINE, lang="en")
    component, line = page.locator("arabic-search").all()
    component.get_by_role("combobox").fill("الكتاب")
    component.get_by_role("combobox").press("Enter")
    expect(component.locator("li")).to_have_count(5)
    component.get_by_role("button", name="More results").click()
    expect(component.locator("li")).not_to_have_count(5)
    expect(component.locator("li").nth(5).get_by_role("link")).to_be_focused()
    total = component.locator(".status").inner_text()
    component.get_by_role("combobox").fill("الطقس")
    expect(component.locator(".status")).not_to_have_text(total)
    component.get_by_role("combobox").fill("")
    expect(component.locator("li")).to_have_count(0)
    expect(line.locator("li")).to_have_count(0)


def test_a_corrected_word_is_searched_as_typed_until_something_else_is(open_page: Open) -> None:
    page = open_page(LINE)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/search?" in request.url else None)
    search(page, "الائتلاق مصر")
    page.get_by_role("button", name="ابحث عن «الائتلاق» كما كُتبت").click()
    expect(page.locator("arabic-search .notes")).not_to_contain_text("فبحثنا عن")
    expect(box(page)).to_be_focused()
    assert unquote(asked[-1].url).endswith("&as_typed=الائتلاق")
    search(page, "الائتلاق")
    expect(page.locator("arabic-search .notes")).to_contain_text("فبحثنا عن «الائتلاف»")
    assert "as_typed" not in asked[-1].url


def test_attributes_and_events(open_page: Open) -> None:
    page = open_page(LINE.replace("data-index", "data-target='h1' data-index") + COMPONENT)
    assert page.locator("h1 arabic-search").count() == 1
    page.evaluate("() => document.querySelector('h1 arabic-search').remove()")
    page.evaluate(LISTEN)
    expect(box(page)).to_have_attribute("placeholder", "A word or an “exact phrase”")
    with page.expect_request(lambda one: "/search?" in one.url) as asked:
        search(page, "معرض")
    assert "filter.category=ثقافة&date_from=2024" in unquote(asked.value.url)
    expect(status(page)).to_have_text(re.compile("results"))
    page.evaluate(
        """() => document.querySelector("arabic-search").addEventListener("select", (e) => e.preventDefault())"""
    )
    link = results(page).nth(1).get_by_role("link")
    chosen = str(link.get_attribute("href"))
    link.click()
    (_, started), (_, found), (name, selected) = page.evaluate("events")
    assert started == {"query": "معرض", "filters": [["filter.category", "ثقافة"], ["date_from", "2024"]]}
    assert found["total"] == len(found["hits"])
    assert (name, selected["position"], selected["url"]) == ("select", 2, chosen)
    assert chosen.endswith(f"/articles/{selected['id']}")
    page.evaluate("""() => {
      const search = document.querySelector("arabic-search");
      search.lang = "ar-EG";
      search.removeAttribute("filters");
    }""")
    expect(status(page)).to_have_text("٧ نتائج")
    expect(box(page)).to_have_value("معرض")
    page.evaluate("""() => { document.querySelector("arabic-search").query = "الطقس" }""")
    expect(box(page)).to_have_value("الطقس")
    expect(results(page).first.locator("mark").first).to_have_text(re.compile("طقس"))


def test_a_suggested_value_restricts_the_search_until_it_is_dropped(open_page: Open) -> None:
    page = open_page(LINE)
    box(page).fill("معرض")
    page.get_by_role("group", name="الوسوم").get_by_role("option").first.click()
    chip = page.get_by_role("button", name="أزل الشرط: الوسوم: معرض الكتاب")
    expect(status(page)).to_have_text("6 نتائج")
    chip.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    expect(box(page)).to_be_focused()
    expect(results(page)).to_have_count(0)


def test_a_value_never_allows_more_than_the_page_does(open_page: Open) -> None:
    """Several values of a field are alternatives: one beside those of the page would show other documents."""
    line = LINE.replace("data-index", 'data-filters="filter.category=ثقافة" data-facets="category,source" data-index')
    page = open_page(line)
    with page.expect_request("**/search?*") as asked:
        search(page, "معرض")
    assert "facets=source&" in asked.value.url
    expect(page.get_by_role("checkbox").first).to_be_visible()
    expect(page.get_by_role("group", name="الباب")).to_have_count(0)


def test_a_suggested_document_is_opened(open_page: Open) -> None:
    page = open_page(LINE.replace("data-index", 'data-link="/test.html?id={id}" data-index'))
    box(page).fill("معرض")
    page.get_by_role("group", name="وثائق").get_by_role("option").first.click()
    page.wait_for_url("**/test.html?id=ex-*")


def test_only_the_latest_answer_is_shown(open_page: Open) -> None:
    page = open_page(LINE)
    held: list[Route] = []
    page.route("**/search?q=" + quote("كتاب") + "&*", lambda route: held.append(route))
    with page.expect_request("**/search?*"):
        search(page, "كتاب")
    search(page, "الطقس")
    expect(results(page).first.locator("mark").first).to_have_text(re.compile("طقس"))
    shown = status(page).inner_text()
    assert len(held) == 1
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert status(page).inner_text() == shown


def test_a_key_is_sent(open_page: Open, indexes: Path) -> None:
    key = KeyAdmin(indexes / "keys.json").create(["search"], ["news"])
    page = open_page(LINE.replace("data-index", f'data-key="{key.secret}" data-index'))
    with page.expect_request(lambda one: "/search?" in one.url) as asked:
        search(page, "معرض")
    assert asked.value.headers["authorization"] == f"Bearer {key.secret}"
    expect(results(page)).to_have_count(7)
    page.evaluate("""() => document.querySelector("arabic-search").setAttribute("key", "wrong")""")
    expect(page.get_by_role("alert")).to_contain_text("مفتاح البحث ناقص أو غير صالح")
    expect(box(page)).to_have_value("معرض")


def test_the_example_is_such_a_page(browser: Browser, files: Path, site: str, service: str) -> None:
    example = files / "index.html"
    example.write_text(example.read_text(encoding="utf-8").replace(ADDRESS, service), encoding="utf-8")
    page = browser.new_page(locale="ar")
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(site)
    search_in = page.locator("#search").get_by_role("combobox")
    search_in.fill("معرض")
    search_in.press("Enter")
    expect(page.locator("#search li")).to_have_count(7)
    assert wrong == []
    page.close()
