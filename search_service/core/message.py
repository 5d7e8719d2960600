"""Something to report, as a code and parameters: the front ends make sentences of it (`search_service.messages`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union

Value: TypeAlias = Union[str, int, float, "Message", tuple[str, ...], tuple["Message", ...], None]
"""A parameter of a message: a plain value, or messages within it."""


@dataclass(frozen=True, slots=True)
class Message:
    """A fact in a form that needs no language.

    Attributes:
        code: what it is, in kebab-case; it does not change between versions.
        params: the values that belong to it.

    >>> str(Message("out-of-range", {"parameter": "size", "value": 101}))
    "out-of-range: parameter='size' value=101"
    """

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """One line for logs and failed tests."""
        params = " ".join(f"{name}={_shown(value)}" for name, value in self.params.items())
        return f"{self.code}: {params}" if params else self.code


def message(code: str, /, **params: Value) -> Message:
    """Return a message with these parameters.

    >>> str(message("no-master"))
    'no-master'
    """
    return Message(code, params)


def _shown(value: Value) -> str:
    if isinstance(value, Message):
        return f"({value})"
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(one) for one in value)}]"
    return repr(value)
