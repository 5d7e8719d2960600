"""The commands about compiled files: `config build`, `config check` and `config openapi`."""

from __future__ import annotations

from pathlib import Path

import click

from index_config.compiled import check_compiled, write_compiled
from search_service.admin.job_files import JobFiles
from search_service.admin.jobs import JobService
from search_service.cli.help import Command, Commands
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService


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


@config_command.command("openapi", cls=Command, epilog="arabic-search config openapi --out docs/openapi.json")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to the terminal.")
def config_openapi_command(out: Path | None) -> None:
    """Write the OpenAPI document of the HTTP interface."""
    from search_service.api.openapi.document import document_text  # here: other commands need no Flask
    from search_service.server.job import start_process
    from search_service.web.app import create_app

    settings = Settings()
    service = SearchService(make_engine(settings))
    jobs = JobService(JobFiles(settings.path_of_jobs), start_process)
    text = document_text(create_app(service, IndexName("news"), jobs=jobs))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="\n")
        click.echo(out)


@config_command.command("check", cls=Command, epilog="arabic-search config check")
def config_check_command() -> None:
    """Check that the compiled files of the package are up to date."""
    count = len(check_compiled())
    click.echo(f"{count} compiled {'file is' if count == 1 else 'files are'} up to date")
