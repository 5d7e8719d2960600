"""Results, facets, groups and styles of an embedded search, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from search_service.web.messages.arabic import ARABIC
from tests.web.conftest import HOSTILE
from tests.web.embed.page import LINE, LISTEN, Open, box, results, search, status
from tests.web.test_accessibility import violations
from tests.web.test_groups import ALONE, STORIES, reports


@pytest.mark.parametrize(
    ("lang", "region"),
    [("ar", "any"), ("ar-EG", "egypt"), ("ar-LB", "levant"), ("ar-DZ", "algeria"), ("ar-MA", "morocco")],
)
def test_months_have_the_same_names_as_on_the_search_page(
    browser: Browser, service: str, lang: str, region: str
) -> None:
    page = browser.new_page()
    page.goto(service)
    written = page.evaluate(
        """async (lang) => {
          const { wordsFor } = await import("/static/embed/words.js");
          const { date } = wordsFor(lang);
          return Array.from({ length: 12 }, (_, month) => date(`2024-${String(month + 1).padStart(2, "0")}-15`));
        }""",
        lang,
    )
    page.close()
    assert [re.sub(r"[\W\d_]*\d+[\W\d_]*", "", one) for one in written] == list(ARABIC.months[region])


def test_facets_restrict_the_search_by_keyboard_and_keep_focus_and_what_is_unfolded(open_page: Open) -> None:
    page = open_page(LINE.replace("data-index", 'data-facets="category, tags,nothing_else" data-index'))
    search(page, "معرض")
    expect(page.get_by_role("alert")).to_contain_text("nothing_else")  # the site's author sees what is wrong
    page.evaluate("document.querySelector('arabic-search').setAttribute('facets', 'category, tags')")
    expect(results(page)).to_have_count(7)
    panel = page.get_by_role("group", name="تصفية النتائج")
    culture = panel.get_by_role("group", name="الباب").get_by_role("checkbox", name="الثقافة")
    expect(culture).not_to_be_checked()
    count = int(culture.locator("xpath=..").locator("small").inner_text())
    panel.get_by_text("المزيد").click()
    culture.focus()
    page.keyboard.press("Space")
    expect(status(page)).to_have_text("نتيجتان" if count == 2 else re.compile(str(count)))
    expect(culture).to_be_checked()
    expect(culture).to_be_focused()
    expect(panel.get_by_role("checkbox").last).to_be_visible()
    expect(page.get_by_role("button", name="أزل الشرط: الباب: الثقافة")).to_be_visible()
    page.keyboard.press("Space")
    expect(results(page)).to_have_count(7)
    expect(culture).to_be_focused()
    box(page).fill("")
    expect(panel).to_be_hidden()


def test_facets_are_beside_the_results_or_folded_and_in_the_words_of_the_site(open_page: Open) -> None:
    line = LINE.replace("data-index", 'data-facets="category,source" data-query="معرض" data-index')
    for lang, scheme, width, name in (("ar", "light", 1280, "الثقافة"), ("en", "dark", 390, "Culture")):
        page = open_page(line, lang, scheme, width)
        culture = page.get_by_role("checkbox", name=name)
        if width < 640:
            expect(culture).to_be_hidden()
            page.get_by_text("Refine the results").click()
        expect(culture).to_be_visible()
        assert violations(page) == []
        facets, list_box = page.locator("arabic-search .facets").bounding_box(), results(page).first.bounding_box()
        assert facets
        assert list_box
        is_beside = facets["x"] >= list_box["x"] + list_box["width"]
        is_above = facets["y"] + facets["height"] <= list_box["y"]
        assert (is_beside, is_above) == (width >= 640, width < 640)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_reports_of_a_story_are_one_result_by_keyboard(open_page: Open) -> None:
    """What the site of the service groups by; each document is a result under a filter of this field."""
    page = open_page(LINE.replace('"news"', '"stories"'))
    search(page, "الزلزال")
    expect(results(page)).to_have_count(10)
    page.get_by_role("button", name="مزيد من النتائج").click()
    expect(results(page)).to_have_count(len(STORIES) + ALONE)
    expect(page.get_by_role("button", name="مزيد من النتائج")).to_be_hidden()
    expect(status(page)).to_have_text(f"{len(reports())} نتيجة")
    story = results(page).filter(has_text="خبر زلازل & <b> رقم 11")
    story.get_by_text("و11 مصدرًا آخر").focus()
    page.keyboard.press("Enter")
    expect(story.locator("ul > li")).to_have_count(3)
    expect(story.locator("ul > li").first.get_by_role("link")).to_be_visible()
    assert violations(page) == []
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(story.get_by_role("button", name="عرضها كلها (12)")).to_be_focused()
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("12 نتيجة")
    expect(results(page)).to_have_count(10)
    expect(page.locator("arabic-search .others")).to_have_count(0)
    expect(page.get_by_role("button", name="أزل الشرط: القصة: زلازل & <b>")).to_be_focused()
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(f"{len(reports())} نتيجة")
    expect(page.locator("arabic-search .others")).not_to_have_count(0)


def test_a_page_decides_by_which_field_its_search_groups(open_page: Open) -> None:
    attributes = 'data-size="50" data-query="الزلزال" data-group-by="source" data-index'
    page = open_page(LINE.replace('"news"', '"stories"').replace("data-index", attributes), "en", "dark", 390)
    page.evaluate(LISTEN)
    expect(results(page)).to_have_count(max(STORIES.values()) + ALONE)
    expect(page.locator("arabic-search .meta").first).to_contain_text(re.compile(r"\b\d+ January 2024|2020"))
    page.get_by_text(f"and {len(STORIES) - 1} more").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_request(lambda one: "/search?" in one.url) as asked:
        page.evaluate("document.querySelector('arabic-search').setAttribute('group-by', '')")
    assert "group_by" not in asked.value.url
    expect(results(page)).to_have_count(50)
    page.evaluate("document.querySelector('arabic-search').setAttribute('group-by', 'nothing_else')")
    expect(page.get_by_role("alert")).to_contain_text("nothing_else")  # the site's author sees what is wrong


def test_axe_finds_nothing_in_both_languages_and_schemes(open_page: Open) -> None:
    for lang, scheme, width in (("ar", "light", 1280), ("en", "dark", 390)):
        page = open_page(LINE, lang, scheme, width)
        box(page).fill("معرض")
        page.get_by_role("option").first.wait_for()
        box(page).press("ArrowDown")
        assert violations(page) == []
        page.get_by_role("option").last.click()
        expect(results(page)).not_to_have_count(0)
        page.route("**/search?*", lambda route: route.fulfill(status=503, headers={"Retry-After": "900"}))
        box(page).press("Enter")  # one search; text would be followed by another one, during which results are dimmed
        expect(page.get_by_role("alert")).not_to_be_empty()
        expect(results(page)).not_to_have_count(0)  # what was found before stays
        assert violations(page) == []
        background = page.locator("arabic-search .root").evaluate("(root) => getComputedStyle(root).backgroundColor")
        assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 35, 36)"}[scheme]


def test_narrow_pages_forced_colours_and_the_styles_of_the_page(open_page: Open) -> None:
    """A desk of 1280 pixels at 400 % zoom has a width of 320."""
    page = open_page(LINE, width=320, forced_colors="active", reduced_motion="reduce")
    box(page).fill("معرض")
    option = page.get_by_role("option").first
    option.wait_for()
    box(page).press("ArrowDown")
    colours = (
        "(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one.nextElementSibling).backgroundColor]"
    )
    selected, other = option.evaluate(colours)
    assert selected != other
    box(page).press("Enter")
    expect(results(page)).to_have_count(7)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("""() => {
      const { style } = document.querySelector("arabic-search");
      style.setProperty("--arabic-search-accent", "rgb(1, 2, 3)");
      document.body.style.letterSpacing = ".3em";
    }""")
    root = page.locator("arabic-search .root")
    assert root.evaluate("(root) => getComputedStyle(root).letterSpacing") == "normal"
    page.emulate_media(forced_colors="none")
    link = results(page).first.get_by_role("link")
    assert link.evaluate("(link) => getComputedStyle(link).color") == "rgb(1, 2, 3)"


def test_markup_in_documents_queries_and_answers_is_text(open_page: Open) -> None:
    page = open_page(LINE.replace('"news"', '"hostile"'))
    search(page, f"عاجل {HOSTILE}")
    expect(results(page).first.get_by_role("link")).to_have_text(f"خبر {HOSTILE} عاجل")
    assert "/documents/h%20%3Cscript" in str(results(page).first.get_by_role("link").get_attribute("href"))
    answer = {"total": 1, "corrections": [{"from": HOSTILE, "to": [HOSTILE]}], "partial": True, "hits": [hostile_hit()]}
    page.route("**/search?*", lambda route: route.fulfill(json=answer, headers={"Access-Control-Allow-Origin": "*"}))
    search(page, "معرض")
    expect(results(page).first.locator(".snippet")).to_have_text(HOSTILE)
    expect(results(page).first.locator("mark")).to_have_count(1)
    assert page.locator("img, arabic-search script").count() == 0


def hostile_hit() -> dict[str, Any]:
    """A hit as no service would send it."""
    marks = [[5, 2], [-4, 1], [0, 3], [1, 2], [9_999, 10_000]]
    fragment = {"html": HOSTILE, "text": HOSTILE, "marks": marks, "value": 0, "start": 0}
    source = {"title": "عنوان", "text": HOSTILE, "url": "javascript:alert(1)", "date": HOSTILE}
    return {"id": HOSTILE, "source": source, "highlights": {"text": [fragment]}}


def test_an_ellipsis_is_where_a_sentence_is_cut_and_nowhere_else(open_page: Open) -> None:
    text = "قال أ.د. علي إن الطقس جميل. وأضاف أن الطقس يتغير غدا. ثم قال إن الطقس بارد جدا في الشمال."
    shown = {
        ("علي إن الطقس جميل.", "ثم قال إن الطقس بارد"): "…\xa0علي إن الطقس جميل. …\xa0ثم قال إن الطقس بارد\xa0…",
        ("قال أ.د. علي إن الطقس", "جدا في الشمال."): "قال أ.د. علي إن الطقس …\xa0جدا في الشمال.",
        ("وأضاف أن الطقس يتغير غدا.",): "وأضاف أن الطقس يتغير غدا.",
        ("قال أ.د.",): "قال أ.د.\xa0…",
        (): f"{'طويل ' * 39}طويل\xa0…",
    }
    hits = []
    for number, parts in enumerate(shown):
        value = text if parts else "طويل " * 60
        fragments = [{"text": one, "marks": [], "value": 0, "start": value.index(one)} for one in parts]
        highlights = {"text": fragments} if parts else {}
        hits.append({"id": str(number), "source": {"title": "عنوان", "text": value}, "highlights": highlights})
    answer = {"total": len(hits), "corrections": [], "partial": False, "hits": hits, "facets": {}}
    page = open_page(LINE)
    page.route("**/search?*", lambda route: route.fulfill(json=answer, headers={"Access-Control-Allow-Origin": "*"}))
    search(page, "الطقس")
    expect(page.locator("arabic-search .snippet")).to_have_count(len(hits))
    assert page.locator("arabic-search .snippet").all_text_contents() == list(shown.values())
