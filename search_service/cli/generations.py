"""The commands about the generations of an index: `generations` and `rollback`."""

from __future__ import annotations

import click

from search_service.api import serializers
from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output.indexes import print_generations
from search_service.cli.output.tables import print_json


@click.command("generations", cls=Command, epilog="arabic-search generations news --clean")
@options.index_argument
@click.option("--clean", is_flag=True, help="Remove what an interrupted rebuild has left behind.")
@options.json_option
def generations_command(index: str, clean: bool, as_json: bool) -> None:
    """Show the generations of INDEX, the newest first.

    Each rebuild makes one. The current one is searched, kept ones can be rolled back to, unfinished ones are being
    filled or were left behind by a rebuild that was killed.
    """
    admin = options.admin()
    removed = admin.clean(index) if clean else ()
    found = admin.generations(index)
    if as_json:
        print_json({"generations": serializers.generations(found), "removed": list(removed)})
        return
    if clean:
        click.echo(f"Removed: {', '.join(removed) or 'nothing, there was nothing left behind'}")
    print_generations(found)


@click.command("rollback", cls=Command, epilog="arabic-search rollback news")
@options.index_argument
@options.json_option
def rollback_command(index: str, as_json: bool) -> None:
    """Switch INDEX back to the kept generation before the current one.

    What was written since the rebuild that made the current one is not in it. The current one is kept.
    """
    now = options.admin().rollback(index)
    if as_json:
        print_json(serializers.generation(now))
    else:
        click.echo(f"{index!r} is {now.name} again, with {now.documents:,} documents.")
        click.echo("What was written since the rebuild that replaced it is not in it.")
