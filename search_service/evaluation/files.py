"""Reads files of queries, judgments and runs: one record per line, in columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from search_service.core.errors import UnreadableSource


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not blank, each with its number, from 1.

    Raises:
        UnreadableSource: the file is not UTF-8.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableSource("line-not-utf8", path=str(path), line=number, byte=f"{raw[error.start]:#04x}") from None
    # Only a line feed ends a line. `str.splitlines` would also split at characters that titles contain.
    for number, line in enumerate(text.split("\n"), start=1):
        if line and not line.isspace():
            yield number, line.rstrip("\r")


def split_columns(line: str) -> list[str]:
    r"""Split a line at tabs if it has any, because ids may contain spaces; else at white space.

    >>> split_columns("q1 0  doc-1 2"), split_columns("q1\t0\tmy file.txt\t2")
    (['q1', '0', 'doc-1', '2'], ['q1', '0', 'my file.txt', '2'])
    """
    return [column.strip() for column in line.split("\t")] if "\t" in line else line.split()
