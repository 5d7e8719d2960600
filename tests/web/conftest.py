"""What the tests of the page share: a filled service, a real server, a browser."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from index_config.schema import Schema, load_schema, schema_from_dict
from search_service.admin.job_files import JobFiles
from search_service.admin.jobs import JobService
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.ingestion.validation import DocumentChecker
from search_service.search.service import SearchService
from search_service.web.app import create_app
from tests.servers import CONFIGURATION, START_SECONDS, wait_until_answering
from tests.waiting import SECONDS

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "examples" / "news.jsonl"
CHROMIUM = "no chromium found; install it: sh tests/programs.sh, as root where it is to call apt-get"
BROWSER_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip

BOOKS = schema_from_dict(
    {
        "name": "books",
        "default_sort": "name",
        "date": "issued",
        "fields": {
            "name": {"kind": "keyword", "weight": 2.0, "sort": True, "suggest": True},
            "about": {"kind": "text"},
            "shelf_mark": {"kind": "keyword", "facet": True},
            "year": {"kind": "integer", "facet": True, "sort": True},
            "available": {"kind": "boolean", "facet": True},
            "issued": {"kind": "date", "facet": True},
            "note": {"kind": "stored"},
            "link": {"kind": "url", "multi": True},
        },
    },
    "books.toml",
)
"""Another schema: a keyword for a title, no fields of the news, dates over centuries."""

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>\'"&'


def examples() -> list[dict[str, Any]]:
    return [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


def hostile_documents() -> list[dict[str, Any]]:
    """Documents whose every field tries to break out of the page."""
    text = f"خبر {HOSTILE} عاجل"
    fields = dict.fromkeys(("title", "abstract", "text", "source", "category", "author"), text)
    plain = {"id": f"h {HOSTILE}", **fields, "tags": [text, "وسم"], "date": "2024-03-11", "url": "javascript:alert(1)"}
    return [
        plain,
        {"id": "latin", "title": "Latin headline: خبر", "text": "x" * 3_000, "url": "https://a.example/?a=1&b=2"},
    ]


def books() -> list[dict[str, Any]]:
    return [
        {
            "id": f"https://books.example/{year}//a?b=1#c",
            "name": f"كتاب البيان {year}",
            "about": "شرح طويل في علم البيان واللغة العربية",
            "shelf_mark": "نحو" if year % 40 else "تاريخ",
            "year": year,
            "available": not year % 40,
            "issued": f"{year:04}",
            "note": {"shelf": [1, "<b>"]},
            "link": ["https://books.example/"],
        }
        for year in range(800, 2000, 20)
    ]


def fill(engine: SearchEngine, index: str, schema: Schema, documents: Iterable[Mapping[str, Any]]) -> None:
    checker = DocumentChecker(schema)
    with engine.indexes.rebuild(IndexName(index), schema) as writer:
        for document in documents:
            writer.upsert(checker.check(document))


@pytest.fixture(scope="session")
def news_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of indexes with nothing but the example collection."""
    folder = tmp_path_factory.mktemp("news")
    fill(make_engine(Settings(index_dir=folder)), "news", load_schema("news"), examples())
    return folder


@pytest.fixture(scope="session")
def news(news_folder: Path) -> SearchService:
    return SearchService(make_engine(Settings(index_dir=news_folder)))


@pytest.fixture
def client(news: SearchService, tmp_path: Path) -> FlaskClient:
    """The page over the example collection."""
    jobs = JobService(JobFiles(tmp_path / "jobs"), lambda _job, _lock: 4711)  # a process that has ended
    return create_app(news, IndexName("news"), jobs=jobs).test_client()


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> SearchService:
    """A service of two indexes: hostile news and books."""
    engine = make_engine(Settings(index_dir=tmp_path_factory.mktemp("several")))
    fill(engine, "hostile", load_schema("news"), hostile_documents())
    fill(engine, "books", BOOKS, books())
    return SearchService(engine)


@pytest.fixture
def hostile(several: SearchService) -> FlaskClient:
    """The page over documents that try to break out of it; the index `books` is beside them."""
    return create_app(several, IndexName("hostile")).test_client()


@contextmanager
def serve(folder: Path, **settings: str) -> Iterator[str]:
    """Serve the indexes in a folder by a real server; yield its address.

    It answers when a test begins, or its start would count as time that a page takes to load.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        command = [
            sys.executable, "-m", "gunicorn", "--config", CONFIGURATION, "--bind", f"fd://{number}", "--workers", "1",
        ]  # fmt: skip
        served = {"INDEX_DIR": str(folder), "DEFAULT_INDEX": "news", "ENGINE": "embedded", "REQUEST_TIMEOUT": "60"}
        environment = {**os.environ, **served, **settings}
        with subprocess.Popen(command, pass_fds=[number], cwd=REPOSITORY, env=environment) as process:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            try:
                wait_until_answering(f"{address}/healthz", START_SECONDS)
                yield address
            finally:  # or a test that fails would wait for ever
                process.terminate()


class Files(SimpleHTTPRequestHandler):
    """Serves the files of a folder."""

    def log_message(self, *_: object) -> None:
        """Write no log."""


@contextmanager
def serve_files(folder: Path) -> Iterator[str]:
    """Serve a folder as another site than the service; yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder))) as files:
        threading.Thread(target=files.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{files.server_port}"
        files.shutdown()


@pytest.fixture(scope="session")
def server(news_folder: Path) -> Iterator[str]:
    """The address of a real server over the example collection."""
    with serve(news_folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not program:
        if os.environ.get("CI"):
            pytest.fail(CHROMIUM)
        pytest.skip(CHROMIUM)
    expect.set_options(timeout=SECONDS * 1_000)  # not 5 s: a first search loads the lexicon, on a busy machine too
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=BROWSER_OPTIONS)
        yield launched
        launched.close()


class Watch:
    """Notes what must not happen in a browser: errors on the console, requests to another host."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self._host = host
        self.seen: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self._host:
            self.seen.append(f"request to another host: {request.url}")


@pytest.fixture
def context_options() -> dict[str, Any]:
    """What a browser context is made with; a test module or class may replace it."""
    return {}


@pytest.fixture
def tab(browser: Browser, server: str, context_options: dict[str, Any]) -> Iterator[Page]:
    """An empty tab of a fresh browser profile; it must have caused no error and no request to another host."""
    context = browser.new_context(base_url=server, locale="ar", **context_options)
    watch = Watch(context, urlsplit(server).netloc)
    page = context.new_page()
    yield page
    context.close()
    assert watch.seen == []
