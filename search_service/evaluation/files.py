"""The lines of the files of an evaluation: text in columns, one record a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from search_service.core.errors import UnreadableSource


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not blank, each with its number.

    Raises:
        UnreadableSource: it is not UTF-8.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableSource("line-not-utf8", path=str(path), line=number, byte=f"{raw[error.start]:#04x}") from None
    # Only line feeds end a line: titles may hold the other characters that Python splits at.
    for number, line in enumerate(text.split("\n"), start=1):
        if line and not line.isspace():
            yield number, line.rstrip("\r")


def columns(line: str) -> list[str]:
    r"""Return the columns of a line, cut at tabs where there are any, since ids may hold spaces.

    >>> columns("q1 0  doc-1 2"), columns("q1\t0\tmy file.txt\t2")
    (['q1', '0', 'doc-1', '2'], ['q1', '0', 'my file.txt', '2'])
    """
    return [column.strip() for column in line.split("\t")] if "\t" in line else line.split()
