"""Searching needs the right to read and no other: another user, or a read-only volume."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search_service.admin.requests import LoadRequest
from search_service.admin.service import AdminService
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import DamagedIndex, StorageUnavailable
from search_service.core.index_name import IndexName
from search_service.core.index_state import IndexState
from search_service.engines.embedded import commits
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.messages.rendering import FrontEnd, render
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.generations import generation_of
from tests.hostile.conftest import EXAMPLES
from tests.hostile.other_user import as_reader
from tests.hostile.small_disk import leave_free, small_disk

NEWS = IndexName("news")
COUNT = 104


def admin_of(indexes: Path, analysis: Analysis) -> AdminService:
    return AdminService(make_embedded_engine(indexes, analysis), 10_000_000, indexes)


def read_everything(indexes: Path, analysis: Analysis) -> tuple[int, str, list[bool], int]:
    """Search, check and export an index."""
    engine = make_embedded_engine(indexes, analysis)
    total = SearchService(engine).search(NEWS, SearchRequest(q="كتاب", highlight=True)).total
    admin = admin_of(indexes, analysis)
    checks = [one.ok for one in admin.doctor(NEWS)]
    exported = sum(1 for _ in SearchService(engine).export(NEWS, SearchRequest(q="")))
    return total, str(admin.status(NEWS, verify=True).state), checks, exported


def sentence(action: Callable[[], object]) -> str:
    """Return what the command line says about the error of an action."""
    try:
        action()
    except StorageUnavailable as error:
        return render(error, FrontEnd.COMMAND_LINE)
    return "no error"


def test_an_index_is_read_without_the_right_to_write_it(indexes: Path, analysis: Analysis) -> None:
    expected = read_everything(indexes, analysis)
    assert expected[1:] == ("current", [True] * 4, COUNT)
    assert as_reader(indexes, lambda: read_everything(indexes, analysis)) == expected


def test_nothing_is_left_of_opening_an_index(
    indexes: Path, analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr("search_service.engines.embedded.commits.MEMORY", tmp_path / "memory")
    read_everything(indexes, analysis)
    next((generation_of(indexes, "news") / "tantivy").glob("*.fast")).write_bytes(b"damaged")
    with pytest.raises(DamagedIndex):
        make_embedded_engine(indexes, analysis).searcher.get(NEWS, "ex-001")
    assert list((tmp_path / "memory").iterdir()) == []


def test_commits_of_another_user_are_seen(indexes: Path, analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text('{"id": "new", "title": "جديدة"}\n', encoding="utf-8")
    request = LoadRequest(index=NEWS, sources=(str(tmp_path / "one.jsonl"),), reject_file=tmp_path / "rejects")
    admin_of(indexes, analysis).load(request)
    engine = make_embedded_engine(indexes, analysis)
    assert as_reader(indexes, lambda: engine.searcher.get(NEWS, "new").source["title"]) == "جديدة"


def test_writing_without_the_right_names_the_file_and_the_user(indexes: Path, analysis: Analysis) -> None:
    admin = admin_of(indexes, analysis)
    message = as_reader(indexes, lambda: sentence(lambda: admin.delete(NEWS)))
    user = "nobody" if os.geteuid() == 0 else ""
    assert message.startswith(f"{indexes}/")
    assert f"permission denied; the user '{user}" in message


@pytest.mark.parametrize("name", ["meta.json", "tantivy/meta.json", "checksums.json", "store"])
def test_a_file_without_the_right_to_read_is_named(indexes: Path, analysis: Analysis, name: str) -> None:
    generation = generation_of(indexes, "news")
    path = generation / name if "json" in name else next((generation / "tantivy").glob(f"*.{name}"))
    path.chmod(0)
    engine = make_embedded_engine(indexes, analysis)
    message = as_reader(indexes, lambda: sentence(lambda: engine.searcher.get(NEWS, "ex-001")))
    assert message.startswith(f"{path}: permission denied")


def test_an_answer_names_no_file(indexes: Path, analysis: Analysis) -> None:
    (generation_of(indexes, "news") / "meta.json").chmod(0)

    def answer() -> str:
        try:
            make_embedded_engine(indexes, analysis).searcher.get(NEWS, "ex-001")
        except StorageUnavailable as error:
            return render(error, FrontEnd.QUERY_STRING)
        return "no error"

    message = as_reader(indexes, answer)
    assert "permission denied" in message
    assert str(indexes.parent) not in message


@pytest.fixture
def read_only_disk(tmp_path: Path, analysis: Analysis) -> Iterator[Path]:
    """A read-only file system with an index."""
    with small_disk(tmp_path / "disk") as disk:
        request = LoadRequest(index=NEWS, sources=(str(EXAMPLES),), reject_file=tmp_path / "rejects")
        admin_of(disk / "indexes", analysis).load(request)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield disk / "indexes"


def test_an_index_on_a_read_only_volume_is_read(read_only_disk: Path, analysis: Analysis) -> None:
    total, state, checks, exported = read_everything(read_only_disk, analysis)
    assert (state, checks, exported) == (IndexState.CURRENT, [True] * 4, COUNT)
    assert total


def test_writing_to_a_read_only_volume_says_that_it_is(read_only_disk: Path, analysis: Analysis) -> None:
    admin = admin_of(read_only_disk, analysis)
    request = LoadRequest(index=NEWS, sources=(str(EXAMPLES),), reject_file=Path("/dev/null"))
    for action in (lambda: admin.load(request), lambda: admin.delete(NEWS), lambda: admin.rollback(NEWS)):
        message = sentence(action)
        assert message == (
            f"The files of the index 'news' in {read_only_disk} (INDEX_DIR) cannot be written: "
            "the file system is mounted read-only"
        )


def test_an_index_without_rights_does_not_hide_the_others(indexes: Path, analysis: Analysis) -> None:
    (indexes / "news").chmod(0)

    def states() -> list[tuple[str, str]]:
        return [(one.name, str(one.state)) for one in admin_of(indexes, analysis).indexes(verify=True)]

    try:
        assert as_reader(indexes, states) == [("healthy", "current"), ("news", "unavailable")]
    finally:
        (indexes / "news").chmod(0o755)


def test_a_full_folder_in_memory_is_replaced_by_that_of_temporary_files(
    indexes: Path, tmp_path: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "memory") as memory:
        leave_free(memory, 0)
        monkeypatch.setattr("search_service.engines.embedded.commits.MEMORY", memory)
        assert make_embedded_engine(indexes, analysis).searcher.get(NEWS, "ex-001").id == "ex-001"
        monkeypatch.setattr("tempfile.tempdir", str(memory))
        message = sentence(lambda: make_embedded_engine(indexes, analysis).searcher.get(NEWS, "ex-001"))
        assert message.startswith("There is no folder for temporary files (No space left on device)")
        assert [path.name for path in memory.iterdir()] == ["ballast"]


def test_a_folder_of_links_goes_though_tantivy_makes_a_lock_file_in_it(
    indexes: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A thread of tantivy does that now and then while the folder is removed."""
    rmtree = shutil.rmtree
    removed = list[str]()

    def remove_too_early(path: str, *, ignore_errors: bool) -> None:
        rmtree(path, ignore_errors=ignore_errors)
        removed.append(path)
        if len(removed) == 1:
            Path(path).mkdir()
            Path(path, ".tantivy-meta.lock").touch()

    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(commits, "MEMORY", memory)
    monkeypatch.setattr(shutil, "rmtree", remove_too_early)
    service = SearchService(make_embedded_engine(indexes, analysis))
    assert service.search(NEWS, SearchRequest()).total
    assert len(removed) == 2
    assert not list(memory.iterdir())
