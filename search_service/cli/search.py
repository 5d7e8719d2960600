"""The commands `search`, `explain`, `export` and `analyze`."""

from __future__ import annotations

from typing import Any

import click
import orjson

from search_service.api import serializers
from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output.explanations import print_explanations
from search_service.cli.output.results import print_analysis, print_results, print_without_filters
from search_service.cli.output.tables import print_json
from search_service.cli.request_options import (
    QUERY_OPTIONS,
    SEARCH_OPTIONS,
    request_options,
    search_request,
    valid_text,
    valid_texts,
)
from search_service.core.index_name import IndexName
from search_service.search.dropped_filters import count_without_filters

SEARCH_EXAMPLE = """\
arabic-search search news "خطر الجهاديين" --facet category --date-from 2015-01
arabic-search search news "" --filter category=رياضة --sort date"""

EXPLAIN_EXAMPLE = """\
arabic-search explain news "كأس العالم" ex-001
arabic-search explain news "كأس العالم" ex-001 ex-002"""

EXPORT_EXAMPLE = """\
arabic-search export news > news.jsonl
arabic-search export news "كأس العالم" --date-from 2018 --sort date"""


@click.command("search", cls=Command, epilog=SEARCH_EXAMPLE)
@options.index_argument
@click.argument("query", callback=valid_text)
@request_options(SEARCH_OPTIONS)
@options.json_option
def search_command(index: IndexName, query: str, as_json: bool, **given: Any) -> None:
    """Search INDEX for QUERY. An empty QUERY ("") matches every document."""
    request = search_request(query, given)
    service = options.service()
    response = service.search(index, request)
    if as_json:
        print_json(serializers.search_result(response))
    else:
        print_results(response, service, index, request.start)
        if not response.total and (without := count_without_filters(service, index, request)):
            print_without_filters(without)


@click.command("explain", cls=Command, epilog=EXPLAIN_EXAMPLE)
@options.index_argument
@click.argument("query", callback=valid_text)
@click.argument("ids", metavar="ID...", nargs=-1, required=True, callback=valid_texts)
@request_options(QUERY_OPTIONS)
@options.json_option
def explain_command(index: IndexName, query: str, ids: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """Explain the score of documents ID for QUERY, by ranking tier, field and word."""
    request = search_request(query, given)
    service = options.service()
    explained = [service.explain(index, request, document_id) for document_id in ids]
    if as_json:
        print_json([serializers.explanation(document) for document in explained])
    else:
        print_explanations(explained)


@click.command("export", cls=Command, epilog=EXPORT_EXAMPLE)
@options.index_argument
@click.argument("query", default="", callback=valid_text)
@request_options((*QUERY_OPTIONS, "sort"))
def export_command(index: IndexName, query: str, **given: Any) -> None:
    """Print the documents of INDEX that match QUERY, as they were indexed, one JSON object per line.

    Without QUERY it prints every document. `index` and `reindex` read the output, with either engine.
    """
    request = search_request(query, given, highlight=False)
    for document in options.service().export(index, request):
        click.echo(orjson.dumps({"id": document.id, **document.source}))


@click.command("analyze", cls=Command, epilog='arabic-search analyze "وَالمَدْرَسَة" --analyzer stem')
@click.argument("text", callback=valid_text)
@click.option("--analyzer", default="", metavar="NAME", help="Show this analyzer only.")
@options.json_option
def analyze_command(text: str, analyzer: str, as_json: bool) -> None:
    """Show the tokens of TEXT by analyzer, with their offsets."""
    tokens = options.service().analyze(text, analyzer)
    if as_json:
        print_json(serializers.analysis(tokens))
    else:
        print_analysis(text, tokens)
