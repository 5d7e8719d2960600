"""Types that all readers share: raw documents, open files and their lines, rejects, and formats."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from search_service.core.message import Message, message
from search_service.ingestion.sources.recognition import other_kind

EXCERPT_BYTES = 2_000
"""Bytes of a rejected document that are kept: enough to recognise it, and the reject file stays small."""

READ_ERRORS = (EOFError, OSError, zlib.error)
"""What a broken disk or a truncated .gz raises."""

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from.

    Attributes:
        path: the file as it was named or found, `-` for standard input; `docs.json[3]` for the third of an array.
        line: its first line, from 1; None when it is the file as a whole.
    """

    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document that was read and is not checked yet.

    Attributes:
        content: JSON values, of any shape when `textual` is false.
        raw: the bytes it was read from, or their beginning.
        textual: whether all values are texts (a row of CSV), numbers and lists too.
    """

    origin: Origin
    content: Any
    raw: bytes
    textual: bool = False

    @property
    def excerpt(self) -> str:
        """The beginning of the document, for the reject file."""
        return excerpt(self.raw)


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejected document, or a part of a source that cannot be read: where it is, the reason, and an excerpt."""

    origin: Origin
    reason: Message
    raw: str = ""


@dataclass(frozen=True, slots=True)
class LoadWarning:
    """Something in a source that is doubtful and no reason to reject a document.

    Attributes:
        origin: where it is.
        reason: what it is.
    """

    origin: Origin
    reason: Message


Item = RawDocument | Reject | LoadWarning


class Stream(Protocol):
    """A file, or a decompressed one."""

    def read(self, size: int, /) -> bytes:
        """Return that many bytes, fewer at the end."""

    def readline(self, size: int, /) -> bytes:
        """Return the next line with its line feed, or that many bytes of it."""

    def seek(self, offset: int, /) -> int:
        """Move to an offset in decompressed bytes."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open file.

    Attributes:
        stream: its bytes, decompressed.
        path: its name in rejects.
        id: the id of its document, if it is one document.
        limit: the largest document in bytes.
        fields: the fields of the schema.
        id_from: the key of the id of a document without `id`; empty if each must have one.
    """

    stream: Stream
    path: str
    id: str
    limit: int
    fields: frozenset[str]
    id_from: str = ""

    def document_id(self) -> str:
        """Return the id of its document, which is its path.

        Raises:
            UnreadableFile: the path is not UTF-8.
        """
        try:
            self.id.encode()
        except UnicodeEncodeError as error:
            raise UnreadableFile(message("file-name-not-utf8")) from error
        return self.id

    def whole(self) -> bytes:
        """Return the content of a file that is one document.

        Raises:
            UnreadableFile: it is too large.
        """
        content = self.stream.read(self.limit + 1)
        if len(content) > self.limit:
            raise UnreadableFile(too_large(self.limit), raw=content)
        return content


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """A format of files.

    Attributes:
        endings: of the names of its files.
        read: yields the documents of a file.
        content: what a file holds, in a phrase for help texts.
        fields: those that each document has; a schema without them is refused before anything is read.
    """

    endings: tuple[str, ...]
    read: Callable[[OpenFile], Iterator[Item]]
    content: str
    fields: tuple[str, ...] = ()


class UnreadableFile(Exception):
    """A file, or the rest of it, cannot be read."""

    def __init__(self, reason: Message, line: int | None = None, raw: bytes = b"") -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.line = line
        self.raw = raw


class Lines:
    """The lines of a stream as bytes. A line over `limit` is cut right after it, and its rest is skipped.

    Raises UnreadableFile at the first line of a file that is not text in UTF-8, as far as its beginning shows it.

    Attributes:
        number: of the last line, from 1.
    """

    def __init__(self, stream: Stream, limit: int) -> None:
        self._stream = stream
        self._most = limit + 1
        self.number = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> bytes:
        """Return a line without its line feed. Raises UnreadableFile when the stream breaks off."""
        most = self._most if self.number else self._most + len(codecs.BOM_UTF8)
        try:
            line = self._stream.readline(most)
            if len(line) == most and not line.endswith(b"\n"):
                self._skip()
        except READ_ERRORS as error:
            raise UnreadableFile(broken(error), self.number + 1) from error
        if not line:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            if reason := other_kind(line):
                raise UnreadableFile(reason, 1, line)
            line = line.removeprefix(codecs.BOM_UTF8)
        return line.removesuffix(b"\n")

    def _skip(self) -> None:
        while (rest := self._stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
            pass


def excerpt(raw: bytes) -> str:
    """Return the beginning of a document as text, for the reject file."""
    return raw[:EXCERPT_BYTES].decode(errors="replace")


def broken(error: Exception) -> Message:
    """Return that a file cannot be read, with the reason of the system or of the decompression."""
    if isinstance(error, OSError) and error.strerror:
        return message("read-failed", reason=error.strerror)
    return message("read-interrupted", reason=str(error))


def too_large(limit: int) -> Message:
    """Return that something is larger than a document may be."""
    return message("too-large", limit=limit)
