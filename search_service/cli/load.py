"""The commands that load documents: `index` and `reindex`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from search_service.admin.inferred import SchemaChoice
from search_service.admin.requests import LoadRequest, ReindexPreview, ReindexRequest
from search_service.cli import options as common
from search_service.cli.exit_codes import DocumentsRejected
from search_service.cli.help import Command
from search_service.cli.output.loads import print_choice, print_preview, print_warnings, rejected, summary
from search_service.cli.output.tables import print_json
from search_service.core.signals import signals_interrupt
from search_service.ingestion.progress import make_progress
from search_service.ingestion.report import LoadReport
from search_service.ingestion.sources.files import FORMATS

INDEX_EXAMPLE = """\
arabic-search index news examples/news.jsonl
zcat news.jsonl.gz | arabic-search index news -"""

REINDEX_EXAMPLE = """\
arabic-search reindex books books.csv --schema books.toml
arabic-search reindex news --from-stored"""


FORMAT_TERMS = ("Formats", [(" ".join(one.endings), one.content) for one in FORMATS])


def load_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `index` and `reindex` share."""
    options = (
        click.option(
            "--schema",
            default="",
            metavar="NAME|FILE",
            help="The schema of the documents.  [default: that of the index; for a new index `news` if the documents "
            "fit it, else one that is made from them and written to INDEX.toml]",
        ),
        click.option(
            "--id-from",
            default="",
            metavar="FIELD|content",
            help="The field that identifies documents that have no id, or `content` for a hash of the document.",
        ),
        click.option(
            "--reject-file",
            type=click.Path(path_type=Path),
            help="The file for rejected documents.  [default: INDEX.rejects.jsonl]",
        ),
        click.option("--ignore-unknown", is_flag=True, help="Drop fields that the schema does not have."),
        click.option("--quiet", is_flag=True, help="Show no progress and no summary."),
        common.json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("index", cls=Command, terms=FORMAT_TERMS, epilog=INDEX_EXAMPLE)
@common.index_argument
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@load_options
def index_command(quiet: bool, as_json: bool, **request: Any) -> None:
    """Add documents to INDEX. If it does not exist, it is created with the first document.

    A SOURCE is a file, a folder, or - for JSON lines from standard input. Files may be compressed (.jsonl.gz). A
    document replaces the one with the same id. Documents that cannot be read, or do not fit the schema, are rejected:
    they are written to the reject file with the reason, and the exit status is 1. What was indexed stays if the load
    is interrupted; the progress shows how much of it that is, and the command can be repeated.
    """
    with signals_interrupt():
        choices: list[SchemaChoice] = []
        report = common.admin().load(
            LoadRequest(**request), make_progress(sys.stderr, quiet), _on_choice(quiet, choices)
        )
    _show_report(report, quiet, as_json, choices)


@click.command("reindex", cls=Command, terms=FORMAT_TERMS, epilog=REINDEX_EXAMPLE)
@common.index_argument
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option("--from-stored", is_flag=True, help="Read the documents that the index holds instead of a SOURCE.")
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Keep this many earlier generations for rollback.",
)
@click.option("--force-merge", is_flag=True, help="Merge the segments into one at the end (Elasticsearch only).")
@click.option("--dry-run", is_flag=True, help="Read and check all documents, and write nothing.")
@load_options
def reindex_command(dry_run: bool, quiet: bool, as_json: bool, **request: Any) -> None:
    """Rebuild INDEX from SOURCE: fill a new generation, and switch to it at the end.

    Until then, and after any error, searches use the generation before. SOURCE is a file, a folder, or - for JSON lines
    from standard input; with --from-stored the documents are those of the index itself.
    """
    wanted, progress = ReindexRequest(**request), make_progress(sys.stderr, quiet)
    if dry_run:
        _show_preview(common.admin().preview_reindex(wanted, progress), quiet, as_json)
        return
    with signals_interrupt():
        choices: list[SchemaChoice] = []
        report = common.admin().reindex(wanted, progress, _on_choice(quiet, choices))
    _show_report(report, quiet, as_json, choices)


def _on_choice(quiet: bool, choices: list[SchemaChoice]) -> Callable[[SchemaChoice], None]:
    """Return what prints the schema that is chosen for a new index, and adds it to `choices`."""

    def show(choice: SchemaChoice) -> None:
        choices.append(choice)
        if not quiet:
            print_choice(choice)

    return show


def _show_report(report: LoadReport, quiet: bool, as_json: bool, choices: Sequence[SchemaChoice]) -> None:
    """Print what a load did. Raises DocumentsRejected."""
    if not quiet:
        print_warnings(report)
    if as_json:
        path = next((choice.path for choice in choices), None)
        print_json({**report.to_dict(), **({"schema_file": str(path)} if path else {})})
    elif not quiet:
        click.echo(summary(report))
    if report.rejected:
        raise DocumentsRejected(rejected(report, f"{report.rejected:,} rejected, see {report.reject_file}"))


def _show_preview(preview: ReindexPreview, quiet: bool, as_json: bool) -> None:
    """Print what a reindex would do. Raises DocumentsRejected."""
    report, found = preview.report, preview.generations
    if not quiet:
        print_warnings(report)
    if as_json:
        generations = {"replaced": found.replaced, "kept": list(found.kept), "removed": list(found.removed)}
        print_json({"dry_run": True, **report.to_dict(), **generations})
    else:
        print_preview(report, found)
    if report.rejected:
        where = f"see {report.reject_file}" if report.reject_file else "list them with --reject-file FILE"
        raise DocumentsRejected(rejected(report, f"{report.rejected:,} would be rejected, {where}"))
