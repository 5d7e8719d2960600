"""The commands about whole indexes: `status` and `delete`."""

from __future__ import annotations

import click

from search_service.api import serializers
from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output.indexes import print_indexes
from search_service.cli.output.tables import print_json
from search_service.core.index_name import IndexName

STATES = (
    ("current", "The index can be searched."),
    ("stale", "It was built with another configuration. Rebuild it."),
    ("partial", "Some of its shards are missing. Results lack their documents."),
    ("damaged", "One of its files is missing or was changed. Restore a backup, or rebuild it."),
    ("foreign", "This service did not create it."),
    ("unavailable", "The engine does not answer for it."),
)


@click.command("status", cls=Command, terms=("States", STATES), epilog="arabic-search status news")
@click.argument("index", required=False, callback=options.index_name)
@click.option("--quick", is_flag=True, help="Do not compare the files with their checksums.")
@options.json_option
def status_command(index: IndexName | None, quick: bool, as_json: bool) -> None:
    """Show the state of INDEX, or list all indexes.

    The embedded engine reads all files to find damage, a gigabyte in half a second or as fast as the disk is.
    """
    admin = options.admin()
    found = [admin.status(index, not quick)] if index else admin.indexes(not quick)
    described = [serializers.index_stats(stats) for stats in found]
    if as_json:
        print_json(described[0] if index else {"indexes": described})
    else:
        print_indexes(found, options.missing_folder())


@click.command("delete", cls=Command, epilog="arabic-search delete news --yes")
@options.index_argument
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def delete_command(index: IndexName, yes: bool) -> None:
    """Delete INDEX with all of its documents and generations."""
    admin = options.admin()
    admin.require(index)
    if yes or click.confirm(f"Delete the index {index!r} with all of its documents?"):
        admin.delete(index)
        click.echo(f"The index {index!r} is deleted.")
    else:
        click.echo("Nothing is deleted.")
