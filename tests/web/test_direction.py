"""Where a browser shows the parts of texts of two directions, by position."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.engines.factory import make_engine

from .conftest import fill, serve

TITLES = {
    "imf": "IMF: السعودية تحقق نموا",
    "john": "John أحمد (محرر) يكتب",
    "latin": "Arabic headline: خبر",
    "date": "2024-03-11",
}

POSITIONS = """([selector, ...words]) => {
  const root = document.querySelector(selector);
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = {};
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    for (const word of words) {
      const at = node.data.indexOf(word);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      found[word] ??= range.getClientRects()[0].left;
    }
  }
  return words.map((word) => found[word]);
}"""
"""Returns the left edge of words in an element."""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("directions")
    documents: list[dict[str, Any]] = [
        {"id": name, "title": title, "text": f"{title} كلمة", "source": title, "category": "John أحمد (محرر)"}
        for name, title in TITLES.items()
    ]
    fill(make_engine(Settings(index_dir=folder)), "news", load_schema("news"), documents)
    with serve(Path(folder)) as address, browser.new_context(base_url=address, locale="ar") as context:
        yield context.new_page()


def lefts(page: Page, selector: str, *words: str) -> list[float]:
    found: list[float] = page.evaluate(POSITIONS, [selector, *words])
    return found


def is_from_right_to_left(positions: list[float]) -> bool:
    return positions == sorted(positions, reverse=True)


def is_from_left_to_right(positions: list[float]) -> bool:
    return positions == sorted(positions)


def test_titles_values_and_paragraphs(page: Page) -> None:
    page.goto("/")
    for name in ("imf", "john"):
        words = TITLES[name].replace(":", "").replace("(", "").replace(")", "").split()
        assert is_from_right_to_left(lefts(page, f'h2 a[href="/documents/{name}"]', *words)), name
    assert is_from_left_to_right(lefts(page, 'h2 a[href="/documents/latin"]', "Arabic", "headline", "خبر"))
    assert is_from_left_to_right(lefts(page, 'h2 a[href="/documents/date"]', "2024", "03", "11"))
    assert is_from_right_to_left(lefts(page, ".meta a[href*='category']", "John", "أحمد", "محرر"))
    assert is_from_right_to_left(lefts(page, "aside a[href*='category']", "John", "أحمد", "محرر"))
    page.goto("/documents/imf?q=" + quote("السعودية"))
    for selector in ("h1", ".text p", ".meta a"):
        assert is_from_right_to_left(lefts(page, selector, "IMF", "السعودية", "تحقق", "نموا")), selector


def test_values_in_sentences(page: Page) -> None:
    page.goto("/?date_from=2024-03-11&date_to=2024-02-29")
    assert is_from_left_to_right(lefts(page, "main p", "2024-03", "-11"))
    assert is_from_right_to_left(lefts(page, "main p", "البداية", "2024-03-11", "بعد", "2024-02-29"))
    page.goto("/?date_from=hier")
    assert is_from_left_to_right(lefts(page, "main p", "2024-", "03-", "11"))
    page.goto("/?q=" + quote("IMF: سعودبة زغنبوط (x)") + "&filter.source=" + quote(TITLES["imf"]))
    assert is_from_right_to_left(lefts(page, ".chips a", "IMF", "السعودية", "تحقق"))
    page.goto("/?q=C%2B%2B&filter.source=" + quote(TITLES["john"]) + "&lang=en")
    assert is_from_left_to_right(lefts(page, ".message h2", "C", "++"))


def test_the_box_follows_what_is_typed(page: Page) -> None:
    page.goto("/?q=" + quote(TITLES["imf"]))
    box = page.locator("#q")
    expect(box).to_have_attribute("dir", "rtl")
    for text, direction in (("Java", "ltr"), ("Java للمبتدئين", "rtl"), ("2018", "rtl"), ("", "rtl"), ("x", "ltr")):
        box.fill(text)
        expect(box).to_have_attribute("dir", direction)


def test_without_a_script_the_server_decides(browser: Browser, page: Page) -> None:
    with browser.new_context(base_url=page.url, java_script_enabled=False) as context:
        plain = context.new_page()
        for text, direction in ((TITLES["john"], "rtl"), ("Java", "ltr"), ("", "rtl")):
            plain.goto(f"/?lang=ar&q={quote(text)}")
            expect(plain.locator("#q")).to_have_attribute("dir", direction)
