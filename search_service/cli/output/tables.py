"""Tables, JSON, and texts that are safe to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click
import orjson

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
"""Control characters, which would move the cursor or worse."""


def clean(text: str) -> str:
    """Return a text without control characters."""
    return text.translate(_CONTROLS)


def print_json(value: Any) -> None:
    """Print JSON in UTF-8, whatever the encoding of the terminal."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]], err: bool = False) -> None:
    """Print a header and rows in aligned columns; with `err`, to standard error."""
    lines = [tuple(str(cell) for cell in row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(header, *lines, strict=True)]
    for line in [tuple(header), *lines]:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip(), err=err)
