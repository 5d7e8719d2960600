"""Reads JSON: one object per line, or one value over several lines."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

import orjson

from search_service.core.message import Message, message
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
from search_service.ingestion.sources.recognition import code_page

MAX_WHOLE_JSON = 64_000_000
"""Bytes of a JSON value over several lines: it is parsed as a whole and takes some five times its size in memory."""


def json_lines(file: OpenFile) -> Iterator[Item]:
    """Yield one document per line; blank lines are skipped."""
    lines = Lines(file.stream, file.limit)
    for line in lines:
        if len(line) > file.limit:
            yield Reject(Origin(file.path, lines.number), too_large(file.limit), excerpt(line))
        elif line and not line.isspace():
            item = _from_json(Origin(file.path, lines.number), line)
            if isinstance(item, RawDocument) and isinstance(item.content, list) and _is_array_of_objects(item.content):
                item = Reject(item.origin, message("json-array-in-lines"), excerpt(line))
            yield item


def _is_array_of_objects(content: list[Any]) -> bool:
    return bool(content) and all(isinstance(one, dict) for one in content)


def json_file(file: OpenFile) -> Iterator[Item]:
    """Read JSON lines if the first line looks like a whole object, else one JSON value over several lines."""
    first = next(Lines(file.stream, file.limit), b"").strip()
    file.stream.seek(0)
    if first.startswith(b"{") and first.endswith(b"}"):
        yield from json_lines(file)
        return
    content = file.stream.read(MAX_WHOLE_JSON + 1)
    if len(content) > MAX_WHOLE_JSON:
        raise UnreadableFile(message("json-too-large", limit=MAX_WHOLE_JSON), raw=content)
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        return
    item = _from_json(Origin(file.path), content)
    if isinstance(item, Reject) or not isinstance(item.content, list):
        oversized = isinstance(item, RawDocument) and len(content) > file.limit
        yield Reject(item.origin, too_large(file.limit), excerpt(content)) if oversized else item
        return
    for number, one in enumerate(item.content, start=1):
        yield _array_item(Origin(f"{file.path}[{number}]"), one, file.limit)


def _array_item(origin: Origin, content: Any, limit: int) -> RawDocument | Reject:
    try:
        raw = orjson.dumps(content)
    except orjson.JSONEncodeError as error:  # it reads deeper nesting than it writes
        return Reject(origin, message("not-writable-as-json", reason=str(error)))
    return RawDocument(origin, content, raw) if len(raw) <= limit else Reject(origin, too_large(limit), excerpt(raw))


def _from_json(origin: Origin, content: bytes) -> RawDocument | Reject:
    try:
        return RawDocument(origin, orjson.loads(content), content)
    except orjson.JSONDecodeError as error:
        if content.startswith(codecs.BOM_UTF8):  # where files with a byte order mark were put together
            return _from_json(origin, content.removeprefix(codecs.BOM_UTF8))
        return Reject(origin, json_problem(content, error), excerpt(content))


def json_problem(content: bytes, error: orjson.JSONDecodeError) -> Message:
    """Return what is wrong with bytes that are not JSON; the parser's own words mix up some of the reasons."""
    try:
        text = content.decode()
    except UnicodeDecodeError as wrong:
        value = f"{content[wrong.start]:#04x}"
        return message("json-not-utf8", byte=wrong.start + 1, value=value, charset=code_page(content))
    if "\0" in text:
        return message("json-nul-character", character=text.index(chr(0)) + 1)
    if _has_lone_surrogate(text):
        return message("json-lone-surrogate")
    if text.strip() in ("{", "["):
        return message("json-over-lines")
    if "\r" in text.strip() and "\n" not in text:
        return message("carriage-returns")
    line = error.lineno if "\n" in text else None
    return message("not-json", reason=error.msg, line=line, character=error.colno)


def _has_lone_surrogate(text: str) -> bool:
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        pass
    return False
