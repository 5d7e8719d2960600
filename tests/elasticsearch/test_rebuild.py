"""Rebuilding an index in Elasticsearch while it is searched and written to: nothing is lost, whatever happens."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

import search_service
from index_config.schema import schema_from_dict
from index_config.table import load_table
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import (
    ForeignIndex,
    NoGeneration,
    RebuildFailed,
    SearchServiceError,
    StaleIndex,
    WriterBusy,
)
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch import catalog, changes
from search_service.engines.elasticsearch.bulk.sender import Sender
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.elasticsearch.rebuild.catch_up import CatchUp
from search_service.engines.elasticsearch.rebuild.generations import Generations
from search_service.engines.elasticsearch.rebuild.lease import Lease
from search_service.engines.writing import KEEP_ONE, RebuildOptions
from search_service.ingestion.loader import reindex_stored
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.elasticsearch.conftest import NEWS, WAIT_SECONDS, NewsIndex, document
from tests.elasticsearch.indexes import REQUEST_SECONDS
from tests.elasticsearch.proxy import Proxy, Request
from tests.sentences import refused
from tests.waiting import wait_for

ROOT = Path(search_service.__file__).parents[1]


# What is written meanwhile


class Changer(threading.Thread):
    """Writes and deletes documents of its own until it is told to stop, and knows what must be there."""

    def __init__(self, news_index: NewsIndex, name: str, seed: int) -> None:
        super().__init__(name=name)
        self.expected: dict[str, str] = {}
        self.changes = 0
        self.failure: BaseException | None = None
        self._news_index = news_index
        self._random = random.Random(seed)
        self._end = threading.Event()

    def run(self) -> None:
        try:
            with self._news_index.another_engine().indexes.writer(IndexName("news")) as writer:
                while not self._end.is_set():
                    for _ in range(self._random.randrange(1, 20)):
                        document_id = f"{self.name}-{self._random.randrange(200)}"
                        self.changes += 1
                        if self._random.random() < 0.4:
                            writer.delete(document_id)
                            self.expected.pop(document_id, None)
                        else:
                            self.expected[document_id] = f"خبر {self.changes}"
                            writer.upsert(Document(document_id, {"title": self.expected[document_id]}))
                    writer.commit()
        except BaseException as error:
            self.failure = error

    def stop(self) -> dict[str, str]:
        self._end.set()
        self.join(WAIT_SECONDS)
        assert not self.is_alive()
        if self.failure:
            raise self.failure
        return self.expected


def wait_for_changes(changers: list[Changer]) -> None:
    """Wait until each of them has written some more."""
    before = [one.changes for one in changers]
    wait_for(
        lambda: all(one.changes > number + 50 or one.failure for one, number in zip(changers, before, strict=True))
    )


@pytest.mark.parametrize("stored", [False, True])
def test_what_is_written_and_deleted_while_an_index_is_rebuilt_is_not_lost(news_index: NewsIndex, stored: bool) -> None:
    changers = [Changer(news_index, f"changer{number}", number) for number in range(3)]
    news_index.write(*(Document(f"{one.name}-{n}", {"title": "قديم"}) for one in changers for n in range(0, 200, 2)))
    for one in changers:
        one.expected = {f"{one.name}-{number}": "قديم" for number in range(0, 200, 2)}
        one.start()
    for _ in range(2):
        if stored:
            with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
                rebuild.copy(lambda _done, _total: None)
                wait_for_changes(changers)
        else:
            with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
                before = [dict(one.expected) for one in changers]  # as if exported before
                for contents in before:
                    for document_id, title in contents.items():
                        rebuild.upsert(Document(document_id, {"title": title}))
                wait_for_changes(changers)
    expected = {key: title for one in changers for key, title in one.stop().items()}
    assert all(one.changes > 20 for one in changers)
    assert news_index.contents() == expected
    assert news_index.states() == ["current", "kept"]


def test_newer_writes_win_over_the_sources_and_deletes_too(news_index: NewsIndex) -> None:
    news_index.write(*(document(number, "قديم") for number in range(10)))
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        with news_index.engine.indexes.writer(IndexName("news")) as writer:
            writer.upsert(document(1, "حي"))
            writer.delete("2")
            writer.delete("3")
            writer.upsert(document(3, "حي"))
            writer.delete("not in the old one, but in the sources")
            writer.upsert(document(20, "حي"))
            writer.delete("20")
        for number in range(5):
            rebuild.upsert(document(number, "مصدر"))
        rebuild.upsert(Document("not in the old one, but in the sources", {"title": "مصدر"}))
        rebuild.upsert(document(20, "مصدر"))
    titles = {key: title.split()[0] for key, title in news_index.contents().items()}
    assert titles == {"0": "مصدر", "1": "حي", "3": "حي", "4": "مصدر"}


def test_a_delete_before_the_rebuild_does_not_take_a_document_from_the_sources(news_index: NewsIndex) -> None:
    news_index.write(document(1), document(2))
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.delete("1")
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(1, "مصدر"))
    assert news_index.contents() == {"1": "مصدر رقم 1"}


def test_a_delete_that_is_noted_but_not_made_yet_is_not_forgotten(
    news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    news_index.write(*(document(number) for number in range(5)))
    rounds: list[int] = []
    original = CatchUp.round

    def late(self: CatchUp, writer: Any) -> int:
        count = original(self, writer)
        rounds.append(count)
        if len(rounds) == 1:  # noted before the first round, made after it
            news_index.client.delete(index=news_index.alias, id="3", refresh=True)
        return count

    monkeypatch.setattr(CatchUp, "round", late)
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        for number in range(5):
            rebuild.upsert(document(number))
        sender = Sender(news_index.client, news_index.coordination.target(), threading.Event())
        news_index.coordination.write_tombstones(sender, IndexName("news"), ["3", "4"])
    assert len(rounds) == 2
    assert news_index.ids() == {"0", "1", "2", "4"}


def test_a_write_that_gets_lost_before_the_switch_arrives_after_it(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch
) -> None:
    news_index.write(document(1, "قديم"))
    lost = threading.Event()

    def rule(request: Request) -> None:
        if request.is_bulk:
            lost.set()
            request.lose()
        else:
            request.pass_on()

    proxy.rule = rule
    with news_index.writer(proxied_client) as writer, ThreadPoolExecutor(1) as thread:
        with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
            news_index.write(document(1, "حي"))
            writer.upsert(document(1, "أخير"))
            written = thread.submit(writer.commit)
            assert lost.wait(WAIT_SECONDS)
            rebuild.upsert(document(1, "مصدر"))
        assert news_index.title("1") == "حي رقم 1"
        proxy.rule = Request.pass_on
        written.result(WAIT_SECONDS)
    assert news_index.contents() == {"1": "أخير رقم 1"}


def test_several_shards_are_caught_up(news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    news_index.engine.indexes.delete(IndexName("news"))
    engine = make_elasticsearch_engine(news_index.settings.model_copy(update={"shards": 3}), news_index.analysis)
    monkeypatch.setattr(changes, "PAGE", 7)
    engine.indexes.create(IndexName("news"), NEWS)
    news_index.write(*(document(number, "قديم") for number in range(100)))
    with engine.indexes.rebuild(IndexName("news"), NEWS, RebuildOptions(force_merge=True)) as rebuild:
        for number in range(100):
            rebuild.upsert(document(number, "مصدر"))
        with engine.indexes.writer(IndexName("news")) as writer:
            for number in range(50, 120):
                writer.upsert(document(number, "حي"))
            for number in range(10):
                writer.delete(str(number))
    titles = {key: title.split()[0] for key, title in news_index.contents().items()}
    assert titles == {str(n): "مصدر" if n < 50 else "حي" for n in range(10, 120)}
    [settings] = news_index.client.indices.get_settings(index=news_index.alias, flat_settings=True).values()
    assert settings["settings"]["index.number_of_shards"] == "3"
    assert settings["settings"]["index.auto_expand_replicas"] == "0-1"
    assert "index.refresh_interval" not in settings["settings"]


def test_searches_see_the_old_or_the_new_index_and_nothing_else(news_index: NewsIndex) -> None:
    news_index.write(*(document(number, "قديم") for number in range(50)))
    seen: set[tuple[int, ...]] = set()
    end = threading.Event()
    failures: list[BaseException] = []

    def search() -> None:
        service = SearchService(news_index.another_engine())
        try:
            while not end.is_set():
                totals = [service.search(IndexName("news"), SearchRequest(q=word)).total for word in ("رقم",)]
                seen.add(tuple(totals))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for size in (70, 90):
        with news_index.engine.indexes.rebuild(IndexName("news"), NEWS, RebuildOptions(keep=0)) as rebuild:
            for number in range(size):
                rebuild.upsert(document(number, "جديد"))
    wait_for(lambda: (90,) in seen)
    end.set()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert not failures
    assert seen == {(50,), (70,), (90,)}


CHANGER = """
import json, os, random, sys
from search_service.engines.factory import make_engine
from search_service.core.document import Document
from search_service.config.settings import Settings

name = sys.argv[1]
chance = random.Random(name)
expected = {}
engine = make_engine(Settings.from_environment(os.environ))
with engine.indexes.writer("news") as writer:
    print("ready", flush=True)
    number = 0
    while not os.path.exists("stop"):
        for _ in range(10):
            number += 1
            key = f"{name}-{chance.randrange(100)}"
            if chance.random() < 0.4:
                writer.delete(key)
                expected.pop(key, None)
            else:
                expected[key] = f"خبر {number}"
                writer.upsert(Document(key, {"title": expected[key]}))
        writer.commit()
print(json.dumps(expected))
"""


class Processes:
    """Real processes of the service, with the indexes of one prefix."""

    def __init__(self, news_index: NewsIndex, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ENGINE": "elasticsearch",
            "ELASTICSEARCH_URL": news_index.settings.urls[0],
            "ELASTICSEARCH_INDEX_PREFIX": news_index.settings.index_prefix,
            "ELASTICSEARCH_TIMEOUT": f"{REQUEST_SECONDS:g}",
        }
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *command: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder, env=self._environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True,
        )  # fmt: skip
        self._started.append(process)
        return process

    def command(self, *arguments: str, status: int = 0) -> str:
        """Run a command to its end and return what it printed."""
        process = self.start("-m", "search_service.cli", *arguments)
        output, errors = process.communicate(timeout=2 * WAIT_SECONDS)
        assert process.returncode == status, errors
        return output + errors

    def source(self, *documents: Document) -> str:
        lines = (json.dumps({"id": one.id, **one.source}, ensure_ascii=False) for one in documents)
        (self.folder / "source.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return "source.jsonl"

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def processes(news_index: NewsIndex, tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(news_index, tmp_path)
    yield processes
    processes.close()


def test_what_other_processes_write_and_delete_meanwhile_is_not_lost(
    news_index: NewsIndex, processes: Processes
) -> None:
    running = [processes.start("-c", CHANGER, name) for name in ("first", "second")]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    processes.command("reindex", "news", "--from-stored", "--quiet")
    with news_index.engine.indexes.rebuild(
        IndexName("news"), NEWS
    ) as rebuild:  # without a source: only what is written meanwhile stays
        seen = news_index.ids()
        wait_for(lambda: len(news_index.ids() ^ seen) > 20)
        rebuild.upsert(Document("other", {"title": "خبر"}))
    (processes.folder / "stop").touch()
    expected: dict[str, str] = {}
    for process in running:
        output, errors = process.communicate(timeout=WAIT_SECONDS)
        assert process.returncode == 0, errors
        expected |= json.loads(output)
    contents = news_index.contents()
    assert contents.pop("other") == "خبر"
    assert contents.items() <= expected.items()
    assert {key for key in expected if key not in contents} <= seen


# What goes wrong

KILLED = """
import os, signal, sys
from search_service.cli.main import main
from search_service.engines.elasticsearch.rebuild.generations import Generations

name, when, number = sys.argv[1:4]
original = getattr(Generations, name)
calls = 0

def deadly(*arguments):
    global calls
    calls += 1
    if (when, calls) == ("before", int(number)):
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*arguments)
    if (when, calls) == ("after", int(number)):
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(Generations, name, deadly)
main(sys.argv[4:])
"""

STAGES = (
    ("block", "after", 1),  # while it notes the moment from which on nothing may be lost
    ("begin", "after", 1),
    ("finish", "after", 1),
    ("block", "after", 2),  # while it brings over the rest
    ("switch", "before", 1),
)


def test_a_rebuild_that_is_killed_at_any_stage_leaves_an_index_that_is_searched_and_written_to(
    news_index: NewsIndex, processes: Processes, caplog: pytest.LogCaptureFixture
) -> None:
    news_index.write(*(document(number, "قديم") for number in range(5)))
    [old] = news_index.engine.indexes.generations(IndexName("news"))
    source = processes.source(*(document(number, "جديد") for number in range(7)))
    expected = news_index.contents()
    for number, (name, when, call) in enumerate(STAGES, start=100):
        process = processes.start("-c", KILLED, name, when, str(call), "reindex", "news", source, "--quiet")
        assert process.wait(WAIT_SECONDS) == -signal.SIGKILL, process.communicate()
        assert news_index.contents() == expected
        news_index.write(document(number, "بعد"))  # it lifts a block that the dead one has left
        expected[str(number)] = f"بعد رقم {number}"
        assert news_index.contents() == expected
        assert [
            one.name for one in news_index.engine.indexes.generations(IndexName("news")) if one.state == "current"
        ] == [old.name]
    assert "removed what an interrupted rebuild had left" in caplog.text


def test_a_rebuild_that_is_killed_after_the_switch_has_switched(news_index: NewsIndex, processes: Processes) -> None:
    news_index.write(document(1, "قديم"))
    source = processes.source(document(1, "جديد"))
    process = processes.start("-c", KILLED, "switch", "after", "1", "reindex", "news", source, "--quiet")
    assert process.wait(WAIT_SECONDS) == -signal.SIGKILL, process.communicate()
    assert news_index.contents() == {"1": "جديد رقم 1"}
    news_index.write(document(2, "بعد"))
    assert news_index.engine.indexes.rollback(IndexName("news")).documents == 1
    news_index.write(document(3, "بعد"))
    assert sorted(news_index.contents()) == ["1", "3"]


def test_what_a_killed_rebuild_leaves_is_shown_and_removed(news_index: NewsIndex, processes: Processes) -> None:
    news_index.write(document(1))
    source = processes.source(document(1, "جديد"))
    process = processes.start("-c", KILLED, "finish", "before", "1", "reindex", "news", source, "--quiet")
    assert process.wait(WAIT_SECONDS) == -signal.SIGKILL
    assert "unfinished" in processes.command("generations", "news")
    output = processes.command("generations", "news", "--clean")
    assert f"Deleted: {news_index.alias}-" in output
    assert "unfinished" not in output
    assert "Deleted: nothing" in processes.command("generations", "news", "--clean")
    assert "is news" not in processes.command("reindex", "news", source, "--keep", "0", "--quiet")
    assert news_index.states() == ["current"]


def test_an_interrupted_rebuild_ends_at_once_and_clears_up(news_index: NewsIndex, processes: Processes) -> None:
    news_index.write(document(1))
    process = processes.start("-m", "search_service.cli", "reindex", "news", "-", "--quiet")
    wait_for(lambda: "unfinished" in news_index.states())
    process.send_signal(signal.SIGINT)
    assert process.wait(WAIT_SECONDS) == 130
    assert news_index.states() == ["current"]
    with Lease(news_index.coordination, IndexName("news"), "test"):
        pass


def test_a_copy_that_is_interrupted_is_called_off(news_index: NewsIndex) -> None:
    news_index.write(*(document(number) for number in range(500)))

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.copy(interrupt)
    assert news_index.states() == ["current"]
    tasks = news_index.client.perform_request(
        "GET", "/_tasks?actions=*reindex&detailed", headers={"accept": "application/json"}
    ).body
    assert news_index.alias not in json.dumps(tasks)
    assert len(news_index.ids()) == 500


class Lost(Exception):
    """Something that nobody expects."""


def test_an_error_at_any_stage_leaves_the_old_index(news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    news_index.write(document(1, "قديم"))
    stages = [("begin", Lost), ("finish", KeyboardInterrupt), ("block", KeyboardInterrupt), ("switch", Lost)]
    for name, error in stages:
        original = getattr(Generations, name)

        def failing(
            self: Generations, *arguments: Any, original: Any = original, name: str = name, error: Any = error
        ) -> None:
            if name != "switch":
                original(self, *arguments)
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(Generations, name, failing)
            with pytest.raises(error), news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
                rebuild.upsert(document(1, "جديد"))
        assert news_index.states() == ["current"]
        assert not news_index.blocked()
    assert news_index.contents() == {"1": "قديم رقم 1"}


def test_a_switch_whose_answer_gets_lost_has_happened(news_index: NewsIndex, proxy: Proxy) -> None:
    def rule(request: Request) -> None:
        if "_aliases" in request.path and b'"add"' in request.body:
            request.forward()
            request.lose()
        else:
            request.pass_on()

    news_index.write(document(1, "قديم"))
    engine = news_index.another_engine(proxy.url)
    proxy.rule = rule
    with engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(1, "جديد"))
    assert news_index.contents() == {"1": "جديد رقم 1"}
    assert news_index.states() == ["current", "kept"]


def test_a_switch_that_gets_lost_cannot_happen_later(news_index: NewsIndex, proxy: Proxy) -> None:
    lost: list[Callable[[], tuple[int, bytes, str]]] = []
    late: list[int] = []

    def rule(request: Request) -> None:
        if "_aliases" in request.path and b'"add"' in request.body:
            lost.append(request.forward)
            request.lose()
            return
        if request.method == "DELETE" and f"/{news_index.alias}-" in request.path:
            late.append(lost[0]()[0])  # it arrives just before the new generation is removed
        request.pass_on()

    news_index.write(document(1, "قديم"))
    engine = news_index.another_engine(proxy.url)
    proxy.rule = rule
    with refused(SearchServiceError, "cannot be reached"), engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(1, "جديد"))
    news_index.write(document(2, "بعد"))
    assert late == [404]
    assert [switch()[0] for switch in lost] == [404] * len(lost)
    assert news_index.contents() == {"1": "قديم رقم 1", "2": "بعد رقم 2"}
    assert news_index.states() == ["current"]


def test_a_new_generation_that_lacks_documents_is_not_switched_to(news_index: NewsIndex) -> None:
    news_index.write(document(1, "قديم"))
    lacking = "holds 9 documents, and 10 were written"
    with refused(RebuildFailed, lacking), news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        for number in range(10):
            rebuild.upsert(document(number, "جديد"))
        rebuild.commit()
        unfinished, _ = news_index.engine.indexes.generations(IndexName("news"))
        news_index.client.delete(index=unfinished.name, id="5", refresh=True)
    assert news_index.contents() == {"1": "قديم رقم 1"}


def test_a_new_generation_that_finds_nothing_by_its_words_is_not_switched_to(
    news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = deepcopy(news_index.compiled)
    compiled["mappings"]["properties"]["_all"]["properties"]["lemma"]["analyzer"] = "keyword"
    monkeypatch.setattr(catalog, "compile_index", lambda *_: compiled)
    lacking = "does not find the document '1' by any of its words"
    with (
        refused(RebuildFailed, lacking),
        news_index.another_engine().indexes.rebuild(IndexName("news"), NEWS) as rebuild,
    ):
        rebuild.upsert(document(1, "جديد"))
    assert news_index.states() == ["current"]


def test_a_copy_of_documents_that_were_deleted_past_the_service_is_not_switched_to(news_index: NewsIndex) -> None:
    news_index.write(*(document(number) for number in range(10)))
    differing = "holds 9 documents and its copy 10"
    with refused(RebuildFailed, differing), news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.copy(lambda _done, _total: None)
        news_index.client.delete(index=news_index.alias, id="5")
    assert len(news_index.ids()) == 9


def test_a_copy_of_documents_that_are_refused_now_is_made_one_by_one(
    news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    news_index.write(*(Document(str(n), {"title": "خبر", "source": "x" if n % 4 == 0 else "7"}) for n in range(20)))
    compiled = news_index.compiled
    properties = {**compiled["mappings"]["properties"], "source": {"type": "integer"}}
    stricter = {**compiled, "mappings": {**compiled["mappings"], "properties": properties}}
    monkeypatch.setattr(catalog, "compile_index", lambda *_: stricter)
    report = reindex_stored(news_index.another_engine().indexes, IndexName("news"), NEWS, tmp_path / "rejects.jsonl")
    assert (report.indexed, report.rejected) == (15, 5)
    assert len(news_index.ids()) == 15


def test_a_stale_index_is_rebuilt_from_what_it_holds_and_not_rolled_back_to(
    news_index: NewsIndex, tmp_path: Path
) -> None:
    news_index.write(*(document(number) for number in range(5)))
    newer = Analysis(load_table().mapping, {"خبر": "خبر"})
    engine = make_elasticsearch_engine(news_index.settings, newer)
    with pytest.raises(StaleIndex), engine.indexes.writer(IndexName("news")):
        pass
    assert engine.indexes.stored_schema(IndexName("news")) == NEWS
    assert reindex_stored(engine.indexes, IndexName("news"), NEWS, tmp_path / "rejects.jsonl").indexed == 5
    assert engine.indexes.stats(IndexName("news")).state == "current"
    with refused(NoGeneration, "another configuration"):
        engine.indexes.rollback(IndexName("news"))
    assert engine.indexes.generations(IndexName("news"))[0].state == "current"


# One at a time


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
        rebuild.upsert(document(1, "zu spät"))
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


# What is there already


def test_an_index_that_an_administrator_made_is_replaced_in_one_step(news_index: NewsIndex) -> None:
    news_index.engine.indexes.delete(IndexName("news"))
    news_index.client.indices.create(
        index=news_index.alias, settings=news_index.compiled["settings"], mappings=news_index.compiled["mappings"]
    )
    news_index.write(document(1, "قديم"))
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(1, "جديد"))
        with news_index.engine.indexes.writer(IndexName("news")) as writer:
            writer.upsert(document(2, "حي"))
    assert news_index.contents() == {"1": "جديد رقم 1", "2": "حي رقم 2"}
    assert news_index.states() == ["current"]
    assert news_index.client.indices.exists_alias(name=news_index.alias)


def test_an_index_of_somebody_else_is_left_alone(news_index: NewsIndex) -> None:
    name = f"{news_index.settings.index_prefix}foreign"
    news_index.client.indices.create(index=name)
    with pytest.raises(ForeignIndex), news_index.engine.indexes.rebuild(IndexName("foreign"), NEWS):
        pass
    for change in (news_index.engine.indexes.delete, news_index.engine.indexes.rollback):
        with pytest.raises(ForeignIndex):
            change(IndexName("foreign"))
    with pytest.raises(ForeignIndex):
        news_index.engine.indexes.create(IndexName("foreign"), NEWS)
    assert news_index.client.indices.exists(index=name)


def test_an_index_whose_writes_an_administrator_has_stopped_stays_so(news_index: NewsIndex) -> None:
    news_index.write(document(1, "قديم"))
    news_index.client.indices.add_block(index=news_index.alias, block="write")
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.copy(lambda _done, _total: None)
    _, kept = news_index.engine.indexes.generations(IndexName("news"))
    assert news_index.blocked(kept.name)
    assert news_index.contents() == {"1": "قديم رقم 1"}


def test_a_merged_index_has_one_segment(news_index: NewsIndex) -> None:
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS, RebuildOptions(force_merge=True)) as rebuild:
        for number in range(20):
            rebuild.upsert(document(number))
            if number % 5 == 0:
                rebuild.commit()
    segments = news_index.client.indices.segments(index=news_index.alias)["indices"]
    [content] = segments.values()
    assert [copy["num_search_segments"] for copy in content["shards"]["0"]] == [1]


# From the command line and by its parts


def test_documents_written_meanwhile_that_do_not_fit_the_new_schema_are_noted(
    news_index: NewsIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news_index.write(document(1), Document("2", {"title": "خبر", "category": "رياضة"}))
    other = schema_from_dict({"name": "short", "fields": {"title": {"kind": "text"}}}, "short.toml")

    def write(_index: str) -> Iterator[Document]:
        news_index.write(Document("late", {"title": "خبر", "category": "رياضة"}), document(4))
        yield document(1)

    engine = news_index.another_engine()
    monkeypatch.setattr(engine.indexes, "stored", write)
    rejects = tmp_path / "rejects.jsonl"
    report = reindex_stored(engine.indexes, IndexName("news"), other, rejects, KEEP_ONE)
    assert (report.indexed, report.rejected) == (1, 1)
    [reject] = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert (reject["source"], reject["raw"]) == ("(in the index)", "late")
    assert news_index.ids() == {"1", "4"}


def test_the_commands(news_index: NewsIndex, processes: Processes) -> None:
    source = processes.source(*(document(number) for number in range(30)), Document("x", {"mood": "bad"}))
    assert "1 rejected" in processes.command("index", "news", source, status=1)
    preview_rebuild = processes.command("reindex", "news", source, "--dry-run", status=1)
    assert "index     30 documents into a new generation, and reject 1" in preview_rebuild
    assert news_index.states() == ["current"]
    assert "30 documents indexed" in processes.command("reindex", "news", "--from-stored", "--force-merge")
    assert news_index.states() == ["current", "kept"]
    assert "again, with 30 documents" in processes.command("rollback", "news")
    assert news_index.states() == ["kept", "current"]
    assert "cannot be rolled back" in processes.command("rollback", "news", status=5)
    assert "The index 'news' is deleted" in processes.command("delete", "news", "--yes")
    assert news_index.engine.indexes.names() == ()


def test_notes_are_hidden_and_old_ones_are_removed(news_index: NewsIndex) -> None:
    news_index.write(document(1), document(2))
    coordination = news_index.coordination
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.delete("1")
        writer.delete("1")
    assert list(coordination.tombstones(IndexName("news"), {0: -1})) == ["1"]
    assert news_index.engine.indexes.names() == ("news",)
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(2))
    assert list(coordination.tombstones(IndexName("news"), {0: -1})) == []
    news_index.client.indices.delete(index=f"{coordination.name}-1")
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.delete("2")
    assert list(coordination.tombstones(IndexName("news"), {0: -1})) == ["2"]
    assert news_index.ids() == set()
