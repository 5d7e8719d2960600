"""What is printed of why documents stand where they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from search_service.cli.output.messages import describe
from search_service.cli.output.results import print_corrections, rule_name
from search_service.cli.output.tables import clean, print_table
from search_service.search.service import Explained


def print_explanations(found: Sequence[Explained]) -> None:
    """Print what adds to the scores of documents: of one, word by word; of several, beside each other."""
    print_corrections(found[0].corrections)
    for one in (explained.explanation for explained in found):
        matches = "is a result" if one.matches else "is no result"
        click.echo(f"{one.id} {matches} (match rule: {rule_name(one.rule.name, one.rule.relaxed)})")
    click.echo()
    if not any(explained.reasons for explained in found):
        click.echo("Nothing of the query adds to a score.")
    elif len(found) == 1:
        _print_reasons(found[0])
    else:
        _print_scores(found)


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
    rows.append((f"{explained.explanation.score:.2f}", "", "in all", ""))
    print_table(("score", "field", "for", "of that"), rows)


def _print_scores(found: Sequence[Explained]) -> None:
    scores = [{(one.field, describe(one.meaning)): one.score for one in explained.reasons} for explained in found]
    kinds = dict.fromkeys(kind for each in scores for kind in each)
    most = sorted(kinds, key=lambda kind: -max(each.get(kind, 0.0) for each in scores))
    rows = [
        (field or "all", meaning, *_cells(each.get((field, meaning)) for each in scores)) for field, meaning in most
    ]
    rows.append(("", "in all", *_cells(explained.explanation.score for explained in found)))
    print_table(("field", "for", *(explained.explanation.id for explained in found)), rows)


def _cells(scores: Iterable[float | None]) -> Iterator[str]:
    return ("-" if score is None else f"{score:.2f}" for score in scores)
