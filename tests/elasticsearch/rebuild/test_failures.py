"""A rebuild that fails or is killed at any stage: the index is searched and written to."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from index_config.table import load_table
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import (
    NoGeneration,
    RebuildFailed,
    SearchServiceError,
    StaleIndex,
)
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch import catalog
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.elasticsearch.rebuild.generations import Generations
from search_service.engines.elasticsearch.rebuild.lease import Lease
from search_service.ingestion.loader import reindex_stored
from tests.elasticsearch.conftest import NEWS, WAIT_SECONDS, NewsIndex, document
from tests.elasticsearch.proxy import Proxy, Request
from tests.elasticsearch.rebuild.writers import Processes
from tests.sentences import refused
from tests.waiting import wait_for

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
    processes.command("reindex", "news", source, "--keep", "0", "--quiet")
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


class Unexpected(Exception):
    """An error that the service does not know."""


def test_an_error_at_any_stage_leaves_the_old_index(news_index: NewsIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    news_index.write(document(1, "قديم"))
    stages = [
        ("begin", Unexpected),
        ("finish", KeyboardInterrupt),
        ("block", KeyboardInterrupt),
        ("switch", Unexpected),
    ]
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
