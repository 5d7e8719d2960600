"""Prints indexes and schemas."""

from __future__ import annotations

from collections.abc import Sequence

import click

from index_config.schema import Field, Schema
from search_service.cli.output.messages import describe
from search_service.cli.output.tables import print_table
from search_service.core.index_state import CheckResult, GenerationStats, IndexState, IndexStats


def print_generations(found: Sequence[GenerationStats]) -> None:
    """Print the generations of an index."""
    rows = [
        (one.name, one.state, f"{one.documents:,}", f"{one.size_bytes / 1e6:,.1f} MB", one.created) for one in found
    ]
    print_table(("generation", "state", "documents", "size", "created"), rows)


def print_indexes(found: Sequence[IndexStats], missing_folder: str = "") -> None:
    """Print the state of indexes.

    Args:
        found: the indexes.
        missing_folder: where they would be, if it does not exist.
    """
    if not found:
        where = f" The folder {missing_folder} (INDEX_DIR) does not exist." if missing_folder else ""
        click.echo(f"There is no index yet.{where} Create one: arabic-search index NAME SOURCE")
        return
    header = ("index", "schema", "documents", "size", "created", "state")
    print_table(header, [_status_row(stats) for stats in found])


def _status_row(stats: IndexStats) -> tuple[object, ...]:
    size = f"{stats.size_bytes / 1e6:,.1f} MB"
    return stats.name, stats.schema, f"{stats.documents:,}", size, stats.created, _state(stats)


def _state(stats: IndexStats) -> str:
    problem = describe(stats.problem) if stats.problem else ""
    if stats.state is IndexState.STALE and not problem:
        problem = f"arabic-search reindex {stats.name} SOURCE (or --from-stored)"
    waiting = f", {stats.waiting:,} changes wait" if stats.waiting else ""
    failed = f", {stats.failed:,} changes failed (arabic-search changes list {stats.name})" if stats.failed else ""
    state = f"{stats.state}{waiting}{failed}"
    return f"{state}: {problem}" if problem else state


def print_checks(found: Sequence[CheckResult]) -> None:
    """Print the checks of an index and their results."""
    print_table(
        ("check", "", "detail"), [(one.check, "ok" if one.ok else "NOT OK", describe(one.detail)) for one in found]
    )


def print_schema(schema: Schema, err: bool = False) -> None:
    """Print a schema and its fields; with `err`, to standard error."""
    click.echo(f"{schema.name}: {schema.description}", err=err)
    click.echo(
        f"default order: {schema.default_sort or 'by id'}; date: {schema.date or 'none'}; "
        f"freshness: {schema.freshness:g}; lead: {schema.lead:g}\n",
        err=err,
    )
    rows = [(f.name, f.kind, f"{f.weight:g}", _flags(f), f.description or f.source) for f in schema.fields]
    print_table(("field", "kind", "weight", "flags", "description"), rows, err)


def _flags(field: Field) -> str:
    return " ".join(flag for flag in ("required", "multi", "facet", "sort", "suggest") if getattr(field, flag)) or "-"
