"""A run, as TREC calls it: the ranking of documents for each query. It can be saved to a file in TREC's format."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from search_service.core.errors import InvalidParameter, UnreadableSource
from search_service.core.files import naming
from search_service.core.index_name import IndexName
from search_service.core.message import Message
from search_service.evaluation.files import numbered_lines, split_columns
from search_service.evaluation.judgments import JudgedQuery
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService

DEPTH = 100
"""Documents per query: R@100 needs 100."""

TAG = "arabic-search"
"""The last column of a run file: the name of the program."""


class RankedDocument(NamedTuple):
    """A document of a ranking, with its score."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Run:
    """The rankings of a set of queries.

    Attributes:
        rankings: query id -> documents, best first. A run from a file lacks the queries without hits.
        milliseconds: query id -> response time; empty for a run from a file.
        refused: query id -> why the service refused the query; its ranking is empty.
        degraded: the parts of the index that did not answer.
    """

    rankings: Mapping[str, Sequence[RankedDocument]]
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    refused: Mapping[str, Message] = field(default_factory=dict)
    degraded: tuple[Message, ...] = ()

    def latency_percentile(self, share: float) -> float | None:
        """Return the milliseconds within which a share of the queries was answered; None if unknown.

        >>> Run({}, {"q1": 5.0, "q2": 9.0, "q3": 6.0}).latency_percentile(0.5)
        6.0
        """
        times = sorted(self.milliseconds.values())
        return times[math.ceil(share * len(times)) - 1] if times else None


def run_queries(
    service: SearchService,
    index: IndexName,
    queries: Iterable[JudgedQuery],
    depth: int = DEPTH,
    fields: Sequence[str] | None = None,
    understanding: bool | Sequence[str] = True,
) -> Run:
    """Run each query as a user would.

    A query that the service refuses because it is too long gets an empty ranking: a user finds nothing either.

    Each ranking has at most `depth` documents. Without `fields`, all searched fields are searched. `understanding` are
    the steps of query understanding to run.

    Raises:
        InvalidParameter: depth or fields are invalid.
        UnknownIndex: the index does not exist.
    """
    rankings: dict[str, Sequence[RankedDocument]] = {}
    milliseconds: dict[str, float] = {}
    refused: dict[str, Message] = {}
    degraded: tuple[Message, ...] = ()
    for query in queries:
        request = SearchRequest(q=query.text, size=depth, highlight=False, fields=fields, understanding=understanding)
        try:
            response = service.search(index, request)
        except InvalidParameter as error:
            if error.parameter != "q":
                raise
            rankings[query.id], refused[query.id] = (), error.message
            continue
        rankings[query.id] = [RankedDocument(hit.id, hit.score) for hit in response.hits]
        milliseconds[query.id] = response.took_ms
        degraded = degraded or response.degraded
    return Run(rankings, milliseconds, refused, degraded)


def save_run(run: Run, path: Path) -> None:
    """Write a run in TREC's format: query, Q0, document, rank, score and tag, with tabs between them."""
    with naming(path), path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines("\t".join(line) + "\n" for line in _trec_lines(run))


def _trec_lines(run: Run) -> Iterator[tuple[str, ...]]:
    for query_id, ranking in run.rankings.items():
        for rank, document in enumerate(ranking, start=1):
            yield query_id, "Q0", document.id, str(rank), repr(document.score), TAG


def load_run(path: Path) -> Run:
    """Read a run file, of this or another program. Documents are ordered by rank, then by score.

    Raises:
        UnreadableSource: a line has other columns or repeats a document, or the file is empty.
    """
    ranked: dict[str, list[tuple[int, float, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for number, line in numbered_lines(path):
        try:
            query_id, _, document_id, rank, score, _ = split_columns(line)
            entry = int(rank), -float(score), document_id
        except ValueError:
            raise UnreadableSource("run-malformed", path=str(path), line=number) from None
        if (query_id, document_id) in seen:
            raise UnreadableSource(
                "run-document-repeated", path=str(path), line=number, document=document_id, query=query_id
            )
        seen.add((query_id, document_id))
        ranked.setdefault(query_id, []).append(entry)
    if not ranked:
        raise UnreadableSource("run-empty", path=str(path), name=path.name)
    return Run({query_id: _sort_ranking(entries) for query_id, entries in ranked.items()})


def _sort_ranking(entries: list[tuple[int, float, str]]) -> list[RankedDocument]:
    # The sort is stable: entries of equal rank and score keep the order of the file.
    entries.sort(key=lambda entry: entry[:2])
    return [RankedDocument(document_id, -negative_score) for _, negative_score, document_id in entries]
