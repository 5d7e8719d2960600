"""Prints explanations of scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from search_service.cli.output.messages import describe
from search_service.cli.output.results import print_corrections, rule_name
from search_service.cli.output.tables import clean, print_table
from search_service.search.response import Explained


def print_explanations(explained: Sequence[Explained]) -> None:
    """Print the score of one document by tier, field and word; of several documents by tier and field, in columns."""
    for warning in explained[0].warnings:
        click.echo(describe(warning))
    print_corrections(explained[0])
    for explanation in (document.explanation for document in explained):
        verb = "matches" if explanation.matches else "does not match"
        rule = rule_name(explanation.rule.name, explanation.rule.relaxed)
        click.echo(f"{explanation.id} {verb} (match rule: {rule})")
    click.echo()
    if not any(document.reasons for document in explained):
        click.echo("No tier adds to the score.")
    elif len(explained) == 1:
        _print_reasons(explained[0])
    else:
        _print_scores(explained)


def _print_reasons(explained: Explained) -> None:
    rows = [
        (
            f"{reason.score:.2f}",
            reason.field or "all",
            describe(reason.meaning),
            ", ".join(f"{clean(contribution.words)} {contribution.score:.2f}" for contribution in reason.contributions),
        )
        for reason in explained.reasons
    ]
    rows.append((f"{explained.explanation.score:.2f}", "", "total", ""))
    print_table(("score", "field", "reason", "words"), rows)


def _print_scores(explained: Sequence[Explained]) -> None:
    columns = [
        {(reason.field, describe(reason.meaning)): reason.score for reason in document.reasons}
        for document in explained
    ]
    keys = dict.fromkeys(key for column in columns for key in column)
    highest_first = sorted(keys, key=lambda key: -max(column.get(key, 0.0) for column in columns))
    rows = [
        (field or "all", meaning, *_cells(column.get((field, meaning)) for column in columns))
        for field, meaning in highest_first
    ]
    rows.append(("", "total", *_cells(document.explanation.score for document in explained)))
    print_table(("field", "reason", *(document.explanation.id for document in explained)), rows)


def _cells(scores: Iterable[float | None]) -> Iterator[str]:
    return ("-" if score is None else f"{score:.2f}" for score in scores)
