"""Reads raw documents from files, folders and standard input.

============================ ===================================================================================
ending                       what it holds
============================ ===================================================================================
`.jsonl`, `.ndjson`          one JSON object a line
`.json`                      the same, or one object or array over several lines (of at most `MAX_WHOLE_JSON` bytes)
`.csv`                       a header row, then one document a row; `,`, `;` or tab, as the header has it
`.txt`                       one document: the first line is its title, the rest its text, the path its id
`.html`, `.htm`              one document: title, paragraphs and what the head says of it, the path its id
============================ ===================================================================================

Each may be packed (`.jsonl.gz`). Standard input (`-`) is JSON lines. What cannot be read comes out as a `Reject` among
the documents. Lines end with a line feed and nothing else: Arabic texts hold U+2028. However long a file or a line is,
the memory taken depends on `max_document_bytes` (and for `.json` on `MAX_WHOLE_JSON`) only.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import os
import stat
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import orjson

from index_config.schema import Schema
from search_service.dates import date_range
from search_service.errors import UnreadableSource

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

STANDARD_INPUT = "-"

EXCERPT_BYTES = 2_000
"""What is kept of a refused document: enough to recognise it, and a file of rejects stays small."""

MAX_WHOLE_JSON = 64_000_000
"""A JSON value over several lines has to be held in memory whole, at some five times its size."""

_CHUNK = 65_536
_PACKED = ".gz"
_READ_ERRORS = (EOFError, OSError, zlib.error)  # what a broken disk or a .gz that was cut off raises
_DELIMITERS = ",;\t"  # Excel writes the semicolon where the comma is a decimal point

_BOILERPLATE = ("title", "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form")
_TEXT_FIELDS = ("title", "text")


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
    """A document that could be read and is not checked yet.

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
        """The beginning of the document, for a file of rejects."""
        return _excerpt(self.raw)


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that is no document, why, and how it begins."""

    origin: Origin
    reason: str
    raw: str = ""


Item = RawDocument | Reject


class _Stream(Protocol):
    """What files and unpacked files have in common."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, /) -> int: ...


class Sources:
    """Files, folders (with all below them, in order, hidden files left out) and standard input, read as one stream.

    Args:
        names: paths, or `-`.
        schema: what the documents are for; files that are no JSON or CSV fill certain fields of it.
        max_document_bytes: longer lines, rows and files are rejected.
        exclude: what may lie in a folder of documents and is none: the file of rejects, the indexes themselves.

    Attributes:
        total_bytes: what there is to read, on disk; None with standard input.
        skipped: how many files of folders are of no known kind, by ending.

    Raises:
        UnreadableSource: a path does not exist, a file is of no known kind or fills a field that the schema does not
            have, or a folder holds nothing to read.
    """

    def __init__(
        self, names: Sequence[str], schema: Schema, max_document_bytes: int, exclude: Collection[Path] = ()
    ) -> None:
        self._names = names
        self._fields = frozenset(field.name for field in schema.fields)
        self._limit = max_document_bytes
        self._exclude = {os.path.realpath(path) for path in exclude}
        self._exclude_names = {os.path.basename(path) for path in self._exclude}
        self._done = 0
        self._open_file: BinaryIO | None = None
        self.skipped: Counter[str] = Counter()
        self.total_bytes, kinds = self._survey()
        _check_fields(schema, kinds)

    @property
    def bytes_read(self) -> int:
        """How much of `total_bytes` is read; nothing is known of standard input."""
        return self._done + (self._open_file.tell() if self._open_file else 0)

    def __iter__(self) -> Iterator[Item]:
        self._done = 0
        for name in self._names:
            if name == STANDARD_INPUT:
                part = _Part(sys.stdin.buffer, name, name, self._limit, self._fields)
                yield from _guarded(Origin(name), _json_lines(part))
                continue
            for file in self._files(name):
                yield from _guarded(Origin(file.shown), self._read(file))

    def _read(self, file: _File) -> Iterator[Item]:
        try:
            with open(file.path, "rb") as packed:
                self._open_file = packed
                stream: _Stream = gzip.GzipFile(fileobj=packed) if file.packed else packed
                yield from _READERS[file.kind](_Part(stream, file.shown, file.id, self._limit, self._fields))
        finally:
            self._open_file = None
            self._done += file.size

    def _survey(self) -> tuple[int | None, set[str]]:
        """Return the size of all and the kinds of files, keeping no list: a folder may hold a million of them."""
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
                raise UnreadableSource(f"the folder {name} holds no file to read; known endings: {_known()}")
        return total, kinds

    def _files(self, name: str, skipped: Counter[str] | None = None) -> Iterator[_File]:
        if not os.path.isdir(name):
            yield self._named_file(name)
            return
        for folder, folders, names in os.walk(name, onerror=_refuse):
            folders[:] = sorted(one for one in folders if self._wanted(folder, one))
            for one in sorted(names):
                if not self._wanted(folder, one):
                    continue
                path = os.path.join(folder, one)
                file = _file(path, os.path.relpath(path, name))
                if file:
                    yield file
                elif skipped is not None:
                    skipped[os.path.splitext(one)[1] or "no ending"] += 1

    def _named_file(self, name: str) -> _File:
        if not os.path.exists(name):
            raise UnreadableSource(f"there is no file or folder {_shown(name)}")
        if os.path.realpath(name) in self._exclude:
            raise UnreadableSource(f"{_shown(name)} is the reject file as well; name another one with --reject-file")
        file = _file(name, os.path.basename(name))
        if not file:
            raise UnreadableSource(f"{_shown(name)} is not a file of a known kind; known endings: {_known()}")
        return file

    def _wanted(self, folder: str, name: str) -> bool:
        if name.startswith("."):
            return False
        # The real path is asked for only where the name fits: it takes a call of the system for every folder above.
        return name not in self._exclude_names or os.path.realpath(os.path.join(folder, name)) not in self._exclude


def _check_fields(schema: Schema, kinds: AbstractSet[str]) -> None:
    for kind in sorted(kinds & _FIXED_FIELDS.keys()):
        for name in _FIXED_FIELDS[kind]:
            if schema.field(name) is None:
                known = ", ".join(field.name for field in schema.fields)
                raise UnreadableSource(
                    f"{kind} files fill the fields {' and '.join(_FIXED_FIELDS[kind])}, and schema {schema.name!r} has "
                    f"no field {name!r} (it has: {known}); name its fields so, or write the documents as JSONL"
                )


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    shown: str
    id: str
    kind: str
    packed: bool
    size: int


@dataclass(frozen=True, slots=True)
class _Part:
    """An open file: its bytes, unpacked, and what its documents are called."""

    stream: _Stream
    path: str
    id: str
    limit: int
    fields: frozenset[str]

    def whole(self) -> bytes:
        """Return all of a file that is one document.

        Raises:
            _Unreadable: it is too large.
        """
        content = self.stream.read(self.limit + 1)
        if len(content) > self.limit:
            raise _Unreadable(_too_large(self.limit), raw=content)
        return content


class _Unreadable(Exception):
    """The rest of a file, or all of it, cannot be read."""

    def __init__(self, reason: str, line: int | None = None, raw: bytes = b"") -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.raw = raw


def _guarded(origin: Origin, items: Iterator[Item]) -> Iterator[Item]:
    """Yield what a file holds; when it cannot be read on, what was read before stays."""
    try:
        yield from items
    except _Unreadable as error:
        yield Reject(Origin(origin.path, error.line), error.reason, _excerpt(error.raw))
    except _READ_ERRORS as error:
        yield Reject(origin, _broken(error))


def _file(path: str, document_id: str) -> _File | None:
    """Return a file of a known kind; None for another one, and for what is not a file."""
    name = path.lower()
    packed = name.endswith(_PACKED)
    kind = os.path.splitext(name.removesuffix(_PACKED))[1]
    try:
        state = os.stat(path)
    except OSError:
        return None
    if kind not in _READERS or not stat.S_ISREG(state.st_mode):
        return None
    return _File(path, _shown(path), Path(document_id).as_posix(), kind, packed, state.st_size)


def _refuse(error: OSError) -> None:
    raise UnreadableSource(f"the folder {_shown(str(error.filename))} cannot be read ({error.strerror})") from error


class _Lines:
    """The lines of a stream as bytes. One that is longer than `limit` comes out a little longer; its rest is skipped.

    Attributes:
        number: of the last line, from 1.
    """

    def __init__(self, stream: _Stream, limit: int) -> None:
        self._stream = stream
        self._most = limit + 1
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> bytes:
        """Return a line without its line feed. Raises _Unreadable when the stream breaks off."""
        most = self._most if self.number else self._most + len(codecs.BOM_UTF8)
        try:
            line = self._stream.readline(most)
            if len(line) == most and not line.endswith(b"\n"):
                self._skip()
        except _READ_ERRORS as error:
            raise _Unreadable(_broken(error), self.number + 1) from error
        if not line:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        return line.removesuffix(b"\n")

    def _skip(self) -> None:
        while (rest := self._stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
            pass


# JSON


def _json_lines(part: _Part) -> Iterator[Item]:
    lines = _Lines(part.stream, part.limit)
    for line in lines:
        if len(line) > part.limit:
            yield Reject(Origin(part.path, lines.number), _too_large(part.limit), _excerpt(line))
        elif line and not line.isspace():
            yield _from_json(Origin(part.path, lines.number), line)


def _json_file(part: _Part) -> Iterator[Item]:
    """Read lines when the first one looks like a whole object, else one JSON value over several lines."""
    first = next(_Lines(part.stream, part.limit), b"").strip()
    part.stream.seek(0)
    if first.startswith(b"{") and first.endswith(b"}"):
        yield from _json_lines(part)
        return
    content = part.stream.read(MAX_WHOLE_JSON + 1)
    if len(content) > MAX_WHOLE_JSON:
        raise _Unreadable(f"is one JSON value of over {MAX_WHOLE_JSON} bytes; write one document a line", raw=content)
    item = _from_json(Origin(part.path), content.removeprefix(codecs.BOM_UTF8))
    if isinstance(item, Reject) or not isinstance(item.content, list):
        too_large = isinstance(item, RawDocument) and len(content) > part.limit
        yield Reject(item.origin, _too_large(part.limit), _excerpt(content)) if too_large else item
        return
    for number, one in enumerate(item.content, start=1):
        yield _array_item(Origin(f"{part.path}[{number}]"), one, part.limit)


def _array_item(origin: Origin, content: Any, limit: int) -> Item:
    try:
        raw = orjson.dumps(content)
    except orjson.JSONEncodeError as error:  # it reads deeper nesting than it writes
        return Reject(origin, f"cannot be written as JSON again: {error}")
    return RawDocument(origin, content, raw) if len(raw) <= limit else Reject(origin, _too_large(limit), _excerpt(raw))


def _from_json(origin: Origin, content: bytes) -> Item:
    try:
        return RawDocument(origin, orjson.loads(content), content)
    except orjson.JSONDecodeError as error:
        return Reject(origin, _json_problem(content, error), _excerpt(content))


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


# CSV


def _csv_rows(part: _Part) -> Iterator[Item]:
    lines = _Lines(part.stream, part.limit)
    header, delimiter = _csv_header(next(lines, b""))
    csv.field_size_limit(part.limit)  # of the whole process; its default would refuse a long article
    row = _Row(lines, part.limit)
    rows = csv.reader(row, delimiter=delimiter, strict=True)
    while True:
        row.begin()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (csv.Error, _RowTooLarge) as error:
            reason = f"is not CSV: {error}" if isinstance(error, csv.Error) else _too_large(part.limit)
            hint = f" (lines {row.first} to {lines.number}; is a quotation mark missing?)"
            yield Reject(Origin(part.path, row.first), reason + hint * (lines.number > row.first), _excerpt(row.raw))
            continue
        if not cells:
            continue
        origin = Origin(part.path, row.first)
        if row.not_utf8:
            yield Reject(origin, row.not_utf8, _excerpt(row.raw))
        elif len(cells) != len(header):
            reason = f"has {len(cells)} cells, and the header has {len(header)}"
            yield Reject(origin, reason, _excerpt(row.raw))
        else:
            yield RawDocument(origin, dict(zip(header, cells, strict=True)), row.raw, textual=True)


def _csv_header(line: bytes) -> tuple[list[str], str]:
    """Return the names of the columns and what separates them.

    Raises:
        _Unreadable: the names cannot be used; then no row of the file can.
    """
    try:
        text = line.decode()
        delimiter = max(_DELIMITERS, key=text.count)
        names = [name.strip() for name in next(csv.reader([text], delimiter=delimiter, strict=True))]
    except UnicodeDecodeError as error:
        raise _Unreadable("the header is not UTF-8; save the file as CSV UTF-8", 1, line) from error
    except csv.Error as error:
        raise _Unreadable(f"the header is not CSV: {error}", 1, line) from error
    if "id" not in names:
        raise _Unreadable(f"the header has no column 'id' (it has: {', '.join(names)})", 1, line)
    if len(set(names)) < len(names) or "" in names:
        raise _Unreadable("the header names a column twice, or not at all", 1, line)
    return names, delimiter


class _RowTooLarge(Exception):
    """A row goes on for longer than a document may."""


class _Row:
    """Feeds lines as text to `csv.reader` and notes what belongs to the row that it reads.

    Attributes:
        first: the row's first line.
        raw: how the row begins.
        not_utf8: why its text is not right, or empty.
    """

    def __init__(self, lines: _Lines, limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self.begin()

    def begin(self) -> None:
        """Take what follows as a new row."""
        self.first = self._lines.number + 1
        self.raw = b""
        self.not_utf8 = ""
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
            # The row is refused, but read to its end, or the next one would begin in its middle.
            self.not_utf8 = self.not_utf8 or f"is not UTF-8 (line {self._lines.number}, byte {error.start + 1})"
            return line.decode(errors="replace") + "\n"


# Texts


def _text_file(part: _Part) -> Iterator[Item]:
    content = part.whole()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(f"is not UTF-8 (byte {error.start + 1})", raw=content) from error
    title, _, rest = text.replace("\r\n", "\n").strip().partition("\n")
    if not title:
        raise _Unreadable("is empty")
    document = {"id": part.id, "title": title.rstrip(), "text": rest.strip("\n") or title}
    yield RawDocument(Origin(part.path), document, content)


# HTML


def _html_file(part: _Part) -> Iterator[Item]:
    content = part.whole()
    page = _soup(_decoded_page(content))
    title, about = _title(page), _about(page)
    text = _paragraphs(page)
    if not text:
        raise _Unreadable("holds no text", raw=content)
    document = {"id": part.id, "title": title or text.partition("\n")[0], "text": text}
    known = {name: value for name, value in about.items() if value and name in part.fields}
    yield RawDocument(Origin(part.path), document | known, content)


def _decoded_page(content: bytes) -> str:
    """Decode a page: by its byte order mark, as UTF-8 when it is that, else as it declares itself.

    Pages saved by a browser or a tool are UTF-8 and often still declare what they were. The other way round cannot
    happen: Arabic in windows-1256 is never valid UTF-8.

    >>> _decoded_page('<meta charset="windows-1256">خبر'.encode("cp1256"))[-3:]
    'خبر'
    """
    from bs4.dammit import EncodingDetector  # loaded with bs4, see _soup

    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        declared: str | None = "utf-16"
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            wrong = error
        declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    if not declared:
        raise _Unreadable(f"is not UTF-8 (byte {wrong.start + 1}) and declares no charset", raw=content)
    try:
        return content.decode(declared)
    except (LookupError, UnicodeError) as error:
        raise _Unreadable(f"is neither UTF-8 nor {declared}, which it declares", raw=content) from error


def _soup(markup: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup  # takes as long to load as all the rest, and most loads have no page
    from bs4.exceptions import ParserRejectedMarkup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wonders whether XHTML is XML, or a short text a file name
        try:
            return BeautifulSoup(markup, "html.parser")
        except ParserRejectedMarkup as error:
            raise _Unreadable(f"is not HTML: {error}", raw=markup[:EXCERPT_BYTES].encode()) from error


def _title(page: BeautifulSoup) -> str:
    found = (_line(tag.get_text()) for tag in page.find_all(["title", "h1"]) if not tag.find_parent("svg"))
    return next((title for title in found if title), "")


def _about(page: BeautifulSoup) -> dict[str, str]:
    """Return what a page says of itself, by the names of our fields."""
    canonical = page.find("link", rel="canonical", href=True)
    url = _attribute(canonical, "href")
    time = page.find("time", datetime=True)
    dates = (_meta(page, property="article:published_time"), _attribute(time, "datetime"))
    return {
        "abstract": _meta(page, name="description"),
        "author": _meta(page, name="author"),
        "date": next((date for date in dates if _is_date(date)), ""),
        "url": url if url.startswith(("http://", "https://")) else "",
    }


def _meta(page: BeautifulSoup, **wanted: str) -> str:
    return _line(_attribute(page.find("meta", attrs=dict(wanted)), "content"))


def _attribute(tag: Tag | None, name: str) -> str:
    return str(tag.get(name) or "").strip() if tag else ""


def _is_date(text: str) -> bool:
    try:
        date_range(text)
    except ValueError:
        return False
    return True


def _paragraphs(page: BeautifulSoup) -> str:
    """Return the paragraphs of the body, or all of its text when it has none.

    Each text belongs to the paragraph nearest to it: without `</p>`, which old pages leave out, paragraphs nest.
    """
    body = page.body or page
    half = len(body.get_text()) / 2
    for tag in body.find_all(_BOILERPLATE):
        # Some systems wrap the whole page in one form.
        if tag.name != "form" or len(tag.get_text()) < half:
            tag.decompose()
    for tag in body.find_all("br"):
        tag.replace_with("\n")
    texts: dict[int, list[str]] = {}
    for string in body.strings:
        if paragraph := string.find_parent("p"):
            texts.setdefault(id(paragraph), []).append(string)
    lines = [_line(line) for text in texts.values() for line in "".join(text).split("\n")]
    if not any(lines):
        lines = [_line(line) for line in body.get_text("\n").split("\n")]
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    return " ".join(text.split())


# What errors say


def _excerpt(raw: bytes) -> str:
    return raw[:EXCERPT_BYTES].decode(errors="replace")


def _broken(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return f"cannot be read further: {error}"


def _too_large(limit: int) -> str:
    return f"is larger than {limit} bytes (MAX_DOCUMENT_BYTES)"


def _shown(path: str) -> str:
    """A path as text that JSON can hold, for a file name may be any bytes."""
    return os.fsencode(path).decode(errors="replace")


def _known() -> str:
    return f"{', '.join(_READERS)}, each also with {_PACKED}"


_READERS: Mapping[str, Callable[[_Part], Iterator[Item]]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_file,
    ".csv": _csv_rows,
    ".txt": _text_file,
    ".html": _html_file,
    ".htm": _html_file,
}

_FIXED_FIELDS: Mapping[str, tuple[str, ...]] = {".txt": _TEXT_FIELDS, ".html": _TEXT_FIELDS, ".htm": _TEXT_FIELDS}
"""The fields that a kind of file always fills; those that the head of a page gives need not be in the schema."""
