"""A real server under gunicorn, and a client that sends bytes as they are and is strict about answers."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.ingestion.validation import DocumentChecker
from tests.servers import CONFIGURATION, free_port, serving
from tests.shared_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "news.jsonl"
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d) [\x20-\x7e]+")
FIELD = re.compile(rb"([A-Za-z0-9-]+): ([\x20-\x7e]*)")
SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """One response."""

    status: int
    fields: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.fields.get("content-type", "").partition(";")[0]

    def problem(self) -> Any:
        """Return the problem document that this is; fail if it is none."""
        assert self.kind == "application/problem+json", self
        content = json.loads(self.body)
        assert content["type"] == f"/problems/{content['code']}"
        assert content["status"] == self.status
        assert content["title"]
        assert content["detail"]
        assert (self.fields["x-content-type-options"], self.fields["cache-control"]) == ("nosniff", "no-store")
        return content


def parse(data: bytes, method: str = "GET") -> Answer:
    """Return the only response in these bytes; fail if they are not a valid one."""
    [answer] = parse_all(data, method)
    return answer


def parse_all(data: bytes, method: str = "GET") -> Iterator[Answer]:
    """Yield the responses in these bytes; fail if they are not valid."""
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, head[:500]
        status_line, *lines = head.split(b"\r\n")
        status = STATUS_LINE.fullmatch(status_line)
        assert status, status_line
        fields = _fields(lines)
        length = 0 if method == "HEAD" or status[1] in (b"100", b"204", b"304") else int(fields["content-length"])
        assert len(data) >= length, (fields, data[:500])
        yield Answer(int(status[1]), fields, data[:length])
        data = data[length:]


def _fields(lines: Iterable[bytes]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        field = FIELD.fullmatch(line)
        assert field, line
        name = field[1].decode().lower()
        assert name not in fields, name
        fields[name] = field[2].decode()
    assert "server" not in fields
    return fields


def command_of(process: psutil.Process) -> str:
    """Return the command of a process; empty if it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    log: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def exchange(self, data: bytes, end: bool = False) -> bytes:
        """Send bytes, and perhaps the end of the stream; return what comes back until the server ends it.

        A server may take the end of the stream for the end of the client's interest.
        """
        with self.connect() as client:
            received = bytearray()
            with suppress(ConnectionError):
                client.sendall(data)
                if end:
                    client.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while piece := client.recv(65_536):
                    received += piece
            return bytes(received)

    def send(self, data: bytes, end: bool = False) -> Answer:
        """Send one raw request; return its answer."""
        return parse(self.exchange(data, end))

    def get(self, target: str, fields: str = "") -> Answer:
        """Send a GET request to a target that is written as it is."""
        return self.send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}\r\n".encode())

    def post(self, path: str, body: bytes, fields: str = "") -> Answer:
        """Send a POST request with a body and its length."""
        fields = f"Connection: close\r\nContent-Length: {len(body)}\r\n{fields}"
        return self.send(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode() + body)

    def workers(self) -> set[int]:
        """Return the process ids of the workers."""
        [arbiter] = [one for one in psutil.Process().children() if f"127.0.0.1:{self.port}" in command_of(one)]
        return {process.pid for process in arbiter.children()}


def index_examples(folder: Path) -> Path:
    """Index the example news as `news`; return the folder of indexes."""
    schema = load_schema("news")
    checker = DocumentChecker(schema)
    with make_engine(Settings(index_dir=folder)).indexes.rebuild(IndexName("news"), schema) as writer:
        for line in EXAMPLES.read_bytes().splitlines():
            writer.upsert(checker.check(orjson.loads(line)))
    return folder


@contextmanager
def server(
    folder: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    program: Sequence[str] = ("-m", "gunicorn"),
) -> Iterator[Server]:
    """Serve with the configuration of `arabic-search serve` and these options of gunicorn, in a folder."""
    port = free_port()
    command = [sys.executable, *program, "--config", CONFIGURATION, "--bind", f"127.0.0.1:{port}", *options]
    python_path = {"PYTHONPATH": str(REPOSITORY)}
    with serving(command, port, folder, {**python_path, **(environment or {})}) as log:
        yield Server(port, log)
