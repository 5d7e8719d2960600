"""Checks raw documents against a schema: every engine can index a document that passes."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from index_config.field_kinds import ValueType
from index_config.schema import CONTENT, Field, Schema
from search_service.core.dates import InvalidDate, date_range
from search_service.core.document import Document
from search_service.core.errors import InvalidDocument
from search_service.core.message import Message, message

MAX_ID_BYTES = 512
"""Elasticsearch's limit."""

FOREIGN_ID = "_id"
"""The name of the id in BEIR collections and database exports; it is read when there is no `id`."""

ID_DIGITS = 32
"""Hexadecimal digits of an id made of the content: 128 bits, so that no two different documents share one."""

MAX_VALUES = 1_000
"""Values of one field of a document."""

MAX_DEPTH = 100
"""Levels of nesting in a stored value; JSON libraries fail at some 250."""

INTEGER_RANGE = range(-(2**53) + 1, 2**53)
"""Integers that JSON and every engine keep exactly."""

EXCERPT_LENGTH = 40
"""Code points of a wrong value that a message shows."""

BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
VALUE_SEPARATOR = "|"
"""Between the values of a multi-valued field in a text cell (CSV)."""


class DocumentChecker:
    """Checks raw documents and returns documents.

    Args:
        schema: the fields that a document may have.
        ignore_unknown: drop fields that the schema does not have instead of rejecting the document.

    Attributes:
        schema: as it was given.
        doubts: what is doubtful in the document that was checked last, and no reason to reject it.
    """

    def __init__(self, schema: Schema, ignore_unknown: bool = False) -> None:
        self.schema = schema
        self.doubts: list[Message] = []
        self._earliest = {
            field.name: f"{field.earliest:04}" for field in schema.fields if field.kind.value_type is ValueType.DATE
        }
        # A stored document has the names of the fields, and one of a source perhaps other keys.
        self._fields = {key: field for field in schema.fields for key in (field.source, field.name) if key}
        self._required = [field.name for field in schema.fields if field.required]
        self._ignore_unknown = ignore_unknown

    def check(self, raw: Any) -> Document:
        """Check a document whose values are JSON values.

        Raises:
            InvalidDocument: it does not fit.
        """
        if not isinstance(raw, Mapping):
            raise InvalidDocument("", "not-an-object", type=_json_name(raw))
        id_name = id_key(raw)
        document_id = checked_id(raw.get(id_name) if id_name in raw else self._made_id(raw))
        source: dict[str, Any] = {}
        if self.doubts:
            self.doubts = []
        for name, value in raw.items():
            if name == id_name or value is None:
                continue
            field = self._fields.get(name)
            if field is None:
                if self._ignore_unknown:
                    continue
                raise InvalidDocument(str(name), "field-unknown", allowed=tuple(self._fields))
            if field.name in source:
                raise InvalidDocument(field.name, "field-repeated", key=field.source)
            source[field.name] = _checked(field, value)
            if field.name in self._earliest:
                self._doubt_dates(field.name, value)
        for name in self._required:
            if _is_empty(source.get(name)):
                raise InvalidDocument(name, "field-required")
        if all(map(_is_empty, source.values())):
            raise InvalidDocument("", "no-values")
        return Document(document_id, source)

    def check_row(self, raw: Mapping[str, str]) -> Document:
        """Check a document whose values are texts (a row of CSV): numbers, booleans and several values are read.

        Raises:
            InvalidDocument: it does not fit.
        """
        return self.check({name: self._read(name, text) for name, text in raw.items() if text != ""})

    def _made_id(self, raw: Mapping[str, Any]) -> Any:
        """Return the id of a document that has none, as the schema says; None if it says nothing."""
        if self.schema.id_from != CONTENT:
            return raw.get(self.schema.id_from)
        content = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=repr)
        return hashlib.sha256(content).hexdigest()[:ID_DIGITS]

    def _doubt_dates(self, name: str, value: Any) -> None:
        """Note a date that is earlier than the documents can be: most likely a year of the Hijra."""
        for date in value if isinstance(value, list) else (value,):
            if date[:4] < self._earliest[name]:
                earliest = int(self._earliest[name])
                self.doubts.append(message("date-doubtful", field=name, value=_short(date), earliest=earliest))
                return

    def _read(self, name: str, text: str) -> Any:
        field = self._fields.get(name)
        if field is None:
            return text
        if field.multi:
            return [_read_one(field, part.strip()) for part in text.split(VALUE_SEPARATOR) if part.strip()]
        return _read_one(field, text)


def _is_empty(value: Any) -> bool:
    """Whether a field has no value: none is given, or only white space."""
    if isinstance(value, list):
        return all(map(_is_empty, value))
    return value is None or (isinstance(value, str) and not value.strip())


def _read_one(field: Field, text: str) -> Any:
    readers: dict[ValueType, Callable[[str], Any]] = {
        ValueType.INTEGER: int,
        ValueType.FLOAT: float,
        ValueType.BOOLEAN: _read_boolean,
    }
    try:
        return readers.get(field.kind.value_type, str)(text)
    except ValueError:
        raise InvalidDocument(field.name, "value-of-other-kind", value=_short(text), kind=field.kind.name) from None


def _read_boolean(text: str) -> bool:
    if text.lower() not in BOOLEANS:
        raise ValueError(text)
    return BOOLEANS[text.lower()]


def id_key(raw: Mapping[str, Any]) -> str:
    """Return the key that a document has its id under."""
    return FOREIGN_ID if FOREIGN_ID in raw and "id" not in raw else "id"


def checked_id(value: Any) -> str:
    """Return the id of a document as text. Raises InvalidDocument if it cannot be one."""
    if value is None or value == "":
        raise InvalidDocument("id", "id-missing")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidDocument("id", "value-of-other-type", type=_json_name(value), expected="string")
    text = str(value)
    _check_characters("id", text)
    if len(text.encode()) > MAX_ID_BYTES:
        raise InvalidDocument("id", "id-too-long", limit=MAX_ID_BYTES)
    if not text.isprintable():
        raise InvalidDocument("id", "id-not-printable")
    return text


def _checked(field: Field, value: Any) -> Any:
    """Check the value or values of a field and return them as they came."""
    if not isinstance(value, list) or field.kind.value_type is ValueType.ANY:
        _check_value(field, value)
        return value
    if not field.multi:
        raise InvalidDocument(field.name, "list-not-allowed")
    if len(value) > MAX_VALUES:
        raise InvalidDocument(field.name, "too-many-values", count=len(value), limit=MAX_VALUES)
    for one in value:
        _check_value(field, one)
    return value


def _check_value(field: Field, value: Any) -> None:
    _CHECKS[field.kind.value_type](field.name, value)
    limit = field.kind.max_bytes
    if limit is not None and len(value.encode()) > limit:
        raise InvalidDocument(field.name, "keyword-too-long", limit=limit)


def _check_string(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise InvalidDocument(name, "value-of-other-type", type=_json_name(value), expected="string")
    _check_characters(name, value)


def _check_characters(name: str, value: str) -> None:
    if "\0" in value:
        raise InvalidDocument(name, "nul-character", position=value.index(chr(0)))
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidDocument(name, "surrogate-in-value", position=error.start) from None


def _check_date(name: str, value: Any) -> None:
    _check_string(name, value)
    try:
        date_range(value)
    except InvalidDate as error:
        raise InvalidDocument(name, "value-not-a-date", value=_short(value), reason=error.message) from None


def _check_integer(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidDocument(name, "value-of-other-type", type=_json_name(value), expected="integer")
    if value not in INTEGER_RANGE:
        raise InvalidDocument(name, "integer-too-large", value=str(value)[:EXCERPT_LENGTH])


def _check_float(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidDocument(name, "value-of-other-type", type=_json_name(value), expected="number")
    if not math.isfinite(value):
        raise InvalidDocument(name, "not-finite")


def _check_boolean(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidDocument(name, "value-of-other-type", type=_json_name(value), expected="boolean")


def _check_anything(name: str, value: Any, depth: int = 0) -> None:
    """Check every part of a JSON value: what is stored has to be written as JSON again."""
    if depth > MAX_DEPTH:
        raise InvalidDocument(name, "nested-too-deep", limit=MAX_DEPTH)
    if isinstance(value, str):
        _check_characters(name, value)
    elif isinstance(value, Mapping | list):
        parts = [*value, *value.values()] if isinstance(value, Mapping) else value
        for part in parts:
            _check_anything(name, part, depth + 1)
    elif isinstance(value, float):
        _check_float(name, value)
    elif isinstance(value, int) and not isinstance(value, bool):
        _check_integer(name, value)


_CHECKS: dict[ValueType, Callable[[str, Any], None]] = {
    ValueType.STRING: _check_string,
    ValueType.DATE: _check_date,
    ValueType.INTEGER: _check_integer,
    ValueType.FLOAT: _check_float,
    ValueType.BOOLEAN: _check_boolean,
    ValueType.ANY: _check_anything,
}


def _json_name(value: Any) -> str:
    names: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (int, "number"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
        (Mapping, "object"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _short(value: str) -> str:
    return value if len(value) <= EXCERPT_LENGTH else value[:EXCERPT_LENGTH] + "…"
