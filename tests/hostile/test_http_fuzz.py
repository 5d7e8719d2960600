"""Random hostile requests against a real server: no failure, no death of a worker, no markup, valid answers only."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_from_bytes

import pytest

from tests.hostile.raw_http import Server, index_examples, parse_all, server
from tests.rotation import Rotation
from tests.waiting import wait_for

MARK = "<zq onload=1>"
"""Markup that no answer may contain as such."""

ROUTES = (
    "/", "/documents/{}", "/static/{}", "/v1/indexes/{}/search", "/v1/indexes/news/search",
    "/v1/indexes/news/facets/{}", "/v1/indexes/news/suggest", "/v1/indexes/news/similar/{}",
    "/v1/indexes/news/explain/{}", "/v1/indexes/news/documents/{}", "/v1/indexes", "/healthz", "/readyz", "/{}",
    "/openapi.json", "/docs", "/problems/{}", "/problems/out-of-range",
)  # fmt: skip
POSTS = ("search", "highlight", "analyze", "suggest", "documents/x")
NAMES = (
    "q", "page", "offset", "size", "sort", "facets", "facet_size", "fields", "highlight", "source", "histogram",
    "date_from", "date_to", "filter.category", "filter.{}", "range.date", "range.{}", "understanding", "index",
    "contains", "advanced", "text", "analyzer", "filters", "ranges", "{}",
)  # fmt: skip
VALUES: tuple[str | bytes, ...] = (
    "", "0", "-1", "1", "9" * 30, "1e9", "NaN", "true", "null", "كتب", "«معرض الكتاب»", '"', "'", "\\", "*", "..",
    "2024..", "..2024", "2024-02-30", "relevance", "-date", "title,text", ",", MARK, f"\"'>{MARK}", "{{7*7}}",
    "-", "-كتب", "كت*", '"كتب معرض"~9', "عنوان:كتب OR",
    "${7*7}", "%s%n", "../../etc/passwd", "/etc/passwd", "\0", "a\0b", "\n", "\r\nX-Injected: 1", "\x1b[2J", "\u202e",
    "\u2028", "\ud7ff", "\U0010ffff", "ا" * 300, "a" * 2_500, "ـ" * 200, "َ" * 200, "ب " * 120, b"\xff",
    b"\xed\xa0\x80", b"\xc0\xaf", b"\xf8\x88",
)  # fmt: skip
FIELDS = (
    "", "Accept: text/html\r\n", "Accept: application/json\r\n", f"Referer: {MARK}\r\n", "Accept-Language: ar\r\n",
    "If-None-Match: *\r\n",
)  # fmt: skip
PIECES = (
    b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"\t", b"%", b"%00", b"%zz", b"\xff", b"HTTP/1.1", b"HTTP/0.9",
    b"Host: a\r\n", b"Content-Length: 5\r\n", b"Content-Length: x\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"Connection: upgrade\r\nUpgrade: h2c\r\n",
    b"Range: bytes=0-\r\n", b"Accept-Encoding: gzip\r\n", b"X-Forwarded-Proto: https\r\n", b"SCRIPT_NAME: /x\r\n",
    b"0\r\n\r\n", b"5\r\nhello\r\n", b"a" * 9_000, MARK.encode(), b"#", b"?",
)  # fmt: skip

ANALYZE = b"/v1/indexes/news/analyze"
BODY = b'{"text": "a"}'


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose worker must outlive the tests."""
    folder = tmp_path_factory.mktemp("fuzz")
    with server(folder, "--workers", "1", environment={"INDEX_DIR": str(index_examples(folder / "data"))}) as started:
        wait_for(started.workers)
        workers = started.workers()
        yield started
        assert started.get("/v1/indexes/news/search?q=كتب").status == 200
        assert started.workers() == workers
        assert "Traceback" not in started.log.read_text()


@pytest.fixture
def rounds(rotation: Rotation) -> int:
    return rotation.amount(1_000, whole=10_000)


def escaped(value: str | bytes) -> str:
    return quote_from_bytes(value, "") if isinstance(value, bytes) else quote(value, "")


def target(dice: random.Random) -> str:
    """Return a path with parameters, percent-encoded."""
    path = dice.choice(ROUTES).format(escaped(dice.choice(VALUES)))
    pairs = []
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        name = dice.choice(NAMES).format(escaped(dice.choice(VALUES)))
        pairs.append(f"{name}={escaped(dice.choice(VALUES))}")
    return f"{path}?{'&'.join(pairs)}" if pairs else path


def json_value(dice: random.Random, depth: int = 0) -> object:
    kind = dice.randrange(7 if depth < 3 else 5)
    if kind == 5:
        return [json_value(dice, depth + 1) for _ in range(dice.randrange(3))]
    if kind == 6:
        return {text(dice): json_value(dice, depth + 1) for _ in range(dice.randrange(3))}
    return (text(dice), dice.randrange(-10, 10**12), dice.random() * 10**6, None, dice.random() < 0.5)[kind]


def text(dice: random.Random) -> str:
    value = dice.choice(VALUES)
    return value.decode("latin-1") if isinstance(value, bytes) else value


def check(server: Server, data: bytes, method: str = "GET", end: bool = False) -> None:
    """Send a request; fail unless the answer is a valid one that is not the service's fault."""
    received = server.exchange(data, end)
    try:
        assert received or data.count(b"\r\n\r\n") == 0  # a head without an end gets no answer
        for answer in parse_all(received, method):
            assert answer.status != 500
            assert answer.status < 500 or answer.status in (501, 505)
            assert "x-injected" not in answer.fields
            if answer.kind == "text/html":
                assert MARK.encode() not in answer.body
            elif answer.status >= 400 and method != "HEAD":
                answer.problem()
    except (AssertionError, ValueError, KeyError) as error:
        raise AssertionError(f"{error}\n--- sent\n{data[:3000]!r}\n--- received\n{received[:3000]!r}") from error


def run(rotation: Rotation, name: str, rounds: int, one: Callable[[random.Random], None]) -> None:
    dice = rotation.dice(name)
    for _ in range(rounds):
        one(dice)


def test_hostile_parameters_on_every_route(running: Server, rotation: Rotation, rounds: int) -> None:
    def one(dice: random.Random) -> None:
        method = dice.choice(("GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "DELETE", "PUT"))
        fields = dice.choice(FIELDS)
        head = f"{method} {target(dice)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}\r\n"
        check(running, head.encode(), method)

    run(rotation, "parameters", rounds, one)


def test_hostile_bodies(running: Server, rotation: Rotation, rounds: int) -> None:
    def one(dice: random.Random) -> None:
        names = [name.format(text(dice)) for name in dice.sample(NAMES, dice.randrange(1, 4))]
        body = json.dumps({name: json_value(dice) for name in names}, ensure_ascii=dice.random() < 0.5).encode()
        if dice.random() < 0.3:
            body = mutated(dice, body)
        head = f"POST /v1/indexes/news/{dice.choice(POSTS)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        in_chunks = dice.random() < 0.3
        framing = "Transfer-Encoding: chunked\r\n" if in_chunks else f"Content-Length: {len(body)}\r\n"
        sent = chunked(dice, body) if in_chunks else body
        check(running, f"{head}{framing}\r\n".encode() + sent, end=in_chunks)  # some lack a last chunk

    run(rotation, "bodies", rounds, one)


def chunked(dice: random.Random, body: bytes) -> bytes:
    chunks = []
    while body:
        size = dice.randrange(1, len(body) + 1)
        chunks.append(b"%x\r\n%s\r\n" % (size, body[:size]))
        body = body[size:]
    sent = b"".join([*chunks, b"0\r\n\r\n"])
    return mutated(dice, sent) if dice.random() < 0.2 else sent


def mutated(dice: random.Random, data: bytes) -> bytes:
    """Return bytes with some replaced, removed or inserted."""
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 4)):
        start = dice.randrange(len(changed) + 1)
        end = start + dice.choice((0, 0, 1, 2, 5))
        changed[start:end] = dice.choice((b"", bytes([dice.randrange(256)]), dice.choice(PIECES)))
    return bytes(changed)


def test_broken_requests(running: Server, rotation: Rotation, rounds: int) -> None:
    def one(dice: random.Random) -> None:
        valid = dice.choice((
            f"GET {target(dice)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode(),
            b"POST " + ANALYZE + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 13\r\nConnection: close\r\n\r\n" + BODY,
        ))  # fmt: skip
        check(running, mutated(dice, valid), end=True)

    run(rotation, "broken", rounds, one)
