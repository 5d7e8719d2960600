"""Escapes what is logged, so that no request can forge a line of the log or control a terminal that shows it."""

from __future__ import annotations

import logging
from contextvars import ContextVar

MAX_LENGTH = 4_000
"""Characters of a message. A request line has up to 8,190 bytes; more of it helps nobody."""

MARGIN = "    "
"""Begins each line of a stack trace, whose text can contain anything: no line of it looks like one of the log's own."""


_request_id: ContextVar[str] = ContextVar("request_id", default="")


def set_request_id(request_id: str) -> None:
    """Set what the lines of the log about the current request end with; empty for nothing."""
    _request_id.set(request_id)


def escape(text: str) -> str:
    r"""Return a text with everything that is not printable escaped: line breaks, terminal escapes, bidi controls.

    >>> print(escape("GET /a\nERROR forged \x1b[2J \u202eكتب"))
    GET /a\nERROR forged \x1b[2J \u202eكتب
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


class EscapeFilter(logging.Filter):
    """Escapes messages and stack traces before a handler formats them, and adds the id of the current request.

    It rejects nothing.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Escape a record; return True."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # the arguments do not fit the message, which is no reason to lose it
            message = f"{record.msg!r} {record.args!r}"
        if len(message) > MAX_LENGTH:
            message = f"{message[:MAX_LENGTH]}… ({len(message)} characters)"
        request_id = _request_id.get()
        suffix = f" [request {request_id}]"
        if request_id and not message.endswith(suffix):  # a record may pass several handlers
            message += suffix
        record.msg, record.args = escape(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _block(logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = _block(record.stack_info)
        return True


def _block(text: str) -> str:
    return "\n".join(MARGIN + escape(line) for line in text.split("\n"))
