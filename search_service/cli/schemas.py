"""The commands about schemas: `schema check`, `schema infer` and `schema show`."""

from __future__ import annotations

import click

from index_config.schema import load_schema
from index_config.schema_file import schema_toml
from search_service.cli import options
from search_service.cli.help import Commands
from search_service.cli.output.indexes import print_schema
from search_service.cli.output.messages import describe
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


@schema_command.command("infer", epilog="arabic-search schema infer products.jsonl > shop.toml")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--name", default="documents", show_default=True, help="The name of the schema.")
@click.option("--id-from", default="", metavar="FIELD|content", help="The field that identifies documents without id.")
def schema_infer_command(sources: tuple[str, ...], name: str, id_from: str) -> None:
    """Print a schema for the documents of SOURCE, made from their values. Nothing is indexed."""
    inferred = options.admin().infer_schema(sources, name, id_from)
    click.echo(schema_toml(inferred.schema, inferred.comments), nl=False)
    if inferred.made_ids:
        click.echo(describe(inferred.made_ids), err=True)


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
