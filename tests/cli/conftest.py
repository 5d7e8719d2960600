"""Commands run in an empty folder, or with the example collection."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_service.cli.main import main
from tests.cli.commands import EXAMPLES, Run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "indexes"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Run a command in an empty folder and check its status; an exception fails the test."""
    assert folder.is_dir()

    def invoke(*arguments: str | Path, status: int = 0, typed: str | bytes = "") -> Result:
        result = CliRunner().invoke(main, [str(one) for one in arguments], input=typed)
        assert result.exit_code == status, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


@pytest.fixture(scope="session")
def indexed_news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of indexes with the example collection in `news`; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("cli") / "indexes"
    command = ["index", "news", str(EXAMPLES), "--quiet"]
    result = CliRunner().invoke(main, command, env={"INDEX_DIR": str(folder)})
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def news(run: Run, folder: Path, indexed_news: Path) -> Run:
    """`run`, with the example collection in the index `news`."""
    shutil.copytree(indexed_news, folder / "indexes", symlinks=True)
    return run
