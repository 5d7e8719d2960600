"""The committed files of the compiled configuration: up to date, refused when stale, accepted by Elasticsearch."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from index_config import compiled
from index_config.errors import ConfigError
from index_config.schema import shipped_schemas
from search_service.cli import exit_codes
from search_service.cli.main import main


def config(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["config", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_committed_files_are_up_to_date() -> None:
    assert [path.stem for path in compiled.check_compiled()] == list(shipped_schemas())


def test_config_check_reports_that_they_are_up_to_date() -> None:
    assert config("check") == (exit_codes.OK, "1 compiled file is up to date\n")


def test_config_build_writes_what_config_check_accepts(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    assert config("build", "--out", out) == (exit_codes.OK, f"{out / 'news.json'}\n")
    assert compiled.check_compiled(out) == [out / "news.json"]


def make_stale(folder: Path) -> None:
    path = folder / "news.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"k1": 1.2', '"k1": 1.3'), encoding="utf-8")


WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "stale": (make_stale, "news.json: is not what the configuration compiles to now; run `arabic-search config build`"),
    "missing": (lambda folder: (folder / "news.json").unlink(), "news.json: is missing; run `arabic-search config"),
    "surplus": (lambda folder: (folder / "olds.json").touch(), "olds.json: belongs to no schema; delete it"),
}


@pytest.mark.parametrize(("spoil", "problem"), WRONG.values(), ids=WRONG.keys())
def test_stale_missing_and_surplus_files_are_refused(
    spoil: Callable[[Path], None], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled.write_compiled(tmp_path)
    spoil(tmp_path)
    with pytest.raises(ConfigError, match=problem.split(":")[0]):
        compiled.check_compiled(tmp_path)
    monkeypatch.setattr(compiled, "COMPILED_FOLDER", tmp_path)
    status, output = config("check")
    assert status == exit_codes.WRONG_USAGE
    assert problem in output


@pytest.mark.parametrize("schema", shipped_schemas())
def test_elasticsearch_accepts_the_file(schema: str, elasticsearch_url: str) -> None:
    body = (compiled.COMPILED_FOLDER / f"{schema}.json").read_bytes()
    address = f"{elasticsearch_url}/compiled-{uuid.uuid4().hex[:12]}"

    def call(method: str, data: bytes | None = None) -> object:
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)["acknowledged"]

    try:
        assert call("PUT", body) is True
    finally:
        assert call("DELETE") is True
