"""Facets and histograms: exact counts of the values of a field.

tantivy counts each segment separately, keeps the most frequent values of each and adds them up. The sums are exact if
every segment keeps all of its values; otherwise it reports by how much they may be too low.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import tantivy
from tantivy import Query

from index_config.field_kinds import ValueType
from index_config.schema import Field
from search_service.analysis.values import SEPARATOR
from search_service.core.dates import day_name, month_name, year_name
from search_service.core.deadline import check_deadline
from search_service.core.errors import InvalidParameter
from search_service.core.filters import FacetOrder, Filters, Interval
from search_service.core.results import FacetBucket, FacetCounts
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot
from search_service.engines.facet_values import MAX_CACHED_VALUES, has_spellings, shown
from search_service.query.plan import SearchPlan
from search_service.query.tree import MatchAll

MAX_BUCKETS = 65_000
"""Values in one answer of tantivy, which refuses more."""

SEGMENT_VALUES = 65_000
"""Values that each segment keeps at first; few fields have more."""

MAX_EXACT_VALUES = 500_000
"""Distinct values that are counted exactly: 140,000 take .15 s, 3,000,000 would take 7 s and 700 MB."""

TIE_MARGIN = 200
"""Values fetched after those requested, to find ties with the last of them."""

MAX_SHARED = 30
"""Facets counted in one pass: their values together are far below `MAX_BUCKETS`."""

Bucket = dict[str, Any]


class _Counted(NamedTuple):
    """The most frequent values of a field, the documents of all others, and by how much a count may be too low."""

    buckets: list[Bucket]
    others: int
    error_bound: int


def facet_counts(snapshot: Snapshot, plan: SearchPlan) -> dict[str, FacetCounts]:
    """Count every facet of a plan, each under all filters but its own.

    Facets without a filter share one aggregation.
    """
    own = [request for request in plan.facets if plan.filters.without(request.field) != plan.filters]
    shared = [request for request in plan.facets if request not in own]
    groups = [shared[first : first + MAX_SHARED] for first in range(0, len(shared), MAX_SHARED)]
    counts: dict[str, FacetCounts] = {}
    for group in [*groups, *([request] for request in own)]:
        filters = plan.filters.without(group[0].field) if group[0] in own else plan.filters
        query = snapshot.queries.matching(plan, filters)
        counts |= _most_frequent(snapshot, query, {request.field: request.size for request in group})
    restriction = plan.filters.restriction_only
    return {
        request.field: _shown(snapshot, request.field, counts[request.field], restriction) for request in plan.facets
    }


def find_values(
    snapshot: Snapshot,
    plan: SearchPlan,
    name: str,
    size: int,
    matches: Callable[[str], bool] | None,
    order: FacetOrder,
) -> FacetCounts:
    """Count the values of one facet, or those that match, under every filter but its own."""
    query = snapshot.queries.matching(plan, plan.filters.without(name))
    restriction = plan.filters.restriction_only
    if matches is None and order is FacetOrder.VALUE:
        in_order = _aggregate(snapshot.searcher, query, {name: size}, {"segment_size": size, "order": {"_key": "asc"}})
        return _shown(snapshot, name, FacetCounts(_by_value(in_order[name].buckets, snapshot, name)), restriction)
    if matches is None:
        return _shown(snapshot, name, _most_frequent(snapshot, query, {name: size})[name], restriction)
    counted = _terms(snapshot.searcher, query, {name: MAX_BUCKETS})[name]
    buckets = [bucket for bucket in counted.buckets if matches(str(bucket["key"]))]
    if counted.others or counted.error_bound:
        buckets = list(_count_each(snapshot, query, name, matches))
    if order is FacetOrder.VALUE:
        return _shown(snapshot, name, FacetCounts(_by_value(buckets, snapshot, name)[:size]), restriction)
    return _shown(snapshot, name, FacetCounts(_ordered(buckets, snapshot.schema.field(name))[:size]), restriction)


def count_groups(snapshot: Snapshot, plan: SearchPlan, name: str) -> int:
    """Return the number of different values of a field of one value; each match without a value counts as one more."""
    query = snapshot.queries.matching(plan, plan.filters)
    matches: int = snapshot.searcher.search(query, 1).count  # type: ignore[attr-defined]
    counted = _terms(snapshot.searcher, query, {name: MAX_BUCKETS})[name]
    with_value = sum(int(bucket["doc_count"]) for bucket in counted.buckets) + counted.others
    values = round(snapshot.searcher.cardinality(query, name)) if counted.others else len(counted.buckets)
    return values + max(0, matches - with_value)


def histogram(snapshot: Snapshot, plan: SearchPlan, name: str, width: Interval) -> tuple[FacetBucket, ...]:
    """Count documents by day, month or year of a date, under every filter but the one on that date, in time order.

    Raises:
        InvalidParameter: there are more than `MAX_BUCKETS` of them.
    """
    query: Query = snapshot.queries.matching(plan, plan.filters.without(name))
    column = fields.interval(name, width)
    label = {Interval.DAY: day_name, Interval.MONTH: month_name, Interval.YEAR: year_name}[width]
    counted = _terms(snapshot.searcher, query, {column: MAX_BUCKETS})[column]
    if counted.others:
        raise InvalidParameter("histogram", "too-many-distinct-values", fields=(name,), limit=MAX_BUCKETS)
    in_order = sorted((int(bucket["key"]), int(bucket["doc_count"])) for bucket in counted.buckets)
    return tuple(FacetBucket(label(number), count) for number, count in in_order)


def _shown(snapshot: Snapshot, name: str, counts: FacetCounts, restriction: Filters) -> FacetCounts:
    """Return counted keys of a field as the values that most documents write for them, of those the caller may see."""
    field = snapshot.schema.field(name)
    keys = [bucket.value for bucket in counts.buckets] if has_spellings(field) else []
    written = _written_values(snapshot, name, keys, restriction)
    return FacetCounts(shown(field, counts.buckets, written), counts.error_bound)


def _written_values(snapshot: Snapshot, name: str, keys: Iterable[str], restriction: Filters) -> dict[str, str]:
    """Return the value that most documents write for each key, the first of several in the order of code points."""
    cache = snapshot.written
    if len(cache) > MAX_CACHED_VALUES:
        cache.clear()
    among = snapshot.queries.filtered(MatchAll(), restriction) if restriction else None
    written: dict[str, str] = {}
    for key in keys:
        cached = name, key, restriction.restriction
        value = cache.get(cached)
        if value is None:
            check_deadline()
            beginning = key + SEPARATOR
            value = cache[cached] = _most_written(snapshot.searcher, fields.written(name), beginning, among)
        written[key] = value
    return written


def _most_written(searcher: tantivy.Searcher, name: str, beginning: str, among: Query | None) -> str:
    """Return the most frequent spelling of a key, in all documents or some; an empty string if there is none."""
    spellings = searcher.terms_with_prefix(name, beginning, limit=2)
    if len(spellings) > 1:
        # Restricted to all documents, the counts leave out those that are removed: 40 µs instead of 5.
        spellings = searcher.terms_with_prefix(name, beginning, among or Query.all_query(), 1)
    return spellings[0][0].removeprefix(beginning) if spellings else ""


def _most_frequent(snapshot: Snapshot, query: Query, sizes: Mapping[str, int]) -> dict[str, FacetCounts]:
    """Count the most frequent values of some fields, ties by value."""
    counted = _terms(snapshot.searcher, query, {name: size + TIE_MARGIN for name, size in sizes.items()})
    counts: dict[str, FacetCounts] = {}
    for name, size in sizes.items():
        buckets, others, error_bound = counted[name]
        if others and not error_bound and buckets[size - 1]["doc_count"] == buckets[-1]["doc_count"]:
            # Further ties may follow, and those that come first by value may be among them.
            least = buckets[-1]["doc_count"]
            more = [bucket for bucket in buckets if bucket["doc_count"] > least]
            in_order = {"segment_size": MAX_EXACT_VALUES, "min_doc_count": least, "order": {"_key": "asc"}}
            ties = _aggregate(snapshot.searcher, query, {name: 2 * size}, in_order)
            buckets = [*more, *(bucket for bucket in ties[name].buckets if bucket["doc_count"] == least)]
        counts[name] = FacetCounts(_ordered(buckets, snapshot.schema.field(name))[:size], error_bound)
    return counts


def _count_each(snapshot: Snapshot, query: Query, name: str, matches: Callable[[str], bool]) -> Iterator[Bucket]:
    """Count the values that match, each by its name: there are too many to count all.

    Raises:
        InvalidParameter: the field has whole numbers.
    """
    field = snapshot.schema.field(name)
    if field is not None and field.kind.value_type is ValueType.INTEGER:
        raise InvalidParameter("contains", "too-many-distinct-values", fields=(name,), limit=MAX_BUCKETS)
    values = [value for value, _ in snapshot.searcher.terms_with_prefix(name, "") if matches(value)]
    for first in range(0, len(values), MAX_BUCKETS):
        some = values[first : first + MAX_BUCKETS]
        yield from _terms(snapshot.searcher, query, {name: MAX_BUCKETS}, include=some)[name].buckets


def _terms(searcher: tantivy.Searcher, query: Query, sizes: Mapping[str, int], **options: Any) -> dict[str, _Counted]:
    """Count the values of some fields, at most so many of each."""
    counted = _aggregate(searcher, query, sizes, {"segment_size": SEGMENT_VALUES, **options})
    for name in sizes:
        # The cardinality is an estimate.
        if counted[name].error_bound and searcher.cardinality(query, name) <= 0.9 * MAX_EXACT_VALUES:
            exactly = {"segment_size": MAX_EXACT_VALUES, **options}
            counted |= _aggregate(searcher, query, {name: sizes[name]}, exactly)
    return counted


def _aggregate(
    searcher: tantivy.Searcher, query: Query, sizes: Mapping[str, int], options: Mapping[str, Any]
) -> dict[str, _Counted]:
    check_deadline()
    request = {name: {"terms": {"field": name, "size": size, **options}} for name, size in sizes.items()}
    answer = searcher.aggregate(query, request)
    return {name: _counted(answer[name]) for name in sizes}


def _counted(answer: Mapping[str, Any]) -> _Counted:
    error_bound = answer.get("doc_count_error_upper_bound") or 0
    return _Counted(answer["buckets"], answer.get("sum_other_doc_count") or 0, error_bound)


def _by_value(buckets: Sequence[Bucket], snapshot: Snapshot, name: str) -> tuple[FacetBucket, ...]:
    """Sort buckets by value, or by number."""
    field = snapshot.schema.field(name)
    integers = field is not None and field.kind.value_type is ValueType.INTEGER
    in_order = sorted(buckets, key=lambda bucket: int(bucket["key"]) if integers else str(bucket["key"]))
    return tuple(FacetBucket(str(bucket["key"]), int(bucket["doc_count"])) for bucket in in_order)


def _ordered(buckets: Sequence[Bucket], field: Field | None) -> tuple[FacetBucket, ...]:
    """Sort buckets by count, ties by value."""
    integers = field is not None and field.kind.value_type is ValueType.INTEGER
    named = [(-int(b["doc_count"]), int(b["key"]) if integers else str(b["key"])) for b in buckets]
    return tuple(FacetBucket(str(value), -count) for count, value in sorted(named))
