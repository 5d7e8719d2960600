"""Header fields that every request and answer may have: the id of a request, and where its time went.

`X-Request-ID` is what a client or a proxy calls a request; without one, the service makes it. It is in the answer, and
in each line of the log about the request, so that both sides can find the other's.
"""

from __future__ import annotations

import re
import secrets
import time

from flask import Flask, Response, g, request

from search_service.core.logs import set_request_id
from search_service.core.timings import Timings, end_timings, start_timings

REQUEST_ID = "X-Request-ID"

FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~+/=:@-]{0,127}")
"""What is taken over: what proxies and tracing systems make. Anything else is replaced, so that nobody writes other
things into the log."""

ID_BYTES = 16


def register(app: Flask) -> None:
    """Add the header fields to every answer of an application; call it before others add checks."""

    @app.before_request
    def begin() -> None:
        g.timings = start_timings()
        given = request.headers.get(REQUEST_ID, "")
        g.request_id = given if FORM.fullmatch(given) else secrets.token_hex(ID_BYTES)
        set_request_id(g.request_id)

    @app.after_request
    def add(response: Response) -> Response:
        if "request_id" in g:
            response.headers[REQUEST_ID] = g.request_id
            response.headers["Server-Timing"] = server_timing(g.timings)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        end_timings()
        set_request_id("")


def server_timing(timings: Timings) -> str:
    """Return the header field `Server-Timing`, in milliseconds.

    >>> server_timing(Timings(time.perf_counter() - 0.5, {"engine": 0.25})).split(".")[0]
    'engine;dur=250'
    """
    total = time.perf_counter() - timings.start
    parts = {**timings.parts, "service": total - sum(timings.parts.values())}
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in parts.items())
