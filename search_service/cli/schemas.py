"""The commands about schemas: `schema check` and `schema show`."""

from __future__ import annotations

import click

from index_config.schema import load_schema
from search_service.cli import options
from search_service.cli.help import Commands
from search_service.cli.output.indexes import print_schema
from search_service.cli.output.tables import print_json


@click.group("schema", cls=Commands)
def schema_group() -> None:
    """Check and show schemas: which fields the documents of an index have."""


@schema_group.command("check", epilog="arabic-search schema check books.toml")
@click.argument("file")
def schema_check_command(file: str) -> None:
    """Check the schema in FILE."""
    schema = load_schema(file)
    click.echo(f"{file} is right: schema {schema.name!r} with {len(schema.fields)} fields")


@schema_group.command("show", epilog="arabic-search schema show news")
@click.argument("name")
@options.json_option
def schema_show_command(name: str, as_json: bool) -> None:
    """Show the schema called NAME, or the one in the file NAME."""
    schema = load_schema(name)
    if as_json:
        print_json(schema.to_dict())
    else:
        print_schema(schema)
