"""The worker: gunicorn's worker with threads, in which only a complete head of a request gets a thread.

gunicorn 27 gives each new connection a thread, which waits five seconds for the first byte, then as long as it takes
for the rest of the head, and blocks the main loop for up to two seconds when it closes a connection. Some dozens of
slow clients stop such a server. Here the main loop reads heads and closes connections, without waiting for any client.
"""

from __future__ import annotations

import errno
import gc
import resource
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http import wsgi  # type: ignore[import-untyped]
from gunicorn.workers import gthread  # type: ignore[import-untyped]

from search_service.server.refusals import HEAD_TOO_LARGE, REQUEST_TIMEOUT, Refusal, refusal_of
from search_service.server.requests import SEND_SECONDS, Parser, TimedUnreader

LINGER_SECONDS = 2.0
"""How long a connection that is being closed waits for its client to close it too; without that, the client can lose
the end of the response (RFC 9112, section 9.6)."""

MAX_DISCARDED = 4_000_000
"""Bytes that are read and thrown away meanwhile: a client that sends a body of some megabytes can read that it is too
large. After gunicorn's 65,536 the connection is cut, which loses the answer."""

READ_SIZE = 16_384

MAX_HEAD_BYTES = 40_960
"""Bytes of the request line and all header fields: 8 KB and 32 KB, as nginx has it."""

PAUSE_SECONDS = 1.0
"""How long no connection is accepted after one could not be: trying again at once would use a core."""

OPEN_FILES = 4_096
"""The limit of open files that a worker asks for: connections, and the files of the indexes."""

SWITCH_SECONDS = 0.001
"""After which time a thread that computes lets another one go on. A change of a document waits for the disk ten times
and needs the interpreter for a moment after each. With Python's 5 ms, 200 changes a second raised the p99 of searches
1.6 to 1.7 times, with 1 ms 1.2 times (`benchmarks/writing.py`)."""

_MORE_FOLLOWS = getattr(socket, "MSG_MORE", 0)
"""Lets the system keep what is sent for what is sent next; not all systems can."""

_OUT_OF_FILES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Response(wsgi.Response):  # type: ignore[misc]
    """A response that does not name the server."""

    headers_sent: bool

    def default_headers(self) -> list[str]:
        """Return the headers that the application does not set."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]

    def send_headers(self) -> None:
        """Send the head, together with the beginning of a body of known length.

        A client then wakes up once and not twice. On busy cores (load 6 on two) a search with one hit took 1.9 to
        2.1 ms instead of 2.9 to 3.0 (p50 of 800 pairs).
        """
        if self.headers_sent or not self.response_length or self._omits_body:
            super().send_headers()
            return
        lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
        self.sock.sendall("".join(lines).encode("latin-1"), _MORE_FOLLOWS)
        self.headers_sent = True

    def should_close(self) -> bool:
        """Return whether the connection ends; it does after a body whose end is unknown."""
        return bool(super().should_close() or self.req.body.failed)


class Connection(gthread.TConn):  # type: ignore[misc]
    """A connection, with what has arrived of the head of its next request."""

    def __init__(self, *arguments: Any, linger: Callable[[Connection], None]) -> None:
        super().__init__(*arguments)
        self.parser = Parser(self.cfg, self.sock, self.client)
        self.initialized = True  # the parser is there, and TLS is the matter of the reverse proxy
        self.head = bytearray()
        self._linger = linger

    @property
    def unreader(self) -> TimedUnreader:
        """The bytes that the parser will read."""
        unreader: TimedUnreader = self.parser.unreader
        return unreader

    def receive(self) -> bool:
        """Read what is there without waiting; return False at the end of the stream or when the connection is lost."""
        self.head += self.unreader.take_buffered()
        while not self.has_head() and len(self.head) <= MAX_HEAD_BYTES:
            try:
                data = self.sock.recv(READ_SIZE)
            except BlockingIOError:
                break
            except OSError:  # of any kind: it concerns this connection only
                return False
            if not data:
                return False
            self.head += data
        return True

    def has_head(self) -> bool:
        """Return whether the head is complete, or so wrong that the parser refuses it without the rest."""
        head = self.head
        if b"\r\n\r\n" in head or head.count(b"\n") != head.count(b"\r\n"):
            return True  # one empty line may precede the request line, not two
        return len(head) > self.cfg.limit_request_line + 4 and head.find(b"\r\n", 2) < 0

    def hand_over(self) -> None:
        """Give the head to the parser; the time for the body starts."""
        self.unreader.unread(bytes(self.head))
        self.head.clear()
        self.unreader.begin()

    def close(self, graceful: bool = False) -> None:
        """Close the connection; a graceful end waits for the client, but not here."""
        if graceful:
            self._linger(self)
        else:
            super().close()


class Worker(gthread.ThreadWorker):  # type: ignore[misc]
    """Serves requests in threads; reads heads and closes connections in its main loop."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        # In the order of their deadlines: each kind has one duration, and a connection enters once.
        self._reading: dict[Connection, float] = {}
        self._lingering: dict[Connection, float] = {}
        self._accept_after = 0.0

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Refuse to serve without TLS what is configured with it.

        Raises:
            RuntimeError: a certificate is configured.
        """
        super().check_config(cfg, log)
        if cfg.is_ssl:
            raise RuntimeError("this worker does not speak TLS; leave it to a reverse proxy")

    def init_process(self) -> None:
        """Prepare the process and run the main loop until a signal ends it."""
        wsgi.Response = Response
        sys.setswitchinterval(SWITCH_SECONDS)
        _raise_limit_of_open_files()
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application, and leave its objects out of garbage collections: they live as long as the process.

        There are some 90,000. A full collection took 50 ms, and there was one for some 130 searches.
        """
        super().load_wsgi()
        gc.collect()
        gc.freeze()

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection; it gets a thread when the head of its request is there."""
        try:
            client_sock, address = listener.accept()
        except OSError as error:
            if error.errno in _OUT_OF_FILES:
                self.log.warning("Too many open files at %d connections", self.nr_conns)
                self._accept_after = time.monotonic() + PAUSE_SECONDS
                self.set_accept_enabled(False)
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, client_sock, address, listener.getsockname(), linger=self._linger))

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not; the main loop calls this with each turn."""
        super().set_accept_enabled(enabled and time.monotonic() >= self._accept_after)

    def enqueue_req(self, conn: Connection) -> None:
        """Hand a connection to a thread if it has sent the head of a request, else wait for more of it."""
        conn.sock.setblocking(False)
        self._reading[conn] = time.monotonic() + self._head_seconds()
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read_head, conn))
        self._read_head(conn)

    def _read_head(self, conn: Connection, _sock: object = None) -> None:
        """Read what has arrived of a head."""
        is_open = conn.receive()
        if conn.has_head():
            del self._reading[conn]
            self.poller.unregister(conn.sock)
            conn.hand_over()
            super().enqueue_req(conn)
        elif len(conn.head) > MAX_HEAD_BYTES:
            self._drop(conn, HEAD_TOO_LARGE)
        elif not is_open:
            self._drop(conn)

    def _drop(self, conn: Connection, refusal: Refusal | None = None) -> None:
        """Close a connection that has sent no complete head."""
        del self._reading[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        if refusal:
            _send(conn.sock, refusal)
        conn.close(graceful=refusal is not None)

    def murder_pending(self) -> None:
        """Close connections whose time is over; the main loop calls this every second or oftener."""
        now = time.monotonic()
        # A stopping worker does not wait for heads that are late.
        early = 0 if self.alive else max(0, self._head_seconds() - gthread.STOP_KEEPALIVE_LINGER)
        for conn in list(_overdue(self._reading, now + early)):
            self._drop(conn, REQUEST_TIMEOUT if conn.head else None)
        for conn in list(_overdue(self._lingering, now)):
            self._end(conn)

    def _head_seconds(self) -> float:
        return float(max(1, self.cfg.keepalive))  # 0 is to close a connection after its request, not before

    def handle_request(self, req: Any, conn: Connection) -> bool:
        """Run the application in a thread; return whether the connection stays open."""
        try:
            keep: bool = super().handle_request(req, conn)
        except TimeoutError as error:  # the client does not read; gunicorn would log a stack trace
            raise BrokenPipeError(errno.EPIPE, "The client did not read the response in time") from error
        except (Exception, SystemExit):
            raise
        except BaseException as error:  # a panic of tantivy; it would end the main loop, and the worker
            raise RuntimeError("The request ended with an error that is no Exception") from error
        return keep

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer a request that gunicorn refuses with a problem document."""
        refusal = refusal_of(exc)
        if refusal.is_fault:
            method, uri = getattr(req, "method", "-"), getattr(req, "uri", "-")
            self.log.error("%s %s failed", method, uri, exc_info=exc)
        else:
            # Not a warning: a stranger could fill the disk with them.
            self.log.info("Refused a request of %s: %s", addr[0] if addr else "-", exc)
        client.settimeout(SEND_SECONDS)
        _send(client, refusal)

    def _linger(self, conn: Connection) -> None:
        """Send the end of the stream, and wait in the main loop until the client does so too."""
        with suppress(OSError):
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            conn.discarded = 0
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._discard, conn))
            self._lingering[conn] = time.monotonic() + LINGER_SECONDS
            self.nr_conns += 1  # the caller has counted it as closed
            return
        conn.close()

    def _discard(self, conn: Connection, _sock: object = None) -> None:
        """Throw away what a client still sends."""
        data = b""
        with suppress(OSError):
            data = conn.sock.recv(READ_SIZE)
        conn.discarded += len(data)
        if not data or conn.discarded > MAX_DISCARDED:
            self._end(conn)

    def _end(self, conn: Connection) -> None:
        del self._lingering[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


def _overdue(deadlines: dict[Connection, float], now: float) -> Iterator[Connection]:
    """Yield the connections whose deadline is over."""
    for conn, deadline in deadlines.items():
        if deadline > now:
            return
        yield conn


def _send(sock: socket.socket, refusal: Refusal) -> None:
    """Send a refusal as far as the client takes it."""
    with suppress(OSError):
        sock.sendall(refusal.response())


def _raise_limit_of_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
