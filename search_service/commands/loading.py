"""The commands that load documents: `index` and `reindex`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from index_config.schema import Schema, load_schema, shipped_schemas
from search_service import terminal
from search_service.commands import shared
from search_service.engines.base import SearchEngine
from search_service.errors import EngineUnavailable, InvalidParameter, StaleIndex, UnknownIndex
from search_service.indexing.load import load
from search_service.indexing.progress import make_progress
from search_service.indexing.sources import Sources

DEFAULT_SCHEMA = "news"

INDEX_EXAMPLE = """\
arabic-search index news examples/news.jsonl
zcat news.jsonl.gz | arabic-search index news -"""


class DocumentsRejected(Exception):
    """A load has finished, but some documents were refused; the text says how many and where they are noted."""


def load_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what `index` and `reindex` take."""
    options = (
        shared.index_argument,
        click.argument("sources", metavar="SOURCE...", nargs=-1, required=True),
        click.option(
            "--schema",
            "schema_name",
            metavar="NAME|FILE",
            help="Schema of the documents.  [default: the one of the index; news for a new index]",
        ),
        click.option(
            "--reject-file",
            type=click.Path(path_type=Path),
            help="Where rejected documents are noted.  [default: INDEX.rejects.jsonl]",
        ),
        click.option("--ignore-unknown", is_flag=True, help="Drop fields that the schema does not name."),
        click.option("--quiet", is_flag=True, help="Show no progress and no summary."),
        shared.json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("index", cls=terminal.Command, epilog=INDEX_EXAMPLE)
@load_options
def index_command(**options: Any) -> None:
    """Add documents to INDEX, which is made when it is missing.

    A SOURCE is a file, a folder or - (standard input, JSONL): .jsonl, .ndjson, .json, .csv, .txt, .html, and any of
    them packed (.gz). A document replaces the one of the same id. What cannot be read is noted in a file of rejects.
    """
    _load(rebuild=False, **options)


@click.command("reindex", cls=terminal.Command, epilog="arabic-search reindex books books.csv --schema books.toml")
@load_options
def reindex_command(**options: Any) -> None:
    """Build INDEX anew from SOURCE and switch to it at the end.

    Until then, and whenever something goes wrong, the index stays as it was and can be searched.
    """
    _load(rebuild=True, **options)


def _load(
    *,
    rebuild: bool,
    index: str,
    sources: tuple[str, ...],
    schema_name: str | None,
    reject_file: Path | None,
    ignore_unknown: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    settings, engine = shared.settings_and_engine()
    schema = load_schema(schema_name) if schema_name else _schema_of(engine, index, rebuild)
    reject_file = reject_file or Path(f"{index}.rejects.jsonl")
    opened = Sources(sources, schema, settings.max_document_bytes, exclude=(reject_file, settings.index_dir))
    if opened.skipped and not quiet:
        click.echo(f"Passed over (no known kind of file): {terminal.counted(opened.skipped)}", err=True)
    progress = make_progress(opened.total_bytes, sys.stderr, quiet)
    report = load(
        engine, index, schema, opened, reject_file, rebuild=rebuild, ignore_unknown=ignore_unknown, progress=progress
    )
    if as_json:
        terminal.print_json({**report.to_dict(), "skipped_files": dict(opened.skipped)})
    elif not quiet:
        click.echo(terminal.summary(report))
    if report.rejected:
        raise DocumentsRejected(f"{report.rejected:,} rejected, see {report.reject_file}")


def _schema_of(engine: SearchEngine, index: str, rebuild: bool) -> Schema:
    """Return the schema of an index, or for a new one the default."""
    try:
        return engine.schema(index)
    except UnknownIndex:
        return load_schema(DEFAULT_SCHEMA)
    except (StaleIndex, EngineUnavailable) as error:
        # Rebuilding is the remedy, so what is wrong with an index must not be in its way.
        if not rebuild:
            raise
        name = engine.stats(index).schema if isinstance(error, StaleIndex) else ""
        if name in shipped_schemas():
            return load_schema(name)
        problem = f"is missing, and the index cannot tell its own any more ({error})"
        raise InvalidParameter("--schema", problem, "the name or the file of its schema") from error
