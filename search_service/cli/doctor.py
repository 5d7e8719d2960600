"""The command that checks an index: `doctor`."""

from __future__ import annotations

import click

from search_service.api import serializers
from search_service.cli import options
from search_service.cli.exit_codes import FAILED
from search_service.cli.help import Command
from search_service.cli.output.indexes import print_checks
from search_service.cli.output.tables import print_json
from search_service.core.index_name import IndexName


@click.command("doctor", cls=Command, epilog="arabic-search doctor news")
@options.index_argument
@options.json_option
@click.pass_context
def doctor_command(context: click.Context, index: IndexName, as_json: bool) -> None:
    """Compare INDEX with its configuration, and search for some of its documents.

    On Elasticsearch it also checks the version, the shards, the settings, the mapping, the tokens of the analyzers, and
    whether the index accepts writes. The exit status is 5 if a check fails.
    """
    checks = options.admin().doctor(index)
    if as_json:
        print_json({"index": index, "checks": [serializers.check_result(one) for one in checks]})
    else:
        print_checks(checks)
    if not all(one.ok for one in checks):
        context.exit(FAILED)
