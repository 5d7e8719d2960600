"""What is acknowledged is on the disk: files and folders are synced in the order that a power failure needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from tests.hostile.conftest import EXAMPLES

CALLS = "fsync,fdatasync,rename,renameat,renameat2,symlink,symlinkat,mkdir,mkdirat,unlink,unlinkat,write,openat"
SYNC = re.compile(r"f(?:data)?sync\(\d+<([^>]*)>")
NAMED = re.compile(r"^(rename|symlink|mkdir|unlink)\w*\((.*)\)\s*=")
ARGUMENT = re.compile(r'(?:\d+<([^>]*)>, )?"([^"]*)"')
"""A path, perhaps in an open folder."""


@pytest.fixture
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("strace is not installed: sh tests/programs.sh")
    probe = subprocess.run([found, "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("strace may not trace processes here")
    return found


def calls_of(strace: str, indexes: Path, folder: Path, *arguments: str, about: Path | None = None) -> list[str]:
    """Return the system calls of a command about the folder of indexes, or another one, in their order."""
    trace = folder / "trace"
    command = [strace, "-f", "-y", "-s", "500", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run(
        [*command, sys.executable, "-m", "search_service.cli", *arguments],
        env={**os.environ, "INDEX_DIR": str(indexes)}, cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    lines = (line.split(maxsplit=1)[1] for line in trace.read_text(errors="replace").splitlines())
    return [line for line in lines if str(about or indexes) in line and "ENOENT" not in line]


def named(call: str) -> tuple[str, list[str]]:
    """Return what a call does to names, empty for nothing, and the paths in it."""
    found = NAMED.match(call)
    if found is None:
        return "", []
    return found[1], [os.path.join(folder, name) for folder, name in ARGUMENT.findall(found[2])]


def unsynced(calls: list[str]) -> set[str]:
    """Return the folders whose entries were changed after they were last synced."""
    changed: set[str] = set()
    for call in calls:
        action, paths = named(call)
        if synced := SYNC.search(call):
            changed.discard(synced[1])
        elif action:
            changed.add(str(Path(paths[-1]).parent))
    return changed


def renamed_before_synced(calls: list[str]) -> list[str]:
    """Return the files that were renamed to their name before their content was synced."""
    contents: set[str] = set()
    wrong = []
    for call in calls:
        action, paths = named(call)
        if synced := SYNC.search(call):
            contents.add(synced[1])
        elif action == "rename" and not paths[0].endswith(".link") and paths[0] not in contents:
            wrong.append(paths[0])
    return wrong


@pytest.mark.parametrize(
    "arguments",
    [
        ["index", "news", str(EXAMPLES)],
        ["index", "other", str(EXAMPLES)],
        ["reindex", "news", str(EXAMPLES)],
        ["delete", "news", "--yes"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_an_acknowledged_change_is_on_the_disk(
    strace: str, indexes: Path, tmp_path: Path, arguments: list[str]
) -> None:
    calls = calls_of(strace, indexes, tmp_path, *arguments)
    assert any("sync" in call for call in calls)
    folders = {folder for folder in unsynced(calls) if Path(folder).is_dir() and ".locks" not in folder}
    assert folders == set()
    assert renamed_before_synced(calls) == []


def test_a_new_folder_of_indexes_is_on_the_disk(strace: str, tmp_path: Path) -> None:
    indexes = tmp_path / "a" / "b"
    calls = calls_of(strace, indexes, tmp_path, "index", "news", str(EXAMPLES), about=tmp_path)
    synced = {found[1] for call in calls if (found := SYNC.search(call))}
    assert {str(tmp_path), str(tmp_path / "a"), str(indexes), str(indexes / "news")} <= synced


def test_the_service_syncs_what_it_renames_and_where(
    indexes: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without strace: what Python itself renames, links and removes."""
    calls: list[str] = []
    fsync, replace, symlink = os.fsync, os.replace, os.symlink

    def record_fsync(descriptor: int) -> None:
        calls.append(f"fsync({descriptor}<{os.readlink(f'/proc/self/fd/{descriptor}')}>) = 0")
        fsync(descriptor)

    def record_replace(source: Path, target: Path) -> None:
        calls.append(f'rename("{source}", "{target}") = 0')
        replace(source, target)

    def record_symlink(target: str, path: Path, _is_folder: bool = False) -> None:
        if str(path).startswith(str(indexes)):
            calls.append(f'symlink("{target}", "{path}") = 0')
        symlink(target, path)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    monkeypatch.setattr(os, "symlink", record_symlink)
    manager = make_embedded_engine(indexes, analysis).indexes
    manager.backup(IndexName("news"), str(indexes.parent / "news.backup"))
    manager.restore(str(indexes.parent / "news.backup"), IndexName("news"), replace=True)
    manager.rollback(IndexName("news"))
    assert sum(call.startswith(("rename", "symlink")) for call in calls) >= 6
    assert unsynced(calls) == set()
    assert renamed_before_synced(calls) == []
