"""Hits grouped by a keyword: the best of each value, in the order of the best."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.search import grouping
from search_service.search.request import SearchRequest
from search_service.search.response import SearchResponse
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill

THINGS = IndexName("things")
BRANDS = ("دار الشروق", "إبداع", "ابداع", "Brill", "دار الساقي", None)
TEXTS = ("كتاب جديد", "كتاب في التاريخ الجديد للكتاب", "جديد كتاب", "تاريخ كل كتاب وكل شيء جديد في العالم")


def books(count: int = 250) -> list[dict[str, Any]]:
    """Return books most of which are of one publisher; every eleventh has none."""
    made = []
    for number in range(count):
        brand = BRANDS[-1] if number % 11 == 0 else BRANDS[0 if number % 7 else number % 5]
        document = {"id": f"{number:04}", "name": TEXTS[number % 4], "price": number % 13}
        made.append({**document, "brand": brand} if brand else document)
    return made


def ask(service: SearchService, **parameters: Any) -> SearchResponse:
    return service.search(THINGS, SearchRequest(group_by="brand", **parameters))


def expected(service: SearchService, size: int, **parameters: Any) -> list[tuple[str, list[str]]]:
    """Return the groups of all hits in their order, without grouping: key and ids of each."""
    groups: dict[str, list[str]] = {}
    for page in range(1, 10):
        for hit in service.search(THINGS, SearchRequest(page=page, size=100, **parameters)).hits:
            value = hit.source.get("brand")
            key = f"value {value.replace('إ', 'ا')}" if isinstance(value, str) else f"document {hit.id}"
            groups.setdefault(key, []).append(hit.id)
    return [(key, ids[:size]) for key, ids in groups.items()]


@pytest.mark.parametrize("parameters", [{"q": "كتاب جديد"}, {"sort": "-price"}, {"q": "كتاب", "sort": "price"}, {}])
def test_groups_are_in_the_order_of_their_best_hits(read_only: Fill, products: Schema, parameters: Any) -> None:
    service = read_only(products, books(), 90)
    every = expected(service, 2, **parameters)
    found = ask(service, size=50, group_size=2, **parameters)
    assert [[hit.id for hit in group.hits] for group in found.groups or ()] == [ids for _, ids in every]
    assert (found.total, found.total_groups, found.hits) == (250, len(every), [])
    sizes = Counter(len(group.hits) for group in found.groups or ())
    assert sizes[2] == 4


def test_pages_of_groups_follow_each_other(read_only: Fill, products: Schema) -> None:
    service = read_only(products, books(), 90)
    whole = [group.hits[0].id for group in ask(service, q="كتاب", size=100).groups or ()]
    pages = [group for page in range(1, 9) for group in ask(service, q="كتاب", size=4, page=page).groups or ()]
    assert [group.hits[0].id for group in pages] == whole
    assert len({hit.id for group in pages for hit in group.hits}) == len(whole)


def test_a_group_has_its_total_whatever_is_shown_of_it(read_only: Fill, products: Schema) -> None:
    service = read_only(products, books(), 90)
    facet = service.facet(THINGS, SearchRequest(q="جديد"), "brand")
    found = ask(service, q="جديد", size=30, group_size=1)
    totals = {group.value: group.total for group in found.groups or () if group.value}
    assert sorted(totals.values()) == sorted(bucket.count for bucket in facet.items)
    assert {group.total for group in found.groups or () if group.value is None} == {1}


def test_a_large_group_hides_no_other(fill: Fill, products: Schema) -> None:
    """All of the best hits are of one value, and more of them than are read at once."""
    many = [{"id": f"a{number:04}", "name": "كتاب", "brand": "Brill"} for number in range(grouping.ROUND * 2)]
    few = [{"id": f"b{number}", "name": f"كتاب {'طويل جدا ' * 9}", "brand": f"دار {number}"} for number in range(5)]
    service = fill(products, [*many, *few])
    found = ask(service, q="كتاب", size=10, group_size=3)
    assert [len(group.hits) for group in found.groups or ()] == [3, 1, 1, 1, 1, 1]
    assert [group.total for group in found.groups or ()] == [grouping.ROUND * 2, 1, 1, 1, 1, 1]
    assert found.total_groups == 6


def test_groups_have_facets_filters_and_highlights(read_only: Fill, products: Schema) -> None:
    service = read_only(products, books(), 90)
    asked: dict[str, Any] = {"q": "كتاب جديد", "filters": {"brand": ["ابداع", "Brill"]}, "facets": ["brand"]}
    found = ask(service, **asked)
    plain = service.search(THINGS, SearchRequest(**asked))
    assert (found.total, found.facets) == (plain.total, plain.facets)
    assert len(found.groups or ()) == found.total_groups == 2
    best = (found.groups or ())[0].hits[0]
    assert "<mark>" in best.highlights["name"][0].html
    assert (best.id, best.score, best.matched_by) == (plain.hits[0].id, plain.hits[0].score, plain.hits[0].matched_by)


def test_without_hits_there_are_no_groups(read_only: Fill, products: Schema) -> None:
    service = read_only(products, books(), 90)
    for parameters in ({"q": "قهوة"}, {"q": "؟"}, {"q": "كتاب", "offset": 500}):
        assert ask(service, **parameters).groups == []
    assert (ask(service, size=0).groups, ask(service, size=0).total_groups > 20) == ([], True)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"group_by": "colours"}, "not-groupable"),
        ({"group_by": "name"}, "not-groupable"),
        ({"group_by": "stock"}, "not-groupable"),
        ({"group_by": "brand", "size": 50, "group_size": 3}, "out-of-range"),
        ({"group_by": "brand", "offset": grouping.MAX_GROUPS}, "out-of-range"),
        ({"group_by": "brand", "cursor": "*"}, "mutually-exclusive"),
    ],
)
def test_what_cannot_be_grouped_is_refused(read_only: Fill, products: Schema, parameters: Any, code: str) -> None:
    service = read_only(products, books(), 90)
    with pytest.raises(InvalidParameter) as refused:
        service.search(THINGS, SearchRequest(**parameters))
    assert refused.value.code == code
