"""Exported documents can be indexed again."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from search_service.cli.main import main
from tests.shared_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "news.jsonl"


def run(folder: Path, *command: str, text: str | None = None) -> Result:
    environment = {"INDEX_DIR": str(folder), "ENGINE": "embedded"}
    return CliRunner().invoke(main, command, env=environment, input=text, catch_exceptions=False)


def test_an_exported_index_can_be_indexed_elsewhere(tmp_path: Path) -> None:
    run(tmp_path / "here", "reindex", "news", str(EXAMPLES), "--quiet")
    exported = run(tmp_path / "here", "export", "news").stdout
    written = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    by_id = {document["id"]: document for document in map(json.loads, exported.splitlines())}
    assert by_id == {document["id"]: document for document in written}
    moved = run(tmp_path / "there", "reindex", "news", "-", "--quiet", text=exported)
    assert (moved.exit_code, moved.output) == (0, "")
    assert run(tmp_path / "there", "export", "news").stdout == exported


def test_the_hits_of_a_query_are_exported_in_the_requested_order(tmp_path: Path) -> None:
    run(tmp_path, "reindex", "news", str(EXAMPLES), "--quiet")
    lines = run(tmp_path, "export", "news", "ائتلاف لاهاي", "--sort", "date").stdout.splitlines()
    assert [line[:13] for line in lines] == ['{"id":"ex-020', '{"id":"ex-083']
    assert run(tmp_path, "export", "news", "--filter", "category=لا شيء").stdout == ""
    assert run(tmp_path, "export", "nothing").exit_code == 3
