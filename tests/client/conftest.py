"""Real servers, and clients that ask them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from arabic_search_client import Client
from search_service.access.key_admin import KeyAdmin
from tests.elasticsearch.indexes import REQUEST_SECONDS, own_prefix
from tests.servers import CONFIGURATION, free_port, serving
from tests.shared_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "news.jsonl"
ENGINES = ("embedded", "elasticsearch")
TIMEOUT = 120.0
"""Seconds that a client waits: a busy machine takes longer than the default."""


def examples() -> list[dict[str, object]]:
    return [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True)
class Site:
    """A server, with the secret of a key that may do everything."""

    url: str
    key: str
    folder: Path

    def client(self, url: str = "") -> Client:
        return Client(url or self.url, key=self.key, timeout=TIMEOUT)


@contextmanager
def served(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Serve with two workers; the index `news` has the example collection, loaded by the client."""
    port = free_port()
    created = KeyAdmin(folder / "keys.json").create(["search", "write", "admin"], ["*"])
    command = [sys.executable, "-m", "gunicorn", "--config", CONFIGURATION, "--bind", f"127.0.0.1:{port}"]
    settings = {
        "INDEX_DIR": str(folder), "PYTHONPATH": str(REPOSITORY), "REQUEST_TIMEOUT": "60", **(environment or {}),
    }  # fmt: skip
    with serving([*command, "--workers", "2"], port, folder, settings):
        site = Site(f"http://127.0.0.1:{port}", created.secret, folder)
        with site.client() as client:
            client.create_index("news", "news")
            with EXAMPLES.open("rb") as lines:
                results = list(client.change_documents("news", lines, refresh="wait_for"))
            assert {one.get("result") for one in results} == {"created"}
        yield site


@pytest.fixture(scope="package")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("client")) as site:
        yield site


@pytest.fixture(scope="module", params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on each engine."""
    if request.param == "embedded":
        yield request.getfixturevalue("embedded")
        return
    url = request.getfixturevalue("elasticsearch_url")
    with ExitStack() as stack:
        environment = {
            "ENGINE": "elasticsearch", "ELASTICSEARCH_URL": url, "ELASTICSEARCH_TIMEOUT": f"{REQUEST_SECONDS:g}",
            "ELASTICSEARCH_INDEX_PREFIX": stack.enter_context(own_prefix(url)),
        }  # fmt: skip
        yield stack.enter_context(served(tmp_path_factory.mktemp("client"), environment))


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    with site.client() as made:
        yield made
