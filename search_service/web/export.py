"""What a search found as a file: CSV for spreadsheets, or JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from tempfile import SpooledTemporaryFile

import orjson
from flask import Response

from search_service.core.deadline import check_deadline
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService

MAX_DOCUMENTS = 10_000
"""Documents of a file. The whole of an index is exported by the command line or a listing."""

MEMORY_BYTES = 1_000_000
"""What is kept in memory of a file; the rest is on the disk until it is sent."""

PIECE_BYTES = 65_536

FORMATS = {"csv": "text/csv", "json": "application/json"}

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel reads UTF-8 as another encoding."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets run a cell that begins with one of these (OWASP: CSV injection)."""

VALUE_SEPARATOR = " | "


def export(service: SearchService, index: IndexName, wanted: SearchRequest, file_format: str) -> Response:
    """Return the documents of a search as a file.

    It is written before the answer begins, within the time limit and the place of the request: a search that fails is
    answered by an error and not by half a file, and a client that reads slowly takes no place of a search.
    """
    documents = islice(service.export(index, wanted), MAX_DOCUMENTS)
    if file_format == "csv":
        pieces = csv_pieces(documents, [field.name for field in service.schema(index).fields])
    else:
        pieces = json_pieces(documents)
    response = Response(_read(_written(pieces)), mimetype=FORMATS[file_format])
    response.headers.set("Content-Disposition", "attachment", filename=f"{index}.{file_format}")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _written(pieces: Iterable[bytes]) -> SpooledTemporaryFile[bytes]:
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=MEMORY_BYTES))
        for piece in pieces:
            check_deadline()
            file.write(piece)
        file.seek(0)
        stack.pop_all()  # the answer closes it
        return file


def _read(file: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def csv_pieces(documents: Iterable[Document], fields: Sequence[str]) -> Iterator[bytes]:
    """Yield a table: a row of names, then one for each document."""
    yield BYTE_ORDER_MARK.encode() + _row(["id", *fields])
    for document in documents:
        yield _row([document.id, *(document.source.get(name) for name in fields)])


def json_pieces(documents: Iterable[Document]) -> Iterator[bytes]:
    """Yield an array of documents, one on each line."""
    yield b"["
    for number, document in enumerate(documents):
        yield (b",\n" if number else b"\n") + orjson.dumps({"id": document.id, **document.source})
    yield b"\n]\n"


def _row(cells: Sequence[object]) -> bytes:
    row = io.StringIO()
    csv.writer(row).writerow([cell(value) for value in cells])
    return row.getvalue().encode()


def cell(value: object) -> str:
    """Return a value as a cell; a text that a spreadsheet would run gets a quote before it.

    >>> cell(["a", "b"]), cell(None), cell(-5), cell("=1+1"), cell("-5 درجات")
    ('a | b', '', '-5', "'=1+1", "'-5 درجات")
    """
    if value is None:
        return ""
    if isinstance(value, list):
        value = VALUE_SEPARATOR.join(str(one) for one in value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_SIGNS) else text
