"""Names of indexes that no index can have: whatever they name, nothing outside the folder of the indexes is opened."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_from_bytes

import click
import psutil
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from index_config.schema import NAME_PATTERN, load_schema
from search_service.analysis.analyzer import Analysis
from search_service.cli.main import main
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.embedded import reader
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from search_service.web.app import create_app
from tests.elasticsearch.indexes import REQUEST_SECONDS, own_prefix
from tests.rotation import Rotation
from tests.waiting import wait_for

SECRET = "سر لا يراه أحد"

WITHOUT_INDEX = frozenset({
    "api.multi_search", "api.list_indexes", "api.healthz", "api.readyz", "api.openapi", "page.static", "page.bundle",
    "page.other_version", "page.embed", "page.robots", "page.site_style", "page.site_logo", "reference.docs",
    "reference.problem",
})  # fmt: skip
"""Endpoints whose addresses name no index. Every other one is tried."""

BODIES: Mapping[str, Mapping[str, str]] = {
    "api.analyze": {"text": "x"},
    "api.highlight": {"text": "x", "q": "x"},
    "api.put_document": {"title": "x"},
    "api.patch_document": {"title": "x"},
    "api.change_documents": {"id": "1", "title": "x"},
    "api.create_index": {"schema": "news"},
}
TYPES = {"api.patch_document": "application/merge-patch+json", "api.change_documents": "application/x-ndjson"}
QUERIES = {"api.suggest": "q=x", "api.explain": "q=x", "api.delete_documents": "filter.category=x"}
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

NAMES, ALL_NAMES = 1_500, 5_000
"""How many names are tried, and how many with `--full`."""

GROWTH_BYTES = 30_000_000
"""Memory that Python may keep after so many requests; each opened index would take 600 KB, and a thread."""

COMMANDS = (
    ("index", "{}", "documents.jsonl"),
    ("reindex", "{}", "documents.jsonl"),
    ("search", "{}", "x"),
    ("explain", "{}", "x", "1"),
    ("export", "{}"),
    ("status", "{}"),
    ("delete", "--yes", "{}"),
    ("generations", "{}"),
    ("rollback", "{}"),
    ("doctor", "{}"),
    ("evaluate", "{}", "judgments"),
    ("backup", "{}", "file"),
    ("restore", "documents.jsonl", "{}"),
    ("jobs", "start", "{}", "doctor"),
    ("jobs", "list", "{}"),
    ("jobs", "show", "{}", "20240101T000000-00000000"),
    ("jobs", "cancel", "{}", "20240101T000000-00000000"),
)

PARTS = (
    "..", ".", "/", "\\", "//", "%", "%2e", "\0", "\n", "\r", "\t", " ", "*", "?", ",", ":", "-", "_", "+", "<b>", "'",
    "news", "secret", "other", "NEWS", "news\0", "current", ".locks", "g-1", "_all", "~", "$HOME", "`id`", "ك", '"',
    "\u202e", "\ud800", "é", "e\u0301", "x" * 300,
)  # fmt: skip


def hostile_names(folder: Path, rotation: Rotation) -> Iterator[str]:
    """Yield names that no index can have; many lead to a real index outside the folder if they are taken as paths."""
    yield from ("../other/secret", str(folder / "other" / "secret"), "./news", "./././news", "news/.", "news/../news")
    yield from ("../data/news", f"{folder}/data/news", "news/", "news\0", "News", "ne%77s", "-news", "1news", "x" * 64)
    dice, count = rotation.dice("names of indexes"), 15
    while count < rotation.amount(NAMES, ALL_NAMES):
        name = "".join(dice.choices(PARTS, k=dice.randint(1, 6)))
        if not NAME_PATTERN.fullmatch(name) and name not in (".", "..") and name.strip("/"):
            count += 1
            yield name


def in_address(name: str) -> str:
    return quote(name, safe="") if name.isascii() else quote_from_bytes(name.encode("utf-8", "surrogatepass"), safe="")


def add_index(engine: SearchEngine, name: str, text: str) -> None:
    index, schema = IndexName(name), load_schema("news")
    engine.indexes.create(index, schema)
    with engine.indexes.writer(index) as writer:
        writer.upsert(Document("1", {"title": text}))


@pytest.fixture(params=["embedded", "elasticsearch"])
def client(request: pytest.FixtureRequest, tmp_path: Path, analysis: Analysis) -> Iterator[FlaskClient]:
    """A service with the index `news`, and an index with a secret outside its folder, or without its prefix."""
    if request.param == "embedded":
        engine = make_embedded_engine(tmp_path / "data", analysis)
        add_index(make_embedded_engine(tmp_path / "other", analysis), "secret", SECRET)
        add_index(engine, "news", "خبر")
        yield create_app(SearchService(engine), IndexName("news")).test_client()
        return
    url = request.getfixturevalue("elasticsearch_url")
    with own_prefix(url) as prefix, own_prefix(url) as other:
        engine, other_engine = (
            make_elasticsearch_engine(
                ElasticsearchSettings(urls=(url,), index_prefix=one, timeout=REQUEST_SECONDS), analysis
            )
            for one in (prefix, other)
        )
        add_index(other_engine, "secret", SECRET)
        add_index(engine, "news", "خبر")
        yield create_app(SearchService(engine), IndexName("news")).test_client()


class Operation(NamedTuple):
    """A request that names an index: in its path, or as the parameter of a page."""

    endpoint: str
    method: str
    path: str

    def ask(self, client: FlaskClient, name: str) -> TestResponse:
        body = json.dumps(BODIES.get(self.endpoint, {"q": "x"})) if self.method in ("POST", "PUT", "PATCH") else None
        kind = TYPES.get(self.endpoint, "application/json")
        return client.open(self.path.format(name), method=self.method, data=body, content_type=body and kind)


def operations(client: FlaskClient) -> list[Operation]:
    """Return every operation of a service with the name of an index."""
    found = []
    for rule in client.application.url_map.iter_rules():
        if rule.endpoint in WITHOUT_INDEX:
            continue
        path = rule.rule.replace("<index>", "{}").replace("<any(csv, json):file_format>", "csv")
        path = re.sub("<[^>]*>", "1", path)
        queries = [*([] if "{}" in path else ["index={}"]), *filter(None, [QUERIES.get(rule.endpoint)])]
        path = f"{path}?{'&'.join(queries)}" if queries else path
        found += [Operation(rule.endpoint, method, path) for method in sorted(METHODS & {*(rule.methods or ())})]
    return found


def test_every_address_refuses_a_name_that_no_index_can_have(
    client: FlaskClient, tmp_path: Path, rotation: Rotation
) -> None:
    process = psutil.Process()
    names = list(hostile_names(tmp_path, rotation))
    every = operations(client)
    for operation in every:  # what is made once is made before the count
        operation.ask(client, "news")
    threads, memory = process.num_threads(), process.memory_info().rss
    for number, name in enumerate(names):
        for operation in every if number < 20 else [every[number % len(every)]]:
            response = operation.ask(client, in_address(name))
            assert response.status_code in (400, 404), (name, operation)
            assert SECRET not in response.text
            assert str(tmp_path) not in response.text.replace(str(name), ""), (name, operation)
        if number < 100 and "\ud800" not in name:
            response = client.post("/v1/multi-search", json={"searches": [{"index": name, "q": "x"}]})
            assert [one["problem"]["code"] for one in response.get_json()["outcomes"]] == ["not-an-index-name"]
    assert process.num_threads() <= threads + 2
    assert process.memory_info().rss - memory < GROWTH_BYTES


def test_an_index_name_is_made_by_validation_only(tmp_path: Path, rotation: Rotation) -> None:
    for name in hostile_names(tmp_path, rotation):
        with pytest.raises(InvalidParameter, match="not-an-index-name"):
            IndexName(name)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_command_refuses_a_name_that_no_index_can_have(
    command: tuple[str, ...], tmp_path: Path, rotation: Rotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "data"))
    (tmp_path / "documents.jsonl").write_text('{"id": "1", "title": "خبر"}')
    (tmp_path / "judgments").mkdir()
    before = sorted(tmp_path.rglob("*"))
    names = list(hostile_names(tmp_path, rotation))
    names = [name for name in names if name[0] != "-" and "\ud800" not in name]  # as a shell passes them
    for name in names[:100]:
        result = CliRunner().invoke(main, [part.format(name) for part in command])
        assert result.exit_code == 2, (name, result.output)
        assert "is not a name of an index" in result.output
    assert sorted(tmp_path.rglob("*")) == before


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield every command with an argument that is the name of an index."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        elif any(one.name == "index" and isinstance(one, click.Argument) for one in command.params):
            yield (*path, name)


def test_no_command_with_the_name_of_an_index_is_left_out() -> None:
    tried = [tuple(part for part in command if part.isalpha()) for command in COMMANDS]
    assert isinstance(main, click.Group)
    left = [one for one in commands(main) if not any(command[: len(one)] == one for command in tried)]
    assert left == []


def test_a_process_keeps_a_bounded_number_of_indexes_open(
    tmp_path: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_OPEN", 3)
    engine = make_embedded_engine(tmp_path, analysis)
    names = [IndexName(f"index{number}") for number in range(12)]
    for name in names:
        add_index(engine, name, "خبر")
    service = SearchService(make_embedded_engine(tmp_path, analysis))
    process = psutil.Process()
    threads = process.num_threads()

    def mapped_files() -> int:
        return sum(one.path.startswith(str(tmp_path)) for one in process.memory_maps(grouped=False))

    for name in names[:3]:
        assert service.search(name, SearchRequest(q="خبر")).total == 1
    three_files, three_threads = mapped_files(), process.num_threads() - threads
    assert three_files
    for name in names * 2:
        assert service.search(name, SearchRequest(q="خبر")).total == 1
    # The thread of an index that was closed ends within a second.
    wait_for(lambda: process.num_threads() - threads <= three_threads + 1)
    wait_for(lambda: mapped_files() <= three_files)
