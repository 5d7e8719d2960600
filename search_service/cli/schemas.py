"""The commands about schemas: `schema check` and `schema show`."""

from __future__ import annotations

import click

from index_config.schema import load_schema
from search_service.cli import options
from search_service.cli.help import Commands
from search_service.cli.output.indexes import print_schema
from search_service.cli.output.tables import print_json


@click.group("schema", cls=Commands)
def schema_command() -> None:
    """Check and show schemas: the fields that the documents of an index have."""


@schema_command.command("check", epilog="arabic-search schema check books.toml")
@click.argument("file")
def schema_check_command(file: str) -> None:
    """Check the schema in FILE."""
    schema = load_schema(file)
    click.echo(f"{file} is valid: schema {schema.name!r} with {len(schema.fields)} fields")


@schema_command.command("show", epilog="arabic-search schema show news")
@click.argument("name")
@options.json_option
def schema_show_command(name: str, as_json: bool) -> None:
    """Show the packaged schema NAME, or the one in the file NAME."""
    schema = load_schema(name)
    if as_json:
        print_json(schema.to_dict())
    else:
        print_schema(schema)
