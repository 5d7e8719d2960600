"""Reads query strings and JSON bodies into request models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Generic, TypeVar

import orjson
from flask import Request as HttpRequest
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from search_service.core.errors import BodyTimeout, BodyTooLarge, ContentTypeUnsupported, InvalidParameter
from search_service.core.json_names import RepeatedName, check_names
from search_service.search.parameters import Form, Parameter, parameters
from search_service.search.request_types import Request

MAX_BODY_BYTES = 1_000_000

READ_BYTES = 1 << 16
"""Bytes of a stream that are read at once where nothing is known of what has arrived."""

MAX_DIGITS = 18
"""Digits of a number in a query string; no number of more digits is allowed anywhere, and Python refuses 4,301."""

REPEATABLE = frozenset({Form.VALUES, Form.NAMES, Form.SWITCH})
"""Forms of several values. Names have commas between, or the parameter is repeated, as many generated clients do."""

R = TypeVar("R", bound=Request)
T = TypeVar("T")


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


def check_content_type(request: HttpRequest, allowed: Sequence[str]) -> None:
    """Check the type of a body; nothing is allowed that is not listed, except where nothing is.

    Raises:
        ContentTypeUnsupported: it is another one, or missing.
    """
    if allowed and request.mimetype not in allowed:
        value = request.mimetype or "unknown"
        raise ContentTypeUnsupported("Content-Type", "content-type-unsupported", value=value, allowed=tuple(allowed))


def receive_body(request: HttpRequest, limit: int = MAX_BODY_BYTES) -> bytes:
    """Return the body, which is read once.

    Raises:
        BodyTooLarge: it has more than `limit` bytes, announced or sent.
        BodyTimeout: it did not arrive in time.
        InvalidParameter: its framing is invalid, or the connection was lost.
    """
    announced = request.content_length or 0
    request.max_content_length = limit + 1  # a chunked body is cut there
    with _body_errors(limit):
        data = request.get_data() if announced <= limit else None
        if data is None or len(data) > limit:
            raise RequestEntityTooLarge
    if len(data) < announced:
        raise InvalidParameter("body", "body-incomplete")
    return data


@contextmanager
def _body_errors(limit: int | None) -> Iterator[None]:
    """Turn the errors of Werkzeug and of the connection into those of the service."""
    try:
        yield
    except RequestEntityTooLarge:
        raise BodyTooLarge("body", "body-too-large", limit=limit) from None
    except ClientDisconnected as error:
        if isinstance(error.__context__, TimeoutError):
            raise BodyTimeout("body", "body-timeout") from error
        raise InvalidParameter("body", "body-incomplete") from error


class BodyStream(Generic[T]):
    """A body that the view reads itself, of any size; `T` is the type of one of its lines.

    Under our own worker (`search_service.server`) it is read as it arrives. Other servers may wait until there are
    `READ_BYTES` or the body ends.
    """

    def __init__(self, request: HttpRequest) -> None:
        request.max_content_length = None
        self._request = request
        raw: Any = request.environ["wsgi.input"]
        self._streamed = raw if hasattr(raw, "read1") and hasattr(raw, "restart_time") else None

    def read(self) -> bytes:
        """Return what has arrived, at least a byte; nothing at the end.

        Raises:
            BodyTimeout: nothing arrived in time.
            InvalidParameter: the framing is invalid, or the connection was lost.
        """
        if not self._streamed:
            with _body_errors(None):
                return self._request.stream.read(READ_BYTES)
        try:
            data: bytes = self._streamed.read1()
        except TimeoutError as error:
            raise BodyTimeout("body", "body-timeout") from error
        except OSError as error:
            raise InvalidParameter("body", "body-incomplete") from error
        return data

    def is_ready(self) -> bool:
        """Whether more has arrived, as far as that is known."""
        return bool(self._streamed and self._streamed.is_ready())

    def restart_time(self) -> None:
        """Let the time for the rest of the body begin now."""
        if self._streamed:
            self._streamed.restart_time()


def read_object(request: HttpRequest, limit: int = MAX_BODY_BYTES) -> dict[str, Any]:
    """Return the JSON object in a body.

    Raises:
        InvalidParameter: the body is too large or no JSON object, or an object in it repeats a name.
    """
    data = receive_body(request, limit)
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidParameter("body", "body-not-json", reason=str(error)) from None
    try:
        check_names(data)
    except RepeatedName as error:
        raise InvalidParameter(error.name, "repeated-parameter", count=error.count) from None
    except RecursionError:
        raise InvalidParameter("body", "body-too-deep") from None
    if not isinstance(body, dict):
        raise InvalidParameter("body", "body-not-an-object")
    return body


def read_body(model: type[R], request: HttpRequest, limit: int = MAX_BODY_BYTES) -> R:
    """Return the request in a JSON body; null members count as absent.

    Raises:
        InvalidParameter: the body is too large or no JSON object, or a member is unknown, missing or invalid.
    """
    return read_members(model, read_object(request, limit))


def read_members(model: type[R], members: Mapping[str, Any]) -> R:
    """Return the request of a JSON object; null members count as absent.

    Raises:
        InvalidParameter: a member is unknown, missing or invalid.
    """
    known = model.model_fields
    return model(**{name: value for name, value in members.items() if value is not None or name not in known})
