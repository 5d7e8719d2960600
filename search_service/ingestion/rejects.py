"""The file of rejected documents."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import orjson

from search_service.core.errors import InvalidParameter
from search_service.core.files import naming
from search_service.core.message import Message
from search_service.ingestion.sources.base import Reject
from search_service.ingestion.tally import Tally


class RejectFile:
    """Writes rejected documents, one JSON object per line: `source`, `line`, `code`, `params`, `reason` and `raw`.

    Args:
        path: created at the first reject; an old file is removed at once. Without a path documents are only counted.
        describe: returns the sentence that is written as `reason`.

    Attributes:
        tally: counts the rejected documents by reason.
    """

    def __init__(self, path: Path | None, describe: Callable[[Message], str] = str) -> None:
        self.path = path
        self._describe = describe
        self.tally = Tally(describe)
        self._stream: BinaryIO | None = None

    def __enter__(self) -> RejectFile:
        if self.path and self.path.is_file():  # not a device such as /dev/null
            self.path.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream and self.path:
            with naming(self.path):
                self._stream.close()

    @property
    def count(self) -> int:
        """The number of rejected documents."""
        return self.tally.total

    @property
    def written(self) -> Path | None:
        """The file, if anything was written to it."""
        return self.path if self.count else None

    def add(self, reject: Reject) -> None:
        """Write a rejected document to the file."""
        self.tally.add(reject.origin, reject.reason)
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
        with naming(self.path):
            self._stream.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))


def check_reject_file(path: Path) -> None:
    """Check before a load that its reject file can be written, not at the first reject.

    Raises:
        InvalidParameter: the file cannot be written.
    """
    if path.is_dir():
        raise InvalidParameter("reject_file", "path-is-a-folder", path=str(path))
    device = path.exists() and not path.is_file()  # such as /dev/null, whose folder nobody else may write
    if not path.parent.is_dir() or not os.access(path if device else path.parent, os.W_OK):
        raise InvalidParameter("reject_file", "path-not-writable", path=str(path))
