"""The command that looks whether an index is as it should be: `doctor`."""

from __future__ import annotations

import click

from search_service import presenters
from search_service.commands import shared
from search_service.terminal.helptexts import Command
from search_service.terminal.indexes import print_findings
from search_service.terminal.tables import print_json

UNWELL = 5
"""The status of any failure (`cli`)."""


@click.command("doctor", cls=Command, epilog="arabic-search doctor news")
@shared.index_argument
@shared.json_option
@click.pass_context
def doctor_command(context: click.Context, index: str, as_json: bool) -> None:
    """Compare INDEX with what it should be, and probe it.

    On Elasticsearch: its version, missing shards, settings, mapping, the tokens it makes, whether it takes writes, and
    whether documents are found by their words.
    """
    _, engine = shared.settings_and_engine()
    findings = engine.diagnose(index)
    if as_json:
        print_json({"index": index, "findings": [presenters.finding(one) for one in findings]})
    else:
        print_findings(findings)
    if not all(one.well for one in findings):
        context.exit(UNWELL)
