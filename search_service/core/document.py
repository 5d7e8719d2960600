"""A document as the service passes it around, and the values of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SourceFields = Mapping[str, Any]
"""A document's fields as they came: the original, never folded."""


def values_of(source: SourceFields, name: str) -> list[Any]:
    """Return the values of a field of a document: none, one or several.

    >>> values_of({"title": "خبر", "tags": ["أ", "ب"]}, "tags"), values_of({"title": "خبر"}, "tags")
    (['أ', 'ب'], [])
    """
    value = source.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Document:
    """A checked document.

    Attributes:
        id: its name in the index.
        source: its fields as they came (without the id), JSON values.
    """

    id: str
    source: SourceFields
