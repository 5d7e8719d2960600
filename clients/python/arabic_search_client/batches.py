"""Cuts changes of any number into requests of bounded size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arabic_search_client.calls import json_bytes

Change = Mapping[str, Any] | str | bytes
"""A document, `{"upsert": DOCUMENT}` or `{"delete": ID}`; or a line of JSON that is one of these."""

BATCH_LINES = 5_000
"""Lines of a request. The service makes changes durable in batches of its own, which are smaller."""

BATCH_BYTES = 4_000_000
"""Bytes of a request, unless one document alone has more. A batch is kept in memory to be sent again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lines, and how many came before them."""

    lines: bytes
    before: int


class Batcher:
    """Collects lines and returns them in batches."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._size = 0
        self._before = 0

    def add(self, change: Change) -> Batch | None:
        """Add a change; return the batch before it if that is complete."""
        line = _line(change)
        is_full = len(self._lines) == BATCH_LINES or self._size + len(line) > BATCH_BYTES
        batch = self.take() if is_full else None
        self._lines.append(line)
        self._size += len(line) + 1
        return batch

    def take(self) -> Batch | None:
        """Return what has been collected; None if there is nothing."""
        if not self._lines:
            return None
        batch = Batch(b"\n".join(self._lines), self._before)
        self._before += len(self._lines)
        self._lines, self._size = [], 0
        return batch


def _line(change: Change) -> bytes:
    r"""Return a change as a line.

    Raises:
        ValueError: it is several lines, or none.

    >>> _line({"delete": "1"}), _line('{"id": "2", "title": "خبر"}\n') == _line({"id": "2", "title": "خبر"})
    (b'{"delete":"1"}', False)
    """
    if isinstance(change, Mapping):
        return json_bytes(change)
    line = (change.encode("utf-8", "surrogatepass") if isinstance(change, str) else change).strip()
    if not line or b"\n" in line:
        raise ValueError(f"a change is one line of JSON, not {change[:40]!r}")
    return line
