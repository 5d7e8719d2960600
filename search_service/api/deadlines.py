"""Starts the deadline of a request."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import flask

from search_service.core.deadline import deadline
from search_service.core.errors import InvalidParameter

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
    connection = flask.request.environ.get("gunicorn.socket")
    with deadline(longest if timeout_ms is None else timeout_ms / 1000, lambda: has_closed(connection)):
        yield


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
