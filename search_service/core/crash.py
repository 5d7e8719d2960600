"""Reports errors that nobody foresaw: one line for the reader, and the traceback in a file for whoever repairs it."""

from __future__ import annotations

import sys
import tempfile
import traceback
from contextlib import suppress

from search_service.core.logs import escape

UNEXPECTED = 70
"""The exit status of a bug: EX_SOFTWARE of sysexits.h. 1, with which Python ends, is that of rejected documents."""

MAX_TEXT = 500
"""Characters of an error's text in the line; the file has all of it."""


def report_crash(error: BaseException) -> None:
    """Print a line about an unexpected error to standard error; write its traceback to a file in the temporary folder.

    If the file cannot be written, the traceback follows the line.
    """
    text = escape(" ".join(str(error).split()))[:MAX_TEXT]
    line = f"Error: unexpected {type(error).__name__}: {text}" if text else f"Error: unexpected {type(error).__name__}"
    details = f"{sys.argv}\n{''.join(traceback.format_exception(error))}"
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", prefix="arabic-search-", suffix=".log", delete=False
        ) as file:
            file.write(details)
        line += f" (details: {file.name})"
    except OSError:
        line += f"\n{details}"
    with suppress(OSError, ValueError):  # nobody reads it
        print("\n".join([line, *getattr(error, "__notes__", ())]), file=sys.stderr, flush=True)
