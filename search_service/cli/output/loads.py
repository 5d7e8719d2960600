"""Prints what loads did."""

from __future__ import annotations

import click

from search_service.admin.inferred import SchemaChoice
from search_service.cli.output.indexes import print_schema
from search_service.cli.output.messages import describe
from search_service.cli.output.tables import clean
from search_service.engines.retention import RebuildPreview
from search_service.ingestion.progress import duration
from search_service.ingestion.report import LoadReport
from search_service.ingestion.tally import Reason


def summary(report: LoadReport) -> str:
    """Return what a load did, in a line."""
    if not report.index_exists:
        return f"0 documents indexed; the index {report.index!r} was not created"
    rate = f"{report.documents_per_second:,.0f} a second"
    return f"{report.indexed:,} documents indexed into {report.index!r} in {duration(report.seconds)} ({rate})"


def print_choice(choice: SchemaChoice) -> None:
    """Print the schema that was made from documents, and how they get their ids, to standard error."""
    if choice.path:
        click.echo(f"No schema is named. This one is made from {choice.documents:,} documents:\n", err=True)
        print_schema(choice.schema, err=True)
        click.echo(
            f"\nIt is in {choice.path}. To change it, edit the file and rebuild: arabic-search reindex "
            f"{choice.schema.name} SOURCE... --schema {choice.path}",
            err=True,
        )
    if choice.made_ids:
        click.echo(describe(choice.made_ids), err=True)


def print_preview(report: LoadReport, preview: RebuildPreview) -> None:
    """Print what a rebuild would do."""
    click.echo(f"Nothing was written. A reindex of {report.index!r} would")
    click.echo(f"  index     {report.indexed:,} documents into a new generation, and reject {report.rejected:,}")
    click.echo(f"  replace   {preview.replaced or 'nothing: there is no such index yet'}")
    click.echo(f"  keep      {', '.join(preview.kept) or 'nothing'}")
    click.echo(f"  remove    {', '.join(preview.removed) or 'nothing'}")
    if not report.indexed:
        click.echo("It would fail: an empty generation never replaces an index.")


def print_warnings(report: LoadReport) -> None:
    """Print which files were skipped and what is doubtful, to standard error."""
    if report.skipped_files:
        kinds = ", ".join(f"{count:,} {ending}" for ending, count in sorted(report.skipped_files.items()))
        click.echo(f"Skipped (unknown kind of file): {kinds}", err=True)
    for warning in report.warnings:
        click.echo(f"Warning: {_sentence(warning)}", err=True)


def rejected(report: LoadReport, heading: str) -> str:
    """Return how many documents were rejected, the first different reasons, and a hint when it was all of them.

    Args:
        report: of a load with rejected documents.
        heading: says where they are.
    """
    reasons = report.reject_reasons
    if len(reasons) == report.rejected == 1:
        lines = [f"{heading}; the first: {_sentence(reasons[0])}"]
    else:
        lines = [heading, *(f"  {_sentence(reason)}" for reason in reasons)]
        others = report.rejected - sum(reason.count for reason in reasons)
        lines += [f"  {others:,} for other reasons"] if others else []
    lines += [f"Hint: {describe(report.hint)}"] if report.hint else []
    return "\n".join(lines)


def _sentence(reason: Reason) -> str:
    return clean(describe(reason.message))
