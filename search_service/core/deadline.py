"""The deadline of the request that is being answered.

A front end sets it for the current context (`deadline`), and the stages of a search check it (`check_deadline`), so
that the signatures between them need not carry it. Without a deadline, as on the command line, checks do nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from search_service.core.errors import ClientDisconnected, DeadlineExceeded


@dataclass(frozen=True, slots=True)
class _Deadline:
    end: float
    seconds: float
    client_has_gone: Callable[[], bool]


_current: ContextVar[_Deadline | None] = ContextVar("deadline", default=None)


def _never() -> bool:
    return False


@contextmanager
def deadline(seconds: float, client_has_gone: Callable[[], bool] = _never) -> Iterator[None]:
    """Set the deadline of the work in a block; within another deadline, it ends with that one at the latest.

    Args:
        seconds: time from now.
        client_has_gone: whether nobody waits for the response any more.
    """
    new, outer = _Deadline(time.monotonic() + seconds, seconds, client_has_gone), _current.get()
    if outer:
        new = replace(outer, end=new.end, seconds=seconds) if new.end < outer.end else outer
    token = _current.set(new)
    try:
        yield
    finally:
        _current.reset(token)


def check_deadline() -> None:
    """Do nothing while there is time.

    Raises:
        DeadlineExceeded: the deadline has passed.
        ClientDisconnected: the client has closed the connection.
    """
    current = _current.get()
    if current is None:
        return
    if time.monotonic() >= current.end:
        raise DeadlineExceeded("deadline-exceeded", seconds=current.seconds)
    if current.client_has_gone():
        raise ClientDisconnected("client-disconnected")


def seconds_left(limit: float) -> float:
    """Return the seconds until the deadline, `limit` if that is less or there is no deadline.

    >>> seconds_left(2.5)
    2.5

    Raises:
        DeadlineExceeded: the deadline has passed.
        ClientDisconnected: the client has closed the connection.
    """
    check_deadline()
    current = _current.get()
    return limit if current is None else max(0.001, min(limit, current.end - time.monotonic()))
