"""The commands that load documents: `index` and `reindex`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from search_service.admin.requests import LoadRequest, ReindexPreview, ReindexRequest
from search_service.cli import options as common
from search_service.cli.help import Command
from search_service.cli.output.indexes import print_preview, print_skipped, summary
from search_service.cli.output.tables import print_json
from search_service.ingestion.load_job import LoadReport
from search_service.ingestion.progress import make_progress

INDEX_EXAMPLE = """\
arabic-search index news examples/news.jsonl
zcat news.jsonl.gz | arabic-search index news -"""

REINDEX_EXAMPLE = """\
arabic-search reindex books books.csv --schema books.toml
arabic-search reindex news --from-stored"""


class DocumentsRejected(Exception):
    """A load has finished, but some documents were rejected; the text says how many and where they are noted."""


def load_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what `index` and `reindex` take."""
    options = (
        click.option(
            "--schema",
            default="",
            metavar="NAME|FILE",
            help="Schema of the documents.  [default: the one of the index; news for a new index]",
        ),
        click.option(
            "--reject-file",
            type=click.Path(path_type=Path),
            help="File for rejected documents.  [default: INDEX.rejects.jsonl]",
        ),
        click.option("--ignore-unknown", is_flag=True, help="Drop fields that the schema does not have."),
        click.option("--quiet", is_flag=True, help="Show no progress and no summary."),
        common.json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("index", cls=Command, epilog=INDEX_EXAMPLE)
@common.index_argument
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@load_options
def index_command(quiet: bool, as_json: bool, **request: Any) -> None:
    """Add documents to INDEX, which is made when it is missing.

    A SOURCE is a file, a folder or - (standard input, JSONL): .jsonl, .ndjson, .json, .csv, .txt, .html, and any of
    them packed (.gz). A document replaces the one of the same id. What cannot be read is noted in a file of rejects.
    """
    report = common.admin().load(LoadRequest(**request), make_progress(sys.stderr, quiet))
    _show_report(report, quiet, as_json)


@click.command("reindex", cls=Command, epilog=REINDEX_EXAMPLE)
@common.index_argument
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option("--from-stored", is_flag=True, help="Read the documents that the index holds instead of a SOURCE.")
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Generations that stay for `rollback`, the replaced one first.",
)
@click.option("--force-merge", is_flag=True, help="Merge the segments into one at the end, if the engine can.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, and write nothing.")
@load_options
def reindex_command(dry_run: bool, quiet: bool, as_json: bool, **request: Any) -> None:
    """Build INDEX anew from SOURCE and switch to it at the end.

    Until then, and whenever something goes wrong, the index stays as it was and can be searched.
    """
    wanted, progress = ReindexRequest(**request), make_progress(sys.stderr, quiet)
    if dry_run:
        _show_preview(common.admin().preview_reindex(wanted, progress), quiet, as_json)
    else:
        _show_report(common.admin().reindex(wanted, progress), quiet, as_json)


def _show_report(report: LoadReport, quiet: bool, as_json: bool) -> None:
    """Print what a load did. Raises DocumentsRejected."""
    if not quiet:
        print_skipped(report)
    if as_json:
        print_json(report.to_dict())
    elif not quiet:
        click.echo(summary(report))
    if report.rejected:
        raise DocumentsRejected(f"{report.rejected:,} rejected, see {report.reject_file}")


def _show_preview(preview: ReindexPreview, quiet: bool, as_json: bool) -> None:
    """Print what a reindex would do. Raises DocumentsRejected."""
    report, found = preview.report, preview.generations
    if not quiet:
        print_skipped(report)
    if as_json:
        generations = {"replaced": found.replaced, "kept": list(found.kept), "removed": list(found.removed)}
        print_json({"dry_run": True, **report.to_dict(), **generations})
    else:
        print_preview(report, found)
    if report.rejected:
        where = f", see {report.reject_file}" if report.reject_file else "; --reject-file FILE notes which"
        raise DocumentsRejected(f"{report.rejected:,} would be rejected{where}")
