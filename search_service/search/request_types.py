"""The base of all requests, and the types of their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict, ValidationError
from pydantic_core import CoreSchema, ErrorDetails

from search_service.core.errors import InvalidParameter
from search_service.search.parameters import Form, parameters


class Request(BaseModel):
    """A request that is valid as far as can be said without an index.

    Raises:
        InvalidParameter: a parameter is unknown, missing, of the wrong type or out of range.

    >>> class Page(Request):
    ...     number: Annotated[int, Field(ge=1, le=9)] = 1
    >>> Page(number=10)
    Traceback (most recent call last):
    search_service.core.errors.InvalidParameter: out-of-range: parameter='number' value=10 low=1 high=9
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    def __init__(self, /, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise _invalid_parameter(type(self), error.errors(include_url=False)[0]) from None


class _AsTuple:
    """Validates a sequence of strings as a tuple: immutable, and four times as fast as Pydantic's `Sequence`."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(Annotated[tuple[str, ...], Strict(False)])


class Bounds(BaseModel):
    """A range in a JSON body. Both ends are included; either may be left out."""

    low: Annotated[str | int | float | None, Field(alias="from")] = None
    high: Annotated[str | int | float | None, Field(alias="to")] = None


def _texts(given: Any) -> Any:
    """Return filter values as texts; a JSON body may hold one or several, also whole numbers and booleans."""
    several = given if isinstance(given, list | tuple) else [given]
    if not all(isinstance(value, str | int) for value in several):
        raise ValueError
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in several]


def _ends(given: Any) -> Any:
    """Return both ends of a range as texts, empty for no bound."""
    if isinstance(given, tuple):
        return given
    if not isinstance(given, dict) or not given or given.keys() - {"from", "to"}:
        raise ValueError
    return tuple("" if given.get(end) is None else str(given[end]) for end in ("from", "to"))


Names = Annotated[Sequence[str], _AsTuple()]
"""Names of index fields."""

Values = Annotated[
    Sequence[str],
    _AsTuple(),
    BeforeValidator(_texts, json_schema_input_type=str | int | bool | list[str | int | bool]),
]
"""The wanted values of an index field."""

Range = Annotated[tuple[str, str], BeforeValidator(_ends, json_schema_input_type=Bounds)]
"""The lowest and the highest value of an index field, each empty for no bound."""

EXPECTED: Mapping[Form, str] = {
    Form.TEXT: "string",
    Form.NUMBER: "integer",
    Form.NAMES: "array of strings",
    Form.SWITCH: "boolean or array of strings",
    Form.VALUES: "object",
    Form.RANGES: "object",
}
"""The JSON type of each form."""


def _invalid_parameter(model: type[Request], found: ErrorDetails) -> InvalidParameter:
    """Return the service's error for what Pydantic found invalid."""
    known = parameters(model)
    name, *inner = (str(part) for part in found["loc"])
    if name not in known:
        return InvalidParameter(name, "unknown-parameter", allowed=tuple(known))
    parameter = known[name]
    expected = EXPECTED[parameter.form]
    if inner and parameter.form is Form.RANGES:
        return InvalidParameter(f"{name}.{inner[0]}", "not-a-range")
    if inner and parameter.form is Form.VALUES:
        return InvalidParameter(f"{name}.{inner[0]}", "wrong-type", expected="value or array of values")
    if found["type"] == "missing":
        return InvalidParameter(name, "missing-parameter", expected=expected)
    if found["type"] in ("greater_than_equal", "less_than_equal"):
        return InvalidParameter(name, "out-of-range", value=found["input"], low=parameter.low, high=parameter.high)
    return InvalidParameter(name, "wrong-type", expected=expected)
