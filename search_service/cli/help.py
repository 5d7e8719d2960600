"""The examples in the help of commands."""

from __future__ import annotations

from collections.abc import Iterable

import click


def write_lines(formatter: click.HelpFormatter, heading: str, lines: Iterable[str]) -> None:
    """Add lines to a help text as they are written, where click would fill paragraphs."""
    with formatter.section(heading):
        for line in lines:
            formatter.write(f"{' ' * formatter.current_indent}{line}\n")


class Command(click.Command):
    """A command; its epilog is an example of it, one call a line."""

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example."""
        write_lines(formatter, "Example", (self.epilog or "").splitlines())


class Commands(click.Group):
    """A group of commands with examples."""

    command_class = Command
