"""A document and the values of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

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


def entity_tag(document: Document) -> str:
    """Return the entity tag of a document: equal documents have equal ones, on every engine and after a rebuild.

    It is a hash of the document as JSON with sorted names, so nothing has to be stored with a document.

    >>> entity_tag(Document("1", {"a": "خبر", "b": []})) == entity_tag(Document("1", {"b": [], "a": "خبر"}))
    True
    """
    content = orjson.dumps({"id": document.id, **document.source}, option=orjson.OPT_SORT_KEYS)
    return blake2b(content, digest_size=16).hexdigest()
