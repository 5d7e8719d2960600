"""Pages in a stable order: by score or by a field, ties by id.

tantivy sorts by one key and returns ties in the order of its segments, which merges change. So ties across a page
boundary are fetched and sorted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson
import tantivy
from tantivy import DocAddress, Order, Query

from search_service.core.deadline import check_deadline
from search_service.core.errors import InvalidParameter
from search_service.core.filters import Sort
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot, load
from search_service.query.plan import SearchPlan

TIE_MARGIN = 16
"""Hits fetched after a page by score, to find ties with its last hit."""

FEW_TIES = 300
"""Up to so many ties are ordered by loading their documents, at 20 µs each; sorting 30,000 matches by id takes 6 ms."""

READ_BATCH = 10_000
"""Documents fetched at once when all are read: tantivy skips the documents before them each time."""

MAX_PAGE_BYTES = 50_000_000
"""Of the stored documents of a page, which are in memory together: 5 of the largest ones, or 10,000 news articles."""

ScoredAddress = tuple[Any, DocAddress]


class StoredHit(NamedTuple):
    """A hit with its stored document."""

    score: float
    address: DocAddress
    stored: dict[str, Any]


def by_score(plan: SearchPlan) -> bool:
    """Whether hits are ordered by score."""
    return plan.sort.by_relevance and not plan.query.is_unranked


def page(snapshot: Snapshot, plan: SearchPlan) -> tuple[int, list[StoredHit]]:
    """Return the exact total and the page of a plan with a selected match rule."""
    if by_score(plan):
        total, hits = page_by_score(snapshot, snapshot.queries.scored(plan), plan.offset, plan.size)
    else:
        query = snapshot.queries.matching(plan, plan.filters)
        total, hits = page_by_field(snapshot, query, plan.sort, plan.offset, plan.size)
    return total, stored_hits(snapshot, hits)


def all_stored(searcher: tantivy.Searcher) -> Iterator[dict[str, Any]]:
    """Yield every stored document, in the order of the segments."""
    for offset in range(0, searcher.num_docs, READ_BATCH):
        for _, address in searcher.search(Query.all_query(), READ_BATCH, count=False, offset=offset).hits:
            yield load(searcher, address)


def page_by_score(snapshot: Snapshot, query: Query, offset: int, size: int) -> tuple[int, list[ScoredAddress]]:
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
    page: list[ScoredAddress] = []
    position = 0
    for score, group in groupby(hits, key=lambda hit: hit[0]):
        members = [address for _, address in group]
        if position + len(members) > offset and position < end:
            ordered = _by_id(snapshot, query, members)[max(0, offset - position) : end - position]
            page += [(score, address) for address in ordered]
        position += len(members)
    return result.count, page  # type: ignore[attr-defined]


def page_by_field(
    snapshot: Snapshot, query: Query, sort: Sort, offset: int, size: int
) -> tuple[int, list[ScoredAddress]]:
    """Return the exact total and a page with scores of 0; documents without a value come last."""
    check_deadline()
    name = sort.field or fields.ID
    order = Order.Desc if sort.descending else Order.Asc
    searcher = snapshot.searcher
    result = searcher.search(query, max(size, 1), offset=offset, order_by_field=name, order=order)
    total: int = result.count  # type: ignore[attr-defined]
    hits: list[ScoredAddress] = result.hits[:size]
    if name == fields.ID:
        return total, [(0.0, address) for _, address in hits]
    page: list[DocAddress] = []
    last_group_open = offset + len(hits) < total
    groups = [(value, [address for _, address in group]) for value, group in groupby(hits, key=lambda hit: hit[0])]
    for number, (value, members) in enumerate(groups):
        if (number == 0 and offset) or (number == len(groups) - 1 and last_group_open):
            tied = snapshot.queries.restrict_to_value(query, name, value)
            skipped = _tied_before(searcher, query, name, value, offset, order) if number == 0 else 0
            ties = searcher.search(tied, len(members), offset=skipped, order_by_field=fields.ID, order=Order.Asc)
            page += [address for _, address in ties.hits]
        else:
            page += _by_id(snapshot, query, members)
    return total, [(0.0, address) for address in page]


def all_by_score(snapshot: Snapshot, query: Query) -> Iterator[dict[str, Any]]:
    """Yield every document of a query by score, ties by id."""
    hits: list[ScoredAddress] = snapshot.searcher.search(query, max(snapshot.searcher.num_docs, 1), count=False).hits
    return _all_in_order(snapshot, query, hits)


def all_by_field(snapshot: Snapshot, query: Query, sort: Sort) -> Iterator[dict[str, Any]]:
    """Yield every document of a query by a field, ties by id; documents without a value come last.

    All addresses are read at once: page by page, 120,000 small documents took 280 s by a keyword, at once 2 s.
    """
    searcher = snapshot.searcher
    order = Order.Desc if sort.descending else Order.Asc
    name = sort.field or fields.ID
    hits: list[ScoredAddress] = searcher.search(
        query, max(searcher.num_docs, 1), count=False, order_by_field=name, order=order
    ).hits
    return _all_in_order(snapshot, query, hits)


def _all_in_order(snapshot: Snapshot, query: Query, hits: Sequence[ScoredAddress]) -> Iterator[dict[str, Any]]:
    """Yield the documents of all matches of a query, which are in order except for ties."""
    positions: Mapping[tuple[int, int], int] | None = None
    for _, group in groupby(hits, key=lambda hit: hit[0]):
        addresses = [address for _, address in group]
        if len(addresses) <= FEW_TIES:
            yield from sorted(map(snapshot.load, addresses), key=lambda stored: str(stored["id"]))
            continue
        positions = positions or _positions_by_id(snapshot, query)  # of all: each such group would take a search
        yield from map(snapshot.load, sorted(addresses, key=lambda one: positions[one.segment_ord, one.doc]))


def stored_hits(snapshot: Snapshot, page: Iterable[ScoredAddress]) -> list[StoredHit]:
    """Return the hits of a page with their stored documents.

    Raises:
        InvalidParameter: they have more than `MAX_PAGE_BYTES`.
    """
    hits: list[StoredHit] = []
    size = 0
    for score, address in page:
        check_deadline()
        raw = snapshot.raw(address)
        size += len(raw)
        if size > MAX_PAGE_BYTES:
            raise InvalidParameter("size", "page-too-large", count=len(hits), limit=MAX_PAGE_BYTES)
        hits.append(StoredHit(score, address, orjson.loads(raw)))
    return hits


def _by_id(snapshot: Snapshot, query: Query, addresses: Sequence[DocAddress]) -> Sequence[DocAddress]:
    """Return addresses in the order of the ids of their documents, all of which the query matches."""
    if len(addresses) == 1:
        return addresses
    check_deadline()
    if len(addresses) <= FEW_TIES:
        ids = {id(address): snapshot.load(address)["id"] for address in addresses}
        return sorted(addresses, key=lambda address: ids[id(address)])
    positions = _positions_by_id(snapshot, query)
    return sorted(addresses, key=lambda address: positions[address.segment_ord, address.doc])


def _positions_by_id(snapshot: Snapshot, query: Query) -> Mapping[tuple[int, int], int]:
    """Return the position of each match of a query in the order of ids, by its segment and number."""
    by_id = snapshot.searcher.search(
        query, snapshot.searcher.num_docs, count=False, order_by_field=fields.ID, order=Order.Asc
    ).hits
    return {(address.segment_ord, address.doc): position for position, (_, address) in enumerate(by_id)}


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
