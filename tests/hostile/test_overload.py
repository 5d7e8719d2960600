"""More requests than the service can answer: a bounded number is accepted, the others are refused at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from xdist import is_xdist_worker

from benchmarks.overload import Load, percentile
from search_service.api.admission import Admission
from search_service.core.errors import ServiceOverloaded
from tests.event_loop import run_async
from tests.hostile.blocked_app import CONCURRENT, QUEUED
from tests.hostile.raw_http import Server, index_examples, server
from tests.waiting import wait_for

SEARCH = "/v1/indexes/news/search"
AT_ONCE = 5.0
"""Seconds in which a busy machine answers what nothing holds up; what is held up here waits longer than the test."""


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_examples(tmp_path_factory.mktemp("overload"))


@pytest.fixture
def blocked(indexes: Path, tmp_path: Path) -> Iterator[Server]:
    """A server with one worker whose searches take until the file `released` is there."""
    (tmp_path / "begun").mkdir()
    environment = {"INDEX_DIR": str(indexes), "BLOCKED": str(tmp_path)}
    app = "tests.hostile.blocked_app:create_app()"
    with server(tmp_path, "--workers", "1", app, environment=environment) as started:
        yield started


def test_beyond_the_queue_requests_are_refused_at_once(blocked: Server, tmp_path: Path) -> None:
    admitted = CONCURRENT + QUEUED
    with ThreadPoolExecutor(admitted + 1) as pool:
        searches = [pool.submit(blocked.get, f"{SEARCH}?q=a{number}") for number in range(CONCURRENT)]
        wait_for(lambda: len(list((tmp_path / "begun").iterdir())) == CONCURRENT)
        searches += [pool.submit(blocked.get, f"{SEARCH}?q=b{number}") for number in range(QUEUED + 1)]
        # One of these is refused, whichever arrives last; from then on the queue is full.
        wait_for(lambda: any(search.done() for search in searches))
        idle = [blocked.connect() for _ in range(64)]
        slow = [blocked.connect() for _ in range(20)]
        for number in range(30):
            for client in slow:
                client.sendall(b"G")
            start = time.monotonic()
            assert blocked.get("/healthz").status == 200
            assert blocked.get("/readyz").status == 200
            refused = blocked.get(f"{SEARCH}?q=c{number}")
            assert time.monotonic() - start < AT_ONCE  # together
            assert (refused.status, refused.problem()["code"]) == (503, "overloaded")
            assert refused.fields["retry-after"] == "1"
        page = blocked.get("/?q=كتب", "Accept: text/html\r\n")
        assert (page.status, page.fields["retry-after"], page.kind) == (503, "1", "text/html")
        assert "الخدمة مزدحمة الآن" in page.body.decode()
        assert f'href="/?q={quote("كتب")}">أعد المحاولة' in page.body.decode()
        assert blocked.get("/static/style.css").status == 200
        for client in (*idle, *slow):
            client.close()
        (tmp_path / "released").touch()
        statuses = sorted(search.result().status for search in searches)
        assert statuses == [200] * admitted + [503]
        assert blocked.get(f"{SEARCH}?q=d").status == 200
    lines = [line for line in blocked.log.read_text().splitlines() if "Overloaded" in line]
    assert 1 <= len(lines) < 30  # not one for each refusal


def test_slow_bodies_hold_no_place_of_a_search(blocked: Server, tmp_path: Path) -> None:
    (tmp_path / "released").touch()
    head = f"POST {SEARCH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nConnection: close\r\n\r\n".encode()
    clients = [blocked.connect() for _ in range(60)]
    for client in clients:
        client.sendall(head + b'{"q":')
    assert blocked.get(f"{SEARCH}?q=x").status == 200
    assert blocked.post(SEARCH, b'{"q":"x"}').status == 200
    for client in clients:
        with closing(client):
            client.sendall(b'"y"}')
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")


def test_places_are_given_in_the_order_of_arrival() -> None:
    gate = Admission(concurrent=1, queued=3, wait=60)
    order: list[int] = []

    def work(number: int) -> None:
        gate.enter()
        order.append(number)
        gate.leave()

    gate.enter()
    with ThreadPoolExecutor(3) as pool:
        for number in range(3):
            pool.submit(work, number)
            wait_for(lambda count=number: len(gate._queue) > count)  # type: ignore[misc]
        with pytest.raises(ServiceOverloaded):
            gate.enter()
        gate.leave()
    assert order == [0, 1, 2]
    gate.enter()  # nobody holds the place any more


def test_a_wait_that_is_too_long_ends_in_a_refusal() -> None:
    gate = Admission(concurrent=1, queued=1, wait=0.01)
    gate.enter()
    with pytest.raises(ServiceOverloaded):
        gate.enter()
    gate.leave()
    gate.enter()


def test_at_twice_the_capacity_accepted_requests_stay_fast(
    indexes: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The real parts, with 64 idle and 20 slow connections.

    Latency is compared only where `make test-full` runs this alone.
    """
    alone = request.config.getoption("--full") and not is_xdist_worker(request)
    paths = [f"{SEARCH}?facets=category,tags&q={quote(word)}" for word in ("كتب", "معرض الكتاب", "الاقتصاد العالمي")]
    with server(tmp_path, "--workers", "2", environment={"INDEX_DIR": str(indexes)}) as started:
        load = Load(started.port, paths, seconds=20, unloaded=400) if alone else Load(started.port, paths, 2, 40)
        run_async(load.run())
    assert set(load.times) <= {200, 503}
    assert len(load.times[200]) > 10
    assert max(load.checks) < (1_000 if alone else 1_000 * AT_ONCE)
    if alone and load.times.get(503):  # where other tests run at the same time, this would measure them
        assert percentile(load.times[200], 99) < 4 * max(percentile(load.unloaded, 99), 25)
