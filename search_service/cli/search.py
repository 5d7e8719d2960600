"""The commands that ask: `search`, `explain` and `export` an index, `analyze` a text."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import click
import orjson

from search_service.api.schemas import responses
from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output.explanations import print_explanations
from search_service.cli.output.results import print_analysis, print_results
from search_service.cli.output.tables import print_json
from search_service.search.request import SearchRequest

SEARCH_EXAMPLE = """\
arabic-search search news "خطر الجهاديين" --facet category --date-from 2015-01
arabic-search search news "" --filter category=رياضة --sort date"""

EXPLAIN_EXAMPLE = """\
arabic-search explain news "كأس العالم" ex-001
arabic-search explain news "كأس العالم" ex-001 ex-002"""

EXPORT_EXAMPLE = """\
arabic-search export news > news.jsonl
arabic-search export news "كأس العالم" --date-from 2018 --sort date"""


def _valid_text(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return os.fsencode(value).decode()  # the bytes as they were typed, whatever the locale makes of them
    except UnicodeError:
        raise click.BadParameter("is not valid UTF-8") from None


def _valid_texts(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(_valid_text(context, parameter, value) for value in values)


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


def which_documents(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which documents are wanted, and in which order."""
    options = (
        click.option(
            "--filter", "filters", metavar="FIELD=VALUE", multiple=True, callback=_pairs, help="Only this value."
        ),
        click.option(
            "--range", "ranges", metavar="FIELD=LOW..HIGH", multiple=True, callback=_ranges, help="Only this range."
        ),
        click.option("--date-from", default="", metavar="DATE", help="First day, month or year."),
        click.option("--date-to", default="", metavar="DATE", help="Last day, month or year, included."),
        click.option("--sort", default="", metavar="ORDER", help="relevance, or a field; - before it for descending."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _by_field(filters: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for name, value in filters:
        wanted.setdefault(name, []).append(value)
    return wanted


@click.command("search", cls=Command, epilog=SEARCH_EXAMPLE)
@options.index_argument
@click.argument("query", callback=_valid_text)
@which_documents
@click.option("--size", default=10, show_default=True, help="Results shown.")
@click.option("--offset", default=0, show_default=True, help="Results passed over.")
@click.option("--facet", "facets", metavar="FIELD", multiple=True, help="Count the values of a field.")
@click.option("--field", "fields", metavar="FIELD", multiple=True, help="Search in this field only.")
@options.json_option
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
    request = SearchRequest(q=query, filters=_by_field(filters), ranges=ranges, fields=fields or None, **others)
    service = options.service()
    response = service.search(index, request)
    if as_json:
        print_json(responses.search_response(response))
    else:
        print_results(response, service.schema(index), request.offset)


@click.command("explain", cls=Command, epilog=EXPLAIN_EXAMPLE)
@options.index_argument
@click.argument("query", callback=_valid_text)
@click.argument("ids", metavar="ID...", nargs=-1, required=True, callback=_valid_texts)
@click.option("--field", "fields", metavar="FIELD", multiple=True, help="Search in this field only.")
@options.json_option
def explain_command(index: str, query: str, ids: tuple[str, ...], fields: tuple[str, ...], as_json: bool) -> None:
    """Say why the documents ID of INDEX stand where they do for QUERY: what adds how much to their scores."""
    request = SearchRequest(q=query, fields=fields or None)
    service = options.service()
    explained = [service.explain(index, request, document_id) for document_id in ids]
    if as_json:
        print_json([responses.explanation(one) for one in explained])
    else:
        print_explanations(explained)


@click.command("export", cls=Command, epilog=EXPORT_EXAMPLE)
@options.index_argument
@click.argument("query", default="", callback=_valid_text)
@which_documents
def export_command(index: str, query: str, filters: list[tuple[str, str]], **others: Any) -> None:
    """Print all documents of INDEX that QUERY finds, as they were written, one JSON object a line.

    Without QUERY, all there are. What it prints, `index` and `reindex` read, with whichever engine.
    """
    request = SearchRequest(q=query, filters=_by_field(filters), highlight=(), **others)
    for document in options.service().export(index, request):
        click.echo(orjson.dumps({"id": document.id, **document.source}))


@click.command("analyze", cls=Command, epilog='arabic-search analyze "وَالمَدْرَسَة" --analyzer stem')
@click.argument("text", callback=_valid_text)
@click.option("--analyzer", default="", metavar="NAME", help="Only this analyzer.")
@options.json_option
def analyze_command(text: str, analyzer: str, as_json: bool) -> None:
    """Show what the analyzers make of TEXT: tokens, and where they stand in it."""
    tokens = options.service().analyze(text, analyzer)
    if as_json:
        print_json(responses.analysis(tokens))
    else:
        print_analysis(text, tokens)
