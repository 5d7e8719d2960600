"""Counts messages by what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from search_service.core.message import Message, message
from search_service.ingestion.sources.base import Origin

SHOWN_REASONS = 3
"""Different reasons of which a load shows an example and the number: most loads that go wrong have one or two."""


@dataclass(slots=True)
class Reason:
    """Messages that say the same: of the same code, about the same field.

    Attributes:
        origin: where the first of them is.
        first: the first of them.
        text: its sentence.
        count: how many there are.
    """

    origin: Origin
    first: Message
    text: str
    count: int = 0

    @property
    def message(self) -> Message:
        """The number, the sentence and the place of the first in one message."""
        origin = self.origin
        return message("counted-reason", count=self.count, reason=self.first, source=origin.path, line=origin.line)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "count": self.count,
            "code": self.first.code,
            "reason": self.text,
            "source": self.origin.path,
            "line": self.origin.line,
        }


class Tally:
    """Counts messages, and keeps the first of each of the first `SHOWN_REASONS` reasons.

    Args:
        describe: returns the sentence of a message.

    Attributes:
        total: all messages.
    """

    def __init__(self, describe: Callable[[Message], str] = str) -> None:
        self._describe = describe
        self._reasons: dict[tuple[str, object], Reason] = {}
        self.total = 0

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The first different reasons, in the order of their first messages."""
        return tuple(self._reasons.values())

    def add(self, origin: Origin, reason: Message) -> None:
        """Count a message."""
        self.total += 1
        key = reason.code, reason.params.get("field")
        found = self._reasons.get(key)
        if found is None:
            if len(self._reasons) == SHOWN_REASONS:
                return
            found = self._reasons[key] = Reason(origin, reason, self._describe(reason))
        found.count += 1
