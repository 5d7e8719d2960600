"""Requests that are refused, with a sentence that says what is allowed; and odd queries that are not."""

from __future__ import annotations

from typing import Any

import pytest

from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.conformance.searches import found
from tests.sentences import refused


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"facets": ["name"]},
            r"`--facet`: 'name' is not a facet \(facet = true in the schema\); allowed: brand, colours, stock, sold",
        ),
        ({"facets": ["since"]}, "`--facet`: 'since' is not a facet"),
        ({"filters": {"nothing": ["x"]}}, "`--filter nothing=`: 'nothing' is not a filterable field"),
        ({"filters": {"stock": ["many"]}}, "`--filter stock=`: 'many' is not a number"),
        ({"filters": {"sold": ["yes"]}}, "`--filter sold=`: 'yes' is not a boolean; allowed: true, false"),
        (
            {"ranges": {"brand": ("a", "b")}},
            "`--range brand=`: 'brand' is not a field that supports ranges; allowed: since, stock, price",
        ),
        ({"ranges": {"price": ("nan", "")}}, "`--range price=`: 'nan' is not a number"),
        ({"date_from": "2024-13-01"}, "`--date-from`: '2024-13-01' is not a date"),
        ({"date_to": "أمس"}, "`--date-to`: 'أمس' is not a date"),
        ({"sort": "-"}, "`--sort`: results cannot be sorted by '-'; allowed: relevance, brand"),
        ({"sort": "colours"}, "`--sort`: results cannot be sorted by 'colours'; allowed: relevance, brand"),
        ({"histogram": "week"}, "`--histogram`: 'week' is not an interval; allowed: day, month, year"),
        ({"highlight": ["brand"]}, "`--highlight`: 'brand' is not a searched field"),
        ({"q": "ق" * 2001}, "`QUERY` has 2001 characters; at most 2000 are allowed"),
        ({"q": "ق " * 101}, "`QUERY` has 101 words; at most 100 are allowed"),
        ({"offset": -1}, "`--offset` is -1; allowed: 0 to 10000"),
        ({"facet_size": 0, "facets": ["brand"]}, "`--facet-size` is 0; allowed: 1 to 1000"),
    ],
    ids=str,
)
def test_an_invalid_request_is_refused_with_what_is_allowed(
    request_: dict[str, Any], message: str, shop: SearchService
) -> None:
    with refused(InvalidParameter, message):
        shop.search(IndexName("things"), SearchRequest(**request_))


def test_a_filter_has_no_more_and_no_longer_values_than_every_engine_takes(shop: SearchService) -> None:
    many = [f"علامة {number}" for number in range(1_000)]
    assert shop.search(IndexName("things"), SearchRequest(filters={"brand": many})).total == 0
    assert shop.search(IndexName("things"), SearchRequest(filters={"brand": ["س" * 16_383]})).total == 0
    with refused(InvalidParameter, "`--filter brand=` has 1001 values; at most 1000 are allowed"):
        shop.search(IndexName("things"), SearchRequest(filters={"brand": [*many, "x"]}))
    with refused(InvalidParameter, "`--filter brand=` has a value of 32768 bytes; at most 32766 are allowed"):
        shop.search(IndexName("things"), SearchRequest(filters={"brand": ["س" * 16_384]}))


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "(((",
        "a AND OR NOT b",
        "title:x",
        "*",
        "~2",
        "\\",
        "\0",
        "\ud800",
        "؟" * 50,
        "ـ" * 50,
        "َ",
        '""',
        "😀",
        "a" * 2000,
    ],
)
def test_no_query_is_a_syntax_error(q: str, shop: SearchService) -> None:
    assert found(shop, q).total >= 0
