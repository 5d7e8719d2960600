"""Another site, and a service whose search it embeds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.engines.factory import make_engine
from tests.web.conftest import REPOSITORY, fill, hostile_documents, serve, serve_files
from tests.web.embed.page import ADDRESS, POLICY, Open, box
from tests.web.test_groups import NEWS, reports

SITE = """
[fields.category]
name = { ar = "الباب", en = "Section" }
values = { "ثقافة" = { ar = "الثقافة", en = "Culture" } }

[indexes.stories]
group_by = "story"
"""
"""What the service is told about the names of fields and values, and about groups."""


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
