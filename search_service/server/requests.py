"""Reads requests from a connection: gunicorn's parser, with deadlines and some more rules."""

from __future__ import annotations

import errno
import re
import select
import socket
import time
from typing import Any

from gunicorn.http.body import Body, ChunkedReader  # type: ignore[import-untyped]
from gunicorn.http.errors import InvalidHeader, ParseException  # type: ignore[import-untyped]
from gunicorn.http.message import Request  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]

BODY_SECONDS = 30.0
"""The longest time that a body may take to arrive: 1 MB at 0.3 Mbit/s. A client that sends a byte a second holds its
thread no longer than this."""

SEND_SECONDS = 30.0
"""The longest time that a part of a response may take to be sent."""

READ_AHEAD = 1 << 18
"""Bytes of a stream that are read at once, at most."""

_HOST = re.compile(r"([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")
"""A name or address and a port. Of anything else, addresses in answers would have no host, or a part of another one."""

MAX_PORT = 65_535

_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class HostMissing(InvalidHeader):  # type: ignore[misc]
    """A request of HTTP/1.1 has no `Host` (RFC 9112, section 3.2)."""


class BodyUnreadable(OSError):
    """The body breaks the rules of its framing. As an `OSError`, the application handles it like a lost connection."""


class ServiceRequest(Request):  # type: ignore[misc]
    """A request with `Host`, whose target may contain raw bytes."""

    body: Any
    version: tuple[int, int]

    def parse_request_line(self, line_bytes: bytes) -> None:
        """Parse the request line; percent-encode what `curl http://…/?q=كتب` sends raw, as browsers do.

        A client of a later HTTP/1.x is answered as one of HTTP/1.1 (RFC 9110, 2.5); gunicorn would echo the version.
        """
        super().parse_request_line(_NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line_bytes))
        self.version = min(self.version, (1, 1))

    def set_body_reader(self) -> None:
        """Choose the reader of the body.

        Raises:
            HostMissing: the request is of HTTP/1.1 and names no host.
            InvalidHeader: it names several, or something that is no host.
        """
        super().set_body_reader()
        hosts = [value for name, value in self.headers if name == "HOST"]
        if self.version >= (1, 1) and not hosts:
            raise HostMissing("HOST", req=self)
        if len(hosts) > 1 or not all(map(_is_host, hosts)):
            raise InvalidHeader("HOST", req=self)
        self.body = StreamedBody(_FramedReader(self.body.reader), self.unreader)


def _is_host(text: str) -> bool:
    found = _HOST.fullmatch(text)
    return found is not None and int(found[2] or 0) <= MAX_PORT


class StreamedBody(Body):  # type: ignore[misc]
    """A body that can also be read as it arrives.

    gunicorn's own methods wait until they have as much as they were asked for. A client that sends a line and waits for
    the answer to it would wait for ever.
    """

    def __init__(self, reader: _FramedReader, unreader: TimedUnreader) -> None:
        super().__init__(reader)
        self._unreader = unreader

    def read1(self) -> bytes:
        """Wait for a part of the body and return what there is of it; nothing at its end.

        Raises:
            BodyUnreadable: the connection was lost, or the framing is invalid.
            TimeoutError: nothing arrived in time.
        """
        try:
            return self.reader.read1()  # type: ignore[no-any-return]
        except Exception:
            self.failed = True
            raise

    def is_ready(self) -> bool:
        """Whether more has arrived."""
        return self._unreader.is_ready()

    def restart_time(self) -> None:
        """Let the time for the rest of the body begin now: a reader that waited for something else has used it up."""
        self._unreader.begin()


class _FramedReader:
    """Reads a body; turns gunicorn's errors of the framing into `BodyUnreadable`."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def read1(self) -> bytes:
        """Return what there is, at least a byte; nothing at the end."""
        reader = self._reader
        try:
            if isinstance(reader, ChunkedReader):
                return next((data for data in reader.parser if data), b"")
            if not reader.length:
                return b""
            data: bytes = reader.unreader.read(None, read_ahead=min(reader.length, READ_AHEAD))
        except ParseException as error:
            raise BodyUnreadable(str(error)) from error
        if not data:
            raise BodyUnreadable("The connection was lost before the end of the body")
        taken, rest = data[: reader.length], data[reader.length :]
        if rest:
            reader.unreader.unread(rest)
        reader.length -= len(taken)
        return taken

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none at the end."""
        try:
            data: bytes = self._reader.read(size)
        except ParseException as error:
            raise BodyUnreadable(str(error)) from error
        return data


class TimedUnreader(SocketUnreader):  # type: ignore[misc]
    """Reads from a socket until a deadline, however slowly bytes arrive."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.deadline = float("inf")

    def begin(self) -> None:
        """Start the time for the next body."""
        self.deadline = time.monotonic() + BODY_SECONDS
        self.sock.settimeout(SEND_SECONDS)

    def is_ready(self) -> bool:
        """Whether something can be read without waiting."""
        if self.buf.tell() or self.buf.getbuffer().nbytes:
            return True
        readable = select.poll()
        readable.register(self.sock, select.POLLIN)
        return bool(readable.poll(0))

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return the next bytes.

        Raises:
            TimeoutError: the deadline is over.
        """
        former = self.sock.gettimeout()
        remaining = self.deadline - time.monotonic()
        try:
            if remaining <= 0:
                raise TimeoutError
            self.sock.settimeout(remaining if former is None else min(former, remaining))
            data: bytes = super().chunk(size_hint)
        except TimeoutError as error:
            # With the number of a lost connection, for which gunicorn logs no stack trace.
            raise TimeoutError(errno.EPIPE, "The request did not arrive in time") from error
        finally:
            self.sock.settimeout(former)
        return data


class Parser(RequestParser):  # type: ignore[misc]
    """Yields the requests of a connection."""

    mesg_class = ServiceRequest

    def __init__(self, cfg: Any, sock: socket.socket, client: Any) -> None:
        super().__init__(cfg, sock, client)
        self.unreader = TimedUnreader(sock)
