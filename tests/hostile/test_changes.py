"""Changes of documents over HTTP: what is acknowledged is there, whatever is killed, closed, cut off or damaged."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.engines.embedded.queue import QUEUE
from tests.hostile.raw_http import SECONDS, Server, command_of, server
from tests.hostile.small_disk import leave_free, small_disk
from tests.rotation import Rotation
from tests.waiting import wait_for

DOCUMENTS = "/v1/indexes/news/documents"
NEWS = IndexName("news")
MAX_DOCUMENT_BYTES = 20_000
JSON, NDJSON = {"Content-Type": "application/json"}, {"Content-Type": "application/x-ndjson"}


@pytest.fixture
def folder(tmp_path: Path, analysis: Analysis) -> Path:
    """A folder with the empty index `news`."""
    make_embedded_engine(tmp_path / "indexes", analysis).indexes.create(NEWS, load_schema("news"))
    return tmp_path / "indexes"


@contextmanager
def writable(tmp_path: Path, indexes: Path) -> Iterator[Server]:
    """Serve with two workers, for programs on this machine that may write."""
    environment = {
        "INDEX_DIR": str(indexes), "LOOPBACK_ADMIN": "true", "MAX_DOCUMENT_BYTES": str(MAX_DOCUMENT_BYTES),
    }  # fmt: skip
    with server(tmp_path, "--workers", "2", environment=environment) as started:
        yield started


@pytest.fixture
def serving(tmp_path: Path, folder: Path) -> Iterator[Server]:
    with writable(tmp_path, folder) as started:
        yield started


class Client:
    """Sends requests, each on a connection of its own."""

    def __init__(self, port: int) -> None:
        self._port = port

    def send(
        self, method: str, path: str, body: str | bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        """Return status, content and headers of an answer; status 0 if there is none."""
        body = body.encode() if isinstance(body, str) else body
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)) as http:
            try:
                http.request(method, path, body, {**(headers or {}), "Connection": "close"})
                answer = http.getresponse()
                data, fields = answer.read(), {name.lower(): value for name, value in answer.getheaders()}
            except (OSError, HTTPException):
                return 0, None, {}
        is_json = "json" in fields.get("content-type", "") and "ndjson" not in fields["content-type"]
        return answer.status, json.loads(data) if is_json else data, fields

    def put(self, name: str, title: str, **headers: str) -> int:
        fields = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.send("PUT", f"{DOCUMENTS}/{name}", json.dumps({"title": title}), JSON | fields)[0]

    def found(self, q: str = "") -> int:
        status, content, _ = self.send("GET", f"/v1/indexes/news/search?size=0&understanding=false&q={quote(q)}")
        return int(content["total"]) if status == 200 else -1


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, analysis: Analysis) -> Iterator[Server]:
    """A server for tests that do not care what others have written."""
    folder = tmp_path_factory.mktemp("shared")
    make_embedded_engine(folder / "indexes", analysis).indexes.create(NEWS, load_schema("news"))
    with writable(folder, folder / "indexes") as started:
        yield started


@pytest.fixture
def client(serving: Server) -> Client:
    return Client(serving.port)


class Writing:
    """A thread that changes documents of its own, and knows what each of them must be.

    Attributes:
        states: what a document may be by its id: titles, and None for no document.
        acknowledged: how many changes were.
    """

    def __init__(self, port: int, name: str, dice: random.Random) -> None:
        self.states: dict[str, set[str | None]] = {}
        self.acknowledged = 0
        self._client = Client(port)
        self._name, self._dice = name, dice
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            wanted: dict[str, str | None] = {}
            for _ in range(self._dice.choice((1, 1, 1, 20))):
                name = f"{self._name}-{self._dice.randrange(40)}"
                wanted[name] = None if self._dice.random() < 0.25 else f"خبر {number}"
            for name, title in wanted.items():  # until there is an answer, both is possible
                self.states.setdefault(name, {None}).add(title)
            if self._changed(wanted):
                self.acknowledged += len(wanted)
                self.states |= {name: {title} for name, title in wanted.items()}

    def _changed(self, wanted: dict[str, str | None]) -> bool:
        """Whether all changes are acknowledged."""
        if len(wanted) == 1:
            [(name, title)] = wanted.items()
            if title is not None:
                return self._client.put(name, title) in (200, 201)
            return self._client.send("DELETE", f"{DOCUMENTS}/{name}")[0] in (204, 404)
        lines = [json.dumps({"id": key, "title": one} if one else {"delete": key}) for key, one in wanted.items()]
        status, answer, _ = self._client.send("POST", DOCUMENTS, "\n".join(lines), NDJSON)
        if status != 200:
            return False
        statuses = [json.loads(line)["status"] for line in answer.splitlines()]
        return len(statuses) == len(lines) and set(statuses) <= {200, 201, 404}


def workers_and_appliers(serving: Server) -> list[psutil.Process]:
    """Return the workers of a server and their child processes, such as the applier."""
    found = []
    for pid in serving.workers():
        with suppress(psutil.NoSuchProcess):
            worker = psutil.Process(pid)
            found += [worker, *worker.children()]
    return found


def test_what_is_acknowledged_survives_every_kill(tmp_path: Path, folder: Path, rotation: Rotation) -> None:
    """Workers and the applier are killed at random moments, and at the end everything at once."""
    dice = rotation.dice("kills")
    kills = rotation.amount(10, whole=300)
    with writable(tmp_path, folder) as serving:
        writers = [Writing(serving.port, f"w{n}", random.Random(dice.random())) for n in range(4)]
        wait_for(lambda: sum(one.acknowledged for one in writers) > 20)
        while kills:
            pause = time.monotonic() + dice.uniform(0.0, 0.7)
            wait_for(lambda until=pause: time.monotonic() > until)  # type: ignore[misc]
            with suppress(psutil.NoSuchProcess, IndexError):
                dice.choice(workers_and_appliers(serving)).kill()
                kills -= 1
        before = sum(one.acknowledged for one in writers)
        wait_for(lambda: sum(one.acknowledged for one in writers) > before)
        [arbiter] = {psutil.Process(pid).parent() for pid in serving.workers()}
        assert arbiter
        arbiter.suspend()  # it starts no new workers
        for process in [*workers_and_appliers(serving), arbiter]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for one in writers:
            one.stop()
    with writable(tmp_path, folder) as serving:
        client = Client(serving.port)
        states = {name: allowed for one in writers for name, allowed in one.states.items()}
        now = {name: title_of(client, name) for name in states}
        assert {name: (title, states[name]) for name, title in now.items() if title not in states[name]} == {}
        # What was in the queue is applied when somebody writes again, at the latest.
        assert client.put("last", "آخر", **{}) in (200, 201)
        alive = sum(title is not None for title in now.values()) + 1
        wait_for(lambda: client.found() == alive, what=lambda: f"{client.found()} of {alive}")


def title_of(client: Client, name: str) -> str | None:
    status, content, _ = client.send("GET", f"{DOCUMENTS}/{name}")
    assert status in (200, 404)
    return str(content["source"]["title"]) if status == 200 else None


def test_counting_with_conditions_counts_everything(shared: Server) -> None:
    """Several clients read, add one, and write on the condition that nobody was faster."""
    client = Client(shared.port)
    assert client.put("counter", "0") == 201

    def count() -> None:
        mine = Client(shared.port)
        for _ in range(10):
            while True:
                status, content, fields = mine.send("GET", f"{DOCUMENTS}/counter")
                if status == 200:
                    title = str(int(content["source"]["title"]) + 1)
                    status = mine.put("counter", title, If_Match=fields["etag"])
                    if status == 200:
                        break
                assert status in (412, 503)  # a busy service refuses some

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert title_of(client, "counter") == "40"
    wait_for(lambda: client.found("40") == 1)


def appliers_of(serving: Server) -> list[psutil.Process]:
    """Return the processes that apply changes."""
    found = []
    for pid in serving.workers():
        with suppress(psutil.NoSuchProcess):
            found += psutil.Process(pid).children()
    return [one for one in found if "search_service.server.applier" in command_of(one)]


def test_there_is_always_one_applier_also_after_a_kill(serving: Server) -> None:
    """It starts again without any request; there is one, however many workers there are."""
    wait_for(lambda: len(appliers_of(serving)) == 1)
    [first] = appliers_of(serving)
    first.kill()
    seen: list[int] = []

    def is_another_one() -> bool:
        appliers = appliers_of(serving)
        seen.append(len(appliers))
        return seen[-1] == 1 and appliers != [first]

    wait_for(is_another_one)
    assert max(seen) == 1


def test_a_change_is_found_within_a_second(serving: Server, client: Client) -> None:
    wait_for(lambda: appliers_of(serving))  # which starts with the service
    delays, requests = [], []
    for number in range(5):
        start = time.monotonic()
        client.put("one", f"كلمة{number}")
        client.found("x")
        requests.append(time.monotonic() - start)
        wait_for(lambda number=number: client.found(f"كلمة{number}") == 1)  # type: ignore[misc]
        delays.append(time.monotonic() - start)
    # Medians. On a machine that is busy, the requests say by how much; on a quiet one, they take a hundredth of this.
    assert sorted(delays)[2] < 1.0 + 10 * sorted(requests)[2]


def stream(serving: Server) -> socket.socket:
    """Begin a stream of lines in chunks."""
    connection = serving.connect()
    connection.sendall(
        f"POST {DOCUMENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
    )
    return connection


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def line(number: int, title: str = "خبر") -> bytes:
    return json.dumps({"id": str(number), "title": title}).encode() + b"\n"


def test_a_result_comes_while_the_stream_goes_on(shared: Server) -> None:
    with stream(shared) as connection:
        received = b""
        for number in range(1000, 1005):
            connection.sendall(chunk(line(number)))
            while f'"line":{number - 999},'.encode() not in received:
                piece = connection.recv(4096)
                assert piece
                received += piece
            assert title_of(Client(shared.port), str(number)) == "خبر"
        connection.sendall(b"0\r\n\r\n")
        while piece := connection.recv(4096):
            received += piece
    assert received.endswith(b"\r\n0\r\n\r\n")
    assert received.count(b'"status":201') == 5


def test_a_client_that_reads_nothing_before_it_has_sent_everything(serving: Server) -> None:
    """And the memory of the workers does not grow with the stream."""
    count = 10_000
    body = b"".join(f'{{"delete":"{number}{"-" * 300}"}}\n'.encode() for number in range(count))
    before = memory_of_warm(serving)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(SECONDS)
        connection.connect(("127.0.0.1", serving.port))
        head = f"POST {DOCUMENTS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        connection.sendall(f"{head}Content-Type: application/x-ndjson\r\n\r\n".encode() + body)
        received = bytearray()
        while piece := connection.recv(1 << 20):
            received += piece
    assert len(received) > 6_000_000  # more than the buffers of both ends take
    assert received.count(b'"status":404,"problem"') == count
    assert memory(serving) < before + 60_000_000


def memory_of_warm(serving: Server) -> int:
    """Return the memory of workers that have answered all kinds of requests."""
    client = Client(serving.port)
    for number in range(20):
        client.put("warm", f"خبر {number}")
        client.found("خبر")
    client.send("DELETE", f"{DOCUMENTS}/warm?refresh=wait_for")
    return memory(serving)


def memory(serving: Server) -> int:
    return sum(psutil.Process(pid).memory_info().rss for pid in serving.workers())


def test_memory_is_flat_however_long_a_stream_is(serving: Server, client: Client, rotation: Rotation) -> None:
    count = rotation.amount(3_000, whole=200_000)
    before = memory_of_warm(serving)
    with stream(serving) as connection:
        received = 0

        def read() -> None:
            nonlocal received
            with suppress(ConnectionError):
                while piece := connection.recv(65_536):
                    received += piece.count(b'"status":20')

        reader = threading.Thread(target=read)
        reader.start()
        for number in range(0, count, 50):
            connection.sendall(chunk(b"".join(line(n % 1_000) for n in range(number, number + 50))))
        connection.sendall(b"0\r\n\r\n")
        reader.join()
    assert count * 0.99 < received <= count  # one may lie across two pieces
    assert memory(serving) < before + 60_000_000
    wait_for(lambda: client.found() == 1_000, seconds=120)


def test_a_client_that_goes_away_leaves_what_it_has_sent_in_whole_lines(serving: Server, client: Client) -> None:
    half = line(100)[:20]
    with stream(serving) as connection:
        connection.sendall(chunk(b"".join(map(line, range(30))) + half))
    length = len(line(0)) + 100
    with serving.connect() as connection:
        head = f"POST {DOCUMENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode() + line(30) + line(31).rstrip())
    wait_for(lambda: title_of(client, "29") and title_of(client, "30"))
    wait_for(lambda: client.found() == 31)
    assert (title_of(client, "100"), title_of(client, "31")) == (None, None)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b'{"id": "x", "title": "' + b"y" * 3_000_000 + b'"}', "document-too-large"),
        (b"[" * 15_000, "line-unreadable"),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, "line-unreadable"),
        (b'{"id": "x", "title": "\xff"}', "line-unreadable"),
        (b'{"id": "x", "title": "a", "title": "b"}', "repeated-name"),
        (b'{"id": "x", "title": NaN}', "line-unreadable"),
        (b"\x00\x01", "line-unreadable"),
        (b'{"upsert": {"delete": "x"}}', "id-missing"),
        (b'{"delete": ""}', "id-missing"),
    ],
)
def test_a_bad_line_hurts_only_itself(bad: bytes, code: str, shared: Server) -> None:
    body = line(1) + bad + b"\r\n" + line(2)
    status, answer, _ = Client(shared.port).send("POST", DOCUMENTS, body, NDJSON)
    first, second, third = map(json.loads, answer.splitlines())
    assert (status, first["id"], third["id"]) == (200, "1", "2")
    assert (second["line"], second["status"], second["problem"]["code"]) == (2, 400, code)


@pytest.mark.parametrize("path", [DOCUMENTS, f"{DOCUMENTS}/1"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_another_site_changes_nothing(kind: str, path: str, shared: Server) -> None:
    """A browser sends these types without asking first."""
    method = "POST" if path == DOCUMENTS else "PUT"
    headers = {"Content-Type": kind} if kind else {}
    status, content, _ = Client(shared.port).send(method, path, line(1), headers)
    assert (status, content["code"]) == (415, "content-type-unsupported")


def test_a_stream_that_breaks_off_says_why(shared: Server) -> None:
    with stream(shared) as connection:
        connection.sendall(chunk(line(7777)) + b"no length\r\n")
        received = b""
        while piece := connection.recv(4096):
            received += piece
    assert b'"line":1,"id":"7777","status":201' in received
    assert b'"line":2,"id":null,"status":400' in received
    assert b'"code":"body-incomplete"' in received


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "search_service.cli", *arguments],
        env={**os.environ, "INDEX_DIR": str(folder)}, capture_output=True, text=True, check=False, cwd=folder.parent,
    )  # fmt: skip


def test_commands_get_the_index_from_a_service_that_writes_all_the_time(
    folder: Path, serving: Server, client: Client, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    source = tmp_path / "source.jsonl"
    source.write_bytes(b"".join(line(number, "من الملف") for number in range(5)))
    writers = [Writing(serving.port, f"w{n}", random.Random(n)) for n in range(2)]
    try:
        wait_for(lambda: sum(one.acknowledged for one in writers) > 20)
        commands: list[tuple[str, ...]] = [("index", "news", str(source)), ("reindex", "news", "--from-stored")]
        if pytestconfig.getoption("full"):
            for number in range(5):
                commands += [("backup", "news", str(tmp_path / f"backup{number}")), commands[1]]
        for command in commands:
            before = sum(one.acknowledged for one in writers)
            done = run(folder, *command)
            assert done.returncode == 0, (command, done.stdout, done.stderr)
            wait_for(lambda before=before: sum(one.acknowledged for one in writers) > before)  # type: ignore[misc]
    finally:
        for one in writers:
            one.stop()
    states = {name: allowed for one in writers for name, allowed in one.states.items()}
    now = {name: title_of(client, name) for name in states}
    assert {name: (title, states[name]) for name, title in now.items() if title not in states[name]} == {}
    assert title_of(client, "3") == "من الملف"


def test_a_full_disk_acknowledges_nothing(tmp_path: Path, analysis: Analysis) -> None:
    with small_disk(tmp_path / "disk") as disk:
        make_embedded_engine(disk / "indexes", analysis).indexes.create(NEWS, load_schema("news"))
        with writable(tmp_path, disk / "indexes") as serving:
            client = Client(serving.port)
            assert client.put("before", "قبل") == 201
            wait_for(lambda: client.found() == 1)
            ballast = leave_free(disk, 20_000)
            status = 200
            for number in range(100):
                title = "طويل " * 2_000
                status, content, _ = client.send(
                    "PUT", f"{DOCUMENTS}/{number}", json.dumps({"title": title}, ensure_ascii=False), JSON
                )
                if status != 201:
                    break
            assert (status, content["code"]) == (503, "disk-full")
            assert title_of(client, str(number)) is None
            assert client.found("قبل") == 1
            ballast.unlink()
            assert client.put("after", "بعد") == 201
            wait_for(lambda: client.found("بعد") == 1)
            wait_for(lambda: client.found() == number + 2)


def test_a_damaged_queue_is_named_and_searches_go_on(folder: Path, serving: Server, client: Client) -> None:
    assert client.put("1", "خبر") == 201
    wait_for(lambda: client.found() == 1)
    for pid in serving.workers():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not psutil.Process().children() or client.found() == 1)
    for name in (QUEUE, f"{QUEUE}-wal", f"{QUEUE}-shm"):
        with suppress(FileNotFoundError):
            (folder / "news" / name).write_bytes(b"not a database " * 1_000)
    status, content, _ = client.send("PUT", f"{DOCUMENTS}/2", '{"title": "x"}', JSON)
    assert (status, content["code"]) == (503, "index-damaged")
    assert QUEUE in content["detail"]
    assert client.found() == 1
    assert QUEUE in run(folder, "doctor", "news").stdout


def test_a_put_is_answered_with_its_entity_tag(shared: Server) -> None:
    status, _, fields = Client(shared.port).send("PUT", f"{DOCUMENTS}/a%2Fb", '{"title": "خبر"}', JSON)
    again = shared.get(f"{DOCUMENTS}/a%2Fb", f"If-None-Match: {fields['etag']}\r\n")
    assert (status // 100, again.status, again.body) == (2, 304, b"")
    assert again.fields["etag"] == fields["etag"]
