"""Listings: all hits, page by page, while documents are added and removed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.engines.base import MAX_WINDOW
from search_service.ingestion.validation import DocumentChecker
from search_service.search.cursors import FIRST
from search_service.search.request import SearchRequest
from search_service.search.response import SearchResponse
from search_service.search.service import SearchService
from tests.conformance.conftest import Fill

THINGS = IndexName("things")
OTHERS = IndexName("others")


def pages(service: SearchService, index: IndexName = THINGS, **parameters: Any) -> Iterator[SearchResponse]:
    """Yield every page of a listing."""
    cursor: str | None = FIRST
    while cursor:
        page = service.search(index, SearchRequest(cursor=cursor, **parameters))
        yield page
        cursor = page.next_cursor


def listed(service: SearchService, **parameters: Any) -> list[str]:
    return [hit.id for page in pages(service, **parameters) for hit in page.hits]


def write(service: SearchService, schema: Schema, documents: Iterable[Mapping[str, Any]], *removed: str) -> None:
    checker = DocumentChecker(schema)
    with service.engine.indexes.writer(THINGS) as writer:
        for raw in documents:
            writer.upsert(checker.check(raw))
        for document_id in removed:
            writer.delete(document_id)


def shelf(count: int) -> list[dict[str, Any]]:
    """Return documents with values in all fields that hits can be sorted by; some lack them, many share them."""
    dice = random.Random(7)
    brands = ["دار الشروق", "دار الساقي", "Brill", "أقلام", "إبداع", "a:b"]
    made = []
    for number in range(count):
        document: dict[str, Any] = {"id": f"d{number:04}", "name": "كتاب جديد" if number % 3 else "كتاب"}
        if number % 5:
            document |= {
                "brand": dice.choice(brands),
                "since": f"20{dice.randint(10, 14)}-0{dice.randint(1, 3)}-01",
                "stock": dice.randint(-3, 3) * 10**15,
                "price": dice.choice([-0.5, 0.0, 1 / 3, 1e300, 7]),
            }
        made.append(document)
    dice.shuffle(made)
    return made


@pytest.mark.parametrize(
    "sort", ["", *(sign + name for name in ("brand", "since", "stock", "price") for sign in ("", "-"))]
)
def test_a_listing_has_every_hit_once_in_the_order_of_the_pages(read_only: Fill, products: Schema, sort: str) -> None:
    service = read_only(products, shelf(97), 40)
    [whole] = [service.search(THINGS, SearchRequest(sort=sort, size=100))]
    assert listed(service, sort=sort, size=9) == [hit.id for hit in whole.hits]
    assert {page.total for page in pages(service, sort=sort, size=30)} == {97}


def test_by_relevance_a_listing_has_the_phrase_first_and_then_most_words(fill: Fill, products: Schema) -> None:
    texts = {
        "a": "مدينة كبيرة فيها سوق قديم",
        "b": "سوق",
        "c": "سوق قديم في مدينة كبيرة",
        "d": "قديم سوق كبيرة",
        "e": "سوق قديم وكبيرة وفي مدينة",
        "f": "بحر",
    }
    service = fill(products, [{"id": key, "name": text} for key, text in texts.items()])
    for size in (1, 2, 10):
        assert listed(service, q="سوق قديم في مدينة كبيرة", size=size) == ["c", "a", "e", "d"]


@pytest.mark.parametrize("parameters", [{"q": "كتاب جديد"}, {"q": "كتاب", "sort": "-stock"}, {"sort": "brand"}])
def test_no_unchanged_hit_is_repeated_or_missed_while_documents_change(
    fill: Fill, products: Schema, parameters: dict[str, Any]
) -> None:
    before = shelf(60)
    service = fill(products, before)
    expected = set(listed(service, size=100, **parameters))
    seen: list[str] = []
    removed = [f"d{number:04}" for number in range(1, 60, 9)]
    for number, page in enumerate(pages(service, size=7, **parameters)):
        seen += [hit.id for hit in page.hits]
        added = [{**before[number], "id": f"{place}-{number}"} for place in ("a", "d0030", "z")]
        # The last hit of the page is removed, too: the next page begins where it was.
        write(service, products, added, seen[-1], *removed[number : number + 1])
    new = [one for one in seen if not one.startswith("d") or "-" in one]
    assert len(seen) == len(set(seen))
    assert expected - set(seen) <= set(removed)
    assert len(new) <= 3 * 60


@pytest.mark.full(keep=1)
def test_a_listing_goes_beyond_the_last_page(fill: Fill, products: Schema) -> None:
    count = MAX_WINDOW + 150
    service = fill(products, ({"id": f"{number:06}", "name": "كتاب"} for number in range(count)))
    found = listed(service, q="كتاب", size=100, highlight=False, source=())
    assert found == [f"{number:06}" for number in range(count)]


def test_a_page_of_a_listing_has_facets_and_highlights(read_only: Fill, products: Schema) -> None:
    service = read_only(products, shelf(97), 40)
    first, second, *_ = pages(service, q="كتاب جديد", size=5, facets=("brand",), filters={"brand": ("Brill",)})
    assert first.facets == second.facets
    assert len(first.facets["brand"]) == 6
    assert "<mark>جديد</mark>" in second.hits[0].highlights["name"][0].html
    assert second.hits[0].matched_by == first.hits[0].matched_by != ()


def test_a_cursor_belongs_to_its_search(fill: Fill, products: Schema) -> None:
    service = fill(products, shelf(30))
    fill(products, shelf(30), index=OTHERS)
    asked: dict[str, Any] = {"q": "كتاب", "filters": {"brand": ["Brill", "أقلام"]}, "sort": "stock", "size": 1}
    cursor = next(pages(service, **asked)).next_cursor or ""
    assert service.search(THINGS, SearchRequest(cursor=cursor, **{**asked, "size": 3, "facets": ("brand",)})).hits

    def refusal(index: IndexName = THINGS, **changed: Any) -> str:
        with pytest.raises(InvalidParameter) as refused:
            service.search(index, SearchRequest(**{"cursor": cursor, **asked, **changed}))
        assert refused.value.parameter == "cursor"
        return refused.value.code

    foreign = [
        refusal(q="جديد"), refusal(filters={}), refusal(sort="-stock"), refusal(fields=("name",)),
        refusal(ranges={"price": ("0", "")}), refusal(understanding=False), refusal(index=OTHERS),
    ]  # fmt: skip
    changed = [refusal(cursor=one) for one in ("x", "**", cursor[:-2], cursor.swapcase(), "م", "A" * 10_000)]
    assert {*foreign, *changed} == {"cursor-invalid"}


def test_a_listing_ends_with_an_error_when_its_query_is_read_in_another_way(fill: Fill, products: Schema) -> None:
    words = ["اقتصاد"] * 30
    service = fill(products, [{"id": f"{number}", "name": f"{word} العالم"} for number, word in enumerate(words)])
    first = next(pages(service, q="اقتصاذ العالم", size=5))
    assert first.corrections
    write(service, products, [{"id": "new", "name": "اقتصاذ العالم"}])
    with pytest.raises(InvalidParameter) as refused:
        service.search(THINGS, SearchRequest(q="اقتصاذ العالم", size=5, cursor=first.next_cursor or ""))
    assert refused.value.code == "cursor-outdated"


@pytest.mark.parametrize("others", [{"page": 1}, {"offset": 10}, {"size": 0}])
def test_a_cursor_excludes_other_ways_of_paging(others: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameter):
        SearchRequest(cursor=FIRST, **others)
