"""What is written and deleted while an index is rebuilt is not lost."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch import changes
from search_service.engines.elasticsearch.bulk.sender import Sender
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.elasticsearch.rebuild.catch_up import CatchUp
from search_service.engines.writing import RebuildOptions
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.elasticsearch.conftest import NEWS, WAIT_SECONDS, NewsIndex, document
from tests.elasticsearch.proxy import Proxy, Request
from tests.elasticsearch.rebuild.writers import Changer, Processes, wait_for_changes
from tests.waiting import wait_for


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
