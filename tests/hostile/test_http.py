"""Requests that break the rules of HTTP, slow clients, and long queries, against a real server."""

from __future__ import annotations

import gzip
import json
import re
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.hostile.raw_http import Server, index_examples, parse, server
from tests.servers import CONFIGURATION, free_port
from tests.waiting import wait_for

SEARCH = "/v1/indexes/news/search"
ANALYZE = "/v1/indexes/news/analyze"
AT_ONCE = 5.0
"""Seconds in which a busy machine answers what nothing holds up; a head may take 10 seconds to arrive."""
HOST = "Host: localhost\r\n"
WITH_80_FILES = (
    "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80)); from gunicorn.app.wsgiapp import run; run()"
)
"""gunicorn with a limit of open files that it cannot raise."""
SEGMENTS_RECEIVED = 152
"""Where the system's information about a connection has the number of segments with data (tcp_info of Linux)."""
CHUNKED = f"POST {ANALYZE} HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one worker over the example news; its worker must outlive the tests."""
    folder = tmp_path_factory.mktemp("http")
    environment = {"INDEX_DIR": str(index_examples(folder / "indexes"))}
    with server(folder, "--workers", "1", "--access-logfile", "-", environment=environment) as started:
        wait_for(started.workers)
        workers = started.workers()
        yield started
        assert started.workers() == workers
        assert "Traceback" not in started.log.read_text()


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"GET\r\n\r\n", 400, "request-line-invalid"),
        (b"0\r\n\r\n", 400, "request-line-invalid"),
        (b"\r\n\r\n", 400, "request-line-invalid"),
        (b"\r\n\r\n\r\n", 400, "request-line-invalid"),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400, "request-line-invalid"),
        (b"<script>alert(1)</script> / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request-line-invalid"),
        (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request-line-invalid"),
        (b"GET http://[/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request-line-invalid"),
        (b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505, "http-version-unsupported"),
        (b"GET / HTTP/<b>\r\nHost: x\r\n\r\n", 505, "http-version-unsupported"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "host-missing"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "header-invalid"),
        (b"GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, "header-invalid"),
        (b"GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400, "header-invalid"),
        (b"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400, "header-invalid"),
        (b'GET /opensearch.xml HTTP/1.1\r\nHost: a"<b>\r\n\r\n', 400, "header-invalid"),
        (b"GET / HTTP/1.0\r\nHost: user@evil.example/x\r\n\r\n", 400, "header-invalid"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "header-invalid"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n<b>: 1\r\n\r\n", 400, "header-invalid"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\n 2\r\n\r\n", 400, "header-invalid"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: \x1b[2J\r\n\r\n", 400, "header-invalid"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400, "header-invalid"),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
            "header-invalid",
        ),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: <b>\r\n\r\n", 501, "transfer-coding-unsupported"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nExpect: <b>\r\n\r\n", 417, "expectation-unsupported"),
        (b"GET /?q=" + b"a" * 8_190 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "request-line-too-long"),
        (b"GET /?q=" + b"a" * 50_000, 414, "request-line-too-long"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 8_190 + b"\r\n\r\n", 431, "head-too-large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: 1\r\n" * 70 + b"\r\n", 431, "head-too-large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: 1\r\n" * 100_000, 431, "head-too-large"),
        (CHUNKED.encode() + b"ZZ\r\n{}\r\n0\r\n\r\n", 400, "body-incomplete"),
        (CHUNKED.encode() + b"2\r\n{}<b>\r\n0\r\n\r\n", 400, "body-incomplete"),
        (CHUNKED.encode() + b"5\r\n{}", 400, "body-incomplete"),
        (CHUNKED.encode() + b"f4240\r\n" + b"a" * 1_000_000 + b"\r\n1\r\na\r\n0\r\n\r\n", 413, "body-too-large"),
        (f"POST {ANALYZE} HTTP/1.1\r\n{HOST}Content-Length: 1000001\r\n\r\n".encode(), 413, "body-too-large"),
    ],
    ids=lambda value: value[:60].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_what_breaks_the_rules_gets_a_problem_document(
    request_bytes: bytes, status: int, code: str, running: Server
) -> None:
    answer = running.send(request_bytes, end=True)
    assert (answer.status, answer.problem()["code"]) == (status, code)
    assert answer.fields["date"]
    assert not re.search(rb"<|gunicorn|Python", answer.body)


def test_1000_arabic_letters_fit_in_an_address(running: Server) -> None:
    answer = running.get(f"{SEARCH}?size=0&q={quote('كتاب ' * 80 + 'ب' * 600)}")
    assert answer.status == 200
    assert json.loads(answer.body)["total"] > 0
    problem = running.get(f"{SEARCH}?q={quote('ب' * 1_400)}").problem()
    assert "8,190 bytes" in problem["detail"]
    assert "POST" in problem["detail"]


def test_arabic_that_is_not_percent_encoded_is_understood(running: Server) -> None:
    """As `curl` sends it."""
    raw, encoded = running.get(f"{SEARCH}?q=كتب&size=0"), running.get(f"{SEARCH}?q={quote('كتب')}&size=0")
    assert json.loads(raw.body)["total"] == json.loads(encoded.body)["total"] > 0
    assert running.get("/?q=كتب").status == 200
    assert running.get("/كتب").status == 404
    other = running.send(f"GET {SEARCH}?q=كتب HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode("cp1256"))
    assert other.status == 200


def test_a_client_of_a_later_version_of_http_1_is_answered_in_ours(running: Server) -> None:
    received = running.exchange(f"GET /healthz HTTP/1.6\r\n{HOST}Connection: close\r\n\r\n".encode())
    assert received.startswith(b"HTTP/1.1 200 ")


def test_an_empty_line_may_precede_a_request(running: Server) -> None:
    last = f"GET /healthz HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode()
    assert parse(running.exchange(b"\r\n" + last)).status == 200


def test_a_connection_serves_several_requests(running: Server) -> None:
    ask = f"GET /healthz HTTP/1.1\r\n{HOST}\r\n".encode()
    last = f"GET /healthz HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode()
    chunked = f'{CHUNKED}b\r\n{{"text":"a"\r\n1\r\n}}\r\n0\r\n\r\n'.encode()
    received = running.exchange(ask + chunked + ask + last)
    assert len(re.findall(rb"HTTP/1.1 200 OK\r\n", received)) == 4


def test_an_answer_arrives_with_its_head(running: Server) -> None:
    with running.connect() as client:
        client.sendall(f"GET {SEARCH}?q=كتب&size=1 HTTP/1.1\r\n{HOST}\r\n".encode())
        received = client.recv(65_536)
        while len(received.partition(b"\r\n\r\n")[2]) < 1_000:
            received += client.recv(65_536)
        information = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, SEGMENTS_RECEIVED + 4)
    assert parse(received).status == 200
    assert struct.unpack_from("I", information, SEGMENTS_RECEIVED) == (1,), "a client waits twice"


def test_answers_and_files_are_compressed(running: Server) -> None:
    packed = running.get(f"{SEARCH}?q=كتب", "Accept-Encoding: gzip, deflate\r\n")
    assert (packed.fields["content-encoding"], packed.fields["vary"]) == ("gzip", "Accept-Encoding")
    assert json.loads(gzip.decompress(packed.body))["total"] > 0
    assert running.get(f"{SEARCH}?q=كتب").fields.get("content-encoding") is None
    assert running.get("/", "Accept-Encoding: gzip\r\n").fields["content-encoding"] == "gzip"
    style = running.get("/static/style.css", "Accept-Encoding: gzip\r\n")
    assert style.fields["content-encoding"] == "gzip"
    assert style.fields["etag"].startswith('W/"')
    for etag in (style.fields["etag"], running.get("/static/style.css").fields["etag"]):
        assert running.get("/static/style.css", f"Accept-Encoding: gzip\r\nIf-None-Match: {etag}\r\n").status == 304


def test_slow_and_idle_clients_do_not_stop_the_service(running: Server) -> None:
    """64 connections are idle, 20 send a byte of a head at a time, 20 of a body, 20 close late; all at once."""
    crowd = [running.connect() for _ in range(124)]
    heads, bodies, late = crowd[64:84], crowd[84:104], crowd[104:]
    for client in heads:
        client.sendall(b"G")
    for client in bodies:
        client.sendall(f"{CHUNKED}1\r\n".encode())
    for client in late:  # the server has answered and closed, the client has not
        client.sendall(b"nonsense\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 400")
    for piece in (b"E", b"T", b" "):
        for client in heads:
            client.sendall(piece)
        start = time.monotonic()
        assert running.get("/healthz").status == 200
        assert running.get(f"{SEARCH}?q=كتب").status == 200
        assert time.monotonic() - start < AT_ONCE
    for client in crowd:
        client.close()


def test_a_head_that_does_not_arrive_is_given_up(tmp_path: Path) -> None:
    options = ("--workers", "1", "--keep-alive", "1")
    with server(tmp_path, *options) as hasty, hasty.connect() as silent, hasty.connect() as slow:
        slow.sendall(b"GET / HT")
        received = b"".join(iter(lambda: slow.recv(65_536), b""))
        assert parse(received).problem()["code"] == "request-timeout"
        assert silent.recv(1) == b""


def test_a_worker_survives_more_connections_than_open_files(tmp_path: Path) -> None:
    """The worker takes as many as it can, and goes on when some of them close."""
    with server(tmp_path, "--workers", "1", program=("-c", WITH_80_FILES)) as limited:
        wait_for(limited.workers)
        workers = limited.workers()
        crowd = [limited.connect() for _ in range(150)]
        wait_for(lambda: "Too many open files" in limited.log.read_text())
        for client in crowd:
            client.close()
        assert limited.get("/healthz").status == 200
        assert limited.workers() == workers


def test_nothing_in_a_request_forges_a_line_of_the_log(running: Server) -> None:
    """Each line is one of the server's own: of its access log, or with a time, a process and a level."""
    forged = "[2030-01-01 00:00:00 +0000] [1] [ERROR] forged"
    for text in (
        f"\n{forged}",
        f"\r\n{forged}",
        f"\u2028{forged}",
        f"\x1b[2J{forged}",
        f"\u202e{forged}",
        f"\x85{forged}",
    ):
        value = quote(text)
        for path in (f"/{value}", f"/v1/indexes/{value}/search", f"/v1/indexes/news/documents/{value}", f"/?q={value}"):
            assert running.get(path, f"Referer: {value}\r\nUser-Agent: \x85{forged}\r\n").status in (200, 400, 404)
        assert running.get(f"{SEARCH}?{value}={value}").status == 400
        assert running.post(ANALYZE, json.dumps({text: text}).encode()).status == 400
    running.send(f"GET / HTTP/1.1\r\n{HOST}X: a\rb\r\n\r\n".encode())
    log = running.log.read_bytes().decode()
    own = re.compile(r'\S+ - - \[[^\]]+\] ".*|\[[-0-9 :+]+\] \[\d+\] \[[A-Z]+\] (?!forged).*|Search page: .*')
    for line in log.split("\n")[:-1]:
        assert own.fullmatch(line), line
        assert line.isprintable(), line


def test_tls_is_not_silently_left_out(tmp_path: Path) -> None:
    """The service speaks HTTP; a certificate in gunicorn's options would have no effect."""
    command = [sys.executable, "-m", "gunicorn", "--config", CONFIGURATION, "--bind", f"127.0.0.1:{free_port()}"]
    for name in ("certfile", "keyfile"):
        (tmp_path / name).touch()
        command += [f"--{name}", str(tmp_path / name)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, "TLS" in ended.stderr) == (1, True)


def test_a_stopping_server_does_not_wait_for_idle_clients(tmp_path: Path) -> None:
    """It would wait for 30 seconds, and `docker stop` would kill it."""
    with server(tmp_path, "--workers", "1") as stopping:
        idle = [stopping.connect() for _ in range(5)]
        idle[0].sendall(b"GET / HT")
        idle[1].sendall(f"GET /healthz HTTP/1.1\r\n{HOST}\r\n".encode())
        assert idle[1].recv(65_536)
        start = time.monotonic()
    assert time.monotonic() - start < 15
    for client in idle:
        client.close()
