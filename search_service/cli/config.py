"""The commands about the compiled configuration: `config build` and `config check`."""

from __future__ import annotations

from pathlib import Path

import click

from index_config.compiled import check_compiled, write_compiled
from search_service.cli.help import Command, Commands


@click.group("config", cls=Commands)
def config_group() -> None:
    """Compile the shipped schemas, the table and the word lists into Elasticsearch's settings and mappings."""


@config_group.command("build", cls=Command, epilog="arabic-search config build --out /tmp/compiled")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write to this folder and not to the one of the package.",
)
def config_build_command(out: Path | None) -> None:
    """Write one JSON file for each shipped schema: the body of `PUT /index`."""
    for path in write_compiled(out):
        click.echo(path)


@config_group.command("check", cls=Command, epilog="arabic-search config check")
def config_check_command() -> None:
    """Check that the files in the package are what the configuration compiles to."""
    count = len(check_compiled())
    click.echo(f"{count} compiled {'file is' if count == 1 else 'files are'} up to date")
