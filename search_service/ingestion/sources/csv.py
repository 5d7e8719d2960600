"""Reads CSV: a header, then one document per row."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from index_config.schema import CONTENT
from search_service.core.message import Message, message
from search_service.ingestion.sources.base import (
    EXCERPT_BYTES,
    Item,
    Lines,
    OpenFile,
    Origin,
    RawDocument,
    Reject,
    UnreadableFile,
    excerpt,
)
from search_service.ingestion.sources.recognition import code_page

_DELIMITERS = ",;\t"  # Excel writes the semicolon where the comma is a decimal point


def csv_rows(file: OpenFile) -> Iterator[Item]:
    """Yield one document per row below the header; all values are texts."""
    lines = Lines(file.stream, file.limit)
    first = next(lines, None)
    if first is None:
        return
    header, delimiter = _csv_header(first, file.id_from)
    csv.field_size_limit(file.limit)  # of the whole process; its default would refuse a long article
    row = _Row(lines, file.limit)
    rows = csv.reader(row, delimiter=delimiter, strict=True)
    while True:
        row.begin()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (csv.Error, _RowTooLarge) as error:
            if isinstance(error, csv.Error):
                reason = message("not-csv", reason=str(error), first=row.first, last=lines.number)
            else:
                reason = message("row-too-large", limit=file.limit, first=row.first, last=lines.number)
            yield Reject(Origin(file.path, row.first), reason, excerpt(row.raw))
            continue
        if not cells:
            continue
        origin = Origin(file.path, row.first)
        if row.not_utf8:
            yield Reject(origin, row.not_utf8, excerpt(row.raw))
        elif len(cells) != len(header):
            reason = message("wrong-cell-count", count=len(cells), expected=len(header))
            yield Reject(origin, reason, excerpt(row.raw))
        else:
            yield RawDocument(origin, dict(zip(header, cells, strict=True)), row.raw, textual=True)


def _csv_header(line: bytes, id_from: str) -> tuple[list[str], str]:
    """Return the names of the columns and their delimiter.

    Raises:
        UnreadableFile: the names cannot be used; then no row of the file can.
    """
    try:
        text = line.decode()
        delimiter = max(_DELIMITERS, key=text.count)
        names = [name.strip() for name in next(csv.reader([text], delimiter=delimiter, strict=True))]
    except UnicodeDecodeError as error:
        raise UnreadableFile(message("header-not-utf8", charset=code_page(line)), 1, line) from error
    except csv.Error as error:
        if "\r" in text.strip():
            raise UnreadableFile(message("carriage-returns"), 1, line) from error
        raise UnreadableFile(message("header-not-csv", reason=str(error)), 1, line) from error
    if "id" not in names and id_from not in (CONTENT, *names):
        raise UnreadableFile(message("header-without-id", columns=tuple(names), parameter="id_from"), 1, line)
    if len(set(names)) < len(names) or "" in names:
        raise UnreadableFile(message("header-columns-repeated"), 1, line)
    return names, delimiter


class _RowTooLarge(Exception):
    """A row is larger than a document may be."""


class _Row:
    """Feeds lines as text to `csv.reader`, and remembers those of the row that it reads.

    Attributes:
        first: the row's first line.
        raw: how the row begins.
        not_utf8: why its text is not right, if it is not.
    """

    def __init__(self, lines: Lines, limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self.begin()

    def begin(self) -> None:
        """Begin a new row."""
        self.first = self._lines.number + 1
        self.raw = b""
        self.not_utf8: Message | None = None
        self._size = 0

    def __iter__(self) -> _Row:
        return self

    def __next__(self) -> str:
        """Return a line with its line feed. Raises _RowTooLarge, after which the next line begins a row."""
        line = next(self._lines)
        if len(self.raw) < EXCERPT_BYTES:
            self.raw += line[:EXCERPT_BYTES] + b"\n"
        self._size += len(line) + 1
        if self._size > self._limit + 1:
            raise _RowTooLarge
        try:
            return line.decode() + "\n"
        except UnicodeDecodeError as error:
            # The row is rejected, but read to its end: otherwise the next one would begin in its middle.
            self.not_utf8 = self.not_utf8 or message(
                "row-not-utf8", line=self._lines.number, byte=error.start + 1, charset=code_page(line)
            )
            return line.decode(errors="replace") + "\n"
