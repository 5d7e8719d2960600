"""The reference of the HTTP interface as pages: complete without scripts, readable on a phone and on a desk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from index_config.schema import load_schema
from search_service.access.key_ring import KeyRing
from search_service.admin.job_files import Job, JobFiles, JobState
from search_service.api.access import AccessControl
from search_service.api.openapi.document import path_of
from search_service.api.openapi.examples import EXAMPLES as REQUESTS
from search_service.api.openapi.examples import JOB_ID, Example, answers
from search_service.api.operations import operations
from search_service.api.problem_types import EXAMPLES
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app

from .conftest import serve
from .test_browser import DESKTOP, PHONE, is_wider_than_the_screen
from .test_page import BROWSER, ParsedPage, contrast, get, static


def test_the_reference_describes_every_operation_and_links_to_every_problem(client: FlaskClient) -> None:
    page = get(client, "/docs")
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    for operation in operations(client.application).values():
        assert operation.name in ids
        assert operation.summary in page.text
    assert {f"/problems/{code}" for code in EXAMPLES} <= set(page.links)
    inside = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert inside <= ids
    assert page.all("script") == []


def test_an_example_is_a_command_for_the_host_that_was_asked(client: FlaskClient) -> None:
    commands = [text for tag, text in get(client, "/docs").texts if tag == "code" and text.startswith("curl")]
    assert len(commands) >= len(operations(client.application))
    assert all("http://localhost/" in command for command in commands)


@pytest.fixture(scope="module")
def changeable(news_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a copy of the collection, which everybody on this machine may change."""
    folder = tmp_path_factory.mktemp("changeable") / "indexes"
    shutil.copytree(news_folder, folder, symlinks=True)
    make_engine(Settings(index_dir=folder)).indexes.create(IndexName("archive"), load_schema("news"))
    files = JobFiles(folder / ".jobs")
    with files.exclusive():
        files.write(Job(JOB_ID, "news", "reindex", {}, time.time(), JobState.DONE))
    with serve(folder, LOOPBACK_ADMIN="true") as address:
        yield address


@pytest.mark.parametrize(("name", "example"), [(name, one) for name, listed in REQUESTS.items() for one in listed])
def test_the_command_of_an_example_works(
    name: str, example: Example, client: FlaskClient, server: str, changeable: str
) -> None:
    operation = next(one for one in operations(client.application).values() if one.name == name)
    changes = operation.scope in ("write", "admin")
    command = example.curl(path_of(operation), changeable if changes else server)
    done = subprocess.run(["sh", "-c", f"{command} --silent --fail"], capture_output=True, check=True, timeout=60)
    shown = answers().get(name, {}).get(example.name, {"content": None})["content"]
    answer = done.stdout.decode()
    if isinstance(shown, str):
        assert len(answer.splitlines()) == len(shown.splitlines())
    elif shown is not None:
        assert json.loads(answer).keys() == shown.keys()


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_problem_has_a_page_in_both_languages(code: str, client: FlaskClient) -> None:
    page = get(client, f"/problems/{code}")
    assert [one["lang"] for one in page.all("section")] == ["en", "ar", "en"]
    response = client.get(f"/problems/{code}", headers={"Accept": "application/json", "Accept-Language": "ar"})
    content = response.get_json()
    assert (content["code"], content["type"], content["example"]["code"]) == (code, f"/problems/{code}", code)
    assert response.headers["Content-Language"] == "ar"
    assert {"Accept", "Accept-Language"} <= set(response.vary)
    assert content["meaning"] in page.text.replace(" ,", ",")


def test_the_preferred_language_comes_first(client: FlaskClient) -> None:
    response = client.get("/problems/overloaded", headers={**BROWSER, "Accept-Language": "ar"})
    assert ParsedPage(response.text).all("section")[0] == {"lang": "ar", "dir": "rtl"}


def test_the_type_of_a_problem_is_the_address_of_its_page(client: FlaskClient) -> None:
    problem = client.get("/v1/indexes/news/search?sort=title").get_json()
    assert "Results cannot be sorted by this" in get(client, problem["type"]).text


def test_a_code_that_does_not_exist_has_no_page(client: FlaskClient) -> None:
    assert client.get("/problems/none", headers=BROWSER).status_code == 404
    missing = client.get("/problems/none", headers={"Accept": "application/json"})
    assert (missing.status_code, missing.get_json()["code"]) == (404, "unknown-route")


def test_colours_have_enough_contrast(client: FlaskClient) -> None:
    """WCAG AA: 4.5:1 for text, in the light and in the dark."""
    common = re.findall(r":root \{(.*?)\}", static(client, "style.css"), re.DOTALL)
    own = re.findall(r"\.reference \{ (.*?)\}", static(client, "reference.css"), re.DOTALL)
    for blocks in zip(common, own, strict=True):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", "".join(blocks)))
        for ink, ground in product(("good", "warn", "bad", "ink", "muted", "accent"), ("ground", "surface", "code")):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for ink in ("warn", "bad", "accent"):
            assert contrast(colours[ink], colours["tint"]) >= 4.5, ink


class Readable:
    """The pages in a browser without scripts. The tab fails a test that logs an error or asks another host."""

    @pytest.mark.parametrize("path", ["/docs", "/docs#problems", "/problems/not-sortable"])
    def test_nothing_is_wider_than_the_screen(self, path: str, tab: Page) -> None:
        tab.goto(path)
        expect(tab.locator("h1")).to_be_visible()
        assert not is_wider_than_the_screen(tab)

    def test_the_contents_lead_to_an_operation(self, tab: Page) -> None:
        tab.goto("/docs")
        summary = tab.locator(".contents summary")
        if summary.is_visible():
            summary.click()
        tab.locator(".contents a[href='#get_document'] >> visible=true").click()
        expect(tab.locator("h3#get_document")).to_be_in_viewport()

    def test_an_answer_can_be_unfolded(self, tab: Page) -> None:
        tab.goto("/docs#suggest")
        article = tab.locator("article[aria-labelledby=suggest]")
        expect(article.locator("details pre")).to_be_hidden()
        article.locator("summary").click()
        expect(article.locator("details pre")).to_contain_text('"suggestions"')


class TestOnADesk(Readable):
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {**DESKTOP, "java_script_enabled": False}


class TestOnAPhoneInDarkMode(Readable):
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {**PHONE, "color_scheme": "dark", "java_script_enabled": False}


def test_the_reference_needs_no_key_even_where_searching_does(news: SearchService, tmp_path: Path) -> None:
    control = AccessControl(keys=KeyRing(tmp_path / "keys.json"), search_public=False)
    closed = create_app(news, IndexName("news"), control=control).test_client()
    assert closed.get("/v1/indexes/news/search").status_code == 401
    for path in ("/docs", "/openapi.json", "/problems/key-required"):
        assert closed.get(path).status_code == 200, path
