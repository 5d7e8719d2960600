"""Reads JSON: one object a line, or one value over several lines."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

import orjson

from search_service.ingestion.sources.base import (
    Item,
    Lines,
    OpenFile,
    Origin,
    RawDocument,
    Reject,
    UnreadableFile,
    excerpt,
    too_large,
)

MAX_WHOLE_JSON = 64_000_000
"""A JSON value over several lines has to be held in memory whole, at some five times its size."""


def json_lines(part: OpenFile) -> Iterator[Item]:
    """Read one document a line; blank lines are passed over."""
    lines = Lines(part.stream, part.limit)
    for line in lines:
        if len(line) > part.limit:
            yield Reject(Origin(part.path, lines.number), too_large(part.limit), excerpt(line))
        elif line and not line.isspace():
            yield _from_json(Origin(part.path, lines.number), line)


def json_file(part: OpenFile) -> Iterator[Item]:
    """Read lines when the first one looks like a whole object, else one JSON value over several lines."""
    first = next(Lines(part.stream, part.limit), b"").strip()
    part.stream.seek(0)
    if first.startswith(b"{") and first.endswith(b"}"):
        yield from json_lines(part)
        return
    content = part.stream.read(MAX_WHOLE_JSON + 1)
    if len(content) > MAX_WHOLE_JSON:
        raise UnreadableFile(
            f"is one JSON value of over {MAX_WHOLE_JSON} bytes; write one document a line", raw=content
        )
    item = _from_json(Origin(part.path), content.removeprefix(codecs.BOM_UTF8))
    if isinstance(item, Reject) or not isinstance(item.content, list):
        oversized = isinstance(item, RawDocument) and len(content) > part.limit
        yield Reject(item.origin, too_large(part.limit), excerpt(content)) if oversized else item
        return
    for number, one in enumerate(item.content, start=1):
        yield _array_item(Origin(f"{part.path}[{number}]"), one, part.limit)


def _array_item(origin: Origin, content: Any, limit: int) -> Item:
    try:
        raw = orjson.dumps(content)
    except orjson.JSONEncodeError as error:  # it reads deeper nesting than it writes
        return Reject(origin, f"cannot be written as JSON again: {error}")
    return RawDocument(origin, content, raw) if len(raw) <= limit else Reject(origin, too_large(limit), excerpt(raw))


def _from_json(origin: Origin, content: bytes) -> Item:
    try:
        return RawDocument(origin, orjson.loads(content), content)
    except orjson.JSONDecodeError as error:
        return Reject(origin, _json_problem(content, error), excerpt(content))


def _json_problem(content: bytes, error: orjson.JSONDecodeError) -> str:
    """Say what is wrong with bytes that are not JSON; the parser's own words mix up some of the reasons."""
    try:
        text = content.decode()
    except UnicodeDecodeError as wrong:
        return f"is not UTF-8 (byte {wrong.start + 1}: {content[wrong.start]:#04x})"
    if "\0" in text:
        return f"holds a NUL character (character {text.index(chr(0)) + 1})"
    if _has_lone_surrogate(text):
        return "holds half a surrogate pair (an escape such as \\ud83d without its other half)"
    place = f"line {error.lineno}, character {error.colno}" if "\n" in text else f"character {error.colno}"
    return f"is not JSON: {error.msg} ({place})"


def _has_lone_surrogate(text: str) -> bool:
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        pass
    return False
