"""Receives the bodies of requests, whole or as a stream, and reads JSON objects in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import orjson
from flask import Request as HttpRequest
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from search_service.api.reading import R, read_members
from search_service.core.errors import BodyTimeout, BodyTooLarge, ContentTypeUnsupported, InvalidParameter
from search_service.core.json_names import RepeatedName, check_names

MAX_BODY_BYTES = 1_000_000

READ_BYTES = 1 << 16
"""Bytes of a stream that are read at once where nothing is known of what has arrived."""

T = TypeVar("T")


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
