"""Documents and names of fields, as `index_config.compile_elasticsearch` derives them from the fields of a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index_config.compile_elasticsearch import KEYS
from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document, values_of

ID = "id"


def exact(schema: Schema, name: str) -> str:
    """Return the name of the field with the folded words of a searched field."""
    field = schema.field(name)
    return name if field and field.kind is FieldKind.TEXT else f"{name}.exact"


def stem(name: str) -> str:
    """Return the name of the field with the stems of a searched field."""
    return f"{name}.stem"


def prefix(name: str) -> str:
    """Return the name of the field with the word prefixes of a suggest field."""
    return f"{name}.prefix"


def key(schema: Schema, name: str) -> str:
    """Return the name of the field that values are filtered, counted and sorted by."""
    field = schema.field(name)
    return f"{KEYS}.{name}" if field and field.kind.spelt else name


def document_of(stored: Mapping[str, Any], document_id: str) -> Document:
    """Return a stored document as it was submitted."""
    return Document(document_id, {name: value for name, value in stored.items() if name not in (ID, KEYS)})


class DocumentMaker:
    """Converts documents to what Elasticsearch stores.

    Args:
        schema: the schema of the index.
        analysis: makes the keys of keyword values.
    """

    def __init__(self, schema: Schema, analysis: Analysis) -> None:
        self._spelt = [field for field in schema.fields if field.kind.spelt]
        self._keys = analysis.value_keys

    def make(self, document: Document) -> dict[str, Any]:
        """Return a document with the keys of its keyword values."""
        keys: dict[str, list[str]] = {}
        for field in self._spelt:
            # A copy from an index with another schema may have other values: Elasticsearch rejects them.
            texts = (value for value in values_of(document.source, field.name) if isinstance(value, str))
            if made := [key for text in texts if (key := self._keys.of(field, text))]:
                keys[field.name] = made
        return {ID: document.id, **document.source, **({KEYS: keys} if keys else {})}
