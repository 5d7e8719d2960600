"""The help of commands: examples, and lists of terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import click


def write_lines(formatter: click.HelpFormatter, heading: str, lines: Iterable[str]) -> None:
    """Write lines as they are; click would wrap them into paragraphs."""
    with formatter.section(heading):
        for line in lines:
            formatter.write(f"{' ' * formatter.current_indent}{line}\n")


def _is_exclusion(text: str) -> bool:
    """Whether an argument begins with a dash and a sign that no option begins with."""
    return re.match(r"-(?:[^\x00-\x7f]|\")", text) is not None


class Command(click.Command):
    """A command; its epilog is an example of it, one call per line.

    Args:
        terms: a heading, and terms with their descriptions, for a list above the example.
        others: those of `click.Command`.
    """

    def __init__(self, *args: Any, terms: tuple[str, Sequence[tuple[str, str]]] | None = None, **others: Any) -> None:
        super().__init__(*args, **others)
        self._terms = terms

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse arguments; one such as -كلمة is a query, because options have ASCII names."""
        return super().parse_args(ctx, [f" {text}" if _is_exclusion(text) else text for text in args])

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the terms and the example."""
        if self._terms:
            heading, terms = self._terms
            with formatter.section(heading):
                formatter.write_dl(terms)
        write_lines(formatter, "Example", (self.epilog or "").splitlines())


class Commands(click.Group):
    """A group of commands with examples."""

    command_class = Command
