"""The JavaScript example: a search page on another site than the service, in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from search_service.access.key_admin import KeyAdmin
from tests.servers import START_SECONDS

from .conftest import REPOSITORY, serve, serve_files

EXAMPLE = REPOSITORY / "examples" / "javascript"
LOAD = """async ([service, key]) => {
  const { SearchService, SearchError } = await import("/search.mjs");
  const client = new SearchService(service, { key, language: "en" });
  async function* documents() {
    for (let number = 0; number < 25; number++) yield { id: `js-${number}`, title: "زرافة", category: "تجربة" };
    yield { id: "js-wrong", colour: "أزرق" };
  }
  const results = [];
  for await (const one of client.load("news", documents(), { batch: 10, refresh: "wait_for" })) results.push(one);
  const { values } = await client.facetValues("news", "category", { contains: "تجربه" });
  const error = await client.search("news", { size: 500 }).catch((error) => error);
  return [results.map((one) => one.result ?? one.problem.code), values, error instanceof SearchError && error.code];
}"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of another site, and the folder of its files."""
    files = shutil.copytree(EXAMPLE, tmp_path / "site")
    with serve_files(files) as address:
        yield address, files


def test_the_page_searches_filters_and_loads(
    browser: Browser, site: tuple[str, Path], news_folder: Path, tmp_path: Path
) -> None:
    address, files = site
    indexes = shutil.copytree(news_folder, tmp_path / "indexes", symlinks=True)
    key = KeyAdmin(indexes / "keys.json").create(["search", "write"], ["news"]).secret
    with serve(indexes, CORS_ORIGINS=address) as service:
        page = files / "search.html"
        page.write_text(page.read_text(encoding="utf-8").replace("http://127.0.0.1:8000", service), encoding="utf-8")
        tab = browser.new_page(locale="ar")
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        searches_and_filters(tab, address)
        assert errors == []
        results, values, code = tab.evaluate(LOAD, [service, key])
        assert results == ["created"] * 25 + ["field-unknown"]
        assert (values, code) == ([{"value": "تجربة", "count": 25}], "out-of-range")
        tab.get_by_role("searchbox").fill("الزرافات")
        expect(tab.get_by_role("status")).to_have_text("النتائج: ٠")
        tab.get_by_role("checkbox", checked=True).uncheck()
        expect(tab.get_by_role("status")).to_have_text("النتائج: ٢٥")
        tab.close()


def searches_and_filters(tab: Page, address: str) -> None:
    tab.goto(f"{address}/search.html")
    expect(tab.get_by_role("status")).to_have_text("النتائج: ١٠٤", timeout=START_SECONDS * 1_000)
    tab.get_by_role("searchbox").fill("الحكومه")  # letter by letter it could be several searches
    expect(tab.locator("mark").first).to_have_text(re.compile("حكوم"))
    status = tab.get_by_role("status")
    expect(status).not_to_have_text("النتائج: ١٠٤")
    everything = status.text_content()
    value = tab.get_by_role("checkbox").first
    value.check()
    expect(status).not_to_have_text(str(everything))
    expect(tab.get_by_role("checkbox", checked=True)).to_have_count(1)
    assert tab.get_by_role("article").count() > 0
