"""A process that ends at any step of a change: the index is as before or as after, and the next change works.

A step is a call that changes or syncs something on the disk. The process ends right before it, without any clean-up.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from search_service.admin.requests import LoadRequest, ReindexRequest
from search_service.admin.service import AdminService
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from tests.hostile.conftest import EXAMPLES
from tests.rotation import Rotation

NEWS, COPY = IndexName("news"), IndexName("copy")
COUNT = 104
STEPS = ("fsync", "replace", "symlink", "unlink", "rmdir", "mkdir", "chmod")
CRASHED = 77


def admin_of(indexes: Path, analysis: Analysis) -> AdminService:
    return AdminService(make_embedded_engine(indexes, analysis), 10_000_000, indexes)


def load(admin: AdminService, folder: Path) -> None:
    admin.load(LoadRequest(index=NEWS, sources=(str(folder / "few.jsonl"),), reject_file=folder / "rejects"))


def rebuild(admin: AdminService, folder: Path) -> None:
    admin.reindex(ReindexRequest(index=NEWS, sources=(str(folder / "few.jsonl"),), reject_file=folder / "rejects"))


CHANGES: dict[str, tuple[Callable[[AdminService, Path], object], set[int]]] = {
    "load": (load, {COUNT, COUNT + 1}),
    "rebuild": (rebuild, {COUNT, 1}),
    "restore": (lambda admin, folder: admin.restore(str(folder / "one.backup"), NEWS, replace=True), {COUNT, 1}),
    "restore under another name": (lambda admin, folder: admin.restore(str(folder / "one.backup"), COPY), {COUNT}),
    "backup": (lambda admin, folder: admin.backup(NEWS, str(folder / "new.backup")), {COUNT}),
    "rollback": (lambda admin, _folder: admin.rollback(NEWS), {COUNT, 1}),
    "delete": (lambda admin, _folder: admin.delete(NEWS), {COUNT, -1}),
}
"""Each change, with the numbers of documents that there may be afterwards; -1 for no index."""


def documents(admin: AdminService, index: IndexName) -> int:
    try:
        return admin.status(index, verify=True).documents
    except UnknownIndex:
        return -1


def run_and_crash(action: Callable[[], object], at: int) -> int:
    """Run an action in a child process that ends at a step; return `CRASHED`, or the number of steps."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            count = 0

            def counted(name: str) -> Callable[..., object]:
                real = getattr(os, name)

                def call(*arguments: object, **options: object) -> object:
                    nonlocal count
                    count += 1
                    if count == at:
                        os._exit(CRASHED)
                    return real(*arguments, **options)

                return call

            for name in STEPS:
                setattr(os, name, counted(name))
            action()
            os.write(writing, str(count).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as stream:
        counted_steps = stream.read()
    _, ended = os.waitpid(pid, 0)
    status = os.waitstatus_to_exitcode(ended)
    assert status in (0, CRASHED), f"the child ended with {status}"
    return int(counted_steps) if status == 0 else CRASHED


@pytest.fixture
def folder(indexes: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The indexes; a source of one document; and a backup of an index with one document.

    A process that ends while it opens a commit leaves its folder of links: here it is not left in memory.
    """
    folder = indexes.parent
    (folder / "memory").mkdir()
    monkeypatch.setattr("search_service.engines.embedded.commits.MEMORY", folder / "memory")
    (folder / "few.jsonl").write_text('{"id": "few", "title": "خبر"}\n', encoding="utf-8")
    admin = admin_of(indexes, analysis)
    admin.load(LoadRequest(index=COPY, sources=(str(folder / "few.jsonl"),), reject_file=folder / "rejects"))
    admin.backup(COPY, str(folder / "one.backup"))
    admin.delete(COPY)
    return folder


@pytest.mark.parametrize("name", CHANGES)
def test_a_process_that_ends_at_any_step_leaves_the_index_as_it_was_or_as_it_shall_be(
    folder: Path, analysis: Analysis, rotation: Rotation, name: str
) -> None:
    change, allowed = CHANGES[name]
    indexes, fresh = folder / "indexes", folder / "fresh"
    if name == "rollback":
        admin_of(indexes, analysis).reindex(
            ReindexRequest(index=NEWS, sources=(str(EXAMPLES),), reject_file=folder / "rejects")
        )
        rebuild(admin_of(indexes, analysis), folder)
    shutil.copytree(indexes, fresh, symlinks=True)
    steps = run_and_crash(lambda: change(admin_of(indexes, analysis), folder), 0)
    assert steps > 1
    for step in rotation.some(range(1, steps + 1), 4, f"crash points of {name}"):
        shutil.rmtree(indexes)
        (folder / "new.backup").unlink(missing_ok=True)
        shutil.copytree(fresh, indexes, symlinks=True)
        assert run_and_crash(lambda: change(admin_of(indexes, analysis), folder), step) == CRASHED
        admin = admin_of(indexes, analysis)
        assert documents(admin, NEWS) in allowed, f"step {step} of {steps}"
        assert documents(admin, COPY) in (-1, 1), f"step {step} of {steps}"
        assert not (folder / "new.backup").exists() or admin.restore(str(folder / "new.backup"), IndexName("whole"))
        load(admin, folder)
        assert all(one.ok for one in admin.doctor(NEWS))
        assert "unfinished" not in [str(one.state) for one in admin.generations(NEWS)]
        admin.delete(IndexName("whole")) if "whole" in [one.name for one in admin.indexes()] else None
