"""The commands that load documents: `index` and `reindex`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from index_config.schema import Schema, load_schema, shipped_schemas
from search_service.cli import options as common
from search_service.cli.help import Command
from search_service.cli.output.indexes import counted, print_preview, summary
from search_service.cli.output.tables import print_json
from search_service.core.errors import DamagedIndex, InvalidParameter, StaleIndex, UnknownIndex
from search_service.engines.base import SearchEngine
from search_service.engines.retention import preview_rebuild
from search_service.engines.writing import RebuildOptions
from search_service.ingestion.load_job import LoadReport
from search_service.ingestion.loader import dry_run, load, reindex_stored, schema_if_known
from search_service.ingestion.progress import Progress, make_progress
from search_service.ingestion.sources.files import FileSources

DEFAULT_SCHEMA = "news"

INDEX_EXAMPLE = """\
arabic-search index news examples/news.jsonl
zcat news.jsonl.gz | arabic-search index news -"""

REINDEX_EXAMPLE = """\
arabic-search reindex books books.csv --schema books.toml
arabic-search reindex news --stored"""


class DocumentsRejected(Exception):
    """A load has finished, but some documents were refused; the text says how many and where they are noted."""


def load_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what `index` and `reindex` take."""
    options = (
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
        common.json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("index", cls=Command, epilog=INDEX_EXAMPLE)
@common.index_argument
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@load_options
def index_command(index: str, sources: tuple[str, ...], **options: Any) -> None:
    """Add documents to INDEX, which is made when it is missing.

    A SOURCE is a file, a folder or - (standard input, JSONL): .jsonl, .ndjson, .json, .csv, .txt, .html, and any of
    them packed (.gz). A document replaces the one of the same id. What cannot be read is noted in a file of rejects.
    """
    job = _Job(index, sources, **options)
    job.say(job.load(None))


@click.command("reindex", cls=Command, epilog=REINDEX_EXAMPLE)
@common.index_argument
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option("--stored", is_flag=True, help="Take the documents that the index holds, instead of a SOURCE.")
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Generations that stay for `rollback`, the replaced one first.",
)
@click.option("--merge", is_flag=True, help="Merge the segments into one at the end, if the engine can.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, and write nothing.")
@load_options
def reindex_command(
    index: str, sources: tuple[str, ...], stored: bool, keep: int, merge: bool, dry_run: bool, **options: Any
) -> None:
    """Build INDEX anew from SOURCE and switch to it at the end.

    Until then, and whenever something goes wrong, the index stays as it was and can be searched.
    """
    if stored == bool(sources):
        problem = "goes without a SOURCE" if sources else "or a SOURCE is needed"
        raise InvalidParameter("--stored", problem, "a SOURCE, or --stored for the documents that the index holds")
    job = _Job(index, sources, **options)
    if dry_run:
        job.show_preview(job.dry_run(), keep)
    else:
        job.say(job.load(RebuildOptions(keep, merge)))


class _Job:
    """One call of `index` or `reindex`; without sources the documents are those of the index."""

    def __init__(
        self,
        index: str,
        sources: tuple[str, ...],
        schema_name: str | None,
        reject_file: Path | None,
        ignore_unknown: bool,
        quiet: bool,
        as_json: bool,
    ) -> None:
        self._settings, self._engine = common.settings_and_engine()
        self._index = index
        self._names = sources
        self._schema_name = schema_name
        self._reject_file = reject_file
        self._ignore_unknown = ignore_unknown
        self._quiet = quiet
        self._as_json = as_json
        self._skipped: dict[str, int] = {}

    def load(self, options: RebuildOptions | None) -> LoadReport:
        """Load, or with options rebuild."""
        schema = self._schema(rebuild=options is not None)
        rejects = self._reject_file or Path(f"{self._index}.rejects.jsonl")
        further: dict[str, Any] = {"ignore_unknown": self._ignore_unknown}
        if options and not self._names:
            further["progress"] = self._progress(self._engine.stats(self._index).documents)
            return reindex_stored(self._engine, self._index, schema, rejects, options, **further)
        sources = self._sources(schema, rejects)
        further["progress"] = self._progress(sources.total_bytes)
        return load(self._engine, self._index, schema, sources, rejects, options, **further)

    def dry_run(self) -> LoadReport:
        """Read and check everything."""
        schema = self._schema(rebuild=True)
        rejects = self._reject_file
        sources = self._sources(schema, rejects) if self._names else None
        total = sources.total_bytes if sources else self._engine.stats(self._index).documents
        return dry_run(
            self._engine, self._index, schema, sources, rejects,
            ignore_unknown=self._ignore_unknown, progress=self._progress(total),
        )  # fmt: skip

    def say(self, report: LoadReport) -> None:
        """Say what was done. Raises DocumentsRejected."""
        if self._as_json:
            print_json({**report.to_dict(), "skipped_files": dict(self._skipped)})
        elif not self._quiet:
            click.echo(summary(report))
        if report.rejected:
            raise DocumentsRejected(f"{report.rejected:,} rejected, see {report.reject_file}")

    def show_preview(self, report: LoadReport, keep: int) -> None:
        """Say what a rebuild would do. Raises DocumentsRejected."""
        try:
            found = preview_rebuild(self._engine.generations(self._index), keep)
        except UnknownIndex:
            found = preview_rebuild((), keep)
        if self._as_json:
            generations = {"replaced": found.replaced, "kept": list(found.kept), "removed": list(found.removed)}
            print_json({"dry_run": True, **report.to_dict(), **generations})
        else:
            print_preview(report, found)
        if report.rejected:
            where = f", see {report.reject_file}" if report.reject_file else "; --reject-file FILE notes which"
            raise DocumentsRejected(f"{report.rejected:,} would be rejected{where}")

    def _sources(self, schema: Schema, rejects: Path | None) -> FileSources:
        exclude = [path for path in (rejects, self._settings.index_dir) if path]
        opened = FileSources(self._names, schema, self._settings.max_document_bytes, exclude=exclude)
        self._skipped = opened.skipped
        if opened.skipped and not self._quiet:
            click.echo(f"Passed over (no known kind of file): {counted(opened.skipped)}", err=True)
        return opened

    def _progress(self, total: int | None) -> Progress:
        return make_progress(total, sys.stderr, self._quiet)

    def _schema(self, rebuild: bool) -> Schema:
        """Return the schema that was named, or that of the index, or for a new one the default."""
        if self._schema_name:
            return load_schema(self._schema_name)
        try:
            return self._engine.schema(self._index, stale=rebuild and not self._names)
        except UnknownIndex:
            if not self._names:
                raise
            return load_schema(DEFAULT_SCHEMA)
        except (StaleIndex, DamagedIndex) as error:
            # Rebuilding is the remedy, so what is wrong with an index must not be in its way.
            if not rebuild:
                raise
            return _schema_of_stale(self._engine, self._index, error)


def _schema_of_stale(engine: SearchEngine, index: str, error: StaleIndex | DamagedIndex) -> Schema:
    """Return the schema of an index that cannot be opened; one that comes with the service is taken as it is now."""
    known = schema_if_known(engine, index) if isinstance(error, StaleIndex) else None
    if known is None:
        problem = f"is missing, and the index cannot tell its own any more ({error})"
        raise InvalidParameter("--schema", problem, "the name or the file of its schema") from error
    return load_schema(known.name) if known.name in shipped_schemas() else known
