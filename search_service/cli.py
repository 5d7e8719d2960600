"""The command line: `arabic-search`. Errors become one line and an exit status here, and nowhere else."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import click

from index_config.errors import ConfigError
from search_service.commands import (
    configuration,
    doctor,
    evaluating,
    generations,
    indexes,
    loading,
    schemas,
    searching,
    serving,
)
from search_service.errors import (
    DamagedIndex,
    EngineUnavailable,
    InvalidParameter,
    SearchServiceError,
    UnknownDocument,
    UnknownIndex,
    UnreadableSource,
    WriterBusy,
)
from search_service.terminal.helptexts import Commands, write_lines

OK, REJECTED, WRONG_USAGE, NOT_FOUND, BUSY, FAILED, UNAVAILABLE = range(7)
INTERRUPTED = 128 + 2
"""As shells report a process that SIGINT ended."""

OUTPUT_CLOSED = 128 + 13
"""As shells report a process that SIGPIPE ended: whoever read the output (`| head`) has had enough."""

MEANINGS = {
    OK: "all went well",
    REJECTED: "finished, but documents were rejected",
    WRONG_USAGE: "wrong usage, parameter, schema or source",
    NOT_FOUND: "no such index or document",
    BUSY: "another writer holds the index",
    FAILED: "any other failure",
    UNAVAILABLE: "the search engine does not answer, is busy or full, or refuses the service",
    INTERRUPTED: "interrupted (Ctrl-C), or not confirmed",
    OUTPUT_CLOSED: "whoever read the output has ended",
}

STATUSES: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((InvalidParameter, ConfigError, UnreadableSource), WRONG_USAGE),
    ((UnknownIndex, UnknownDocument), NOT_FOUND),
    ((WriterBusy,), BUSY),
    ((DamagedIndex,), FAILED),
    ((EngineUnavailable,), UNAVAILABLE),
    ((SearchServiceError, OSError), FAILED),
)
"""Which errors leave with which status: the first row that fits."""

EXAMPLE = """\
arabic-search index news examples/news.jsonl
arabic-search search news "الولايات المتحده"
arabic-search serve"""


class Program(Commands):
    """All commands; it turns errors into a line and a status."""

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example and the statuses."""
        write_lines(formatter, "Example", (self.epilog or "").splitlines())
        statuses = (f"{status:<3}  {meaning}" for status, meaning in MEANINGS.items())
        write_lines(formatter, "Exit status", statuses)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of the service, of a configuration or of the system ends it with its status."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # a closed pipe shows here, not when Python ends
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(OUTPUT_CLOSED)
        except (KeyboardInterrupt, click.Abort):
            ctx.exit(INTERRUPTED)
        except loading.DocumentsRejected as rejected:
            click.echo(rejected, err=True)
            ctx.exit(REJECTED)
        except (SearchServiceError, ConfigError, OSError) as error:
            click.echo(f"Error: {' '.join(str(error).split())}", err=True)
            ctx.exit(next(status for kinds, status in STATUSES if isinstance(error, kinds)))
        return result


@click.group(
    cls=Program, epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
def main() -> None:
    """Index Arabic documents and search them.

    Indexes lie in the folder that the environment variable INDEX_DIR names (arabic-search-data unless told), or in
    Elasticsearch where ENGINE says so. ARABIC_SEARCH_CONFIG names a file with these and other settings.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show Arabic is no reason to fail


COMMANDS: tuple[click.Command, ...] = (
    loading.index_command,
    loading.reindex_command,
    searching.search_command,
    searching.explain_command,
    searching.export_command,
    searching.analyze_command,
    evaluating.evaluate_command,
    indexes.status_command,
    indexes.delete_command,
    generations.generations_command,
    generations.rollback_command,
    doctor.doctor_command,
    serving.serve_command,
    schemas.schema_group,
    configuration.config_group,
)
for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
