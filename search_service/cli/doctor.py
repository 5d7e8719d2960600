"""The command that looks whether an index is as it should be: `doctor`."""

from __future__ import annotations

import click

from search_service.api import serializers
from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output.indexes import print_checks
from search_service.cli.output.tables import print_json

FAILED_CHECK = 5
"""The status of any failure (`cli`)."""


@click.command("doctor", cls=Command, epilog="arabic-search doctor news")
@options.index_argument
@options.json_option
@click.pass_context
def doctor_command(context: click.Context, index: str, as_json: bool) -> None:
    """Compare INDEX with what it should be, and probe it.

    On Elasticsearch: its version, missing shards, settings, mapping, the tokens it makes, whether it takes writes, and
    whether documents are found by their words.
    """
    checks = options.admin().doctor(index)
    if as_json:
        print_json({"index": index, "findings": [serializers.check_result(one) for one in checks]})
    else:
        print_checks(checks)
    if not all(one.ok for one in checks):
        context.exit(FAILED_CHECK)
