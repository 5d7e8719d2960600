"""A document and the values of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SourceFields = Mapping[str, Any]
"""A document's fields as they were submitted, never folded."""


def values_of(source: SourceFields, name: str) -> list[Any]:
    """Return the values of a field as a list, empty if the document does not have the field.

    >>> values_of({"title": "خبر", "tags": ["أ", "ب"]}, "tags"), values_of({"title": "خبر"}, "tags")
    (['أ', 'ب'], [])
    """
    value = source.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Document:
    """A validated document.

    Attributes:
        source: its fields as they were submitted, without the id; JSON values.
    """

    id: str
    source: SourceFields
