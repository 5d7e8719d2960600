"""Starts the deadline of a request."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import flask

from search_service.core.deadline import deadline
from search_service.core.errors import InvalidParameter

LOOK_SECONDS = 0.01
"""Time between two looks at a connection. A search of less than this is not worth ending early."""

REQUEST_SECONDS = "REQUEST_SECONDS"
"""The key of the application's configuration with the longest time of a request, in seconds."""


@contextmanager
def request_deadline(timeout_ms: int | None = None) -> Iterator[None]:
    """Set the deadline of the current request: what it asks for, or the longest time.

    Raises:
        InvalidParameter: the request asks for more than the longest time.
    """
    longest: float = flask.current_app.config[REQUEST_SECONDS]
    if timeout_ms is not None and timeout_ms > longest * 1000:
        raise InvalidParameter("timeout_ms", "out-of-range", value=timeout_ms, low=1, high=int(longest * 1000))
    watch = ConnectionWatch(flask.request.environ.get("gunicorn.socket"))
    with deadline(longest if timeout_ms is None else timeout_ms / 1000, watch.has_closed):
        yield


class ConnectionWatch:
    """Looks at a connection, once in a while: a search asks some twenty times, and each look is a system call."""

    def __init__(self, connection: object) -> None:
        self._connection = connection
        self._next_look = 0.0  # at once: the client may have gone while the request waited in the queue

    def has_closed(self) -> bool:
        """Whether the other end has closed the connection, at the latest look."""
        now = time.monotonic()
        if now < self._next_look:
            return False
        self._next_look = now + LOOK_SECONDS
        return has_closed(self._connection)


def has_closed(connection: object) -> bool:
    """Whether the other end has closed a connection; False if that cannot be known, as with TLS."""
    if type(connection) is not socket.socket:
        return False
    # Asked first, because `recv` of a socket with a time limit, as the worker sets it, waits even with MSG_DONTWAIT.
    readable = select.poll()
    try:
        readable.register(connection, select.POLLIN)
        return bool(readable.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True
