"""The shape of a JSON value, from an annotation of Python and from a schema of the OpenAPI document."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    Unpack,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)  # fmt: skip

Shape = Any
"""A name of a JSON type, or a tuple of what a list, an object or a union consists of; two shapes can be compared."""

SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null", Any: "any"}


def shape_of(annotation: Any) -> Shape:
    """Return the shape of the values of a type.

    >>> shape_of(list[str] | None)
    ('union', ('list', 'string'), 'null')
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in SIMPLE:
        return SIMPLE[annotation]
    if is_typeddict(annotation):
        hints = get_type_hints(annotation)
        required: frozenset[str] = annotation.__required_keys__
        return members((name, name in required, shape_of(hint)) for name, hint in hints.items())
    if origin in (Union, UnionType):
        return union(map(shape_of, arguments))
    if origin is Literal:
        return ("one of", *sorted(arguments))
    if origin in (Required, NotRequired):
        return shape_of(arguments[0])
    if origin in (list, Sequence):
        return ("list", shape_of(arguments[0]))
    if origin in (dict, Mapping):
        return ("map", shape_of(arguments[1]))
    raise AssertionError(f"no shape of {annotation}")


def shape_in(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Shape:
    """Return the shape of the values of a schema.

    >>> shape_in({}, {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})
    ('union', ('list', 'string'), 'null')
    """
    if "$ref" in schema:
        return shape_in(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return union(shape_in(document, one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ("one of", *sorted(schema.get("enum", [schema.get("const")])))
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return union(shape_in(document, {**schema, "type": one}) for one in kind)
    if kind == "array":
        return ("list", shape_in(document, schema["items"]))
    if "properties" in schema:
        required = schema.get("required", ())
        return members((name, name in required, shape_in(document, one)) for name, one in schema["properties"].items())
    if kind == "object":
        values = schema.get("additionalProperties", True)
        return ("map", "any" if values is True else shape_in(document, values))
    return kind


def members(found: Any) -> Shape:
    """Return the shape of an object with these members: name, whether it is required, shape."""
    return ("object", *sorted(found, key=str))


def union(shapes: Any) -> Shape:
    """Return the shape of values of any of these shapes; that of one is itself."""
    flat: set[Shape] = set()
    for one in shapes:
        flat |= set(one[1:]) if one[0] == "union" else {one}
    return ("union", *sorted(flat, key=str)) if len(flat) > 1 else flat.pop()


def without_null(shape: Shape) -> Shape:
    """Return the shape of the values that are not null: a client leaves out what has no value."""
    if isinstance(shape, tuple):
        if shape[0] == "union":
            return union(without_null(one) for one in shape[1:] if one != "null")
        if shape[0] == "object":
            return members((name, required, without_null(one)) for name, required, one in shape[1:])
        if shape[0] in ("list", "map"):
            return (shape[0], without_null(shape[1]))
    return shape


def parameters_of(function: Callable[..., Any]) -> dict[str, tuple[bool, Any]]:
    """Return the parameters of a function by name: whether each is required, and its type. Those of `Unpack`, too."""
    hints = get_type_hints(function)
    found: dict[str, tuple[bool, Any]] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        if get_origin(hint) is Unpack:
            [options] = get_args(hint)
            found |= {one: (one in options.__required_keys__, type_) for one, type_ in get_type_hints(options).items()}
        else:
            found[name] = (parameter.default is parameter.empty, hint)
    return found


SIMPLE_SAMPLES: Mapping[Any, list[Any]] = {
    str: ["abc"], int: [3], float: [2.5], bool: [True], NoneType: [], Any: ["any"],
}  # fmt: skip

ALLOWED = {"fragment_length": 200}
"""Values of parameters that have other bounds than most."""


def samples_of(annotation: Any, name: str = "") -> list[Any]:
    """Return values of a type, for a parameter of a name: of a union at least one of each member."""
    if name in ALLOWED:
        return [ALLOWED[name]]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in SIMPLE:
        return SIMPLE_SAMPLES[annotation]
    if is_typeddict(annotation):
        hints = {one: samples_of(hint, one) for one, hint in get_type_hints(annotation).items()}
        return [
            {one: values[number % len(values)] for one, values in hints.items()}
            for number in range(max(map(len, hints.values())))
        ]
    if origin in (Union, UnionType):
        return [sample for argument in arguments for sample in samples_of(argument)]
    if origin is Literal:
        return list(arguments)
    if origin in (list, Sequence):
        return [[sample] for sample in samples_of(arguments[0])]
    if origin in (dict, Mapping):
        return [{"category": sample} for sample in samples_of(arguments[1])]
    return samples_of(arguments[0])
