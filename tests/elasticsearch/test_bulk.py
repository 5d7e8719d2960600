"""Writing to Elasticsearch: nothing is lost, doubled or put in another order, whatever happens on the way."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from search_service.core.document import Document
from search_service.core.errors import (
    CredentialsRefused,
    EngineOverloaded,
    EngineUnavailable,
    IndexReadOnly,
    UnknownDocument,
    UnknownIndex,
)
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.bulk import writer as bulk_writer
from search_service.ingestion.loader import load
from search_service.ingestion.sources.files import FileSources
from tests.elasticsearch.conftest import NEWS, WAIT_SECONDS, NewsIndex, document
from tests.elasticsearch.proxy import Proxy, Request
from tests.sentences import refused, sentence
from tests.waiting import wait_for

# Order


def test_a_request_that_got_lost_cannot_undo_what_was_written_after_its_repetition(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch
) -> None:
    lost: list[Callable[[], object]] = []

    def rule(request: Request) -> None:
        if request.is_bulk and not lost:
            lost.append(request.forward)  # on its way for very long
            request.lose()
        else:
            request.pass_on()

    proxy.rule = rule
    with news_index.writer(proxied_client) as writer:
        writer.upsert(document(1, "قديم"))
        writer.commit()
        writer.upsert(document(1, "جديد"))
        writer.commit()
        lost[0]()
        assert news_index.title("1") == "جديد رقم 1"
        writer.delete("1")
        writer.commit()
        lost[0]()
    assert news_index.ids() == set()


def test_a_delete_that_got_lost_cannot_undo_a_later_write(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch
) -> None:
    lost: list[Callable[[], object]] = []

    def rule(request: Request) -> None:
        if request.is_bulk and b'"delete"' in request.body and not lost:
            lost.append(request.forward)
            request.lose()
        else:
            request.pass_on()

    proxy.rule = rule
    with news_index.writer(proxied_client) as writer:
        writer.upsert(document(1))
        writer.delete("1")
        writer.commit()
        writer.upsert(document(1, "بعد"))
        writer.commit()
        lost[0]()
        assert news_index.title("1") == "بعد رقم 1"


def test_changes_of_one_id_stay_in_order_when_some_of_them_are_turned_away(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_writer, "CHUNK_DOCUMENTS", 7)
    numbers = count(1)

    def rule(request: Request) -> None:
        """Turn away every fourth operation of a request, and every sixth request."""
        if not request.is_bulk:
            return request.pass_on()
        seen = next(numbers)
        if seen % 6 == 0:
            return request.refuse(429, "es_rejected_execution_exception")
        operations = operations_of(request.body)
        passes = [(number + seen) % 4 != 0 for number in range(len(operations))]
        request.body = b"".join(lines for (_, lines), passed in zip(operations, passes, strict=True) if passed)
        status, content, kind = request.forward() if request.body else (200, b'{"items": []}', "application/json")
        done = iter(json.loads(content)["items"])
        away = {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "x"}}
        items = [next(done) if p else {action: away} for (action, _), p in zip(operations, passes, strict=True)]
        return request.answer(status, json.dumps({"items": items}).encode(), kind)

    proxy.rule = rule
    with news_index.writer(proxied_client) as writer:
        for number in range(40):
            writer.upsert(Document("changed", {"title": f"خبر {number}"}))
            writer.upsert(Document("gone", {"title": f"خبر {number}"}))
            writer.delete("back")
            writer.delete("gone")
            writer.upsert(Document("back", {"title": f"خبر {number}"}))
            writer.upsert(document(number))
    assert news_index.ids() == {"changed", "back", *(str(number) for number in range(40))}
    assert news_index.title("changed") == news_index.title("back") == "خبر 39"
    assert writer.counters.created - writer.counters.deleted == 42


def operations_of(body: bytes) -> list[tuple[str, bytes]]:
    """The operations of a bulk request: the name of each, and its lines."""
    found: list[tuple[str, bytes]] = []
    lines = iter(body.splitlines(keepends=True))
    for line in lines:
        [action] = json.loads(line)
        found.append((action, line if action == "delete" else line + next(lines)))
    return found


def test_a_writer_whose_clock_is_behind_still_replaces_documents(news_index: NewsIndex) -> None:
    ahead = (time.time_ns() // 1_000) + 3_600_000_000
    news_index.client.index(
        index=news_index.alias, id="1", document={"id": "1"}, version=ahead, version_type="external"
    )
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(document(1, "أول"))
        writer.upsert(document(1, "ثان"))
        writer.commit()
        assert news_index.title("1") == "ثان رقم 1"
        writer.upsert(document(1, "ثالث"))
        writer.commit()
        assert news_index.title("1") == "ثالث رقم 1"
        writer.delete("1")
    assert news_index.ids() == set()


# Elasticsearch is away or has too much to do


@pytest.mark.parametrize("answered", [False, True])
def test_lost_connections_lose_and_double_nothing(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch, monkeypatch: pytest.MonkeyPatch, answered: bool
) -> None:
    monkeypatch.setattr(bulk_writer, "CHUNK_DOCUMENTS", 20)
    seen = 0

    def rule(request: Request) -> None:
        nonlocal seen
        seen += request.is_bulk
        if request.is_bulk and seen % 3 == 0:
            if answered:
                request.forward()
            request.lose()
        else:
            request.pass_on()

    proxy.rule = rule
    with news_index.writer(proxied_client) as writer:
        for number in range(500):
            writer.upsert(document(number))
    assert news_index.ids() == {str(number) for number in range(500)}
    assert not writer.rejected()
    counters = writer.counters
    assert counters.created <= 500 <= counters.created + counters.uncertain


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (lambda request: request.lose(), EngineUnavailable),
        (lambda request: request.refuse(429, "es_rejected_execution_exception"), EngineOverloaded),
        (lambda request: request.refuse(503, "cluster_block_exception"), EngineUnavailable),
    ],
)
def test_retries_end_with_an_error_that_says_why(
    news_index: NewsIndex,
    proxy: Proxy,
    proxied_client: Elasticsearch,
    fault: Callable[[Request], None],
    error: type[EngineUnavailable],
) -> None:
    proxy.rule = fault
    began = time.monotonic()
    with refused(error, "Elasticsearch"), news_index.writer(proxied_client, retry_seconds=1.0) as writer:
        writer.upsert(document(1))
    assert 1.0 <= time.monotonic() - began < WAIT_SECONDS / 2, "what is set counts, not the default"
    with pytest.raises((error, EngineUnavailable)):
        writer.upsert(document(2))


def test_a_load_goes_on_when_a_node_that_has_just_started_refuses_credentials_for_a_moment(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch
) -> None:
    refusals = iter([False, True, True])

    def rule(request: Request) -> None:
        if request.is_bulk and next(refusals, False):
            return request.refuse(401, "security_exception")
        return request.pass_on()

    proxy.rule = rule
    with news_index.writer(proxied_client) as writer:
        for number in range(2):
            writer.upsert(document(number))
            writer.commit()
    assert news_index.ids() == {"0", "1"}
    assert (writer.counters.created, writer.counters.uncertain) == (2, 0)
    assert next(refusals, None) is None


def test_a_load_whose_credentials_were_never_accepted_ends_at_once(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch
) -> None:
    seen: list[Request] = []

    def rule(request: Request) -> None:
        seen.append(request)
        request.refuse(401, "security_exception")

    proxy.rule = rule
    with refused(CredentialsRefused, "credentials"), news_index.writer(proxied_client) as writer:
        writer.upsert(document(1))
    assert len(seen) == 1


def test_little_is_held_in_memory_while_elasticsearch_hangs(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    hanging: list[Request] = []

    def rule(request: Request) -> None:
        hanging.append(request)
        go_on.wait(WAIT_SECONDS)
        request.pass_on()

    proxy.rule = rule
    monkeypatch.setattr(bulk_writer, "CHUNK_BYTES", 100_000)
    taken = 0
    text = "خبر " * 650  # about 5 KB

    def fill() -> None:
        nonlocal taken
        with news_index.writer(proxied_client) as writer:
            for number in range(400):
                writer.upsert(Document(str(number), {"title": "خبر", "text": text}))
                taken = number + 1

    thread = threading.Thread(target=fill)
    thread.start()
    wait_for(lambda: len(hanging) == bulk_writer.WORKERS)
    before = -1
    while before != taken:  # until the writer takes no more
        before = taken
        thread.join(0.3)
    per_chunk = bulk_writer.CHUNK_BYTES // len(text.encode())
    assert taken <= bulk_writer.WORKERS * 3 * per_chunk + 1
    go_on.set()
    thread.join(WAIT_SECONDS)
    assert taken == 400
    assert len(news_index.ids()) == 400


# What Elasticsearch refuses


def test_refused_documents_come_back_with_their_origin(news_index: NewsIndex) -> None:
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(document(1), "first")
        writer.upsert(Document("2", {"title": {"not": "a text"}}), "second")
        writer.upsert(Document("3", {"mood": "x"}), "third")
        writer.upsert(Document("1", {"mood": "x"}), "fourth")
        writer.commit()
        refused = {(one.id, one.origin) for one in writer.rejected()}
        assert refused == {("1", "fourth"), ("2", "second"), ("3", "third")}
        assert writer.rejected() == []
    assert news_index.ids() == {"1"}
    assert news_index.title("1") == "خبر رقم 1"


def test_refused_documents_are_noted_with_source_and_line(news_index: NewsIndex, tmp_path: Path) -> None:
    # An index that differs from what its description says: here a source must be a number.
    properties = {**news_index.compiled["mappings"]["properties"], "source": {"type": "integer"}}
    mappings = {**news_index.compiled["mappings"], "properties": properties}
    news_index.engine.indexes.delete(IndexName("news"))
    news_index.client.indices.create(
        index=news_index.alias, settings=news_index.compiled["settings"], mappings=mappings
    )
    path = tmp_path / "a.jsonl"
    lines = [{"id": str(n), "title": "خبر", "source": "x" if n % 3 == 0 else "7"} for n in range(10)]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + "{\n")
    rejects = tmp_path / "rejects.jsonl"
    report = load(
        news_index.engine.indexes,
        IndexName("news"),
        NEWS,
        FileSources([str(path)], NEWS, 10_000),
        rejects,
        commit_every=4,
    )
    assert (report.indexed, report.rejected) == (6, 5)
    noted = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert sorted(one["line"] for one in noted) == [1, 4, 7, 10, 11]
    [first] = [one for one in noted if one["line"] == 1]
    assert first["source"] == str(path)
    assert first["raw"] == json.dumps(lines[0])
    assert "failed to parse field [source]" in first["reason"]
    assert news_index.ids() == {"1", "2", "4", "5", "7", "8"}


def test_requests_that_are_too_large_are_divided_and_a_document_that_is_too_large_is_refused(
    news_index: NewsIndex, proxy: Proxy, proxied_client: Elasticsearch
) -> None:
    def rule(request: Request) -> None:
        if request.is_bulk and len(request.body) > 5_000:
            request.answer(413, b"<html>413 Request Entity Too Large</html>", "text/html")
        else:
            request.pass_on()

    proxy.rule = rule
    with news_index.writer(proxied_client) as writer:
        for number in range(100):
            writer.upsert(document(number))
        writer.upsert(Document("large", {"title": "خبر " * 1_000}), "large")
    [refused] = writer.rejected()
    assert (refused.id, refused.origin) == ("large", "large")
    assert "exceeds the size" in sentence(refused.reason)
    assert news_index.ids() == {str(number) for number in range(100)}


# Where it goes


def test_a_write_never_makes_an_index(news_index: NewsIndex) -> None:
    with refused(UnknownIndex, "'news'"), news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(document(1))
        writer.commit()
        news_index.engine.indexes.delete(IndexName("news"))
        writer.upsert(document(2))
    assert not news_index.client.indices.exists(index=news_index.alias)
    assert news_index.engine.indexes.names() == ()


def test_an_index_that_an_administrator_made_is_written_to_as_it_is(news_index: NewsIndex) -> None:
    news_index.engine.indexes.delete(IndexName("news"))
    news_index.client.indices.create(
        index=news_index.alias, settings=news_index.compiled["settings"], mappings=news_index.compiled["mappings"]
    )
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(document(1))
        writer.upsert(document(2))
        writer.delete("1")
    assert news_index.ids() == {"2"}


def test_a_writer_waits_while_writes_are_blocked(news_index: NewsIndex) -> None:
    news_index.client.indices.add_block(index=news_index.alias, block="write")
    with news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(document(1))
        thread = threading.Thread(target=writer.commit)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        news_index.client.indices.put_settings(index=news_index.alias, settings={"index.blocks.write": None})
        thread.join(WAIT_SECONDS)
    assert news_index.ids() == {"1"}


@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only"])
def test_an_index_that_is_read_only_is_an_error_at_once(news_index: NewsIndex, block: str) -> None:
    news_index.client.indices.put_settings(index=news_index.alias, settings={f"index.blocks.{block}": True})
    try:
        with refused(IndexReadOnly, "disk is full"), news_index.engine.indexes.writer(IndexName("news")) as writer:
            writer.upsert(document(1))
    finally:
        news_index.client.indices.put_settings(index=news_index.alias, settings={f"index.blocks.{block}": None})


def test_an_index_that_is_closed_is_an_error_and_not_the_fault_of_the_documents(news_index: NewsIndex) -> None:
    with refused(EngineUnavailable, "closed"), news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(document(1))
        news_index.client.indices.close(index=news_index.alias)
    assert writer.rejected() == []


def test_an_error_drops_what_is_not_sent(news_index: NewsIndex) -> None:
    with pytest.raises(RuntimeError), news_index.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(document(1))
        writer.commit()
        writer.upsert(document(2))
        raise RuntimeError
    assert news_index.ids() == {"1"}
    with refused(EngineUnavailable, "closed"):
        writer.upsert(document(3))
    with pytest.raises(UnknownDocument):
        news_index.engine.searcher.get(IndexName("news"), "2")
