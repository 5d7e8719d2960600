"""The command line: `arabic-search`. Errors become one line and an exit status here, and nowhere else."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import click

from index_config.errors import ConfigError
from search_service.cli import config, doctor, evaluate, generations, indexes, load, schemas, search, serve
from search_service.cli.exit_codes import INTERRUPTED, MEANINGS, OUTPUT_CLOSED, REJECTED, STATUSES
from search_service.cli.help import Commands, write_lines
from search_service.cli.output.messages import describe
from search_service.core.errors import SearchServiceError

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
        except load.DocumentsRejected as rejected:
            click.echo(rejected, err=True)
            ctx.exit(REJECTED)
        except (SearchServiceError, ConfigError, OSError) as error:
            text = describe(error) if isinstance(error, SearchServiceError) else str(error)
            click.echo(f"Error: {' '.join(text.split())}", err=True)
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
    load.index_command,
    load.reindex_command,
    search.search_command,
    search.explain_command,
    search.export_command,
    search.analyze_command,
    evaluate.evaluate_command,
    indexes.status_command,
    indexes.delete_command,
    generations.generations_command,
    generations.rollback_command,
    doctor.doctor_command,
    serve.serve_command,
    schemas.schema_group,
    config.config_group,
)
for command in COMMANDS:
    main.add_command(command)
