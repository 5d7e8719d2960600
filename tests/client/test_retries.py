"""When a request is sent again: on real connections, to a server that answers as each test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from arabic_search_client import (
    AsyncClient,
    Client,
    ConnectionFailed,
    Overloaded,
    ProblemError,
    RateLimited,
    ServiceTimeout,
    Unavailable,
    UnexpectedAnswer,
    exchange,
)  # fmt: skip
from tests.event_loop import run_async

LOST = None
"""Instead of an answer: the connection is closed."""

Answer = tuple[int, Mapping[str, str], Any]
JOB = {"id": "1", "state": "queued"}


def refused(status: int, code: str, after: str = "0") -> Answer:
    return status, {"Retry-After": after} if after else {}, {"status": status, "code": code, "detail": "later"}


OVERLOADED = refused(503, "overloaded")
UNREACHABLE = refused(503, "engine-unreachable")
LIMITED = refused(429, "rate-limited")
DONE: Answer = (200, {}, {})


@dataclass
class Scripted:
    """A server with the answers that it gives, one after the other, and the requests that it got."""

    answers: list[Answer | None]
    got: list[tuple[str, str, bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def answering(*answers: Answer | None) -> Iterator[Scripted]:
    script = Scripted(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            script.got.append((self.command, self.headers["X-Request-ID"], body))
            answer = script.answers.pop(0)
            if answer is LOST:
                self.close_connection = True
                return
            status, headers, content = answer
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        script.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield script
        server.shutdown()


Operation = Callable[[Client], Any]
SAFE: Mapping[str, Operation] = {
    "search": lambda client: client.search("news", "خبر"),
    "put": lambda client: client.put_document("news", "1", {"title": "خبر"}),
    "delete": lambda client: client.delete_documents("news", filters={"category": "x"}),
    "bulk": lambda client: list(client.change_documents("news", [{"id": "1", "title": "خبر"}])),
}
ONCE: Mapping[str, Operation] = {
    "put with a condition": lambda client: client.put_document("news", "1", {"title": "خبر"}, if_none_match="*"),
    "patch": lambda client: client.patch_document("news", "1", {"title": "خبر"}),
    "job": lambda client: client.start_job("news", "reindex"),
}


def client_of(script: Scripted, retries: int = 3) -> Client:
    return Client(script.url, retries=retries, request_id=iter("abcdefgh").__next__)


@pytest.mark.parametrize("operation", SAFE.values(), ids=SAFE)
def test_what_can_be_repeated_is_sent_again(operation: Operation) -> None:
    lines = (200, {}, b"") if operation is SAFE["bulk"] else DONE
    with answering(OVERLOADED, UNREACHABLE, LOST, lines) as script, client_of(script) as client:
        operation(client)
    assert len(set(script.got)) == 1, "the same request each time, with the same id"
    assert len(script.got) == 4


@pytest.mark.parametrize("operation", ONCE.values(), ids=ONCE)
def test_another_change_is_sent_again_only_if_nothing_was_done(operation: Operation) -> None:
    with answering(OVERLOADED, LIMITED, DONE) as script, client_of(script) as client:
        operation(client)
    assert len(script.got) == 3
    for answer, error in ((UNREACHABLE, Unavailable), (LOST, ConnectionFailed)):
        with answering(answer) as script, client_of(script) as client, pytest.raises(error):
            operation(client)
        assert len(script.got) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(503, "overloaded", after="60"), Overloaded),
        (refused(503, "overloaded", after="Fri, 31 Dec 2100 23:59:59 GMT"), Overloaded),
        (refused(503, "index-damaged", after=""), Unavailable),
        (refused(504, "engine-timeout", after="5"), ProblemError),
        (refused(504, "deadline-exceeded", after="5"), ServiceTimeout),
        ((502, {}, b"<html>Bad Gateway"), ProblemError),
        ((200, {}, b"<html>Welcome to a proxy"), UnexpectedAnswer),
        ((302, {"Location": "https://elsewhere.example/"}, b""), UnexpectedAnswer),
    ],
    ids=["long", "date", "lasting", "timeout", "deadline", "proxy", "page", "elsewhere"],
)
def test_what_would_not_help_soon_is_an_error_at_once(answer: Answer, error: type[Exception]) -> None:
    with answering(answer) as script, client_of(script) as client, pytest.raises(error):
        client.search("news", "خبر")
    assert len(script.got) == 1


def test_work_that_took_too_long_says_when_to_try_again() -> None:
    with answering(refused(504, "deadline-exceeded", after="5")) as script, client_of(script) as client:
        with pytest.raises(ServiceTimeout) as caught:
            client.search("news", "خبر")
        assert caught.value.retry_after == 5


def test_retries_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "BACK_OFF_SECONDS", 0.001)
    with answering(*[LIMITED] * 3) as script, client_of(script, 2) as client, pytest.raises(RateLimited) as caught:
        client.search("news", "خبر")
    assert (len(script.got), caught.value.retry_after, caught.value.detail) == (3, 0, "later")
    with answering(*[LOST] * 3) as script, client_of(script, 2) as client, pytest.raises(ConnectionFailed):
        client.search("news", "خبر")
    assert len(script.got) == 3


def test_the_client_for_asyncio_does_the_same() -> None:
    async def search(url: str) -> None:
        async with AsyncClient(url, request_id=lambda: "a") as client:
            await client.search("news", "خبر")

    with answering(OVERLOADED, LOST, DONE) as script:
        run_async(search(script.url))
    assert len(script.got) == 3
    assert len(set(script.got)) == 1
