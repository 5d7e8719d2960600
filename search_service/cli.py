"""The command line: `arabic-search`. Errors become one line and an exit status here, and nowhere else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from index_config.errors import ConfigError
from index_config.schema import NAME_PATTERN, Schema, load_schema, shipped_schemas
from search_service import presenters, terminal
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.errors import (
    EngineUnavailable,
    InvalidParameter,
    SearchServiceError,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
    UnreadableSource,
    WriterBusy,
)
from search_service.indexing.load import load
from search_service.indexing.progress import make_progress
from search_service.indexing.sources import Sources
from search_service.model import SearchRequest
from search_service.search import SearchService
from search_service.settings import Settings

DEFAULT_SCHEMA = "news"

OK, REJECTED, WRONG_USAGE, NOT_FOUND, BUSY, FAILED = range(6)
INTERRUPTED = 128 + 2
"""As shells report a process that SIGINT ended."""

OUTPUT_CLOSED = 128 + 13
"""As shells report a process that SIGPIPE ended: whoever read the output (`| head`) has had enough."""

MEANINGS = {
    OK: "all went well",
    REJECTED: "finished, but documents were rejected",
    WRONG_USAGE: "wrong usage, parameter, schema or source",
    NOT_FOUND: "no such index or document",
    BUSY: "another writer holds the index",
    FAILED: "any other failure",
    INTERRUPTED: "interrupted (Ctrl-C), or not confirmed",
    OUTPUT_CLOSED: "whoever read the output has ended",
}

STATUSES: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((InvalidParameter, ConfigError, UnreadableSource), WRONG_USAGE),
    ((UnknownIndex, UnknownDocument), NOT_FOUND),
    ((WriterBusy,), BUSY),
    ((SearchServiceError, OSError), FAILED),
)
"""Which errors leave with which status: the first row that fits."""

EXAMPLE = """\
arabic-search index news examples/news.jsonl
arabic-search search news "الولايات المتحده"
arabic-search serve"""
INDEX_EXAMPLE = """\
arabic-search index news examples/news.jsonl
zcat news.jsonl.gz | arabic-search index news -"""
SEARCH_EXAMPLE = """\
arabic-search search news "خطر الجهاديين" --facet category --date-from 2015-01
arabic-search search news "" --filter category=رياضة --sort date"""


class Program(terminal.Commands):
    """All commands; it turns errors into a line and a status."""

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example and the statuses."""
        terminal.write_lines(formatter, "Example", (self.epilog or "").splitlines())
        statuses = (f"{status:<3}  {meaning}" for status, meaning in MEANINGS.items())
        terminal.write_lines(formatter, "Exit status", statuses)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of the service, of a configuration or of the system ends it with its status."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # a closed pipe shows here, not when Python ends
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(OUTPUT_CLOSED)
        except (KeyboardInterrupt, click.Abort):
            ctx.exit(INTERRUPTED)
        except (SearchServiceError, ConfigError, OSError) as error:
            click.echo(f"Error: {' '.join(str(error).split())}", err=True)
            ctx.exit(next(status for kinds, status in STATUSES if isinstance(error, kinds)))
        return result


@click.group(
    cls=Program, epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
def main() -> None:
    """Index Arabic documents and search them.

    Indexes lie in the folder that the environment variable INDEX_DIR names (arabic-search-data unless told).
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show Arabic is no reason to fail


# What several commands take


def _index_name(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not NAME_PATTERN.fullmatch(value):
        allowed = "a-z, 0-9, _ and -, beginning with a letter, at most 63 characters"
        raise click.BadParameter(f"{value!r} is not an index name; allowed: {allowed}")
    return value


def _valid_text(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return os.fsencode(value).decode()  # the bytes as they were typed, whatever the locale makes of them
    except UnicodeError:
        raise click.BadParameter("is not valid UTF-8") from None


def _pairs(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> list[tuple[str, str]]:
    """Read FIELD=VALUE."""
    pairs = []
    for text in values:
        name, separator, value = _valid_text(context, parameter, text).partition("=")
        if not separator or not name:
            raise click.BadParameter(f"{text!r} is not written as FIELD=VALUE")
        pairs.append((name, value))
    return pairs


def _ranges(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Read FIELD=LOW..HIGH; either bound may be left out."""
    ranges = {}
    for name, value in _pairs(context, parameter, values):
        low, separator, high = value.partition("..")
        if not separator:
            raise click.BadParameter(f"{value!r} is not written as LOW..HIGH")
        ranges[name] = (low.strip(), high.strip())
    return ranges


index_argument = click.argument("index", callback=_index_name)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


def load_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what `index` and `reindex` take."""
    options = (
        index_argument,
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
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


# Indexing


@main.command("index", epilog=INDEX_EXAMPLE)
@load_options
@click.pass_context
def index_command(context: click.Context, /, **options: Any) -> None:
    """Add documents to INDEX, which is made when it is missing.

    A SOURCE is a file, a folder or - (standard input, JSONL): .jsonl, .ndjson, .json, .csv, .txt, .html, and any of
    them packed (.gz). A document replaces the one of the same id. What cannot be read is noted in a file of rejects.
    """
    _load(context, rebuild=False, **options)


@main.command("reindex", epilog="arabic-search reindex books books.csv --schema books.toml")
@load_options
@click.pass_context
def reindex_command(context: click.Context, /, **options: Any) -> None:
    """Build INDEX anew from SOURCE and switch to it at the end.

    Until then, and whenever something goes wrong, the index stays as it was and can be searched.
    """
    _load(context, rebuild=True, **options)


def _load(
    context: click.Context,
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
    settings, engine = _settings_and_engine()
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
        click.echo(f"{report.rejected:,} rejected, see {report.reject_file}", err=True)
        context.exit(REJECTED)


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


# Searching


@main.command("search", epilog=SEARCH_EXAMPLE)
@index_argument
@click.argument("query", callback=_valid_text)
@click.option("--filter", "filters", metavar="FIELD=VALUE", multiple=True, callback=_pairs, help="Only this value.")
@click.option("--range", "ranges", metavar="FIELD=LOW..HIGH", multiple=True, callback=_ranges, help="Only this range.")
@click.option("--date-from", default="", metavar="DATE", help="First day, month or year.")
@click.option("--date-to", default="", metavar="DATE", help="Last day, month or year, included.")
@click.option("--sort", default="", metavar="ORDER", help="relevance, or a field; - before it for descending.")
@click.option("--size", default=10, show_default=True, help="Results shown.")
@click.option("--offset", default=0, show_default=True, help="Results passed over.")
@click.option("--facet", "facets", metavar="FIELD", multiple=True, help="Count the values of a field.")
@click.option("--field", "fields", metavar="FIELD", multiple=True, help="Search in this field only.")
@json_option
def search_command(
    index: str,
    query: str,
    filters: list[tuple[str, str]],
    ranges: dict[str, tuple[str, str]],
    fields: tuple[str, ...],
    as_json: bool,
    **others: Any,
) -> None:
    """Search INDEX for QUERY; an empty one ("") matches everything.

    --filter, --facet, --field and --range can be repeated. Values of one field are alternatives, fields all hold.
    """
    wanted: dict[str, list[str]] = {}
    for name, value in filters:
        wanted.setdefault(name, []).append(value)
    request = SearchRequest(q=query, filters=wanted, ranges=ranges, fields=fields or None, **others)
    service = _service()
    response = service.search(index, request)
    if as_json:
        terminal.print_json(presenters.search_response(response))
    else:
        terminal.print_results(response, service.schema(index), request.offset)


@main.command("analyze", epilog='arabic-search analyze "وَالمَدْرَسَة" --analyzer stem')
@click.argument("text", callback=_valid_text)
@click.option("--analyzer", default="", metavar="NAME", help="Only this analyzer.")
@json_option
def analyze_command(text: str, analyzer: str, as_json: bool) -> None:
    """Show what the analyzers make of TEXT: tokens, and where they stand in it."""
    tokens = _service().analyze(text, analyzer)
    if as_json:
        terminal.print_json(presenters.analysis(tokens))
    else:
        terminal.print_analysis(text, tokens)


# Indexes


@main.command("status", epilog="arabic-search status news")
@click.argument("index", required=False, callback=_index_name)
@json_option
def status_command(index: str | None, as_json: bool) -> None:
    """Show the state of INDEX, or of all."""
    _, engine = _settings_and_engine()
    found = [engine.stats(name) for name in ([index] if index else engine.indexes())]
    described = [presenters.index_stats(stats) for stats in found]
    if as_json:
        terminal.print_json(described[0] if index else {"indexes": described})
    else:
        terminal.print_indexes(found)


@main.command("delete", epilog="arabic-search delete news --yes")
@index_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_command(index: str, yes: bool) -> None:
    """Remove INDEX and all of its documents."""
    _, engine = _settings_and_engine()
    if index not in engine.indexes():
        raise UnknownIndex(index, engine.indexes())
    if yes or click.confirm(f"Remove the index {index!r} and all of its documents?"):
        engine.delete_index(index)
        click.echo(f"The index {index!r} is removed.")
    else:
        click.echo("Nothing is removed.")


# Serving


@main.command("serve", epilog="arabic-search serve --port 8080 --workers 4")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535), help="Port to listen at.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1), help="Threads of each process.")
def serve_command(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the search page and the HTTP interface with gunicorn."""
    from search_service import server  # loads gunicorn, which the other commands do not need

    server.check_port(host, port)
    _settings_and_engine()  # before the workers start, so that what is wrong is said once
    server.run(host, port, workers, threads)


# Schemas


@main.group("schema", cls=terminal.Commands)
def schema_group() -> None:
    """Check and show schemas: which fields the documents of an index have."""


@schema_group.command("check", epilog="arabic-search schema check books.toml")
@click.argument("file")
def schema_check_command(file: str) -> None:
    """Check the schema in FILE."""
    schema = load_schema(file)
    click.echo(f"{file} is right: schema {schema.name!r} with {len(schema.fields)} fields")


@schema_group.command("show", epilog="arabic-search schema show news")
@click.argument("name")
@json_option
def schema_show_command(name: str, as_json: bool) -> None:
    """Show the schema called NAME, or the one in the file NAME."""
    schema = load_schema(name)
    if as_json:
        terminal.print_json(schema.to_dict())
    else:
        terminal.print_schema(schema)


# Help for all of them


def _settings_and_engine() -> tuple[Settings, SearchEngine]:
    settings = Settings.from_environment(os.environ)
    return settings, make_engine(settings)


def _service() -> SearchService:
    return SearchService(_settings_and_engine()[1])


if __name__ == "__main__":
    main()
