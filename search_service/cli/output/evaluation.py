"""Prints the measures of an evaluation, and the changes between two."""

from __future__ import annotations

from collections.abc import Sequence

import click

from search_service.cli.output.messages import describe
from search_service.cli.output.tables import clean, print_table
from search_service.evaluation.comparison import Comparison, MeasureChange, QueryChange
from search_service.evaluation.metrics import MAIN_MEASURE, Evaluation


def print_evaluation(evaluation: Evaluation) -> None:
    """Print the measures of a run."""
    means = {measure: f"{mean:.4f}" for measure, mean in evaluation.means.items()}
    print_table(("measure", "value"), [*means.items(), *_latency_and_counts(evaluation).items()])
    _print_notes(evaluation)


def print_comparison(before: Evaluation, after: Evaluation, comparison: Comparison, names: tuple[str, str]) -> None:
    """Print the measures of two runs, their changes, and the queries that changed most."""
    click.echo(f"before: {names[0]}\nafter:  {names[1]}\n")
    measures = [(measure, *_change_cells(change)) for measure, change in comparison.measures.items()]
    values_before, values_after = _latency_and_counts(before), _latency_and_counts(after)
    other_rows = [(name, values_before[name], value, *[""] * 5) for name, value in values_after.items()]
    print_table(("measure", "before", "after", "change", "p", "won", "lost", "tied"), [*measures, *other_rows])
    _print_query_changes(f"Largest gains in {MAIN_MEASURE}", comparison.won)
    _print_query_changes(f"Largest losses in {MAIN_MEASURE}", comparison.lost)
    _print_notes(after)


def print_ranks(evaluation: Evaluation) -> None:
    """Print the ranks of the relevant documents of each query; - for a document that it did not find."""
    click.echo()
    rows = [
        (query.id, " ".join("-" if rank is None else str(rank) for rank in evaluation.ranks(query)), clean(query.text))
        for query in evaluation.judgments.queries
    ]
    print_table(("query", "ranks", "text"), rows)


def _change_cells(change: MeasureChange) -> tuple[str, ...]:
    p = "<0.0001" if change.p < 0.0001 else f"{change.p:.4f}"
    counts = (f"{count:,}" for count in (change.won, change.lost, change.tied))
    return f"{change.before:.4f}", f"{change.after:.4f}", f"{change.change:+.4f}", p, *counts


def _latency_and_counts(evaluation: Evaluation) -> dict[str, str]:
    p50, p95 = evaluation.run.latency_percentile(0.5), evaluation.run.latency_percentile(0.95)
    return {
        "p50 ms": "-" if p50 is None else f"{p50:.1f}",
        "p95 ms": "-" if p95 is None else f"{p95:.1f}",
        "queries": f"{len(evaluation.judgments.queries):,}",
        "without a hit": f"{evaluation.queries_without_hit:,}",
    }


def _print_query_changes(heading: str, changes: Sequence[QueryChange]) -> None:
    if changes:
        click.echo(f"\n{heading}:")
    for change in changes:
        click.echo(f"  {change.before:.4f} to {change.after:.4f}  {change.query.id}  {clean(change.query.text)}")


def _print_notes(evaluation: Evaluation) -> None:
    """Print the queries that were skipped or refused, and the missing parts of the index."""
    judgments, run = evaluation.judgments, evaluation.run
    notes = []
    if judgments.unjudged:
        notes.append(f"Skipped queries without a relevant document: {judgments.unjudged:,}")
    if judgments.unknown:
        notes.append(f"Skipped judged queries without a text: {judgments.unknown:,}")
    notes += [f"Refused, counted as without a hit: {name} ({describe(error)})" for name, error in run.refused.items()]
    notes += [f"The results are incomplete: {describe(warning)}" for warning in run.degraded]
    if notes:
        click.echo("\n" + "\n".join(notes))
