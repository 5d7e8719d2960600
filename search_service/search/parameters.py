"""How the front ends write the parameters of a request.

A request is a Pydantic model. Each of its fields is one parameter: the type decides how a query string or a command
line writes it (`Form`), the description is its help text, and `WireNames` holds names that differ from the field's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


class Form(Enum):
    """How a query string or a command line writes a value."""

    TEXT = "text"
    NUMBER = "whole number"
    NAMES = "names with commas between them"
    SWITCH = "true, false, or names with commas between them"
    VALUES = "a value of an index field, repeated for several"
    RANGES = "LOW..HIGH of an index field"


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
        low: the smallest number, or None.
        high: the largest number, or None.
        query: the name in a query string; if it ends with a dot, the name of an index field follows it.
        option: the name on the command line.
    """

    name: str
    form: Form
    description: str
    default: Any
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
    wire_names = next((one for one in field.metadata if isinstance(one, WireNames)), WireNames())
    limits = {limit: getattr(one, limit) for one in field.metadata for limit in ("ge", "le") if hasattr(one, limit)}
    return Parameter(
        name=name,
        form=_form(field.annotation),
        description=field.description or "",
        default=None if field.is_required() else field.get_default(call_default_factory=True, validated_data={}),
        low=limits.get("ge"),
        high=limits.get("le"),
        query=wire_names.query or name,
        option=wire_names.option or f"--{name.replace('_', '-')}",
        metavar=wire_names.metavar,
    )


def _form(annotation: Any) -> Form:
    kinds = {get_origin(kind) or kind: get_args(kind) for kind in _alternatives(annotation)}
    if Mapping in kinds:
        [value] = _alternatives(kinds[Mapping][1])
        return Form.RANGES if get_origin(value) is tuple else Form.VALUES
    forms = {bool: Form.SWITCH, Sequence: Form.NAMES, int: Form.NUMBER, str: Form.TEXT}
    return next(form for kind, form in forms.items() if kind in kinds)


def _alternatives(annotation: Any) -> list[Any]:
    """Return the types that a union consists of, without their metadata."""
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for one in get_args(annotation) for kind in _alternatives(one)]
    return [annotation]
