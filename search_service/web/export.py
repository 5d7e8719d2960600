"""What a search found as a file: CSV for spreadsheets, or JSON."""

from __future__ import annotations

import csv
import io
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from tempfile import SpooledTemporaryFile, gettempdir
from typing import IO

import orjson
from flask import Response

from search_service.core.deadline import check_deadline
from search_service.core.document import Document
from search_service.core.errors import InvalidParameter, ServiceOverloaded, StorageUnavailable
from search_service.core.files import FULL
from search_service.core.index_name import IndexName
from search_service.search.request import MAX_SIZE, SearchRequest
from search_service.search.service import SearchService

MAX_DOCUMENTS = 10_000
"""Documents of a file. The whole of an index is exported by the command line or a listing."""

BEST = MAX_SIZE
"""Documents that come first, in the order of the first ten pages of results. Where Elasticsearch lists all matches, it
scores them by fewer tiers than those of a page."""

MEMORY_BYTES = 1_000_000
"""What is kept in memory of a file; the rest is on the disk until it is sent."""

MAX_FILES = 16
"""Files that wait to be sent, in each process. A client that reads slowly leaves its file on the disk meanwhile."""

MAX_FILE_BYTES = 200_000_000
"""Bytes of a file: what 10,000 articles of ten pages have. With `MAX_FILES`, what all of them take of the disk."""

PIECE_BYTES = 65_536

FORMATS = {"csv": "text/csv", "json": "application/json"}

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel reads UTF-8 as another encoding."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets run a cell that begins with one of these (OWASP: CSV injection)."""

VALUE_SEPARATOR = " | "


class Exporter:
    """Writes what searches find to files that are sent, a bounded number at a time. Thread-safe.

    Args:
        service: what searches.
    """

    def __init__(self, service: SearchService) -> None:
        self._service = service
        self._free = threading.BoundedSemaphore(MAX_FILES)

    def head(self, index: IndexName, wanted: SearchRequest, file_format: str) -> Response:
        """Return the head of the answer with the file: a search says whether there would be one; nothing is written.

        Raises:
            InvalidParameter: a parameter is invalid.
        """
        nothing = {"page": None, "offset": 0, "size": 0, "highlight": False}
        self._service.search(index, wanted.model_copy(update=nothing))
        return _answer(iter(()), index, file_format)

    def export(self, index: IndexName, wanted: SearchRequest, file_format: str) -> Response:
        """Return the documents of a search as a file.

        It is written before the answer begins, within the time limit and the place of the request: a search that fails
        is answered by an error and not by half a file, and a client that reads slowly takes no place of a search.

        Raises:
            InvalidParameter: a parameter is invalid, or the file would be too large.
            ServiceOverloaded: too many files wait to be sent.
            StorageUnavailable: there is no space for the file.
        """
        documents = islice(_documents(self._service, index, wanted), MAX_DOCUMENTS)
        if file_format == "csv":
            pieces = csv_pieces(documents, [field.name for field in self._service.schema(index).fields])
        else:
            pieces = json_pieces(documents)
        return _answer(self._written(pieces, index), index, file_format)

    def _written(self, pieces: Iterable[bytes], index: IndexName) -> _File:
        if not self._free.acquire(blocking=False):
            raise ServiceOverloaded
        file = _File(self._free.release)
        try:
            for piece in pieces:
                check_deadline()
                file.write(piece)
            file.end()
        except OSError as error:
            file.close()
            reason, place = error.strerror or "", gettempdir()
            if error.errno in FULL:
                raise StorageUnavailable("disk-full", index=index, reason=reason, place=place) from error
            raise StorageUnavailable("disk-failed", index=index, reason=reason, place=place) from error
        except BaseException:
            file.close()
            raise
        return file


def _answer(content: Iterable[bytes], index: IndexName, file_format: str) -> Response:
    response = Response(content, mimetype=FORMATS[file_format])
    response.headers.set("Content-Disposition", "attachment", filename=f"{index}.{file_format}")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


class _File:
    """A file that is written, then read in pieces; the server closes it when the answer is sent or given up."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 (the server closes it)
        self._size = 0
        self._released = weakref.finalize(self, release)  # once, also if nobody closes it

    def write(self, piece: bytes) -> None:
        """Append a piece."""
        self._size += len(piece)
        if self._size > MAX_FILE_BYTES:
            raise InvalidParameter("q", "answer-too-large", count=self._size, limit=MAX_FILE_BYTES)
        self._file.write(piece)

    def end(self) -> None:
        """Go to the beginning."""
        self._file.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces, once."""
        try:
            while piece := self._file.read(PIECE_BYTES):
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Remove the file."""
        try:
            with suppress(OSError):  # what is buffered is written first, also on a full disk
                self._file.close()
        finally:
            self._released()


def _documents(service: SearchService, index: IndexName, wanted: SearchRequest) -> Iterator[Document]:
    """Yield the documents of a search, each once, the best as the pages show them."""
    first = {"page": None, "offset": 0, "size": BEST, "highlight": False}
    best = service.search(index, wanted.model_copy(update=first)).hits
    yield from (Document(hit.id, hit.source) for hit in best)
    known = {hit.id for hit in best}
    yield from (document for document in service.export(index, wanted) if document.id not in known)


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
