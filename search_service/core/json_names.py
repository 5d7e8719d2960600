"""Repeated names in JSON texts: readers disagree on what they mean, so the service refuses them."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any


class RepeatedName(ValueError):
    """An object repeats a name.

    Attributes:
        name: the name.
        count: how often the object has it.
    """

    def __init__(self, name: str, count: int) -> None:
        self.name, self.count = name, count
        super().__init__(name)


def check_names(text: bytes) -> None:
    """Check that no object of a JSON text, which is valid otherwise, repeats a name.

    Raises:
        RepeatedName: one does.
        RecursionError: the text is nested too deep.

    >>> check_names(b'{"a": {"b": 1, "b": 2}}')
    Traceback (most recent call last):
    search_service.core.json_names.RepeatedName: b
    """
    # Numbers are not of interest; one with 5,000 digits would be an error in itself.
    json.loads(text, object_pairs_hook=_check_unique, parse_int=len, parse_float=len)


def _check_unique(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        [(name, count)] = Counter(name for name, _ in pairs).most_common(1)
        raise RepeatedName(name, count)
