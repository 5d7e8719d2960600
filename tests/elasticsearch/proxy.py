"""Stands between the service and Elasticsearch and does to requests what networks do: lose, delay and refuse them."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HANGING_SECONDS = 60.0


@dataclass
class Request:
    """A request as it came; each method does something with it."""

    method: str
    path: str
    body: bytes
    handler: Handler

    @property
    def is_bulk(self) -> bool:
        return "/_bulk" in self.path and ".notes" not in self.path

    def forward(self) -> tuple[int, bytes, str]:
        """Have Elasticsearch carry it out, and return its answer."""
        connection = http.client.HTTPConnection(self.handler.server.target, timeout=60)
        names = ("content-type", "accept")
        headers = {name: self.handler.headers[name] for name in names if self.handler.headers[name]}
        connection.request(self.method, self.path, self.body or None, headers)
        answer = connection.getresponse()
        result = (answer.status, answer.read(), answer.getheader("content-type") or "application/json")
        connection.close()
        return result

    def answer(self, status: int, content: bytes, kind: str = "application/json") -> None:
        """Send an answer."""
        self.handler.send_response(status)
        self.handler.send_header("content-type", kind)
        self.handler.send_header("x-elastic-product", "Elasticsearch")
        self.handler.send_header("content-length", str(len(content)))
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def pass_on(self) -> None:
        """Do what should be done."""
        self.answer(*self.forward())

    def pass_on_when(self, event: threading.Event) -> None:
        """Answer only after an event: until then the request hangs."""
        event.wait(HANGING_SECONDS)
        self.pass_on()

    def refuse(self, status: int, kind: str) -> None:
        """Answer with an error of Elasticsearch."""
        self.answer(status, json.dumps({"error": {"type": kind, "reason": "as the test wants it"}}).encode())

    def lose(self) -> None:
        """Cut the connection instead of answering."""
        self.handler.close_connection = True
        self.handler.connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the rule."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def handle_one_request(self) -> None:
        """Serve every method alike."""
        try:
            self.raw_requestline = self.rfile.readline(65_537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers["content-length"] or 0))
            self.server.rule(Request(self.command, self.path, body, self))
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Proxy(ThreadingHTTPServer):
    """Passes everything on until `rule` is something else."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = urlsplit(url).netloc
        self.rule: Callable[[Request], None] = Request.pass_on

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def proxy_of(url: str) -> Iterator[Proxy]:
    """Run a proxy of an Elasticsearch."""
    proxy = Proxy(url)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
