"""The lines of a bulk request: each is a document to add or replace, or the removal of one.

::

    {"id": "1", "title": "خبر"}                  a document, as in the files that `arabic-search index` loads
    {"upsert": {"id": "1", "title": "خبر"}}      the same
    {"delete": "1"}

An object with the one name `upsert` or `delete` is never a document: that has an id and one value at least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from search_service.core.errors import InvalidDocument
from search_service.core.json_names import RepeatedName, check_names
from search_service.engines.documents import Change
from search_service.ingestion.sources.jsonl import json_problem
from search_service.ingestion.validation import DocumentChecker, checked_id, id_key

UPSERT, DELETE = "upsert", "delete"

Line = tuple[int, bytes]
"""The number of a line, from 1, and its content; one that is too long is cut right after the limit."""


class LineSplitter:
    """Splits a stream into lines, with bounded memory; blank lines are skipped.

    Args:
        limit: bytes of a line. The rest of a longer one is skipped.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._number = 1
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Line]:
        """Yield the lines that end in the next part of the stream."""
        *ended, rest = data.split(b"\n")
        for part in ended:
            self._add(part)
            yield from self._take()
        self._add(rest)

    def finish(self) -> Iterator[Line]:
        """Yield the last line, if the stream did not end with a line feed."""
        yield from self._take()

    def _add(self, part: bytes) -> None:
        kept = part[: max(0, self._limit + 1 - self._size)]
        if kept:
            self._parts.append(kept)
            self._size += len(kept)

    def _take(self) -> Iterator[Line]:
        line, number = b"".join(self._parts), self._number
        self._parts, self._size, self._number = [], 0, number + 1
        if line and not line.isspace():
            yield number, line


def read_line(line: bytes, limit: int, checker: DocumentChecker) -> Change:
    """Return the change that a line asks for.

    Raises:
        InvalidDocument: the line is longer than `limit` bytes or no JSON, or the document does not fit.
    """
    name, content = _read_line(line, limit)
    if name == DELETE:
        return Change(checked_id(content))
    document = checker.check(content)
    return Change(document.id, document)


def read_id(line: bytes, limit: int) -> str | None:
    """Return the id in a line that changed nothing; None if it has none that can be read."""
    try:
        name, content = _read_line(line, limit)
        if name == DELETE:
            return checked_id(content)
        return checked_id(content.get(id_key(content))) if isinstance(content, Mapping) else None
    except InvalidDocument:
        return None


def _read_line(line: bytes, limit: int) -> tuple[str, Any]:
    """Return what a line asks for, `UPSERT` or `DELETE`, and the document or the id."""
    if len(line) > limit:
        raise InvalidDocument("", "document-too-large", limit=limit)
    content = read_json(line)
    if isinstance(content, Mapping) and len(content) == 1:
        if DELETE in content:
            return DELETE, content[DELETE]
        content = content.get(UPSERT, content)
    return UPSERT, content


def read_json(text: bytes) -> Any:
    """Return the value of a JSON text. Raises InvalidDocument if it is none, or an object repeats a name."""
    try:
        value = orjson.loads(text)
        check_names(text)
    except orjson.JSONDecodeError as error:
        raise InvalidDocument("", "line-unreadable", reason=json_problem(text, error)) from None
    except RepeatedName as error:
        raise InvalidDocument(error.name, "repeated-name", count=error.count) from None
    except RecursionError:
        raise InvalidDocument("", "json-too-deep") from None
    return value
