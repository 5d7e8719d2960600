"""The commands about changes of documents that were acknowledged and could not be applied: list, retry, discard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
import orjson

from search_service.cli import options
from search_service.cli.exit_codes import FAILED
from search_service.cli.help import Commands
from search_service.cli.output.messages import describe
from search_service.cli.output.tables import clean, print_json, print_table
from search_service.core.index_name import IndexName
from search_service.engines.documents import FailedChange, FailedChanges

id_option = click.option(
    "--id", "ids", multiple=True, metavar="ID", help="Only the change of this document; repeat it for several."
)


@click.group("changes", cls=Commands)
def changes_command() -> None:
    """List, retry and discard changes of documents that were acknowledged and could not be applied.

    Such a change is set aside with its reason, so that it does not hold up the others, and counts as not made. Other
    programs call this a dead letter queue. Elasticsearch refuses a change that it cannot apply, so it has none.
    """


@changes_command.command(
    "list", epilog="arabic-search changes list news\narabic-search changes list news --json > failed.json"
)
@options.index_argument
@id_option
@options.json_option
def list_command(index: IndexName, ids: tuple[str, ...], as_json: bool) -> None:
    """List the failed changes of INDEX, the oldest first. With --json, they have their documents."""
    found = _failed_changes(index).list(index, ids)
    if as_json:
        print_json({"changes": [_described(one) for one in found]})
    elif found:
        _print(found)
    else:
        click.echo("No change has failed.")


@changes_command.command("retry", epilog="arabic-search changes retry news\narabic-search changes retry news --id 17")
@options.index_argument
@id_option
@options.json_option
@click.pass_context
def retry_command(context: click.Context, index: IndexName, ids: tuple[str, ...], as_json: bool) -> None:
    """Apply the failed changes of INDEX again, for example after an upgrade. The status is 5 if one fails again."""
    failed_changes = _failed_changes(index)
    count = failed_changes.retry(index, ids)
    again = failed_changes.list(index, ids)
    if as_json:
        print_json({"retried": count, "failed": [_described(one) for one in again]})
    else:
        click.echo(f"{count:,} failed changes of {index!r} are retried; {len(again):,} have failed again.")
        if again:
            _print(again)
    if again:
        context.exit(FAILED)


@changes_command.command("discard", epilog="arabic-search changes discard news --id 17 --yes")
@options.index_argument
@id_option
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@options.json_option
def discard_command(index: IndexName, ids: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Forget the failed changes of INDEX. Their documents stay as they are without them."""
    failed_changes = _failed_changes(index)
    count = len(failed_changes.list(index, ids))
    confirmed = not count or yes or click.confirm(f"Discard {count:,} failed changes of {index!r}?", err=True)
    discarded = failed_changes.discard(index, ids) if confirmed else 0
    if as_json:
        print_json({"discarded": discarded})
    else:
        click.echo(f"{discarded:,} failed changes of {index!r} are discarded.")


def _failed_changes(index: IndexName) -> FailedChanges:
    """Return those of the engine. Raises UnknownIndex."""
    options.admin().require(index)
    _, engine = options.settings_and_engine()
    return engine.failed_changes


def _print(found: Sequence[FailedChange]) -> None:
    rows = (("delete" if one.document is None else "put", clean(one.id), clean(describe(one.reason))) for one in found)
    print_table(("change", "document", "reason"), rows)


def _described(one: FailedChange) -> dict[str, Any]:
    """Return the content of a change. A document that is no JSON is a text."""
    document: Any = None
    if one.document is not None:
        try:
            document = orjson.loads(one.document)
        except orjson.JSONDecodeError:
            document = one.document.decode(errors="backslashreplace")
    return {
        "id": one.id,
        "change": "delete" if one.document is None else "put",
        "document": document,
        "code": one.reason.code,
        "reason": describe(one.reason),
    }
