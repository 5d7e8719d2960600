"""Names of the fields that `index_config.compile_elasticsearch` derives from the fields of a schema."""

from __future__ import annotations

from index_config.field_kinds import FieldKind
from index_config.schema import Schema

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
