"""The commands about the generations of an index: `generations` and `rollback`."""

from __future__ import annotations

import click

from search_service.api import serializers
from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output.indexes import print_generations
from search_service.cli.output.tables import print_json
from search_service.core.index_name import IndexName

STATES = (
    ("current", "It is searched."),
    ("kept", "A rebuild replaced it. `rollback` switches back to it."),
    ("unfinished", "A rebuild is filling it, or was killed while it did. `--clean` deletes it then."),
)


@click.command("generations", cls=Command, terms=("States", STATES), epilog="arabic-search generations news --clean")
@options.index_argument
@click.option("--clean", is_flag=True, help="Delete what an interrupted rebuild left behind.")
@options.json_option
def generations_command(index: IndexName, clean: bool, as_json: bool) -> None:
    """List the generations of INDEX, the newest first."""
    admin = options.admin()
    removed = admin.clean(index) if clean else ()
    found = admin.generations(index)
    if as_json:
        print_json({"generations": serializers.generations(found), "removed": list(removed)})
        return
    if clean:
        click.echo(f"Deleted: {', '.join(removed) or 'nothing was left behind'}")
    print_generations(found)


@click.command("rollback", cls=Command, epilog="arabic-search rollback news")
@options.index_argument
@options.json_option
def rollback_command(index: IndexName, as_json: bool) -> None:
    """Switch INDEX back to the kept generation before the current one.

    That generation lacks all changes since the rebuild that replaced it. The current generation is kept.
    """
    now = options.admin().rollback(index)
    if as_json:
        print_json(serializers.generation(now))
    else:
        click.echo(f"{index!r} is {now.name} again, with {now.documents:,} documents.")
        click.echo("It lacks all changes since the rebuild that replaced it.")
