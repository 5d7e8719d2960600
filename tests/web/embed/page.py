"""A page of another site: the lines of HTML that the README gives, and what is seen of the search."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page

from tests.web.conftest import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
[LINE, COMPONENT] = re.findall(r"^```html\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
[POLICY] = re.findall(r"`(script-src [^`]*)`", README)
ADDRESS = "http://127.0.0.1:8000"
LISTEN = """() => {
  window.events = [];
  for (const name of ["search", "results", "select", "error"])
    document.querySelector("arabic-search").addEventListener(name, (event) => events.push([name, event.detail]));
}"""

Open = Callable[..., Page]
"""Opens a page of the other site with the given HTML; see `open_page`."""


def box(page: Page) -> Locator:
    return page.get_by_role("combobox")


def status(page: Page) -> Locator:
    return page.locator("arabic-search").get_by_role("region").get_by_role("status")


def results(page: Page) -> Locator:
    return page.locator("arabic-search ol > li")


def search(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")
