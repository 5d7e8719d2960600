"""Sends a streamed answer while the body of its request is still read.

Many clients send the whole body before they read anything of the answer. If the service waited for such a client to
read, and the client for the service to read, both would wait for ever. So as long as the body is not at its end, only
what the connection takes at once is sent; the rest is kept, first in memory, then in a temporary file.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

MEMORY_BYTES = 1_000_000
"""What is kept in memory of an answer that its client does not read."""

MAX_KEPT_BYTES = 100_000_000
"""What is kept at all: the results of a million lines. Beyond, the service waits for the client."""

PIECE_BYTES = 4_096
"""What is sent at once while the body is read: a connection that is ready takes that much, or it would not be ready."""

END_PIECE_BYTES = 65_536
"""What is sent at once when the body is at its end."""


def interleaved(lines: Iterator[bytes], connection: object) -> Iterator[bytes]:
    """Yield the pieces of an answer, each at a moment when the connection takes it.

    Args:
        lines: the answer; making the next line reads the body.
        connection: the socket; without one, every line is yielded at once.
    """
    if not isinstance(connection, socket.socket):
        yield from lines
        return
    with SpooledTemporaryFile(max_size=MEMORY_BYTES) as kept:
        sent = size = 0
        for line in lines:
            kept.seek(size)
            kept.write(line)
            size += len(line)
            while sent < size and (_takes_more(connection) or size - sent > MAX_KEPT_BYTES):
                kept.seek(sent)
                piece = kept.read(PIECE_BYTES)
                sent += len(piece)
                yield piece
            if sent == size:
                kept.seek(0)
                kept.truncate()
                sent = size = 0
        kept.seek(sent)
        while piece := kept.read(END_PIECE_BYTES):
            yield piece


def _takes_more(connection: socket.socket) -> bool:
    """Whether something can be sent without waiting; a lost connection counts, and the error comes when it is used."""
    writable = select.poll()
    try:
        writable.register(connection, select.POLLOUT)
        return bool(writable.poll(0))
    except (OSError, ValueError):
        return True
