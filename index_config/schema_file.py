"""Writes a schema as a TOML file that people edit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from index_config.schema import EARLIEST_YEAR, Field, Schema

_FLAGS = ("multi", "required", "facet", "sort", "suggest", "verbatim")


def schema_toml(schema: Schema, comments: Mapping[str, str], heading: str = "") -> str:
    """Return a schema as TOML, which `load_schema` reads back.

    Args:
        schema: the schema; what is as by default is left out.
        comments: a line about each of some fields.
        heading: lines at the beginning of the file.
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    lines += ["", *_entries(_top(schema))]
    for field in schema.fields:
        lines += ["", f"[fields.{field.name}]"]
        lines += [f"# {comments[field.name]}"] if field.name in comments else []
        lines += _entries(_table(field))
    return "\n".join(lines).lstrip("\n") + "\n"


def _top(schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "name", schema.name
    yield "description", schema.description
    if schema.id_from:
        yield "id_from", schema.id_from
    if schema.date:
        yield "date", schema.date
    if schema.default_sort:
        yield "default_sort", schema.default_sort
    if schema.freshness:
        yield "freshness", schema.freshness
    if schema.lead != 1:
        yield "lead", schema.lead
    if schema.understanding is not None:
        yield "understanding", list(schema.understanding)


def _table(field: Field) -> Iterator[tuple[str, Any]]:
    yield "kind", field.kind.name
    if field.source:
        yield "source", field.source
    if field.description:
        yield "description", field.description
    if field.weight != field.kind.default_weight:
        yield "weight", field.weight
    for flag in _FLAGS:
        if getattr(field, flag):
            yield flag, True
    if field.earliest != EARLIEST_YEAR:
        yield "earliest", field.earliest
    if field.aliases:
        yield "aliases", list(field.aliases)


def _entries(pairs: Iterator[tuple[str, Any]]) -> list[str]:
    # The strings, numbers, booleans and lists of JSON are TOML, except for one control character.
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f") for key, value in pairs]
