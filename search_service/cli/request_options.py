"""Options of commands, made from the parameters of a search."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from search_service.api.reading import read_range, read_text
from search_service.search.parameters import Form, Parameter, parameters
from search_service.search.request import QueryRequest, SearchRequest

Command = TypeVar("Command", bound=Callable[..., Any])

NO_OPTIONS = ("q", "timeout_ms", "cursor")
"""Parameters without an option: `q` is an argument, Ctrl-C replaces `timeout_ms`, and `export` replaces `cursor`."""

QUERY_OPTIONS = tuple(name for name in QueryRequest.model_fields if name not in NO_OPTIONS)
SEARCH_OPTIONS = tuple(name for name in SearchRequest.model_fields if name not in NO_OPTIONS)


def request_options(names: Iterable[str]) -> Callable[[Command], Command]:
    """Add the options of these parameters to a command, which gets their values by these names."""

    def add(command: Command) -> Command:
        for name in reversed(tuple(names)):
            command = _option(parameters(SearchRequest)[name])(command)
        return command

    return add


def search_request(query: str, values: Mapping[str, Any], **others: Any) -> SearchRequest:
    """Return the search that options ask for; `others` are set in any case.

    Raises:
        InvalidParameter: a value is out of range, or two exclude each other.
    """
    known = parameters(SearchRequest)
    given = {name: _value(known[name], value) for name, value in values.items() if value not in (None, (), {})}
    return SearchRequest(q=query, **given, **others)


def valid_text(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return an argument as Unicode text; whatever the locale, its bytes must be UTF-8."""
    try:
        return None if value is None else os.fsencode(value).decode()
    except UnicodeError:
        raise click.BadParameter("is not valid UTF-8") from None


def valid_texts(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Return arguments as Unicode texts."""
    return tuple(str(valid_text(context, parameter, value)) for value in values)


def _pairs(context: click.Context, parameter: click.Parameter, texts: Sequence[str]) -> list[tuple[str, str]]:
    """Read FIELD=VALUE."""
    pairs = []
    for text in valid_texts(context, parameter, texts):
        name, separator, value = text.partition("=")
        if not separator or not name:
            raise click.BadParameter(f"{text!r} is not written as FIELD=VALUE")
        pairs.append((name, value))
    return pairs


def _values(context: click.Context, parameter: click.Parameter, texts: Sequence[str]) -> dict[str, list[str]]:
    """Read FIELD=VALUE; the values of a field are collected."""
    values: dict[str, list[str]] = {}
    for name, value in _pairs(context, parameter, texts):
        values.setdefault(name, []).append(value)
    return values


def _ranges(context: click.Context, parameter: click.Parameter, texts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Read FIELD=LOW..HIGH; either bound may be left out."""
    ranges = {}
    for name, value in _pairs(context, parameter, texts):
        ends = read_range(value)
        if ends is None:
            raise click.BadParameter(f"{value!r} is not written as LOW..HIGH")
        ranges[name] = ends
    return ranges


SHAPES: Mapping[Form, Mapping[str, Any]] = {
    Form.TEXT: {"callback": valid_text},
    Form.NUMBER: {"type": int},
    Form.NAMES: {"multiple": True, "callback": valid_texts},
    Form.FLAG: {"is_flag": True},
    Form.SWITCH: {"multiple": True, "callback": valid_texts},
    Form.VALUES: {"multiple": True, "callback": _values},
    Form.RANGES: {"multiple": True, "callback": _ranges},
}
"""How click reads each form of a parameter."""


def _option(parameter: Parameter) -> Callable[[Command], Command]:
    shape = {**SHAPES[parameter.form], "metavar": parameter.metavar or None}
    return click.option(parameter.option, parameter.name, help=_help(parameter), **shape)


def _help(parameter: Parameter) -> str:
    text = parameter.description
    if parameter.form is not Form.NUMBER:
        return f"{text} Can be repeated." if SHAPES[parameter.form].get("multiple") else text
    bounds = f"{parameter.low} and above" if parameter.high is None else f"{parameter.low} to {parameter.high}"
    default = "" if parameter.default is None else f"  [default: {parameter.default}]"
    return f"{text.removesuffix('.')}: {bounds}.{default}"


def _value(parameter: Parameter, value: Any) -> Any:
    return read_text(parameter, ",".join(value)) if parameter.form in (Form.NAMES, Form.SWITCH) else value
