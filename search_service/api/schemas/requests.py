"""The parameters of requests: the only place, with the presenters, that knows the names on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson
from flask import Request

from search_service.core.errors import InvalidParameter
from search_service.search.request import SearchRequest

MAX_BODY_BYTES = 1_000_000

FILTER = "filter."
RANGE = "range."
DEFAULT_SIZE = 10
DEFAULT_FACET_SIZE = 20

SEARCH_NAMES = (
    "q", "page", "offset", "size", "sort", "facets", "facet_size", "histogram", "date_from", "date_to", "fields",
    "highlight", "source",
)  # fmt: skip
BODY_NAMES = (*SEARCH_NAMES, "filters", "ranges")


class Parameters:
    """The query string of a GET request, read name by name.

    Args:
        request: the request.
        names: the parameters it may have; `filter.` and `range.` stand for any name that begins so.

    Raises:
        InvalidParameter: there is one of another name, or one twice that may stand once.
    """

    def __init__(self, request: Request, names: Iterable[str]) -> None:
        self._values = {name: request.args.getlist(name) for name in request.args}
        known = tuple(names)
        for name, values in self._values.items():
            prefix = next((p for p in (FILTER, RANGE) if name.startswith(p) and p in known), "")
            if name not in known and not prefix:
                shown = tuple(f"{n}FIELD" if n in (FILTER, RANGE) else n for n in known)
                raise InvalidParameter(name, "unknown-parameter", allowed=shown)
            if len(values) > 1 and prefix != FILTER:
                raise InvalidParameter(name, "repeated-parameter", count=len(values))

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as it came."""
        return self._values.get(name, [default])[0]

    def number(self, name: str, default: int) -> int:
        """Return a parameter as a whole number."""
        return _number(name, self.text(name, str(default)))

    def names(self, name: str) -> list[str] | None:
        """Return the parts of a parameter between commas, or None when it is absent."""
        return _split(self.text(name)) if name in self._values else None

    def prefixed(self, prefix: str) -> dict[str, list[str]]:
        """Return the values of all parameters that begin with `filter.` or `range.`, by the field they name."""
        return {name[len(prefix) :]: values for name, values in self._values.items() if name.startswith(prefix)}


def search_request(parameters: Parameters) -> SearchRequest:
    """Read a search from a query string."""
    size = parameters.number("size", DEFAULT_SIZE)
    return replace(
        filter_request(parameters),
        facets=parameters.names("facets") or (),
        facet_size=parameters.number("facet_size", DEFAULT_FACET_SIZE),
        histogram=parameters.text("histogram"),
        sort=parameters.text("sort"),
        offset=_offset(parameters.text("page"), parameters.text("offset"), size),
        size=size,
        highlight=_highlight(parameters.text("highlight", "true")),
    )


def filter_request(parameters: Parameters) -> SearchRequest:
    """Read what restricts the documents of a facet."""
    return SearchRequest(
        q=parameters.text("q"),
        filters=parameters.prefixed(FILTER),
        ranges={name: _range(f"ranges.{name}", value) for name, [value] in parameters.prefixed(RANGE).items()},
        date_from=parameters.text("date_from"),
        date_to=parameters.text("date_to"),
        fields=parameters.names("fields"),
    )


def _offset(page: str, offset: str, size: int) -> int:
    if page and offset:
        raise InvalidParameter("page", "mutually-exclusive", other_parameter="offset")
    if not page:
        return _number("offset", offset or "0")
    number = _number("page", page)
    if number < 1:
        raise InvalidParameter("page", "out-of-range", value=number, low=1)
    return (number - 1) * size


def _highlight(text: str) -> list[str] | None:
    if text == "true":
        return None
    return [] if text == "false" else _split(text)


def _range(parameter: str, text: str) -> tuple[str, str]:
    low, dots, high = text.partition("..")
    if not dots or not (low or high):
        raise InvalidParameter(parameter, "not-a-range")
    return low, high


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(parameter: str, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10):
        raise InvalidParameter(parameter, "not-an-integer", value=text)
    return int(text)


def json_body(request: Request, names: Iterable[str]) -> dict[str, Any]:
    """Return the JSON object a request carries.

    Raises:
        InvalidParameter: it is not a JSON object, or has a name that is not known.
    """
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise InvalidParameter("body", "body-too-large", count=request.content_length, limit=MAX_BODY_BYTES)
    try:
        body = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError as error:
        raise InvalidParameter("body", "body-not-json", reason=str(error)) from None
    if not isinstance(body, dict):
        raise InvalidParameter("body", "body-not-an-object")
    known = tuple(names)
    for name in body:
        if name not in known:
            raise InvalidParameter(name, "unknown-parameter", allowed=known)
    return body


def search_body(body: Mapping[str, Any]) -> SearchRequest:
    """Read a search from a JSON object."""
    size = member(body, "size", _is_number, "integer", DEFAULT_SIZE)
    page = member(body, "page", _is_number, "integer", None)
    offset = member(body, "offset", _is_number, "integer", None)
    highlight = member(body, "highlight", _is_flag_or_names, "boolean or array of strings", True)
    return SearchRequest(
        q=member(body, "q", _is_text, "string", ""),
        filters=_body_filters(member(body, "filters", _is_object, "object", {})),
        ranges=_body_ranges(member(body, "ranges", _is_object, "object", {})),
        date_from=member(body, "date_from", _is_text, "string", ""),
        date_to=member(body, "date_to", _is_text, "string", ""),
        fields=member(body, "fields", _is_names, "array of strings", None),
        facets=member(body, "facets", _is_names, "array of strings", []),
        facet_size=member(body, "facet_size", _is_number, "integer", DEFAULT_FACET_SIZE),
        histogram=member(body, "histogram", _is_text, "string", ""),
        sort=member(body, "sort", _is_text, "string", ""),
        offset=_offset("" if page is None else str(page), "" if offset is None else str(offset), size),
        size=size,
        highlight=highlight if isinstance(highlight, list) else (None if highlight else []),
    )


def member(body: Mapping[str, Any], name: str, fits: Callable[[Any], bool], expected: str, default: Any) -> Any:
    """Return a member of a JSON object, or the default when it is absent or null."""
    value = body.get(name)
    if value is None:
        return default
    if not fits(value):
        raise InvalidParameter(name, "wrong-type", expected=expected)
    return value


def required_text(body: Mapping[str, Any], name: str) -> str:
    """Return a member of a JSON object that is a string and has to be there."""
    if body.get(name) is None:
        raise InvalidParameter(name, "missing-parameter", expected="string")
    return text_member(body, name)


def names_member(body: Mapping[str, Any], name: str) -> list[str] | None:
    """Return a member of a JSON object that is a list of names, or None when it is absent."""
    names: list[str] | None = member(body, name, _is_names, "array of strings", None)
    return names


def text_member(body: Mapping[str, Any], name: str, default: str = "") -> str:
    """Return a member of a JSON object that is a string."""
    return str(member(body, name, _is_text, "string", default))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_flag_or_names(value: Any) -> bool:
    return isinstance(value, bool) or _is_names(value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _body_filters(filters: Mapping[str, Any]) -> dict[str, list[str]]:
    """Values may be strings, whole numbers or booleans, one or several."""
    read: dict[str, list[str]] = {}
    for name, values in filters.items():
        several = values if isinstance(values, list) else [values]
        for value in several:
            if not isinstance(value, str | int):
                raise InvalidParameter(f"filters.{name}", "wrong-type", expected="value or array of values")
        read[name] = [str(v).lower() if isinstance(v, bool) else str(v) for v in several]
    return read


def _body_ranges(ranges: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    read: dict[str, tuple[str, str]] = {}
    for name, bounds in ranges.items():
        if not isinstance(bounds, dict) or not bounds or set(bounds) - {"from", "to"}:
            raise InvalidParameter(f"ranges.{name}", "not-a-range")
        low, high = ("" if bounds.get(end) is None else str(bounds[end]) for end in ("from", "to"))
        read[name] = (low, high)
    return read
