"""Prints search results, facets, corrections and tokens."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence

import click

from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.analysis.analyzer import Token
from search_service.cli.output.messages import describe
from search_service.cli.output.tables import clean, print_table
from search_service.core.index_name import IndexName
from search_service.core.readable_address import readable_address
from search_service.highlight.fragmenter import Fragment
from search_service.highlight.passages import Passage, is_cut
from search_service.query.understanding.context import uncorrected_words
from search_service.search.dropped_filters import WithoutFilters
from search_service.search.response import Explained, Hit, SearchResponse
from search_service.search.service import SearchService

PASSAGES_SHOWN = 2
"""Passages shown below the title of a hit."""


def print_results(response: SearchResponse, service: SearchService, index: IndexName, offset: int) -> None:
    """Print hits, numbered from the offset, and the values of facets."""
    schema = service.schema(index)
    bold = sys.stdout.isatty()
    noun = "result" if response.total == 1 else "results"
    rule = rule_name(response.match_rule, response.relaxed)
    groups = "" if response.groups is None else f" in {response.total_groups:,} groups"
    click.echo(f"{response.total:,} {noun}{groups} (match rule: {rule}), {response.took_ms:g} ms")
    for warning in response.degraded:
        click.echo(f"The results are incomplete: {describe(warning)}")
    for warning in response.warnings:
        click.echo(describe(warning))
    print_corrections(response)
    for number, hit in enumerate(response.hits, start=offset + 1):
        _print_hit(f"{number:>3}.", hit, service, schema, bold)
    for number, group in enumerate(response.groups or (), start=offset + 1):
        click.echo(f"\n{number:>3}. {clean(group.value or '-')} ({group.total:,})")
        for hit in group.hits:
            _print_hit("    ", hit, service, schema, bold)
    facets = dict(response.facets)
    if response.histogram is not None:
        facets[f"{schema.date} (histogram)"] = response.histogram
    for name, buckets in facets.items():
        values = " · ".join(f"{clean(bucket.value)} {bucket.count:,}" for bucket in buckets)
        click.echo(f"\n{name}: {values or '-'}")


def _print_hit(number: str, hit: Hit, service: SearchService, schema: Schema, bold: bool) -> None:
    heading, title, passages = _heading(hit, schema, bold)
    click.echo(f"\n{number} {heading}")
    click.echo(f"     {_details(hit, schema)}")
    for passage in service.passages(passages, PASSAGES_SHOWN, [title]):
        before, after = ("…" if cut else "" for cut in is_cut(hit.source, passage))
        click.echo(f"     {before}{_marked(passage.fragment, bold).strip()}{after}")


def rule_name(name: str, relaxed: bool) -> str:
    """Return the name of a match rule, marked if it was relaxed."""
    return f"{name}, relaxed" if relaxed else name


def print_corrections(answer: SearchResponse | Explained) -> None:
    """Print each corrected word and what was searched instead, and the other words that no document contains."""
    for correction in answer.corrections:
        replacements = " or ".join(correction.corrected_to)
        click.echo(f"No document contains {clean(correction.word)}; searched for {replacements} instead")
    if answer.corrections:
        typed = ",".join(clean(correction.word) for correction in answer.corrections)
        click.echo(f"To search for what you typed: --as-typed {shlex.quote(typed)}")
    uncorrected = uncorrected_words(answer.absent_words, answer.corrections)
    if other_forms := [word for word in uncorrected if word not in answer.unmatched_words]:
        click.echo(f"No document contains {', '.join(map(clean, other_forms))} in this form")
    if answer.unmatched_words:
        click.echo(f"No document contains {', '.join(map(clean, answer.unmatched_words))} in any form")


def print_without_filters(without: WithoutFilters) -> None:
    """Print how many hits a search without hits has without its filters, and without each of them."""
    click.echo(f"Without the filters: {without.total:,}")
    if len(without.without) > 1:
        for name, total in without.without.items():
            click.echo(f"     without {name.removeprefix('filters.').removeprefix('ranges.')}: {total:,}")


def _heading(hit: Hit, schema: Schema, bold: bool) -> tuple[str, str, list[Passage]]:
    """Return the title of a hit, with and without its marks, and the passages of other fields.

    A hit without a title has its first text for one, or its id. That may be an address, which is read with its letters;
    the line below has it as commands take it.
    """
    texts = [field.name for field in schema.fields if field.kind is FieldKind.TEXT and hit.source.get(field.name)]
    name = "title" if hit.source.get("title") else next(iter(texts), "")
    value = hit.source.get(name) or readable_address(hit.id)
    title = str(value[0] if isinstance(value, list) else value)
    heading = clean(title)
    for fragment in hit.highlights.get(name, ())[:1]:
        heading = _marked(fragment, bold) if len(fragment.text) == len(title) else heading
    other = [Passage(field, one) for field, found in hit.highlights.items() if field != name for one in found]
    return heading, title, other


def _details(hit: Hit, schema: Schema) -> str:
    values = (hit.source.get(schema.date), hit.source.get("source"), hit.id)
    return " · ".join(clean(str(value)) for value in values if value)


def _marked(fragment: Fragment, bold: bool) -> str:
    """Return a fragment with its marks in bold, or between ** if the output is not a terminal."""
    pieces, position = [], 0
    for start, end in fragment.marks:
        start, end = start - fragment.start, end - fragment.start
        word = clean(fragment.text[start:end])
        pieces += [clean(fragment.text[position:start]), click.style(word, bold=True) if bold else f"**{word}**"]
        position = end
    return "".join(pieces) + clean(fragment.text[position:])


def print_analysis(text: str, tokens: Mapping[str, Sequence[Token]]) -> None:
    """Print the tokens of each analyzer with their offsets."""
    rows = [
        (name, token.position, token.start, token.end, token.text, clean(text[token.start : token.end]))
        for name, analyzer_tokens in tokens.items()
        for token in analyzer_tokens
    ]
    print_table(("analyzer", "position", "start", "end", "token", "original"), rows)
