"""The file in which refused documents are noted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import orjson

from search_service.core.errors import InvalidParameter
from search_service.core.message import Message
from search_service.ingestion.sources.base import Reject


class RejectFile:
    """Notes refused documents, one JSON object a line: `source`, `line`, `code`, `params`, `reason` and the beginning.

    Args:
        path: made at the first reject; an old one is removed at once. Without a path they are only counted.
        describe: makes the sentence that is noted as `reason`.
    """

    def __init__(self, path: Path | None, describe: Callable[[Message], str] = str) -> None:
        self.path = path
        self._describe = describe
        self.count = 0
        self._stream: BinaryIO | None = None

    def __enter__(self) -> RejectFile:
        if self.path and self.path.is_file():  # not a device such as /dev/null
            self.path.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream:
            self._stream.close()

    @property
    def written(self) -> Path | None:
        """The file, if there is anything in it."""
        return self.path if self.count else None

    def add(self, reject: Reject) -> None:
        """Note a refused document."""
        self.count += 1
        if self.path is None:
            return
        if self._stream is None:
            self._stream = self.path.open("wb")
        origin = reject.origin
        entry = {
            "source": origin.path,
            "line": origin.line,
            "code": reject.reason.code,
            "params": reject.reason.params,
            "reason": self._describe(reject.reason),
            "raw": reject.raw,
        }
        self._stream.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))


def check_reject_file(path: Path) -> None:
    """Find out before the load, not at its first reject, that there is no place for the file.

    Raises:
        InvalidParameter: the file cannot be written.
    """
    if path.is_dir():
        raise InvalidParameter("reject_file", "path-is-a-folder", path=str(path))
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InvalidParameter("reject_file", "path-not-writable", path=str(path))
