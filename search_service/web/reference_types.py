"""Descriptions, types and limits of the OpenAPI document, as the page of the reference writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

_CODE = re.compile(r"`([^`]+)`")


def prose(text: str) -> Markup:
    """Return a text as HTML; what is between backticks becomes code.

    >>> prose("`size` < 1")
    Markup('<code>size</code> &lt; 1')
    """
    parts = _CODE.split(text)  # texts, and what is between backticks in every second place
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def type_of(schema: Mapping[str, Any]) -> Markup:
    """Return the type that a schema allows in words; a component is a link to its description.

    >>> type_of({"type": "array", "items": {"type": "string"}}), type_of({"type": ["string", "null"]})
    (Markup('list of string'), Markup('string or null'))
    """
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#schema-{}">{}</a>').format(name, name)
    if "anyOf" in schema:
        return Markup(" or ").join(map(type_of, schema["anyOf"]))
    if "enum" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(value) for value in schema["enum"])
    if "const" in schema:
        return Markup("<code>{}</code>").format(schema["const"])
    if "x-line" in schema:
        return Markup("lines of JSON, each {}").format(type_of(schema["x-line"]))
    if schema.get("type") == "array":
        items = type_of(schema.get("items", {}))
        several = Markup("list of ({})").format(items)
        return several if " or " in items else Markup("list of {}").format(items)
    if isinstance(schema.get("additionalProperties"), dict):
        return Markup("object, each member {}").format(type_of(schema["additionalProperties"]))
    kinds = schema.get("type", "any value")
    if isinstance(kinds, list):
        return Markup(" or ").join(type_of({**schema, "type": kind}) for kind in kinds)
    return escape(kinds)


def limits_of(schema: Mapping[str, Any]) -> Markup:
    """Return the bounds and the default of a value."""
    parts = []
    bounds: Mapping[str, Any] = next(
        (one for one in (schema, *schema.get("anyOf", ())) if "minimum" in one or "maximum" in one), {}
    )
    if "maximum" in bounds:
        parts.append(Markup("{} to {}").format(bounds.get("minimum", "…"), bounds["maximum"]))
    elif bounds:
        parts.append(Markup("from {}").format(bounds["minimum"]))
    if schema.get("default") not in (None, "", [], {}):
        default = schema["default"]
        shown = default if isinstance(default, str) else json.dumps(default, ensure_ascii=False)
        parts.append(Markup("default <code>{}</code>").format(shown))
    return Markup("; ").join(parts)
