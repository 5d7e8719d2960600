"""The file of a backup: a tar archive of the files of one commit, with their checksums.

::

    backup.json          version of this format, name of the index, number of documents, checksum of these
    meta.json            that of the generation
    tantivy/meta.json    tantivy's list of segments
    tantivy/...          the files of the segments
    checksums.json       size and SHA-256 of each of the above

Nothing in an archive is trusted: only these names and plain files are accepted, every file is compared with its
checksum, and an archive without its end has no checksums.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from search_service.core.errors import UnreadableSource
from search_service.core.message import Message, message
from search_service.engines.embedded.checksums import META, TANTIVY, TANTIVY_META
from search_service.engines.embedded.commits import ENDINGS
from search_service.engines.embedded.durable import write_stream

FORMAT = 2
"""Version of the archive. The header of the first had no checksum of its own."""

HEADER_CHECKSUM = "sha256"
"""The member of the header that holds the hash of the others: the header is used before the rest is read."""

HEADER, CHECKSUMS = "backup.json", "checksums.json"

MEMBER = re.compile(rf"{TANTIVY}/[0-9a-f]{{32}}\.(?:{'|'.join(ENDINGS)}|[0-9]{{1,20}}\.del)")
"""The names of the files of segments."""

MAX_METADATA = 50_000_000
"""Bytes of a file of metadata: it is read into memory. A list of 10,000 segments has some 2 MB."""

CHUNK_BYTES = 1 << 20


class Content(NamedTuple):
    """A file for an archive."""

    name: str
    stream: IO[bytes]
    size: int


class _Hashing:
    """Hashes what is read from a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Read from the stream."""
        content = self._stream.read(size)
        self._hash.update(content)
        self.size += len(content)
        return content

    def checksum(self) -> dict[str, object]:
        """Return size and hash of what was read so far."""
        return {"size": self.size, "sha256": self._hash.hexdigest()}


def content(name: str, data: bytes) -> Content:
    """Return a file from its content."""
    return Content(name, io.BytesIO(data), len(data))


def write_archive(stream: IO[bytes], header: dict[str, Any], contents: Iterable[Content]) -> None:
    """Write an archive of these files."""
    sums: dict[str, object] = {}
    header = {"format": FORMAT, **header}
    with_checksum = {**header, HEADER_CHECKSUM: _hash_of(header)}
    first = content(HEADER, orjson.dumps(with_checksum, option=orjson.OPT_INDENT_2))
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for one in (first, *contents):
            member = tarfile.TarInfo(one.name)
            member.size, member.mode = one.size, 0o644
            hashing = _Hashing(one.stream)
            archive.addfile(member, hashing)
            sums[one.name] = hashing.checksum()
        last = content(CHECKSUMS, orjson.dumps(sums, option=orjson.OPT_INDENT_2))
        member = tarfile.TarInfo(last.name)
        member.size, member.mode = last.size, 0o644
        archive.addfile(member, last.stream)


def _hash_of(header: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(header, option=orjson.OPT_SORT_KEYS)).hexdigest()


class ArchiveReader:
    """Reads an archive: first its header, then its files.

    Args:
        path: the archive.
        stream: its content.

    Raises:
        UnreadableSource: it is no backup, or it is damaged.

    Attributes:
        header: what `write_archive` was given.
    """

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path = path
        try:
            self._archive = tarfile.TarFile(fileobj=stream)
            self._members = self._plain_files()
            name, first = next(self._members)
        except (tarfile.TarError, StopIteration):
            raise self._not_a_backup() from None
        if name != HEADER:
            raise self._not_a_backup()
        hashing = _Hashing(first)
        self.header = self._json(hashing)
        self._sums = {name: hashing.checksum()}
        self._check_header()

    def _check_header(self) -> None:
        expected = self.header.pop(HEADER_CHECKSUM, None)
        is_other_format = self.header.get("format") != FORMAT
        if expected != _hash_of(self.header) and not (expected is None and is_other_format):
            raise self._damaged(message("backup-file-changed", file=HEADER))
        if is_other_format:
            raise UnreadableSource("backup-of-other-version", path=str(self._path))

    def extract(self, folder: Path) -> None:
        """Write all files below a folder, which has a subfolder `tantivy`, and compare them with their checksums."""
        expected: dict[str, Any] | None = None
        for name, stream in self._members:
            if name == CHECKSUMS:
                expected = self._json(stream)
                continue
            if expected is not None or name in self._sums or name == HEADER:
                raise self._damaged(message("backup-member-refused", file=name))
            hashing = _Hashing(stream)
            with self._errors():
                write_stream(folder / name, iter(lambda: hashing.read(CHUNK_BYTES), b""))  # noqa: B023
            self._sums[name] = hashing.checksum()
        if expected is None:
            raise self._damaged(message("backup-cut-short"))
        for name in sorted(expected.keys() | self._sums.keys()):
            if expected.get(name) != self._sums.get(name):
                raise self._damaged(message("backup-file-changed", file=name))

    def _plain_files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Yield names and contents. Links, devices, sparse files and all other names are refused."""
        while True:
            with self._errors():
                member = self._archive.next()
                if member is None:
                    return
                known = member.name in (HEADER, META, TANTIVY_META, CHECKSUMS) or MEMBER.fullmatch(member.name)
                stream = self._archive.extractfile(member) if member.type == tarfile.REGTYPE else None
            if not known or stream is None or member.issparse():
                raise self._damaged(message("backup-member-refused", file=member.name))
            yield member.name, stream

    def _json(self, stream: IO[bytes] | _Hashing) -> dict[str, Any]:
        with self._errors():
            data = stream.read(MAX_METADATA)
        try:
            found = orjson.loads(data)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise self._not_a_backup()
        return found

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise the errors of tarfile as UnreadableSource."""
        try:
            yield
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise self._damaged(message("backup-unreadable", reason=str(error))) from error

    def _damaged(self, problem: Message) -> UnreadableSource:
        return UnreadableSource("backup-damaged", path=str(self._path), problem=problem)

    def _not_a_backup(self) -> UnreadableSource:
        return UnreadableSource("not-a-backup", path=str(self._path))
