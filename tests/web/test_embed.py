"""The search in a page of another site: what the one line and `<arabic-search>` do in a real browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from index_config.schema import load_schema
from search_service.access.key_admin import KeyAdmin
from search_service.config.settings import Settings
from search_service.engines.factory import make_engine
from search_service.web.messages.arabic import ARABIC

from .conftest import HOSTILE, REPOSITORY, fill, hostile_documents, serve, serve_files
from .test_accessibility import violations
from .test_groups import ALONE, NEWS, STORIES, reports

MAX_BYTES = 25_000
"""What the issue allows for the script, compressed."""

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
[LINE, COMPONENT] = re.findall(r"^```html\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
[POLICY] = re.findall(r"`(script-src [^`]*)`", README)
ADDRESS = "http://127.0.0.1:8000"
LISTEN = """() => {
  window.events = [];
  for (const name of ["search", "results", "select", "error"])
    document.querySelector("arabic-search").addEventListener(name, (event) => events.push([name, event.detail]));
}"""
SITE = """
[fields.category]
name = { ar = "الباب", en = "Section" }
values = { "ثقافة" = { ar = "الثقافة", en = "Culture" } }

[indexes.stories]
group_by = "story"
"""
"""What the service is told about the names of fields and values, and about groups."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the other site."""
    return shutil.copytree(REPOSITORY / "examples" / "embed", tmp_path_factory.mktemp("other") / "site")


@pytest.fixture(scope="module")
def site(files: Path) -> Iterator[str]:
    """The address of the other site."""
    with serve_files(files) as address:
        yield address


@pytest.fixture(scope="module")
def indexes(news_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example news, an index of hostile documents, and one of reports that belong to stories."""
    folder = shutil.copytree(news_folder, tmp_path_factory.mktemp("embed") / "indexes", symlinks=True)
    engine = make_engine(Settings(index_dir=folder))
    fill(engine, "hostile", load_schema("news"), hostile_documents())
    fill(engine, "stories", NEWS, reports())
    return folder


@pytest.fixture(scope="module")
def service(indexes: Path, site: str) -> Iterator[str]:
    """The address of a service that allows the other site."""
    names = indexes.parent / "site.toml"
    names.write_text(SITE, encoding="utf-8")
    with serve(indexes, CORS_ORIGINS=site, SITE_FILE=str(names)) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, files: Path, site: str, service: str) -> Iterator[Open]:
    """A function that opens a page of the other site with some HTML, where 127.0.0.1:8000 is the service.

    The pages have the strict policy of the README, and must cause no error in a script and no violation of the policy.
    """
    contexts = []
    wrong: list[str] = []

    def opened(body: str, lang: str = "ar", scheme: Any = "light", width: int = 1280, **options: Any) -> Page:
        policy = f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; {POLICY}"
        direction = "rtl" if lang == "ar" else "ltr"
        html = f"""<!doctype html><html lang="{lang}" dir="{direction}"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>موقع</title>
            <meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
            <meta http-equiv="Content-Security-Policy" content="{policy}"></head>
            <body><main><h1>موقع آخر</h1>{body}</main></body></html>"""
        (files / "test.html").write_text(html.replace(ADDRESS, service), encoding="utf-8")
        viewport: Any = {"width": width, "height": 900}
        context = browser.new_context(color_scheme=scheme, viewport=viewport, locale=lang, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda one: wrong.append(one.text) if "Content Security Policy" in one.text else None)
        page.goto(f"{site}/test.html")
        expect(box(page).first).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def box(page: Page) -> Locator:
    return page.get_by_role("combobox")


def status(page: Page) -> Locator:
    return page.locator("arabic-search").get_by_role("region").get_by_role("status")


def results(page: Page) -> Locator:
    return page.locator("arabic-search ol > li")


def search(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


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


def test_an_ellipsis_stands_where_a_sentence_is_cut_and_nowhere_else(open_page: Open) -> None:
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


class Refusals:
    """Lets the searches of a page fail as long as a status is set; 0 is that of a service that cannot be reached.

    A route that is removed after so many requests would leave open which of two searches it is for: one that follows
    what is typed after a pause, and one by Enter.
    """

    def __init__(self, page: Page) -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        page.route("**/search?*", self._answer)

    def _answer(self, route: Route) -> None:
        if self.status is None:
            route.continue_()
        elif self.status == 0:
            route.abort()
        else:
            exposed = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
            body, problem = json.dumps({"detail": "تفصيل"}), "application/problem+json"
            route.fulfill(status=self.status, headers={**exposed, **self.headers}, body=body, content_type=problem)


def test_failures_are_sentences_and_what_was_typed_is_kept(open_page: Open) -> None:
    page = open_page(LINE)
    alert = page.get_by_role("alert")
    refusals = Refusals(page)
    sentences = {
        0: "تعذّر الوصول إلى خدمة البحث", 400: "تفصيل", 401: "مفتاح البحث ناقص", 403: "مفتاح البحث ناقص",
        404: "لا يوجد فهرس", 429: "كثرت عمليات البحث", 500: "خطأ غير متوقع", 503: "مزدحمة أو متوقفة", 504: "طال البحث",
    }  # fmt: skip
    box(page).fill("معرض")
    for code, sentence in sentences.items():
        refusals.status = code
        box(page).press("Enter")
        expect(alert).to_contain_text(sentence)
        expect(box(page)).to_have_value("معرض")
        refusals.status = None
        if code != 400:
            alert.get_by_role("button", name="أعد المحاولة").click()
            expect(alert).to_be_empty()
            expect(results(page)).to_have_count(7)


def test_another_try_waits_as_long_as_the_service_says(open_page: Open) -> None:
    page = open_page(LINE, "en")
    page.clock.install(time=0)
    page.clock.pause_at(1)  # or the seconds that the test itself takes would count
    searches: list[Request] = []
    page.on("request", lambda request: searches.append(request) if "/search?" in request.url else None)
    refusals = Refusals(page)
    refusals.status, refusals.headers = 503, {"Retry-After": "30"}
    search(page, "معرض")
    expect(page.get_by_role("alert")).to_contain_text("Trying again by itself in 30 seconds.")
    refusals.status = None
    page.clock.run_for(29_000)
    assert len(searches) == 1
    page.clock.run_for(1_500)
    expect(results(page)).to_have_count(7)
    expect(page.get_by_role("alert")).to_be_empty()
    assert len(searches) == 2


def test_a_search_goes_on_when_the_network_is_back(open_page: Open) -> None:
    page = open_page(LINE)
    page.context.set_offline(True)
    search(page, "معرض")
    expect(page.get_by_role("alert")).to_contain_text("لا اتصال بالشبكة")
    page.context.set_offline(False)
    expect(results(page)).to_have_count(7)


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


def test_a_site_that_the_service_does_not_allow_is_told(open_page: Open) -> None:
    page = open_page(LINE)
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    search(page, "معرض")
    expect(page.get_by_role("alert")).to_contain_text("لا تسمح لهذا الموقع")


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


# The files


def test_the_script_is_small_and_makes_two_requests(client: FlaskClient) -> None:
    size = 0
    for url in ("/embed.js", script(client)):
        with client.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            size += len(answer.get_data())
    assert size <= MAX_BYTES
    text = client.get(script(client)).text
    assert "// embed/element.js" in text
    assert not re.search(r"\binnerHTML\b|\bimport\b", text)


def script(client: FlaskClient) -> str:
    """Return the URL of what `/embed.js` imports."""
    [url] = re.findall(r'from "\.(.*?)"', client.get("/embed.js").text)
    return str(url)


def test_a_browser_asks_for_the_script_anew_and_keeps_its_modules(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")
    url = script(client)
    with client.get(url) as module:
        assert module.headers["Cache-Control"].endswith("immutable")
        text = module.get_data()
    with client.get(re.sub(r"[0-9a-f]{12}", "0" * 12, url)) as older:
        assert (older.get_data(), older.headers["Cache-Control"]) == (text, "public, max-age=300")
        assert older.headers["Access-Control-Allow-Origin"] == "*"
