"""Pages in a stable order: by score or by a field, ties by id.

tantivy sorts by one key and returns ties in the order of its segments, which merges change. So ties across a page
boundary are fetched and sorted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import tantivy
from tantivy import DocAddress, Order, Query

from search_service.core.deadline import check_deadline
from search_service.core.filters import Sort
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot, load
from search_service.query.plan import SearchPlan

TIE_MARGIN = 16
"""Hits fetched after a page by score, to find ties with its last hit."""

READ_BATCH = 10_000
"""Documents fetched at once when all are read: tantivy skips the documents before them each time."""

SCAN_PAGE = 5_000
"""Documents of a page of a scan: each page costs a pass over those before it."""

ScoredAddress = tuple[Any, DocAddress]


class StoredHit(NamedTuple):
    """A hit with its stored document."""

    score: float
    address: DocAddress
    stored: dict[str, Any]


def by_score(plan: SearchPlan) -> bool:
    """Whether hits are ordered by score."""
    return plan.sort.by_relevance and not plan.query.matches_everything


def all_stored(searcher: tantivy.Searcher) -> Iterator[dict[str, Any]]:
    """Yield every stored document, in the order of the segments."""
    for offset in range(0, searcher.num_docs, READ_BATCH):
        for _, address in searcher.search(Query.all_query(), READ_BATCH, count=False, offset=offset).hits:
            yield load(searcher, address)


def page_by_score(snapshot: Snapshot, query: Query, offset: int, size: int) -> tuple[int, list[StoredHit]]:
    """Return the exact total and a page."""
    end = offset + size
    limit = end + TIE_MARGIN
    while True:
        check_deadline()
        result = snapshot.searcher.search(query, limit)
        hits: list[ScoredAddress] = result.hits
        # Complete unless the last hit of the page ties with the last one fetched: then more ties may follow.
        if len(hits) < limit or not size or hits[end - 1][0] != hits[-1][0]:
            break
        limit *= 2
    page: list[StoredHit] = []
    position = 0
    for score, group in groupby(hits, key=lambda hit: hit[0]):
        members = [address for _, address in group]
        if position + len(members) > offset and position < end:
            stored_hits = sorted((_stored_hit(snapshot, address, score) for address in members), key=_id)
            page += stored_hits[max(0, offset - position) : end - position]
        position += len(members)
    return result.count, page  # type: ignore[attr-defined]


def page_by_field(snapshot: Snapshot, query: Query, sort: Sort, offset: int, size: int) -> tuple[int, list[StoredHit]]:
    """Return the exact total and a page with scores of 0; documents without a value come last."""
    check_deadline()
    name = sort.field or fields.ID
    order = Order.Desc if sort.descending else Order.Asc
    searcher = snapshot.searcher
    result = searcher.search(query, max(size, 1), offset=offset, order_by_field=name, order=order)
    total: int = result.count  # type: ignore[attr-defined]
    hits: list[ScoredAddress] = result.hits[:size]
    if not hits:
        return total, []
    if name == fields.ID:
        return total, [_stored_hit(snapshot, address) for _, address in hits]
    page: list[StoredHit] = []
    last_group_open = offset + len(hits) < total
    groups = [(value, [address for _, address in group]) for value, group in groupby(hits, key=lambda hit: hit[0])]
    for number, (value, members) in enumerate(groups):
        if (number == 0 and offset) or (number == len(groups) - 1 and last_group_open):
            skipped = _tied_before(searcher, query, name, value, offset, order) if number == 0 else 0
            tied = snapshot.queries.restrict_to_value(query, name, value)
            ties = searcher.search(tied, len(members), offset=skipped, order_by_field=fields.ID, order=Order.Asc)
            page += [_stored_hit(snapshot, address) for _, address in ties.hits]
        else:
            page += sorted((_stored_hit(snapshot, address) for address in members), key=_id)
    return total, page


def all_by_score(snapshot: Snapshot, query: Query) -> Iterator[StoredHit]:
    """Yield every document of a query by score, ties by id."""
    hits: list[ScoredAddress] = snapshot.searcher.search(query, max(snapshot.searcher.num_docs, 1), count=False).hits
    for score, group in groupby(hits, key=lambda hit: hit[0]):
        yield from sorted((_stored_hit(snapshot, address, score) for _, address in group), key=_id)


def all_by_field(snapshot: Snapshot, query: Query, sort: Sort) -> Iterator[StoredHit]:
    """Yield every document of a query by a field, page by page."""
    offset, total = 0, 1
    while offset < total:
        total, page = page_by_field(snapshot, query, sort, offset, SCAN_PAGE)
        yield from page
        offset += SCAN_PAGE


def _stored_hit(snapshot: Snapshot, address: DocAddress, score: float = 0.0) -> StoredHit:
    check_deadline()
    return StoredHit(score, address, snapshot.load(address))


def _id(hit: StoredHit) -> str:
    return str(hit.stored["id"])


def _tied_before(searcher: tantivy.Searcher, query: Query, name: str, value: Any, offset: int, order: Order) -> int:
    """Return how many documents with this value come before `offset`."""
    low, high = 0, offset
    while low < high:  # find the first position that has this value
        middle = (low + high) // 2
        [hit] = searcher.search(query, 1, offset=middle, order_by_field=name, order=order).hits
        if hit[0] == value:
            high = middle
        else:
            low = middle + 1
    return offset - low
