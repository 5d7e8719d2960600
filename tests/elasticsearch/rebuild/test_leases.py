"""One rebuild of an index at a time."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest

from search_service.core.errors import (
    RebuildFailed,
    WriterBusy,
)
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.rebuild.catch_up import CatchUp
from search_service.engines.elasticsearch.rebuild.lease import Lease
from tests.elasticsearch.conftest import NEWS, WAIT_SECONDS, NewsIndex, document
from tests.elasticsearch.rebuild.writers import Processes
from tests.sentences import refused
from tests.waiting import wait_for


def test_a_second_rebuild_is_told_who_is_at_work(news_index: NewsIndex, processes: Processes) -> None:
    process = processes.start("-m", "search_service.cli", "reindex", "news", "-", "--quiet")
    wait_for(lambda: "unfinished" in news_index.states())
    with refused(WriterBusy, rf"pid {process.pid} on \S+, rebuild since 20") as caught:
        news_index.engine.indexes.delete(IndexName("news"))
    assert caught.value.pid == process.pid
    assert f"pid {process.pid}" in processes.command("rollback", "news", status=4)
    process.kill()
    process.wait()
    with news_index.engine.indexes.rebuild(
        IndexName("news"), NEWS
    ) as rebuild:  # at once: it was a process of this machine
        rebuild.upsert(document(1))
    assert news_index.states() == ["current", "kept"]


def leave_lease(news_index: NewsIndex) -> Lease:
    """Make a lease as a process of another machine holds it that has stopped to renew it."""
    left = Lease(
        news_index.coordination, IndexName("news"), "rebuild", seconds=3_600.0
    )  # renewed so seldom that nobody sees it
    left.__enter__()
    note = news_index.coordination.read("lease/news")
    assert note
    news_index.coordination.write("lease/news", {**note.content, "machine": "", "pid": 1}, note.revision)
    return left


def test_a_lease_of_another_machine_runs_out(news_index: NewsIndex) -> None:
    left = leave_lease(news_index)
    with pytest.raises(WriterBusy), Lease(news_index.coordination, IndexName("news"), "test", seconds=30.0):
        pass
    taken = ExitStack()

    def take() -> Lease | None:
        try:
            return taken.enter_context(Lease(news_index.coordination, IndexName("news"), "test", seconds=1.0))
        except WriterBusy:
            return None

    wait_for(lambda: (holder := take()) and holder.dead_holder)
    with taken, refused(RebuildFailed, "did not renew it in time"):
        left.renew()
    with Lease(news_index.coordination, IndexName("news"), "test", seconds=1.0) as free:
        assert free.dead_holder is None


def test_a_lease_that_is_renewed_by_a_clock_that_is_behind_is_not_taken(
    news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: 1_000_000.0)  # it says so at each renewal
        holder = Lease(news_index.coordination, IndexName("news"), "rebuild", seconds=1.0)
        holder.__enter__()
        patch.undo()
        with pytest.raises(WriterBusy), Lease(news_index.coordination, IndexName("news"), "test", seconds=1.0):
            pass
        holder.__exit__(None, None, None)


def test_a_rebuild_that_was_silent_for_too_long_gives_up_and_touches_nothing(news_index: NewsIndex) -> None:
    news_index.write(document(1, "قديم"))
    with (
        refused(RebuildFailed, "did not renew it in time"),
        news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild,
    ):
        news_index.client.delete(index=news_index.coordination.name, id="lease/news")  # as if it had run out
        with news_index.another_engine().indexes.rebuild(IndexName("news"), NEWS) as other:
            other.upsert(document(1, "جديد"))
        rebuild.upsert(document(1, "متأخر"))
        rebuild.commit()
    assert news_index.contents() == {"1": "جديد رقم 1"}
    assert news_index.states() == ["current", "kept"]


def test_a_rebuild_that_has_lost_its_lease_does_not_lift_the_block_of_the_next_one(
    news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    news_index.write(document(1, "قديم"))
    original = CatchUp.round
    rounds = count(1)

    def overtaken(self: CatchUp, writer: Any) -> int:
        if next(rounds) == 2:  # while writes are blocked, somebody else takes the lease and is about to switch
            news_index.client.delete(index=news_index.coordination.name, id="lease/news")
            raise RuntimeError
        return original(self, writer)

    monkeypatch.setattr(CatchUp, "round", overtaken)
    with pytest.raises(RuntimeError), news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(1, "جديد"))
    assert news_index.blocked()


def test_processes_that_make_an_index_at_once_make_one(news_index: NewsIndex) -> None:
    news_index.engine.indexes.delete(IndexName("news"))
    failures: list[BaseException] = []

    def make() -> None:
        try:
            news_index.another_engine().indexes.create(IndexName("news"), NEWS)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert not failures
    assert news_index.states() == ["current"]
