"""The kinds of fields: what the values of a field are, and what can be done with them.

To add a kind: describe it here, check its values in `search_service/ingestion/validation.py` and give it a column in
`search_service/engines/embedded/fields.py`. Schemas, filters, ranges, facets, sorting and Elasticsearch's mapping go by
the attributes below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

_DATE_FORMAT = (
    "strict_date_optional_time||uuuu-MM-dd[' ']['T']['t']HH:mm[:ss]"
    + "".join(f"[.{'S' * digits}]" for digits in range(9, 0, -1))
    + "[XXX][XX]['z']"
)
"""Every spelling of a date that the service accepts: also a space or t for T, z for Z, +0200 for +02:00."""

MAX_KEYWORD_BYTES = 8_191
"""Bytes of a value that is kept whole. Lucene refuses terms over 32,766 bytes; a quarter of that exceeds any name."""


class ValueType(StrEnum):
    """The JSON type of a value, and how it is compared."""

    STRING = "string"
    DATE = "date"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A kind of field. Schemas name it by `name`.

    Attributes:
        name: as a schema writes it.
        value_type: what its values are.
        elasticsearch: the mapping of a field of this kind, without the parts that searching and completing add.
        searchable: whether a query can look into it.
        default_weight: the weight of a field whose schema gives none; 0 is not searched.
        facet: whether values can be counted.
        sort: whether results can be sorted by it.
        filter: whether results can be restricted to some of its values.
        range: whether results can be restricted to a range of its values.
        compared_by_key: whether values are compared by keys, so that several spellings are one value.
        max_bytes: bytes of a value in UTF-8; None for no limit but the document's.
    """

    name: str
    value_type: ValueType
    elasticsearch: Mapping[str, Any] = field(compare=False, repr=False)
    searchable: bool = False
    default_weight: float = 0.0
    facet: bool = False
    sort: bool = False
    filter: bool = False
    range: bool = False
    compared_by_key: bool = False
    max_bytes: int | None = None

    TEXT: ClassVar[FieldKind]
    KEYWORD: ClassVar[FieldKind]
    DATE: ClassVar[FieldKind]
    INTEGER: ClassVar[FieldKind]
    FLOAT: ClassVar[FieldKind]
    BOOLEAN: ClassVar[FieldKind]
    URL: ClassVar[FieldKind]
    STORED: ClassVar[FieldKind]

    def __str__(self) -> str:
        return self.name


FieldKind.TEXT = FieldKind(
    "text", ValueType.STRING, {"type": "text", "index": False}, searchable=True, default_weight=1.0
)
FieldKind.KEYWORD = FieldKind(
    "keyword", ValueType.STRING, {"type": "keyword", "ignore_above": MAX_KEYWORD_BYTES},
    searchable=True, facet=True, sort=True, filter=True, compared_by_key=True, max_bytes=MAX_KEYWORD_BYTES,
)  # fmt: skip
FieldKind.DATE = FieldKind(
    "date", ValueType.DATE, {"type": "date", "format": _DATE_FORMAT}, facet=True, sort=True, range=True
)
FieldKind.INTEGER = FieldKind(
    "integer", ValueType.INTEGER, {"type": "long"}, facet=True, sort=True, filter=True, range=True
)
FieldKind.FLOAT = FieldKind("float", ValueType.FLOAT, {"type": "double"}, sort=True, range=True)
FieldKind.BOOLEAN = FieldKind("boolean", ValueType.BOOLEAN, {"type": "boolean"}, facet=True, filter=True)
FieldKind.URL = FieldKind(
    "url", ValueType.STRING, {"type": "keyword", "index": False, "doc_values": False}, max_bytes=MAX_KEYWORD_BYTES
)
FieldKind.STORED = FieldKind("stored", ValueType.ANY, {"type": "object", "enabled": False})

FIELD_KINDS: Mapping[str, FieldKind] = {
    kind.name: kind
    for kind in (
        FieldKind.TEXT, FieldKind.KEYWORD, FieldKind.DATE, FieldKind.INTEGER,
        FieldKind.FLOAT, FieldKind.BOOLEAN, FieldKind.URL, FieldKind.STORED,
    )
}  # fmt: skip
"""Every kind by its name."""
