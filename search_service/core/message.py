"""Messages as a code and parameters; front ends render them as sentences (`search_service.messages`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union

Value: TypeAlias = Union[str, int, float, "Message", tuple[str, ...], tuple["Message", ...], None]
"""A parameter of a message: a plain value or nested messages."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message without a language.

    Attributes:
        code: kebab-case; stable between versions.
        params: the values to insert into the sentence.

    >>> str(Message("out-of-range", {"parameter": "size", "value": 101}))
    "out-of-range: parameter='size' value=101"
    """

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return one line for logs and failed tests."""
        params = " ".join(f"{name}={_shown(value)}" for name, value in self.params.items())
        return f"{self.code}: {params}" if params else self.code


def message(code: str, /, **params: Value) -> Message:
    """Return a message with these parameters.

    >>> str(message("no-master"))
    'no-master'
    """
    return Message(code, params)


def to_json(stored: Message) -> str:
    """Return a message as a text that can be stored.

    >>> from_json(to_json(message("too-many", allowed=("a", "b"), limit=2)))
    Message(code='too-many', params={'allowed': ('a', 'b'), 'limit': 2})
    """
    return json.dumps([stored.code, dict(stored.params)], ensure_ascii=False, default=str)


def from_json(text: str) -> Message:
    """Return a stored message; messages in it have become texts."""
    code, params = json.loads(text)
    return Message(code, {name: tuple(one) if isinstance(one, list) else one for name, one in params.items()})


def _shown(value: Value) -> str:
    if isinstance(value, Message):
        return f"({value})"
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(item) for item in value)}]"
    return repr(value)
