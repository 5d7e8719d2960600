"""Checksums of the files of a generation.

Every file of a segment ends with a footer that has the CRC-32 of what is before it: tantivy writes it, and these files
never change. So writing costs nothing. `checksums.json` has the CRC-32 of the footers, of the two files of metadata and
of itself. While a writer is open, it lacks the checksums of tantivy's files, because commits and merges replace the
list of segments. If the writer is killed, they are missing until the next writer has finished.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import orjson

from search_service.core.errors import DamagedIndex
from search_service.core.message import Message, message
from search_service.engines.embedded.durable import write_file

META = "meta.json"
"""Schema, fingerprint, time and number of a generation, in its folder."""

TANTIVY = "tantivy"
"""The folder of tantivy's files in that of a generation."""

TANTIVY_META = f"{TANTIVY}/meta.json"
CHECKSUMS = "checksums.json"

MAGIC = 1337
"""The number at the end of each of tantivy's files, after the footer and its length."""

FOOTER_BYTES = 512
"""Read from the end of a file; a footer takes some 90."""

CHUNK_BYTES = 1 << 20


class FileDamage(Exception):
    """A file of a generation is missing or changed.

    Args:
        problem: which, and how.
    """

    def __init__(self, problem: Message) -> None:
        self.problem = problem
        super().__init__(str(problem))


class Footer(NamedTuple):
    """The end of a file of a segment.

    Attributes:
        size: the bytes before it.
        crc: their CRC-32, as the footer has it.
        own_crc: the CRC-32 of the footer itself.
    """

    size: int
    crc: int
    own_crc: int


def damaged(index: str, problem: Message) -> DamagedIndex:
    """Return the error of an index with a damaged file."""
    return DamagedIndex("index-damaged", index=index, problem=problem)


def recorded(generation: Path) -> dict[str, int]:
    """Return the recorded checksums by file; none for a generation that an earlier version wrote.

    Raises:
        FileDamage: the file of checksums is damaged.
    """
    path = generation / CHECKSUMS
    try:
        content = orjson.loads(path.read_bytes())
        sums: dict[str, int] = content["files"]
        if content["crc32"] == zlib.crc32(orjson.dumps(sums)):
            return sums
    except FileNotFoundError:
        return {}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        pass
    raise FileDamage(message("index-file-changed", file=path.name))


def record(generation: Path, names: Iterable[str], segments: Iterable[Path] = ()) -> None:
    """Write the checksums of these files of metadata, and of the footers of these files of segments."""
    sums = {name: zlib.crc32((generation / name).read_bytes()) for name in names}
    sums |= {f"{TANTIVY}/{path.name}": footer_of(path).own_crc for path in segments}
    content = {"files": sums, "crc32": zlib.crc32(orjson.dumps(sums))}
    write_file(generation / CHECKSUMS, orjson.dumps(content, option=orjson.OPT_INDENT_2))


def read_checked(generation: Path, name: str) -> bytes:
    """Return the content of a file of metadata.

    Raises:
        FileDamage: it is missing, or differs from its checksum.
        OSError: it cannot be read.
    """
    path = generation / name
    while True:
        sums = recorded(generation)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise FileDamage(message("index-file-missing", file=path.name)) from None
        if sums.get(name, zlib.crc32(content)) == zlib.crc32(content):
            return content
        if recorded(generation) == sums:  # otherwise a writer has opened or closed the index meanwhile
            raise FileDamage(message("index-file-changed", file=path.name))


def footer_of(path: Path) -> Footer:
    """Return the footer of a file of a segment.

    Raises:
        FileDamage: the file is missing, or has no footer, for example because its end is.
        OSError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - FOOTER_BYTES))
            end = stream.read()
    except FileNotFoundError:
        raise FileDamage(message("index-file-missing", file=path.name)) from None
    length, magic = (int.from_bytes(end[at : at + 4], "little") for at in (len(end) - 8, len(end) - 4))
    if len(end) < 8 or magic != MAGIC or length > len(end) - 8:
        raise FileDamage(message("index-file-cut-short", file=path.name))
    try:
        footer = end[len(end) - 8 - length :]
        return Footer(size - len(footer), int(orjson.loads(footer[:-8])["crc"]), zlib.crc32(footer))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise FileDamage(message("index-file-changed", file=path.name)) from None


def check_content(path: Path, footer_crc: int | None) -> int:
    """Read a file of a segment and return its bytes.

    Args:
        path: the file.
        footer_crc: the checksum of its footer, None if it was not recorded.

    Raises:
        FileDamage: it differs from its checksum, or the disk cannot read it.
        OSError: it cannot be opened.
    """
    footer, crc = footer_of(path), 0
    with path.open("rb") as stream:
        left = footer.size
        try:
            while chunk := stream.read(min(left, CHUNK_BYTES)):
                crc = zlib.crc32(chunk, crc)
                left -= len(chunk)
        except OSError as error:
            raise FileDamage(message("index-file-unreadable", file=path.name, reason=error.strerror or "")) from error
    if left or crc != footer.crc or footer_crc not in (None, footer.own_crc):
        raise FileDamage(message("index-file-changed", file=path.name))
    return footer.size
