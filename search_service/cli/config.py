"""The commands about the compiled configuration: `config build` and `config check`."""

from __future__ import annotations

from pathlib import Path

import click

from index_config.compiled import check_compiled, write_compiled
from search_service.cli.help import Command, Commands


@click.group("config", cls=Commands)
def config_command() -> None:
    """Compile schemas, normalisation table and word lists into the settings and mappings of Elasticsearch."""


@config_command.command("build", cls=Command, epilog="arabic-search config build --out /tmp/compiled")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write to this folder instead of that of the package.",
)
def config_build_command(out: Path | None) -> None:
    """Write one JSON file per packaged schema: the body of PUT /INDEX."""
    for path in write_compiled(out):
        click.echo(path)


@config_command.command("check", cls=Command, epilog="arabic-search config check")
def config_check_command() -> None:
    """Check that the compiled files of the package are up to date."""
    count = len(check_compiled())
    click.echo(f"{count} compiled {'file is' if count == 1 else 'files are'} up to date")
