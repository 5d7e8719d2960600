"""What is printed of an evaluation: measures, and how they have changed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from search_service.cli.output.messages import describe
from search_service.cli.output.tables import clean, print_table
from search_service.evaluation.comparison import Comparison, MeasureChange, QueryChange
from search_service.evaluation.metrics import MAIN_MEASURE, Evaluation


def print_evaluation(found: Evaluation) -> None:
    """Print how good a run is."""
    measured = {measure: f"{mean:.4f}" for measure, mean in found.means.items()}
    print_table(("measure", "value"), [*measured.items(), *_circumstances(found).items()])
    _print_left_out(found)


def print_comparison(before: Evaluation, after: Evaluation, compared: Comparison, names: tuple[str, str]) -> None:
    """Print how good two runs are, what has changed between them, and the queries it has changed most."""
    click.echo(f"before: {names[0]}\nafter:  {names[1]}\n")
    measured = [(measure, *_changed(one)) for measure, one in compared.measures.items()]
    earlier, later = _circumstances(before), _circumstances(after)
    others = [(name, earlier[name], value, *[""] * 5) for name, value in later.items()]
    print_table(("measure", "before", "after", "change", "p", "won", "lost", "tied"), [*measured, *others])
    _print_moved(f"Won most {MAIN_MEASURE}", compared.won)
    _print_moved(f"Lost most {MAIN_MEASURE}", compared.lost)
    _print_left_out(after)


def _changed(one: MeasureChange) -> tuple[str, ...]:
    p = "<0.0001" if one.p < 0.0001 else f"{one.p:.4f}"
    counts = (f"{count:,}" for count in (one.won, one.lost, one.tied))
    return f"{one.before:.4f}", f"{one.after:.4f}", f"{one.change:+.4f}", p, *counts


def _circumstances(found: Evaluation) -> dict[str, str]:
    p50, p95 = found.run.latency_percentile(0.5), found.run.latency_percentile(0.95)
    return {
        "p50 ms": "-" if p50 is None else f"{p50:.1f}",
        "p95 ms": "-" if p95 is None else f"{p95:.1f}",
        "queries": f"{len(found.judgments.queries):,}",
        "without a hit": f"{found.queries_without_hit:,}",
    }


def _print_moved(heading: str, moved: Sequence[QueryChange]) -> None:
    if moved:
        click.echo(f"\n{heading}:")
    for one in moved:
        click.echo(f"  {one.before:.4f} to {one.after:.4f}  {one.query.id}  {clean(one.query.text)}")


def _print_left_out(found: Evaluation) -> None:
    """Print what of the judgments or of the index has had no part in the figures."""
    notes = []
    if found.judgments.unjudged:
        notes.append(f"Queries without a relevant document, left out: {found.judgments.unjudged:,}")
    if found.judgments.unknown:
        notes.append(f"Judged queries whose text is not known, left out: {found.judgments.unknown:,}")
    notes += [f"Refused, so without a hit: {name} ({describe(problem)})" for name, problem in found.run.refused.items()]
    notes += [f"Part of the index did not answer: {describe(one)}" for one in found.run.degraded]
    if notes:
        click.echo("\n" + "\n".join(notes))
