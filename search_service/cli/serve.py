"""The command `serve`."""

from __future__ import annotations

import os

import click

from search_service.access.key_file import read_keys
from search_service.cli import options
from search_service.cli.exit_codes import FAILED
from search_service.cli.help import Command

GUNICORN_FAILED = (1, 3)
"""The statuses with which gunicorn ends on an error, and when no worker can start. Here both mean something else."""


@click.command("serve", cls=Command, epilog="arabic-search serve --port 8080 --workers 4")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Worker processes.")
def serve_command(host: str, port: int, workers: int) -> None:
    """Serve the search page and the HTTP interface with gunicorn."""
    from search_service.server import gunicorn  # loads gunicorn, which the other commands do not need

    gunicorn.check_port(host, port)
    settings, _ = options.settings_and_engine()  # before the workers start, so that an error is printed once
    read_keys(settings.path_of_keys)
    if folder := options.missing_folder():
        click.echo(f"There is no index yet: the folder {folder} (INDEX_DIR) does not exist.", err=True)
    process = os.getpid()
    try:
        gunicorn.run(host, port, workers)
    except SystemExit as ended:
        # A worker leaves by this way, too: the server looks at its status.
        if ended.code in GUNICORN_FAILED and os.getpid() == process:
            raise SystemExit(FAILED) from ended
        raise
