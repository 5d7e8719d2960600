"""The parameters of a request, as front ends write them.

A request is a Pydantic model. Each of its fields is one parameter: the type decides how a query string or a command
line writes it (`Form`), the description is its help text, and `WireNames` holds names that differ from the field's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


class Form(Enum):
    """How a query string or a command line writes a value."""

    TEXT = "text"
    NUMBER = "whole number"
    NAMES = "comma-separated names"
    FLAG = "true or false"
    SWITCH = "true, false, or comma-separated names"
    VALUES = "a value of an index field, repeatable"
    RANGES = "LOW..HIGH of an index field"
    OBJECTS = "objects, which only a JSON body can have"


@dataclass(frozen=True, slots=True)
class WireNames:
    """The names of a parameter where they differ from the name of the field.

    Attributes:
        query: the name in a query string; if it ends with a dot, the name of an index field follows it.
        option: the name on the command line: an option, or a positional argument in capitals.
        metavar: what the help of an option shows for its value.
    """

    query: str = ""
    option: str = ""
    metavar: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a request.

    Attributes:
        name: the field of the model, which is also the member of a JSON body.
        default: the value when it is absent; None for a required parameter.
        options: the only values, or none if it may have others.
        low: the smallest number, or None.
        high: the largest number, or None.
        query: the name in a query string; if it ends with a dot, the name of an index field follows it.
        option: the name on the command line.
    """

    name: str
    form: Form
    description: str
    default: Any
    options: tuple[str, ...]
    low: int | None
    high: int | None
    query: str
    option: str
    metavar: str


@cache
def parameters(model: type[BaseModel]) -> Mapping[str, Parameter]:
    """Return the parameters of a request by name, in the order of the model's fields."""
    return {name: _parameter(name, field) for name, field in model.model_fields.items()}


def _parameter(name: str, field: FieldInfo) -> Parameter:
    wire_names = next((item for item in field.metadata if isinstance(item, WireNames)), WireNames())
    limits = {limit: getattr(item, limit) for item in field.metadata for limit in ("ge", "le") if hasattr(item, limit)}
    return Parameter(
        name=name,
        form=_form(field.annotation),
        description=field.description or "",
        default=None if field.is_required() else field.get_default(call_default_factory=True, validated_data={}),
        options=_options(field.annotation),
        low=limits.get("ge"),
        high=limits.get("le"),
        query=wire_names.query or name,
        option=wire_names.option or f"--{name.replace('_', '-')}",
        metavar=wire_names.metavar,
    )


def _form(annotation: Any) -> Form:
    types = {get_origin(member) or member: get_args(member) for member in _union_members(annotation)}
    if Literal in types:
        return Form.TEXT
    if Mapping in types:
        [value] = _union_members(types[Mapping][1])
        return Form.RANGES if get_origin(value) is tuple else Form.VALUES
    if types.get(Sequence, (str,)) != (str,):
        return Form.OBJECTS
    if list(types) == [bool]:
        return Form.FLAG
    forms = {bool: Form.SWITCH, Sequence: Form.NAMES, int: Form.NUMBER, str: Form.TEXT}
    return next(form for type_, form in forms.items() if type_ in types)


def _options(annotation: Any) -> tuple[str, ...]:
    """Return the values that an annotation lists."""
    return tuple(
        value for member in _union_members(annotation) if get_origin(member) is Literal for value in get_args(member)
    )


def _union_members(annotation: Any) -> list[Any]:
    """Return the types of a union without their metadata; any other type is a union of itself."""
    if get_origin(annotation) is Annotated:
        return _union_members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [member for argument in get_args(annotation) for member in _union_members(argument)]
    return [annotation]
