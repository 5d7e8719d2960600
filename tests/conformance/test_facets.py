"""Filters, facets and histograms."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.document import Document
from search_service.core.errors import InvalidParameter
from search_service.core.filters import FacetOrder
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.search.dropped_filters import WithoutFilters, count_without_filters
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill
from tests.conformance.searches import counts, found, ids


def test_values_of_one_filter_are_alternatives_and_filters_all_hold(shop: SearchService) -> None:
    assert ids(shop, filters={"brand": ["سنابل", "مرافئ"], "colours": ["أحمر"]}, sort="price") == ["3", "2"]
    assert ids(shop, filters={"stock": ["5"]}, sort="price") == ["3", "1"]
    assert ids(shop, filters={"sold": ["true"], "brand": ["مرافئ"]}) == ["4"]
    assert ids(shop, filters={"brand": ["لا أحد"]}) == []


def test_facets_count_documents_by_value_most_frequent_first(shop: SearchService) -> None:
    response = found(shop, facets=["colours", "stock", "sold"])
    assert list(counts(response, "colours").items()) == [("أحمر", 2), ("أسود", 2), ("أخضر", 1)]
    assert counts(response, "stock") == {"5": 2, "-3": 1, "7": 1}
    assert counts(response, "sold") == {"false": 2, "true": 2}


def test_a_facet_is_counted_under_every_filter_but_its_own(shop: SearchService) -> None:
    response = found(
        shop, "قهوة", filters={"brand": ["سنابل"], "colours": ["أحمر"]}, facets=["brand", "colours", "sold"]
    )
    assert response.total == 1
    assert counts(response, "brand") == {"سنابل": 1, "مرافئ": 1}
    assert counts(response, "colours") == {"أسود": 2, "أحمر": 1}
    assert counts(response, "sold") == {"false": 1}


def test_a_facet_of_numbers_is_counted_without_its_own_range(shop: SearchService) -> None:
    response = found(shop, ranges={"stock": ("6", "")}, facets=["stock", "brand"])
    assert response.total == 1
    assert counts(response, "stock") == {"5": 2, "-3": 1, "7": 1}
    assert counts(response, "brand") == {"سنابل": 1}


@pytest.mark.parametrize("stock", ["5", "٥", "۵", " 5", "05", "+5", "0_5"])
def test_a_whole_number_is_filtered_however_it_is_written(stock: str, shop: SearchService) -> None:
    assert ids(shop, filters={"stock": [stock, "5"]}, sort="price") == ["3", "1"]


def test_choosing_a_facet_value_yields_the_count_it_showed(shop: SearchService) -> None:
    for bucket in found(shop, "قهوة شاي", facets=["brand"]).facets["brand"]:
        assert found(shop, "قهوة شاي", filters={"brand": [bucket.value]}).total == bucket.count


def test_dates_are_filtered_by_range_with_the_last_day_included(shop: SearchService) -> None:
    assert ids(shop, date_from="2024-01-01", date_to="2024-01-31", sort="since") == ["2", "3"]
    assert ids(shop, date_to="2023-12-31", sort="since") == ["1"]
    assert ids(shop, date_from="2024-02", sort="since") == ["4"]
    assert ids(shop, date_from="2023-12-31T23:30:01Z", date_to="2024", sort="since") == ["2", "3", "4"]
    assert ids(shop, date_from="2024-01-01T01:00:00+02:00", date_to="2024-01-01", sort="since") == ["1", "2"]


def test_numbers_are_filtered_by_range(shop: SearchService) -> None:
    assert ids(shop, ranges={"price": ("1.5", "2.5")}) == ["1", "2"]
    assert ids(shop, ranges={"stock": ("", "-3")}) == ["4"]


@pytest.mark.parametrize(
    ("parameters", "parameter", "ends"),
    [
        ({"date_from": "2024-03-11", "date_to": "2024-03-10"}, "date_from", ("2024-03-11", "2024-03-10")),
        ({"date_from": "2024-03", "date_to": "2024-02"}, "date_from", ("2024-03", "2024-02")),
        ({"date_from": "2025", "date_to": "2024-12-31"}, "date_from", ("2025", "2024-12-31")),
        ({"ranges": {"since": ("2025", "2024")}}, "ranges.since", ("2025", "2024")),
        ({"ranges": {"price": ("2.5", "1.5")}}, "ranges.price", ("2.5", "1.5")),
        ({"ranges": {"stock": ("-3", "-4")}}, "ranges.stock", ("-3", "-4")),
    ],
)
def test_a_range_that_begins_after_its_end_is_refused(
    shop: SearchService, parameters: dict[str, Any], parameter: str, ends: tuple[str, str]
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        found(shop, **parameters)
    assert (refused.value.parameter, refused.value.code) == (parameter, "range-reversed")
    assert (refused.value.message.params["low"], refused.value.message.params["high"]) == ends


def test_a_range_within_one_day_or_number_is_not_reversed(shop: SearchService) -> None:
    assert ids(shop, date_from="2024-01-31", date_to="2024-01") == ["3"]
    assert ids(shop, ranges={"price": ("2.5", "2.5")}) == ["2"]


def test_a_search_without_hits_has_some_without_its_filters(shop: SearchService) -> None:
    index = IndexName("things")

    def counted(**parameters: Any) -> WithoutFilters | None:
        return count_without_filters(shop, index, SearchRequest(**parameters))

    assert counted(q="قهوة") is None
    assert counted(filters={"brand": ["none"]}) == WithoutFilters(4, {"filters.brand": 4})
    several = {"filters": {"brand": ["none"]}, "ranges": {"stock": ("", "-3")}, "date_from": "2024-02", "page": 3}
    found_without = counted(**several)
    assert found_without == WithoutFilters(4, {"filters.brand": 1, "ranges.stock": 0, "dates": 0})
    assert counted(q="لا شيء كهذا", **several) == WithoutFilters(0, dict.fromkeys(found_without.without, 0))


def test_a_histogram_counts_by_time_under_every_filter_but_the_dates(shop: SearchService) -> None:
    response = found(shop, histogram="month", date_from="2024-02", filters={"brand": ["مرافئ", "سنابل"]})
    assert response.histogram is not None
    assert [(b.value, b.count) for b in response.histogram] == [("2023-12", 1), ("2024-01", 2), ("2024-02", 1)]
    days = found(shop, "شاي", histogram="day").histogram
    assert days is not None
    assert [(b.value, b.count) for b in days] == [("2024-02-01", 1)]


def test_the_values_of_a_facet_can_be_searched(shop: SearchService) -> None:
    values = shop.facet(IndexName("things"), SearchRequest(filters={"colours": ["أسود"]}), "colours", contains="احم")
    assert [(bucket.value, bucket.count) for bucket in values.items] == [("أحمر", 2)]


def most_frequent(written: Mapping[str, int], engine: SearchEngine) -> list[tuple[str, int]]:
    """Sort counted values as facets are: by count, ties in the order of values."""
    keys = engine.searcher.analysis.value_keys
    return sorted(written.items(), key=lambda item: (-item[1], keys[item[0]]))


def test_facets_are_exact_over_many_values_and_commits(fill: Fill, engine: SearchEngine, news_schema: Schema) -> None:
    service = fill(news_schema, [])
    dice = random.Random(7)
    expected: dict[str, int] = {}
    number = itertools.count()
    for _ in range(6):
        with engine.indexes.writer(IndexName("things")) as writer:
            for _ in range(150):
                author = f"كاتب {int(dice.paretovariate(0.6)) % 300}"
                expected[author] = expected.get(author, 0) + 1
                writer.upsert(Document(str(next(number)), {"title": "خبر", "author": author}))
    shown = counts(found(service, "خبر", facets=["author"], facet_size=10), "author")
    assert list(shown.items()) == most_frequent(expected, engine)[:10]


@pytest.fixture
def many_authors(fill: Fill, engine: SearchEngine, news_schema: Schema) -> tuple[SearchService, Mapping[str, int]]:
    """Documents of 300 authors in several segments, most authors with one or two; and the documents of each."""
    service = fill(news_schema, [])
    dice = random.Random(11)
    authors = [f"كاتب {number}" for number in range(300)]
    written = authors + dice.choices(authors, [1 / (number + 1) for number in range(300)], k=300)
    dice.shuffle(written)
    for first in range(0, len(written), 200):
        with engine.indexes.writer(IndexName("things")) as writer:
            for number, author in enumerate(written[first : first + 200], first):
                writer.upsert(Document(str(number), {"title": "خبر", "author": author}))
    return service, Counter(written)


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("size", [1, 10, 60, 150, 300])
def test_a_facet_with_more_values_than_an_engine_keeps_is_exact(
    size: int, many_authors: tuple[SearchService, Mapping[str, int]], engine: SearchEngine
) -> None:
    service, written = many_authors
    best = most_frequent(written, engine)[:size]
    response = found(service, "خبر", facets=["author"], facet_size=size)
    assert list(counts(response, "author").items()) == best
    assert response.facet_error_bounds == {}


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("piece", ["٢٩", "7", "كاتِب 29"])
def test_every_value_of_a_facet_with_too_many_is_found(
    piece: str, many_authors: tuple[SearchService, Mapping[str, int]], engine: SearchEngine
) -> None:
    service, written = many_authors
    digits = {"٢٩": "29", "كاتِب 29": "كاتب 29"}.get(piece, piece)
    expected = [(author, count) for author, count in most_frequent(written, engine) if digits in author]
    values = service.facet(IndexName("things"), SearchRequest(q="خبر"), "author", contains=piece, size=100)
    assert [(bucket.value, bucket.count) for bucket in values.items] == expected
    assert values.error_bound == 0


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("contains", ["", "2"])
def test_the_values_of_a_facet_are_listed_in_their_order(
    contains: str, many_authors: tuple[SearchService, Mapping[str, int]], engine: SearchEngine
) -> None:
    service, written = many_authors
    keys = engine.searcher.analysis.value_keys
    in_order = [(value, written[value]) for value in sorted(written, key=keys.__getitem__) if contains in value]
    for size in (1, 30, 300):
        values = service.facet(
            IndexName("things"), SearchRequest(q="خبر"), "author", contains, size, order=FacetOrder.VALUE
        )
        assert [(bucket.value, bucket.count) for bucket in values.items] == in_order[:size]


def test_whole_numbers_are_listed_by_value(fill: Fill, products: Schema) -> None:
    service = fill(products, [{"id": str(number), "name": "شاي", "stock": number} for number in (100, -5, 9, 20, 9)])
    values = service.facet(IndexName("things"), SearchRequest(), "stock", order=FacetOrder.VALUE)
    assert [bucket.value for bucket in values.items] == ["-5", "9", "20", "100"]
