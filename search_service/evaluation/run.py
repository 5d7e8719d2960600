"""A run: what was found for each query, best first. It can be kept in a file of TREC's form."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from search_service.core.errors import InvalidParameter, UnreadableSource
from search_service.core.message import Message
from search_service.evaluation.files import columns, numbered_lines
from search_service.evaluation.judgments import JudgedQuery
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService

DEPTH = 100
"""Documents asked for of each query: what R@100 looks at."""

TAG = "arabic-search"
"""What the last column of a file calls the program that has searched."""


class Found(NamedTuple):
    """A found document."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Run:
    """What was found.

    Attributes:
        found: by the id of the query the documents, best first. A file knows nothing of queries without a hit.
        milliseconds: how long each query took; empty for a run from a file.
        refused: by the id of the query why the service refused it; such a query has found nothing.
        degraded: the parts of the index that did not answer.
    """

    found: Mapping[str, Sequence[Found]]
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    refused: Mapping[str, Message] = field(default_factory=dict)
    degraded: tuple[Message, ...] = ()

    def percentile(self, part: float) -> float | None:
        """Return the milliseconds within which a part of the queries was answered, if they are known.

        >>> Run({}, {"q1": 5.0, "q2": 9.0, "q3": 6.0}).percentile(0.5)
        6.0
        """
        taken = sorted(self.milliseconds.values())
        return taken[math.ceil(part * len(taken)) - 1] if taken else None


def ask(
    service: SearchService,
    index: str,
    queries: Iterable[JudgedQuery],
    depth: int = DEPTH,
    fields: Sequence[str] | None = None,
) -> Run:
    """Ask each query as a user would.

    A query that the service refuses, being too long, has found nothing: so it is for users too.

    Args:
        service: the search that is measured.
        index: the index that is searched.
        queries: what is asked.
        depth: documents wanted of each query.
        fields: the fields to search in; None for all searched fields.

    Raises:
        InvalidParameter: depth or fields are not possible.
        UnknownIndex: there is no such index.
    """
    found: dict[str, Sequence[Found]] = {}
    milliseconds: dict[str, float] = {}
    refused: dict[str, Message] = {}
    degraded: tuple[Message, ...] = ()
    for query in queries:
        try:
            response = service.search(index, SearchRequest(q=query.text, size=depth, highlight=(), fields=fields))
        except InvalidParameter as error:
            if error.parameter != "q":
                raise
            found[query.id], refused[query.id] = (), error.message
            continue
        found[query.id] = [Found(hit.id, hit.score) for hit in response.hits]
        milliseconds[query.id] = response.took_ms
        degraded = degraded or response.degraded
    return Run(found, milliseconds, refused, degraded)


def save_run(run: Run, path: Path) -> None:
    """Write a run to a file: query, Q0, document, rank, score and tag, with tabs between them."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines("\t".join(row) + "\n" for row in _rows(run))


def _rows(run: Run) -> Iterator[tuple[str, ...]]:
    for query_id, found in run.found.items():
        for rank, document in enumerate(found, start=1):
            yield query_id, "Q0", document.id, str(rank), repr(document.score), TAG


def load_run(path: Path) -> Run:
    """Read a run from a file, ours or that of another program. The ranks give the order, and where equal the scores.

    Raises:
        UnreadableSource: a line has other columns, or there is none.
    """
    ranked: dict[str, list[tuple[int, float, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for number, line in numbered_lines(path):
        try:
            query_id, _, document_id, rank, score, _ = columns(line)
            row = int(rank), -float(score), document_id
        except ValueError:
            raise UnreadableSource("run-malformed", path=str(path), line=number) from None
        if (query_id, document_id) in seen:
            raise UnreadableSource(
                "run-document-repeated", path=str(path), line=number, document=document_id, query=query_id
            )
        seen.add((query_id, document_id))
        ranked.setdefault(query_id, []).append(row)
    if not ranked:
        raise UnreadableSource("run-empty", path=str(path), name=path.name)
    return Run(
        {query_id: [Found(row[2], -row[1]) for row in sorted(rows, key=_order)] for query_id, rows in ranked.items()}
    )


def _order(row: tuple[int, float, str]) -> tuple[int, float]:
    return row[:2]
