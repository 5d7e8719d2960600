"""Reads query strings, and the members of JSON bodies, into request models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from search_service.core.errors import InvalidParameter
from search_service.search.parameters import Form, Parameter, parameters
from search_service.search.request_types import Request

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict  # not at run time: commands need no Flask

MAX_DIGITS = 18
"""Digits of a number in a query string; no number of more digits is allowed anywhere, and Python refuses 4,301."""

REPEATABLE = frozenset({Form.VALUES, Form.NAMES, Form.SWITCH})
"""Forms of several values. Names have commas between, or the parameter is repeated, as many generated clients do."""

R = TypeVar("R", bound=Request)


def read_query(
    model: type[R], query: MultiDict[str, str], members: tuple[str, ...] = (), ignored: tuple[str, ...] = ()
) -> R:
    """Return the request in a query string.

    Args:
        model: the class of the request.
        query: the names and values of the query string.
        members: the allowed parameters of the model; all if empty.
        ignored: further allowed names, which the request does not contain.

    Raises:
        InvalidParameter: a name is unknown or repeated, or a value is invalid.
    """
    by_name = _by_name(model, members)
    values: dict[str, Any] = {}
    for name, texts in query.lists():
        parameter, field = _find(by_name, name)
        if parameter is None and name not in ignored:
            known = (*by_name, *ignored)
            allowed = tuple(f"{prefix}FIELD" if prefix.endswith(".") else prefix for prefix in known)
            raise InvalidParameter(name, "unknown-parameter", allowed=allowed)
        if len(texts) > 1 and (parameter is None or parameter.form not in REPEATABLE):
            raise InvalidParameter(name, "repeated-parameter", count=len(texts))
        if parameter is not None and field is not None:
            values.setdefault(parameter.name, {})[field] = _field_values(parameter, field, texts)
        elif parameter is not None and (texts[0] or parameter.form is not Form.NUMBER):
            values[parameter.name] = read_text(parameter, ",".join(texts))
    return model(**values)


@cache
def _by_name(model: type[Request], members: tuple[str, ...]) -> Mapping[str, Parameter]:
    """Return the parameters by name in a query string."""
    known = parameters(model)
    return {known[member].query: known[member] for member in members or known}


def _find(by_name: Mapping[str, Parameter], name: str) -> tuple[Parameter | None, str | None]:
    """Return the parameter with this name, and the index field in the name, if any."""
    prefix, dot, field = name.partition(".")
    return (by_name.get(f"{prefix}."), field) if dot else (by_name.get(name), None)


def _field_values(parameter: Parameter, field: str, texts: Sequence[str]) -> Sequence[str]:
    if parameter.form is Form.VALUES:
        return texts
    bounds = read_range(texts[0])
    if bounds is None:
        raise InvalidParameter(f"{parameter.name}.{field}", "not-a-range")
    return bounds


def read_range(text: str) -> tuple[str, str] | None:
    """Return both bounds of LOW..HIGH, of which one may be empty; None for any other text.

    >>> read_range("2024..2025-03"), read_range("5.."), read_range(".."), read_range("5")
    (('2024', '2025-03'), ('5', ''), None, None)
    """
    low, dots, high = (part.strip() for part in text.partition(".."))
    return (low, high) if dots and (low or high) else None


def read_text(parameter: Parameter, text: str) -> str | int | bool | Sequence[str]:
    """Return the value of a parameter from its text.

    Raises:
        InvalidParameter: the text is not a whole number or a boolean, as the parameter requires.
    """
    match parameter.form:
        case Form.NUMBER:
            return _number(parameter, text)
        case Form.FLAG | Form.SWITCH if text in ("true", "false"):
            return text == "true"
        case Form.FLAG:
            raise InvalidParameter(parameter.name, "not-a-boolean", value=text)
        case Form.NAMES | Form.SWITCH:
            return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _number(parameter: Parameter, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise InvalidParameter(parameter.name, "not-an-integer", value=text)
    if len(text) > MAX_DIGITS:
        shown = f"{text[:MAX_DIGITS]}…"
        raise InvalidParameter(parameter.name, "out-of-range", value=shown, low=parameter.low, high=parameter.high)
    return int(text)


def read_members(model: type[R], members: Mapping[str, Any]) -> R:
    """Return the request of a JSON object; null members count as absent.

    Raises:
        InvalidParameter: a member is unknown, missing or invalid.
    """
    known = model.model_fields
    return model(**{name: value for name, value in members.items() if value is not None or name not in known})
