"""What the commands print: for people, in lines and columns, for programs, as JSON; and the examples in their help."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
import orjson

from index_config.schema import Field, Kind, Schema
from search_service.analysis.analyzer import Token
from search_service.engines.keeping import Outlook
from search_service.evaluation.comparison import Comparison, Difference, Moved
from search_service.evaluation.metrics import MAIN, Evaluation
from search_service.highlight.fragmenter import Fragment
from search_service.indexing.progress import duration
from search_service.indexing.run import LoadReport
from search_service.model import Finding, GenerationStats, IndexStats
from search_service.search import Hit, SearchResponse

FRAGMENTS_SHOWN = 2
"""Fragments below the title of a hit."""

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
"""Characters of documents that would move the cursor or worse."""


def summary(report: LoadReport) -> str:
    """Say what a load did, in a line."""
    rate = f"{report.documents_per_second:,.0f} a second"
    return f"{report.indexed:,} documents indexed into {report.index!r} in {duration(report.seconds)} ({rate})"


def print_outlook(report: LoadReport, outlook: Outlook) -> None:
    """Print what a rebuild would do."""
    click.echo(f"Nothing is written. A rebuild of {report.index!r} would")
    click.echo(f"  index     {report.indexed:,} documents into a new generation, and reject {report.rejected:,}")
    click.echo(f"  replace   {outlook.replaced or 'nothing: there is no such index yet'}")
    click.echo(f"  keep      {', '.join(outlook.kept) or 'nothing'}")
    click.echo(f"  remove    {', '.join(outlook.removed) or 'nothing'}")
    if not report.indexed:
        click.echo("and so it would fail: an empty index does not take the place of another.")


def print_generations(found: Sequence[GenerationStats]) -> None:
    """Print the generations of an index."""
    rows = [
        (one.name, one.state, f"{one.documents:,}", f"{one.size_bytes / 1e6:,.1f} MB", one.created) for one in found
    ]
    _print_table(("generation", "state", "documents", "size", "created"), rows)


def counted(counts: dict[str, int]) -> str:
    """Say how many there are of each name."""
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))


def print_results(response: SearchResponse, schema: Schema, offset: int) -> None:
    """Print what was found, numbered from the offset on, and the values of the facets."""
    bold = sys.stdout.isatty()
    rule = f"{response.match_rule}, loosened" if response.loosened else response.match_rule
    noun = "result" if response.total == 1 else "results"
    click.echo(f"{response.total:,} {noun} (match rule: {rule}), {response.took_ms:g} ms")
    if response.missing:
        click.echo(f"Not all could be searched: {response.missing}")
    for one in response.corrections:
        click.echo(f"No document has {_clean(one.word)}: taken for {' or '.join(one.taken_for)}")
    for number, hit in enumerate(response.hits, start=offset + 1):
        heading, others = _heading(hit, schema, bold)
        click.echo(f"\n{number:>3}. {heading}")
        click.echo(f"     {_details(hit, schema)}")
        for fragment in others[:FRAGMENTS_SHOWN]:
            click.echo(f"     … {_marked(fragment, bold).strip()}")
    for name, buckets in response.facets.items():
        values = " · ".join(f"{_clean(bucket.value)} {bucket.count:,}" for bucket in buckets)
        click.echo(f"\n{name}: {values or '-'}")


def _heading(hit: Hit, schema: Schema, bold: bool) -> tuple[str, list[Fragment]]:
    """Return the title of a hit, or its first text, and a fragment of each other field, those with most marks first."""
    texts = [field.name for field in schema.fields if field.kind is Kind.TEXT and hit.source.get(field.name)]
    name = "title" if hit.source.get("title") else next(iter(texts), "")
    value = hit.source.get(name, hit.id)
    title = str(value[0] if isinstance(value, list) else value)
    heading = _clean(title)
    for fragment in hit.highlights.get(name, ())[:1]:
        heading = _marked(fragment, bold) if len(fragment.text) == len(title) else heading
    others = [pieces[0] for field, pieces in hit.highlights.items() if field != name and pieces]
    return heading, sorted(others, key=lambda fragment: -len(fragment.marks))


def _details(hit: Hit, schema: Schema) -> str:
    values = (hit.source.get(schema.date), hit.source.get("source"), hit.id)
    return " · ".join(_clean(str(value)) for value in values if value)


def _marked(fragment: Fragment, bold: bool) -> str:
    """Return a fragment with its marks in bold, or between ** where there is no terminal."""
    pieces, position = [], 0
    for start, end in fragment.marks:
        start, end = start - fragment.start, end - fragment.start
        word = _clean(fragment.text[start:end])
        pieces += [_clean(fragment.text[position:start]), click.style(word, bold=True) if bold else f"**{word}**"]
        position = end
    return "".join(pieces) + _clean(fragment.text[position:])


def _clean(text: str) -> str:
    return text.translate(_CONTROLS)


def print_analysis(text: str, tokens: Mapping[str, Sequence[Token]]) -> None:
    """Print the tokens of each analyzer and where they stand in the text."""
    rows = [
        (name, token.position, token.start, token.end, token.text, _clean(text[token.start : token.end]))
        for name, found in tokens.items()
        for token in found
    ]
    _print_table(("analyzer", "position", "start", "end", "token", "original"), rows)


def print_indexes(found: Sequence[IndexStats]) -> None:
    """Print the state of indexes."""
    if not found:
        click.echo("There is no index yet.")
        return
    header = ("index", "schema", "documents", "size", "created", "state")
    _print_table(header, [_status_row(stats) for stats in found])


def _status_row(stats: IndexStats) -> tuple[object, ...]:
    state = "current" if stats.current else f"stale: arabic-search reindex {stats.name} SOURCE (or --stored)"
    size = f"{stats.size_bytes / 1e6:,.1f} MB"
    return stats.name, stats.schema, f"{stats.documents:,}", size, stats.created, state


def print_findings(found: Sequence[Finding]) -> None:
    """Print what was looked at in an index, and what was seen."""
    _print_table(("check", "", "seen"), [(one.check, "ok" if one.well else "NOT OK", one.detail) for one in found])


def print_evaluation(found: Evaluation) -> None:
    """Print how good a run is."""
    measured = {measure: f"{mean:.4f}" for measure, mean in found.means.items()}
    _print_table(("measure", "value"), [*measured.items(), *_circumstances(found).items()])
    _print_left_out(found)


def print_comparison(before: Evaluation, after: Evaluation, compared: Comparison, names: tuple[str, str]) -> None:
    """Print how good two runs are, what has changed between them, and the queries it has changed most."""
    click.echo(f"before: {names[0]}\nafter:  {names[1]}\n")
    measured = [(measure, *_changed(one)) for measure, one in compared.differences.items()]
    earlier, later = _circumstances(before), _circumstances(after)
    others = [(name, earlier[name], value, *[""] * 5) for name, value in later.items()]
    _print_table(("measure", "before", "after", "change", "p", "won", "lost", "tied"), [*measured, *others])
    _print_moved(f"Won most {MAIN}", compared.won)
    _print_moved(f"Lost most {MAIN}", compared.lost)
    _print_left_out(after)


def _changed(one: Difference) -> tuple[str, ...]:
    p = "<0.0001" if one.p < 0.0001 else f"{one.p:.4f}"
    counts = (f"{count:,}" for count in (one.won, one.lost, one.tied))
    return f"{one.before:.4f}", f"{one.after:.4f}", f"{one.change:+.4f}", p, *counts


def _circumstances(found: Evaluation) -> dict[str, str]:
    p50, p95 = found.run.percentile(0.5), found.run.percentile(0.95)
    return {
        "p50 ms": "-" if p50 is None else f"{p50:.1f}",
        "p95 ms": "-" if p95 is None else f"{p95:.1f}",
        "queries": f"{len(found.judgments.queries):,}",
        "without a hit": f"{found.without_hit:,}",
    }


def _print_moved(heading: str, moved: Sequence[Moved]) -> None:
    if moved:
        click.echo(f"\n{heading}:")
    for one in moved:
        click.echo(f"  {one.before:.4f} to {one.after:.4f}  {one.query.id}  {_clean(one.query.text)}")


def _print_left_out(found: Evaluation) -> None:
    """Print what of the judgments or of the index has had no part in the figures."""
    notes = []
    if found.judgments.unjudged:
        notes.append(f"Queries without a relevant document, left out: {found.judgments.unjudged:,}")
    if found.judgments.unknown:
        notes.append(f"Judged queries whose text is not known, left out: {found.judgments.unknown:,}")
    notes += [f"Refused, so without a hit: {name} ({problem})" for name, problem in found.run.refused.items()]
    if found.run.missing:
        notes.append(f"Not all could be searched: {found.run.missing}")
    if notes:
        click.echo("\n" + "\n".join(notes))


def print_schema(schema: Schema) -> None:
    """Print what a schema says of itself and of its fields."""
    click.echo(f"{schema.name}: {schema.description}")
    click.echo(
        f"default order: {schema.default_sort or 'by id'}; date: {schema.date or 'none'}; "
        f"freshness: {schema.freshness:g}\n"
    )
    rows = [(f.name, f.kind, f"{f.weight:g}", _flags(f), f.description) for f in schema.fields]
    _print_table(("field", "kind", "weight", "flags", "description"), rows)


def _flags(field: Field) -> str:
    return " ".join(flag for flag in ("required", "multi", "facet", "sort", "suggest") if getattr(field, flag)) or "-"


def print_json(value: Any) -> None:
    """Print JSON, as bytes: it is UTF-8 whatever the terminal speaks."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))


def _print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns under a header."""
    lines = [tuple(str(cell) for cell in row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(header, *lines, strict=True)]
    for line in [tuple(header), *lines]:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


# Help texts


def write_lines(formatter: click.HelpFormatter, heading: str, lines: Iterable[str]) -> None:
    """Add lines to a help text as they are written, where click would fill paragraphs."""
    with formatter.section(heading):
        for line in lines:
            formatter.write(f"{' ' * formatter.current_indent}{line}\n")


class Command(click.Command):
    """A command; its epilog is an example of it, one call a line."""

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example."""
        write_lines(formatter, "Example", (self.epilog or "").splitlines())


class Commands(click.Group):
    """A group of commands with examples."""

    command_class = Command
