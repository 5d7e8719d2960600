"""The command line: `arabic-search`. Errors become one line and an exit status here, and nowhere else."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from index_config.errors import ConfigError
from search_service.cli.exit_codes import INTERRUPTED, MEANINGS, OUTPUT_CLOSED, REJECTED, DocumentsRejected, status_of
from search_service.cli.help import write_lines
from search_service.core.errors import SearchServiceError
from search_service.core.files import FULL
from search_service.core.logs import EscapeFilter, escape
from search_service.core.signals import Terminated

EXAMPLE = """\
arabic-search index news examples/news.jsonl
arabic-search search news "الولايات المتحده"
arabic-search serve"""

COMMANDS: Mapping[str, tuple[str, str]] = {
    "index": ("load", "Add documents to an index."),
    "reindex": ("load", "Rebuild an index and switch to the new generation."),
    "search": ("search", "Search an index."),
    "explain": ("search", "Explain the scores of documents."),
    "export": ("search", "Print the documents of an index as JSON lines."),
    "analyze": ("search", "Print the tokens of a text."),
    "evaluate": ("evaluate", "Measure the relevance of results with judgments."),
    "status": ("indexes", "List the indexes and their states."),
    "delete": ("indexes", "Delete an index."),
    "generations": ("generations", "List the generations of an index."),
    "rollback": ("generations", "Switch back to the generation before."),
    "backup": ("backup", "Copy an index to a file."),
    "restore": ("backup", "Create an index from a backup."),
    "doctor": ("doctor", "Check an index and its configuration."),
    "changes": ("changes", "List, retry and discard changes that could not be applied."),
    "jobs": ("jobs", "Start, list, show and cancel jobs."),
    "serve": ("serve", "Serve the search page and the HTTP interface."),
    "keys": ("keys", "Create, list, rotate and revoke keys of the HTTP interface."),
    "schema": ("schemas", "Check and show schemas."),
    "config": ("config", "Compile the configuration of Elasticsearch indexes."),
}
"""Each command with its module, which has it as `NAME_command`, and its line in the list of commands.

A module is imported when its command runs: all of them together take three times as long as the longest one."""


class Program(click.Group):
    """All commands; it turns errors into a line and a status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"search_service.cli.{module}"), f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example and the statuses."""
        write_lines(formatter, "Example", (self.epilog or "").splitlines())
        statuses = (f"{status:<3}  {meaning}" for status, meaning in MEANINGS.items())
        write_lines(formatter, "Exit status", statuses)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse the options before the command; `--help` prints here."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except BrokenPipeError:
            _discard_output()
            raise click.exceptions.Exit(OUTPUT_CLOSED) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of the service, of a configuration or of the system ends it with its status."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # a closed pipe shows here, not when Python ends
        except BrokenPipeError:
            _discard_output()
            ctx.exit(OUTPUT_CLOSED)
        except KeyboardInterrupt as interrupt:
            _print_error(*(f"Interrupted: {note}" for note in _notes(interrupt)))
            ctx.exit(128 + interrupt.number if isinstance(interrupt, Terminated) else INTERRUPTED)
        except click.Abort:
            ctx.exit(INTERRUPTED)
        except DocumentsRejected as rejected:
            _print_error(str(rejected))
            ctx.exit(REJECTED)
        except (SearchServiceError, ConfigError, OSError) as error:
            _print_error(f"Error: {escape(' '.join(_sentence(error).split()))}", *_notes(error))
            if isinstance(error, OSError) and error.filename is None:
                _discard_output()  # it is perhaps what cannot be written
            ctx.exit(status_of(error))
        return result


def _print_error(*lines: str) -> None:
    """Print to standard error; nobody may read it, and the status says the same."""
    with suppress(OSError):
        for line in lines:
            click.echo(line, err=True)


def _notes(error: BaseException) -> Sequence[str]:
    """Return what was added to an error on its way: what a load leaves behind."""
    return getattr(error, "__notes__", ())


def _discard_output() -> None:
    """Let nothing be written to a pipe that nobody reads: Python would complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in FULL:
        return f"{error.filename or 'The output'} cannot be written: {error.strerror}"
    if not isinstance(error, SearchServiceError):
        return str(error)
    from search_service.cli.output.messages import describe  # here: `--help` needs no sentences

    return describe(error)


@click.group(
    cls=Program, epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="arabic-search-service", prog_name="arabic-search", message="%(prog)s %(version)s")
def main() -> None:
    """Index Arabic documents and search them.

    Indexes are kept in the folder that the environment variable INDEX_DIR names (default: arabic-search-data), or in
    Elasticsearch where ENGINE says so. ARABIC_SEARCH_CONFIG names a TOML file with these and other settings.
    """
    if logging.lastResort:  # the handler of a process that sets up none
        logging.lastResort.addFilter(EscapeFilter())
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show Arabic must not end a command
