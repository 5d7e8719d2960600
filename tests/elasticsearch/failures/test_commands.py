"""What the commands say when Elasticsearch fails, and what a server prints: a line, and never a stack trace."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.config.settings import ElasticsearchSettings
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from tests.elasticsearch.failures.conftest import ProxiedNews
from tests.elasticsearch.indexes import REQUEST_SECONDS
from tests.servers import free_port, serving


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENGINE", "elasticsearch")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news.jsonl").write_text('{"id": "1", "title": "خبر"}\n')


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an Elasticsearch that does not run."""
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("ELASTICSEARCH_URL", url)
    return url


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, no_index: ProxiedNews) -> ProxiedNews:
    """An Elasticsearch that runs."""
    monkeypatch.setenv("ELASTICSEARCH_URL", no_index.proxy.url)
    monkeypatch.setenv("ELASTICSEARCH_INDEX_PREFIX", no_index.prefix)
    return no_index


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def failed(status: int, *arguments: str) -> str:
    """Run a command that fails; return the line it says."""
    result = run(*arguments)
    assert result.exit_code == status, result.output
    assert not result.stdout
    line, *notes = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert all("of this load" in note for note in notes)
    return line


@pytest.mark.parametrize("command", ["status", "search news خبر", "index news news.jsonl", "reindex news news.jsonl"])
def test_a_command_says_that_elasticsearch_does_not_run(command: str, absent: str) -> None:
    line = failed(exit_codes.UNAVAILABLE, *command.split())
    assert line.startswith(f"Error: Elasticsearch at {absent} cannot be reached")
    assert line.endswith("check ELASTICSEARCH_URL, and that it runs")


def test_a_foreign_index_is_neither_filled_nor_rebuilt(there: ProxiedNews) -> None:
    there.elasticsearch.indices.create(index=there.alias)
    for command in ("index", "reindex"):
        assert "'news' is an Elasticsearch index" in failed(exit_codes.FAILED, command, "news", "news.jsonl")
    assert there.elasticsearch.count(index=there.alias)["count"] == 0


def test_an_index_that_takes_no_writes_is_named(there: ProxiedNews) -> None:
    there.make()
    settings = {"index.blocks.read_only_allow_delete": True}
    there.elasticsearch.indices.put_settings(index=there.generation, settings=settings)
    line = failed(exit_codes.UNAVAILABLE, "index", "news", "news.jsonl")
    assert line.startswith("Error: The index 'news' rejects writes, most often because the disk is full")


def test_a_search_says_what_could_not_be_searched(there: ProxiedNews) -> None:
    there.make(active=0, number_of_shards=2, **{"routing.allocation.enable": "none"})
    there.place(0)
    result = run("search", "news", "الخبر")
    assert result.exit_code == exit_codes.OK
    assert "The results are incomplete: 1 of 2 shards did not answer" in result.stdout


def test_status_lists_a_partial_and_a_foreign_index_with_the_others(there: ProxiedNews, analysis: Analysis) -> None:
    there.make(active=0, number_of_shards=2, **{"routing.allocation.enable": "none"})
    there.place(0)
    settings = ElasticsearchSettings(urls=(there.proxy.url,), index_prefix=there.prefix, timeout=REQUEST_SECONDS)
    engine = make_elasticsearch_engine(settings, analysis)
    for index in ("archive", "shared"):
        engine.indexes.create(IndexName(index), load_schema("news"))
    # An alias that points to a second index too: no longer an index of this service.
    there.elasticsearch.indices.put_alias(index=there.generation, name=f"{there.prefix}shared")
    result = run("status")
    assert result.exit_code == exit_codes.OK
    states = {line.split()[0]: line for line in result.stdout.splitlines()[1:]}
    assert list(states) == ["archive", "news", "shared"]
    assert states["archive"].endswith("  current")
    assert states["news"].endswith("  partial: 1 of 2 shards are missing, and their documents are not counted")
    assert "  foreign: 'shared' is an alias of several indexes" in states["shared"]
    answer = json.loads(run("status", "--json").stdout)["indexes"]
    assert [(one["name"], one["state"]) for one in answer] == [
        ("archive", "current"), ("news", "partial"), ("shared", "foreign"),
    ]  # fmt: skip
    assert json.loads(run("status", "news", "--json").stdout) == answer[1]


def test_a_server_prints_one_line_for_each_request_that_fails(absent: str, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "search_service.cli", "serve", "--port", str(port), "--workers", "1"]
    with serving(command, port, tmp_path) as log:
        for path in ("/v1/indexes/news/search", "/", "/v1/indexes/news/suggest"):
            with pytest.raises(HTTPError) as error:
                urlopen(f"http://127.0.0.1:{port}{path}", timeout=30)
            assert error.value.code == 503
            error.value.close()
    lines = [line for line in log.read_text().splitlines() if not line.startswith("Search page")]
    assert len(lines) == 3, lines
    assert all(f"engine-unreachable: address='{absent}'" in line for line in lines)
