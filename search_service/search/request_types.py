"""The base of all requests, and the types of their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    ValidationError,
)
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError

from search_service.core.errors import InvalidParameter
from search_service.search.parameters import Form, WireNames, parameters

MAX_NAMES = 1_000
"""Different names in one list. An index of Elasticsearch has at most as many fields by default."""

TOO_MANY_NAMES = "too_many_names"
"""The type of Pydantic's error for a longer list."""


class Request(BaseModel):
    """Base class of requests. It checks everything that does not depend on an index.

    Raises:
        InvalidParameter: a parameter is unknown, missing, of the wrong type or out of range.

    >>> class Page(Request):
    ...     number: Annotated[int, Field(ge=1, le=9)] = 1
    >>> Page(number=10)
    Traceback (most recent call last):
    search_service.core.errors.InvalidParameter: out-of-range: parameter='number' value=10 low=1 high=9
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    timeout_ms: Annotated[
        int | None,
        Field(ge=1, description="Milliseconds that the request may take; at most, and by default, REQUEST_TIMEOUT."),
    ] = None

    def __init__(self, /, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise _invalid_parameter(type(self), error.errors(include_url=False)) from None


class _AsTuple:
    """Validates a sequence of strings as a tuple: immutable, and four times as fast as Pydantic's `Sequence`."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(Annotated[tuple[str, ...], Strict(False)])


class Bounds(BaseModel):
    """A range in a JSON body. Both bounds are inclusive and optional."""

    low: Annotated[str | int | float | None, Field(alias="from", description="The lowest value.")] = None
    high: Annotated[str | int | float | None, Field(alias="to", description="The highest value.")] = None


def _texts(value: Any) -> Any:
    """Return filter values as texts; a JSON body can contain one or a list of strings, whole numbers or booleans."""
    values = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(item, str | int) for item in values):
        raise ValueError
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in values]


def _bounds(value: Any) -> Any:
    """Return both bounds of a range as texts, empty for an open end."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, dict) or not value or value.keys() - {"from", "to"}:
        raise ValueError
    bounds = tuple("" if value.get(bound) is None else str(value[bound]) for bound in ("from", "to"))
    if not any(bounds):
        raise ValueError
    return bounds


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names without repetitions: each repetition would repeat its work."""
    unique = tuple(dict.fromkeys(names))
    if len(unique) > MAX_NAMES:
        raise PydanticCustomError(TOO_MANY_NAMES, "{count}", {"count": len(unique)})
    return unique


Names = Annotated[Sequence[str], _AsTuple(), AfterValidator(_unique)]
"""A list of names or words, each once."""

Values = Annotated[
    Sequence[str],
    _AsTuple(),
    BeforeValidator(_texts, json_schema_input_type=str | int | bool | list[str | int | bool]),
]
"""The filter values of an index field."""

Range = Annotated[tuple[str, str], BeforeValidator(_bounds, json_schema_input_type=Bounds)]
"""The lowest and the highest value of an index field, empty for an open end."""

EXPECTED: Mapping[Form, str] = {
    Form.TEXT: "string",
    Form.NUMBER: "integer",
    Form.NAMES: "array of strings",
    Form.FLAG: "boolean",
    Form.SWITCH: "boolean or array of strings",
    Form.VALUES: "object",
    Form.RANGES: "object",
    Form.OBJECTS: "array of objects",
}
"""The JSON type of each form."""


def _invalid_parameter(model: type[Request], errors: Sequence[ErrorDetails]) -> InvalidParameter:
    """Return the service's error for the validation errors of Pydantic."""
    # A value of a union has an error for each type of the union; this one is never about the wrong type.
    error = next((error for error in errors if error["type"] == TOO_MANY_NAMES), errors[0])
    known = parameters(model)
    name, *inner = (str(part) for part in error["loc"])
    if name not in known:
        return InvalidParameter(name, "unknown-parameter", allowed=tuple(known))
    parameter = known[name]
    expected = EXPECTED[parameter.form]
    if inner and parameter.form is Form.RANGES:
        return InvalidParameter(f"{name}.{inner[0]}", "not-a-range")
    if inner and parameter.form is Form.VALUES:
        return InvalidParameter(f"{name}.{inner[0]}", "wrong-type", expected="value or array of values")
    if error["type"] == TOO_MANY_NAMES:
        return InvalidParameter(name, "too-long", count=error["ctx"]["count"], limit=MAX_NAMES, unit="names")
    if error["type"] == "literal_error":
        return InvalidParameter(name, "not-one-of", value=str(error["input"]), allowed=parameter.options)
    if error["type"] == "missing":
        return InvalidParameter(name, "missing-parameter", expected=expected)
    # A whole number beyond 64 bits arrives as a float.
    is_huge = parameter.form is Form.NUMBER and isinstance(error["input"], float) and abs(error["input"]) >= 2**63
    if is_huge or error["type"] in ("greater_than_equal", "less_than_equal"):
        return InvalidParameter(name, "out-of-range", value=error["input"], low=parameter.low, high=parameter.high)
    return InvalidParameter(name, "wrong-type", expected=expected)


DateFrom = Annotated[str, WireNames(metavar="DATE"), Field(description="First day, month or year.")]
DateTo = Annotated[str, WireNames(metavar="DATE"), Field(description="Last day, month or year, included.")]
FilterValues = Annotated[
    Mapping[str, Values],
    WireNames("filter.", "--filter", "FIELD=VALUE"),
    Field(description="Only documents with any of these values of the field."),
]
FilterRanges = Annotated[
    Mapping[str, Range],
    WireNames("range.", "--range", "FIELD=LOW..HIGH"),
    Field(description="Only documents with a value from LOW to HIGH; omit one for an open range."),
]
"""Conditions on documents, the same in every request that has them."""
