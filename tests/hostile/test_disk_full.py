"""A full disk: a typed error and exit status 6, nothing left of what failed, and the next small load works."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search_service.admin.requests import LoadRequest, ReindexRequest
from search_service.admin.service import AdminService
from search_service.analysis.analyzer import Analysis
from search_service.cli import exit_codes
from search_service.core.errors import StorageUnavailable
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from tests.generations import generation_of
from tests.hostile.conftest import EXAMPLES
from tests.hostile.small_disk import leave_free, small_disk
from tests.rotation import Rotation
from tests.waiting import wait_for

NEWS = IndexName("news")
COUNT = 104
PAGE = 4096
WORDS = "شمس قمر نجم بحر نهر جبل سهل مدينة قرية طريق كتاب قلم باب نافذة حديقة"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as folder:
        yield folder


@pytest.fixture
def admin(disk: Path, analysis: Analysis, tmp_path: Path, rotation: Rotation) -> AdminService:
    """An index with the example news; and many documents with different words, which do not fit on the disk."""
    made = AdminService(make_embedded_engine(disk / "indexes", analysis), 10_000_000, disk / "indexes")
    made.load(request(tmp_path, EXAMPLES))
    dice = rotation.dice("disk full")
    words = [f"{one}{number}" for one in WORDS.split() for number in range(2000)]
    lines = (f'{{"id": "d{n}", "title": "{" ".join(dice.choices(words, k=300))}"}}\n' for n in range(2500))
    (tmp_path / "many.jsonl").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "few.jsonl").write_text('{"id": "few", "title": "بعد الامتلاء"}\n', encoding="utf-8")
    return made


def request(folder: Path, source: Path) -> LoadRequest:
    return LoadRequest(index=NEWS, sources=(str(source),), reject_file=folder / "rejects")


def rebuild_request(folder: Path, source: Path) -> ReindexRequest:
    return ReindexRequest(index=NEWS, sources=(str(source),), reject_file=folder / "rejects")


CHANGES: dict[str, Callable[[AdminService, Path], object]] = {
    "a load": lambda admin, folder: admin.load(request(folder, folder / "many.jsonl")),
    "a small load": lambda admin, folder: admin.load(request(folder, folder / "few.jsonl")),
    "a rebuild": lambda admin, folder: admin.reindex(rebuild_request(folder, folder / "many.jsonl")),
    "a small rebuild": lambda admin, folder: admin.reindex(rebuild_request(folder, folder / "few.jsonl")),
    "a copy": lambda admin, _folder: admin.reindex(
        ReindexRequest(index=NEWS, from_stored=True, reject_file=_folder / "rejects")
    ),
}


def files_of(index: Path) -> set[str]:
    return {str(path.relative_to(index)) for path in index.rglob("*") if not path.name.endswith(".json")}


def state_of(admin: AdminService) -> list[tuple[str, str, int]]:
    return [(one.name, str(one.state), one.documents) for one in admin.generations(NEWS)]


@pytest.mark.parametrize("pages", [0, 1, 2, 3, 5, 10, 40, 150, 600])
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.full(keep=10)
def test_a_change_on_a_full_disk_fails_and_leaves_nothing_behind(
    disk: Path, admin: AdminService, tmp_path: Path, analysis: Analysis, name: str, pages: int
) -> None:
    index = disk / "indexes" / "news"
    before, state = files_of(index), state_of(admin)
    ballast = leave_free(disk, pages * PAGE)
    free = os.statvfs(disk).f_bavail
    failure = None
    try:
        CHANGES[name](admin, tmp_path)
    except StorageUnavailable as error:
        failure = error
    if failure:
        assert failure.code == "disk-full"
        assert files_of(index) == before
        # Files that are still mapped occupy space a moment longer; the files of metadata may have grown.
        wait_for(lambda: os.statvfs(disk).f_bavail >= free - 1)
        assert state_of(admin) == state
    else:
        assert name in ("a small load", "a small rebuild", "a copy")
    ballast.unlink()
    fresh = AdminService(make_embedded_engine(disk / "indexes", analysis), 10_000_000, disk / "indexes")
    assert [one.ok for one in fresh.doctor(NEWS)] == [True] * 4
    fresh.load(request(tmp_path, tmp_path / "few.jsonl"))
    assert fresh.status(NEWS, verify=True).documents in (1, COUNT + 1)
    assert "unfinished" not in [state for _, state, _ in state_of(fresh)]


def test_deleting_an_index_frees_space_on_a_full_disk(disk: Path, admin: AdminService) -> None:
    leave_free(disk, 0)
    admin.delete(NEWS)
    assert admin.indexes() == []


@pytest.mark.usefixtures("admin")
def test_searches_go_on_while_the_disk_is_full(disk: Path, analysis: Analysis) -> None:
    leave_free(disk, 0)
    searcher = make_embedded_engine(disk / "indexes", analysis).searcher
    assert searcher.get(NEWS, "ex-001").id == "ex-001"


def test_a_load_whose_files_grow_too_large_ends_with_status_6(indexes: Path, tmp_path: Path) -> None:
    """The limit of the size of files stands for a quota; it needs no rights."""
    lines = (f'{{"id": "d{n}", "title": "كلمة{n} {WORDS * 20}"}}\n' for n in range(1500))
    (tmp_path / "many.jsonl").write_text("".join(lines), encoding="utf-8")
    before = files_of(generation_of(indexes, "news"))
    environment = {**os.environ, "INDEX_DIR": str(indexes)}

    def load(source: str, limit: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "search_service.cli", "index", "news", source, "--quiet"],
            env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )  # fmt: skip

    done = load("many.jsonl", 200_000)
    assert done.returncode == exit_codes.UNAVAILABLE
    assert done.stderr.startswith(
        f"Error: No space is left for the files of the index 'news' in {indexes} (INDEX_DIR) (File too large); "
        "what was committed is kept. Free some space, and start the command again\n"
    )
    assert files_of(generation_of(indexes, "news")) == before
    (tmp_path / "few.jsonl").write_text('{"id": "few", "title": "بعد الامتلاء"}\n', encoding="utf-8")
    assert load("few.jsonl", resource.RLIM_INFINITY).returncode == exit_codes.OK


@pytest.mark.parametrize("output", ["--reject-file", "standard output"])
def test_an_output_on_a_full_disk_ends_a_command_with_status_6(
    disk: Path, indexes: Path, tmp_path: Path, output: str
) -> None:
    leave_free(disk, PAGE)
    file = disk / "output"
    (tmp_path / "bad.jsonl").write_text('{"nope": 1}\n' * 2000)
    arguments = ["index", "news", "bad.jsonl", "--reject-file", str(file)] if output == "--reject-file" else ["export"]
    with open(os.devnull, "wb") if output == "--reject-file" else file.open("wb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "search_service.cli", *arguments, *(["news"] if arguments == ["export"] else [])],
            env={**os.environ, "INDEX_DIR": str(indexes)}, cwd=tmp_path, stdout=stream, stderr=subprocess.PIPE,
            encoding="utf-8", check=False,
        )  # fmt: skip
    assert done.returncode == exit_codes.UNAVAILABLE
    name = file if output == "--reject-file" else "The output"
    assert done.stderr.splitlines()[0] == f"Error: {name} cannot be written: No space left on device"
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
