"""Reads documents from files, folders and standard input.

`FORMATS` lists the formats. Each file may be compressed (`.jsonl.gz`). Standard input (`-`) is JSON lines. What cannot
be read is yielded as a `Reject` among the documents. Lines end with a line feed and nothing else: Arabic texts contain
U+2028. However long a file or a line is, memory depends on `max_document_bytes` (and for `.json` on
`jsonl.MAX_WHOLE_JSON`) only.
"""

from __future__ import annotations

import gzip
import os
import stat
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index_config.schema import Schema
from search_service.core.errors import UnreadableSource
from search_service.core.message import message
from search_service.ingestion.sources.base import (
    READ_ERRORS,
    Item,
    LoadWarning,
    OpenFile,
    Origin,
    RawDocument,
    Reject,
    SourceFormat,
    Stream,
    UnreadableFile,
    broken,
    excerpt,
)
from search_service.ingestion.sources.csv import csv_rows
from search_service.ingestion.sources.jsonl import json_file, json_lines
from search_service.ingestion.sources.page import PAGE_FIELDS, html_file, text_file

STANDARD_INPUT = "-"

_PACKED = ".gz"
_GZIP_MAGIC = b"\x1f\x8b"

FORMATS = (
    SourceFormat((".jsonl", ".ndjson"), json_lines, "one JSON object per line"),
    SourceFormat((".json",), json_file, "one JSON object per line, or one object or array over several lines"),
    SourceFormat(
        (".csv",), csv_rows, "a header with a column id, then one document per row; commas, semicolons or tabs"
    ),
    SourceFormat((".txt",), text_file, "one document: its first line is the title, its path the id", PAGE_FIELDS),
    SourceFormat(
        (".html", ".htm"), html_file, "one document: title, paragraphs and metadata; its path is the id", PAGE_FIELDS
    ),
)
"""Every format that can be read: a new one is a module with its reader, and a line here."""

_BY_ENDING: Mapping[str, SourceFormat] = {ending: one for one in FORMATS for ending in one.endings}


class FileSources:
    """Files, folders (recursively, in order, without hidden files) and standard input, read as one stream.

    Args:
        names: paths, or `-`.
        schema: some formats fill certain fields of it.
        max_document_bytes: longer lines, rows and files are rejected.
        exclude: paths that are not read, though they are in a folder of documents: the reject file, the indexes.

    Attributes:
        total: bytes on disk; None with standard input.
        skipped: how many files of folders are not read, by ending; with the reason if they have a known ending.

    Raises:
        UnreadableSource: a path does not exist, a file has an unknown ending or fills a field that the schema does not
            have, or a folder has no file to read.
    """

    def __init__(
        self, names: Sequence[str], schema: Schema, max_document_bytes: int, exclude: Collection[Path] = ()
    ) -> None:
        self._names = names
        self._fields = frozenset(field.name for field in schema.fields)
        self._id_from = schema.id_from
        self._limit = max_document_bytes
        self._exclude = {os.path.realpath(path) for path in exclude}
        self._exclude_names = {os.path.basename(path) for path in self._exclude}
        self._done = 0
        self._open_file: BinaryIO | None = None
        self._sampled: tuple[list[Item], Iterator[Item]] | None = None
        self.skipped: Counter[str] = Counter()
        self.total, kinds = self._survey()
        _check_fields(schema, kinds)

    @property
    def bytes_read(self) -> int:
        """Bytes of `total` that were read; bytes of standard input are not counted."""
        return self._done + (self._open_file.tell() if self._open_file else 0)

    @property
    def is_stream(self) -> bool:
        """Whether standard input is among the sources: it can be read once."""
        return STANDARD_INPUT in self._names

    def sample(self, documents: int, size: int) -> list[RawDocument]:
        """Return the first documents, as many as asked for and at most `size` bytes of them.

        They are yielded again by the next iteration; standard input is read once.
        """
        items: list[Item] = []
        rest = iter(self)
        found: list[RawDocument] = []
        for item in rest:
            items.append(item)
            if isinstance(item, RawDocument):
                found.append(item)
                size -= len(item.raw)
            if len(found) == documents or size <= 0:
                break
        if self.is_stream:
            self._sampled = items, rest
        return found

    def __iter__(self) -> Iterator[Item]:
        if self._sampled:
            items, rest = self._sampled
            self._sampled = None
            yield from items
            yield from rest
            return
        self._done = 0
        for name in self._names:
            if name == STANDARD_INPUT:
                opened = OpenFile(sys.stdin.buffer, name, name, self._limit, self._fields, self._id_from)
                yield from _guarded(Origin(name), json_lines(opened))
                continue
            for file in self._files(name):
                empty = True
                for item in _guarded(Origin(file.shown), self._read(file)):
                    empty = False
                    yield item
                if empty:
                    yield LoadWarning(Origin(file.shown), message("file-without-documents"))

    def _read(self, file: _File) -> Iterator[Item]:
        try:
            with open(file.path, "rb") as packed:
                self._open_file = packed
                if file.packed:
                    _check_gzip(packed)
                stream: Stream = gzip.GzipFile(fileobj=packed) if file.packed else packed
                opened = OpenFile(stream, file.shown, file.id, self._limit, self._fields, self._id_from)
                yield from _BY_ENDING[file.kind].read(opened)
        finally:
            self._open_file = None
            self._done += file.size

    def _survey(self) -> tuple[int | None, set[str]]:
        """Return the size of all files and their endings. Keep no list: a folder may hold a million files."""
        total: int | None = 0
        kinds: set[str] = set()
        for name in self._names:
            if name == STANDARD_INPUT:
                total = None
                continue
            found = 0
            for file in self._files(name, self.skipped):
                found += 1
                kinds.add(file.kind)
                total = None if total is None else total + file.size
            if not found:
                raise UnreadableSource("folder-without-files", path=_shown(name), endings=_endings())
        return total, kinds

    def _files(self, name: str, skipped: Counter[str] | None = None) -> Iterator[_File]:
        if not os.path.isdir(name):
            yield self._named_file(name)
            return
        for folder, folders, names in os.walk(name, onerror=_refuse):
            folders[:] = sorted(one for one in folders if self._wanted(folder, one))
            if skipped is not None:  # they are not followed: one could lead back here
                links = sum(os.path.islink(os.path.join(folder, one)) for one in folders)
                skipped.update({"links to folders": links} if links else {})
            for one in sorted(names):
                if not self._wanted(folder, one):
                    continue
                path = os.path.join(folder, one)
                file = _file(path, os.path.relpath(path, name))
                if file:
                    yield file
                elif skipped is not None:
                    skipped[_kind_of_skipped(path)] += 1

    def _named_file(self, name: str) -> _File:
        try:
            mode = os.stat(name).st_mode
        except FileNotFoundError:
            raise UnreadableSource("no-such-file", path=_shown(name)) from None
        except OSError as error:
            raise UnreadableSource("source-unreadable", path=_shown(name), reason=error.strerror) from error
        if not stat.S_ISREG(mode):
            raise UnreadableSource("not-a-file", path=_shown(name))
        if os.path.realpath(name) in self._exclude:
            raise UnreadableSource("source-is-reject-file", path=_shown(name), parameter="reject_file")
        file = _file(name, os.path.basename(name))
        if not file:
            raise UnreadableSource("unknown-ending", path=_shown(name), endings=_endings())
        return file

    def _wanted(self, folder: str, name: str) -> bool:
        if name.startswith("."):
            return False
        # Names first: resolving a path takes a system call for every folder above it.
        return name not in self._exclude_names or os.path.realpath(os.path.join(folder, name)) not in self._exclude


def _check_gzip(stream: BinaryIO) -> None:
    beginning = stream.read(len(_GZIP_MAGIC))
    stream.seek(0)
    if not beginning:
        raise UnreadableFile(message("gzip-empty"))
    if beginning != _GZIP_MAGIC:
        raise UnreadableFile(message("not-gzip"), raw=beginning)


def _kind_of_skipped(path: str) -> str:
    """Return what a file of a folder is that is not read: its ending, or why it is not read in spite of that."""
    ending = os.path.splitext(path)[1] or "no ending"
    if not path.lower().endswith(_endings()):
        return ending
    return f"{ending} ({'not a regular file' if os.path.exists(path) else 'a link to nothing'})"


def _check_fields(schema: Schema, endings: AbstractSet[str]) -> None:
    known = tuple(field.name for field in schema.fields)
    for ending in sorted(endings):
        fields = _BY_ENDING[ending].fields
        for name in fields:
            if name not in known:
                raise UnreadableSource(
                    "page-field-missing", format=ending, fields=fields, schema=schema.name, field=name, known=known
                )


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    shown: str
    id: str
    kind: str
    packed: bool
    size: int


def _guarded(origin: Origin, items: Iterator[Item]) -> Iterator[Item]:
    """Yield the documents of a file; an error ends it with a reject, and the documents before it stay."""
    try:
        yield from items
    except UnreadableFile as error:
        yield Reject(Origin(origin.path, error.line), error.reason, excerpt(error.raw))
    except READ_ERRORS as error:
        yield Reject(origin, broken(error))


def _file(path: str, document_id: str) -> _File | None:
    """Return a file with a known ending; None for any other, and for what is not a regular file."""
    name = path.lower()
    packed = name.endswith(_PACKED)
    kind = os.path.splitext(name.removesuffix(_PACKED))[1]
    try:
        state = os.stat(path)
    except OSError:
        return None
    if kind not in _BY_ENDING or not stat.S_ISREG(state.st_mode):
        return None
    return _File(path, _shown(path), Path(document_id).as_posix(), kind, packed, state.st_size)


def _refuse(error: OSError) -> None:
    raise UnreadableSource("folder-unreadable", path=_shown(str(error.filename)), reason=error.strerror) from error


def _shown(path: str) -> str:
    """Return a path as valid Unicode: a file name may be any bytes."""
    return os.fsencode(path).decode(errors="replace")


def _endings() -> tuple[str, ...]:
    return (*_BY_ENDING, *(f"{ending}{_PACKED}" for ending in _BY_ENDING))
