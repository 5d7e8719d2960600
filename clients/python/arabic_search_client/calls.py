"""Requests as data: what both clients send, and how they read the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

import httpx

T = TypeVar("T")

JSON, NDJSON, MERGE_PATCH = "application/json", "application/x-ndjson", "application/merge-patch+json"

MAX_QUERY_STRING = 4_000
"""Bytes. Longer parameters go into a body: the service reads request lines of 8,190 bytes, and proxies often allow no
more, with the path and what they add to it."""

LISTS = frozenset({"fields", "understanding", "as_typed", "facets", "highlight", "source"})
"""Parameters that are lists of names. Python takes a string for a sequence, too; here it is one name."""

HEADERS: Mapping[str, str] = {"if_match": "If-Match", "if_none_match": "If-None-Match"}
"""Parameters that are header fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """One request and the type of what it returns.

    Attributes:
        method: the HTTP method.
        path: the path, with its query string, encoded.
        read: returns the content of an answer that is no error.
        body: the body; None for none.
        content_type: its type.
        headers: further header fields.
        is_repeatable: whether it may be sent again if nobody knows what became of it.
    """

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    body: bytes | None = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    is_repeatable: bool = True


def path_of(*segments: str) -> str:
    """Return a path of these segments.

    Raises:
        ValueError: a segment is empty: the path would be that of something else.

    >>> path_of("v1", "indexes", "news", "documents", "a/b")
    '/v1/indexes/news/documents/a%2Fb'
    >>> path_of("documents", "..")
    '/documents/%2E%2E'
    """
    if not all(segments):
        raise ValueError("a name or an id is empty")
    # A segment of dots alone would be taken for the folder above it.
    return "".join(f"/{quote(one, safe='') if one.strip('.') else one.replace('.', '%2E')}" for one in segments)


def members_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as members of a JSON object, without those that are None."""
    members = {name: value for name, value in parameters.items() if value is not None and name not in HEADERS}
    return {name: [value] if name in LISTS and isinstance(value, str) else value for name, value in members.items()}


def headers_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the header fields among parameters."""
    return {field: parameters[name] for name, field in HEADERS.items() if parameters.get(name) is not None}


def query_string(parameters: Mapping[str, Any]) -> str:
    """Return parameters as a query string with its question mark; empty without any.

    >>> query_string({"q": "بحر", "facets": ["category", "tags"], "filters": {"tags": ["a", "b"]}})
    '?q=%D8%A8%D8%AD%D8%B1&facets=category%2Ctags&filter.tags=a&filter.tags=b'
    >>> query_string({"ranges": {"price": {"from": 5}}, "advanced": True})
    '?range.price=5..&advanced=true'
    """
    pairs = [pair for name, value in members_of(parameters).items() for pair in _pairs(name, value)]
    return f"?{urlencode(pairs)}" if pairs else ""


def _pairs(name: str, value: Any) -> Iterable[tuple[str, str]]:
    if name == "filters":
        for index_field, values in value.items():
            yield from ((f"filter.{index_field}", _text(one)) for one in _listed(values))
    elif name == "ranges":
        for index_field, bounds in value.items():
            low, high = (_text(bounds.get(end)) for end in ("from", "to"))
            yield f"range.{index_field}", f"{low}..{high}"
    elif isinstance(value, str | int):
        yield name, _text(value)
    else:
        yield name, ",".join(value)


def _listed(values: Any) -> Iterable[Any]:
    return [values] if isinstance(values, str | int) else values


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON.

    What JSON cannot express (half a surrogate pair, infinity) is left to the service to refuse, which says where it is.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    """Return another kind of mapping or sequence as a dictionary or list."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def content_of(response: httpx.Response) -> Any:
    """Return the JSON content of an answer."""
    return response.json()


def tagged_content_of(response: httpx.Response) -> Any:
    """Return the JSON content of an answer, with its entity tag, if it has one, as the member `etag`."""
    tag = response.headers.get("ETag")
    return response.json() if tag is None else {**response.json(), "etag": tag}


def nothing_of(_response: httpx.Response) -> None:
    """Return nothing, for an answer without content."""


def unless_unchanged(read: Callable[[httpx.Response], Any]) -> Callable[[httpx.Response], Any]:
    """Return a reader that returns None if the client has the content already."""
    return lambda response: None if response.status_code == httpx.codes.NOT_MODIFIED else read(response)


def reading(path: str, parameters: Mapping[str, Any], read: Callable[[httpx.Response], T]) -> Call[T]:
    """Return a call that changes nothing: with GET, or with POST if its parameters are too long for an address."""
    headers = headers_of(parameters)
    query = query_string(parameters)
    if len(query) <= MAX_QUERY_STRING:
        return Call(method="GET", path=f"{path}{query}", headers=headers, read=read)
    return Call(method="POST", path=path, body=json_bytes(members_of(parameters)), headers=headers, read=read)
