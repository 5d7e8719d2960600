"""`INDEX_DIR`: a folder that is missing, is a file, may not be read, or has a name that the locale cannot represent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_service.cli import exit_codes
from search_service.cli.main import main
from tests.servers import free_port
from tests.shared_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "news.jsonl"


def invoke(index_dir: Path, *arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, arguments, env={"INDEX_DIR": str(index_dir)})


def run(index_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with another locale."""
    return subprocess.run(
        [sys.executable, "-m", "search_service.cli", *arguments],
        env={**os.environ, "INDEX_DIR": str(index_dir), **environment},
        cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", [("search", "news", "x"), ("delete", "news", "--yes"), ("status", "news")])
def test_a_missing_folder_is_named_with_the_variable(command: tuple[str, ...], tmp_path: Path) -> None:
    done = invoke(tmp_path / "mispelt", *command)
    assert done.exit_code == exit_codes.NOT_FOUND
    assert done.stderr == (
        f"Error: There is no index 'news'; the folder {tmp_path / 'mispelt'} (INDEX_DIR) does not exist\n"
    )


def test_the_list_of_indexes_names_a_missing_folder(tmp_path: Path) -> None:
    shown = invoke(tmp_path / "mispelt", "status").stdout
    assert f"The folder {tmp_path / 'mispelt'} (INDEX_DIR) does not exist" in shown


@pytest.mark.parametrize(
    "command",
    [("index", "news", str(EXAMPLES)), ("search", "news", "x"), ("serve", "--port", str(free_port()))],
    ids=["index", "search", "serve"],  # workers compare the names of tests, and have different ports
)
def test_a_file_in_the_place_of_the_folder_is_refused(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "indexes").write_text("not a folder")
    done = invoke(tmp_path / "indexes", *command)
    assert done.exit_code == exit_codes.WRONG_USAGE
    assert done.stderr == f"Error: INDEX_DIR: {tmp_path / 'indexes'} is not a folder\n"


def test_a_locale_that_cannot_represent_the_path_is_named_with_the_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "فهارس"
    done = run(folder, "index", "news", str(EXAMPLES), "--quiet", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == exit_codes.WRONG_USAGE
    assert "INDEX_DIR: the locale of this process cannot represent" in done.stderr
    assert "set PYTHONUTF8=1" in done.stderr
    done = run(folder, "index", "news", str(EXAMPLES), "--quiet", LC_ALL="C", PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (exit_codes.OK, "")
