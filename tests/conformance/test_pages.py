"""The order of results, their pages, and the export of all of them."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill
from tests.conformance.searches import counts, found, ids
from tests.sentences import refused


def test_documents_are_sorted_by_a_field_missing_last(fill: Fill, products: Schema) -> None:
    service = fill(
        products,
        [
            {"id": "a", "name": "شاي", "price": 2.5, "brand": "ب"},
            {"id": "b", "name": "شاي"},
            {"id": "c", "name": "شاي", "price": -1, "brand": "أ"},
        ],
    )
    assert ids(service, "شاي", sort="price") == ["c", "a", "b"]
    assert ids(service, "شاي", sort="-price") == ["a", "c", "b"]
    assert ids(service, "شاي", sort="brand") == ["c", "a", "b"]


def tied(number: int) -> dict[str, Any]:
    """A document of which many others have the same values, or none."""
    if number % 5 == 0:
        return {"name": "شاي"}
    day = f"2024-01-0{1 + number % 2}"
    return {"name": "شاي", "price": float(number % 3), "brand": f"ب{number % 4}", "since": day}


def in_order(names: list[str], field: str, descending: bool) -> list[str]:
    """Sort by a field, documents without it last and equals by id."""
    documents = {name: tied(int(name[1:])) for name in names}
    with_value = sorted(name for name in names if field in documents[name])
    with_value.sort(key=lambda name: documents[name][field], reverse=descending)
    return with_value + sorted(name for name in names if field not in documents[name])


@pytest.mark.parametrize(
    ("q", "sort", "field", "descending"),
    [
        ("شاي", "price", "price", False),
        ("شاي", "-price", "price", True),
        ("", "brand", "brand", False),
        ("شاي", "-since", "since", True),
        ("", "", "price", False),  # the schema's default order
        ("شاي", "relevance", "none", False),  # all score alike
    ],
)
def test_equal_documents_are_sorted_by_id_and_pages_have_no_gap_or_duplicate(
    q: str, sort: str, field: str, descending: bool, read_only: Fill, products: Schema
) -> None:
    names = [f"d{number:03}" for number in range(90)]
    random.Random(11).shuffle(names)
    # Several commits, so that the engine's own order differs from the ids'.
    service = read_only(products, [{"id": name, **tied(int(name[1:]))} for name in names], commit_every=30)
    pages = [ids(service, q, sort=sort, offset=offset, size=7) for offset in range(0, 98, 7)]
    assert list(itertools.chain.from_iterable(pages)) == in_order(names, field, descending)


def test_paging_goes_as_far_as_documented(shop: SearchService) -> None:
    assert found(shop, offset=9_990, size=10).hits == []
    with refused(InvalidParameter, "`--offset` is 9991; allowed: 0 to 9990"):
        found(shop, offset=9_991, size=10)
    with refused(InvalidParameter, "`--size` is 101; allowed: 0 to 100"):
        found(shop, size=101)


@pytest.mark.parametrize(("q", "sort"), [("شاي", ""), ("", ""), ("شاي", "-price"), ("", "brand")])
def test_everything_that_is_found_can_be_exported_in_its_order(
    q: str, sort: str, read_only: Fill, products: Schema
) -> None:
    names = [f"d{number:04}" for number in range(1_234)]
    service = read_only(products, [{"id": name, **tied(int(name[1:]))} for name in reversed(names)])
    request = SearchRequest(q=q, sort=sort)
    field, descending = ("none", False) if q and not sort else ((sort or "price").removeprefix("-"), sort[:1] == "-")
    exported = list(service.export(IndexName("things"), request))
    assert [document.id for document in exported] == in_order(names, field, descending)
    assert exported[0].source == tied(int(exported[0].id[1:]))


def test_a_page_of_size_zero_counts_only(shop: SearchService) -> None:
    response = found(shop, "قهوة", size=0, facets=["brand"])
    assert (response.total, response.hits) == (3, [])
    assert counts(response, "brand") == {"سنابل": 2, "مرافئ": 1}
