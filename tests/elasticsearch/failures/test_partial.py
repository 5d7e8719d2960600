"""A part of an index is missing: what the rest has is found, and labelled as a part."""

from __future__ import annotations

import pytest

from tests.elasticsearch.failures.conftest import DOCUMENTS, Room
from tests.elasticsearch.failures.site import PAGE, SEARCH, SILENT, UNAVAILABLE


@pytest.fixture(params=[0, 1], ids=["shard 1 is gone", "shard 0 is gone"])
def half(request: pytest.FixtureRequest, room: Room) -> list[str]:
    """The ids in an index of two shards, one of which is on no node: those in the other one."""
    client = room.elasticsearch
    room.make(number_of_shards=2, **{"routing.allocation.enable": "none"})
    room.place(request.param)
    there = [one for one in DOCUMENTS if client.search_shards(index=room.alias, routing=one["id"])["shards"][0]]
    room.fill(there)
    assert 0 < len(there) < len(DOCUMENTS)
    return [one["id"] for one in there]


def test_a_part_of_the_documents_is_labelled_as_such(room: Room, half: list[str]) -> None:
    answer = room.site.get(f"{SEARCH}&facets=category")
    assert (answer["total"], answer["partial"]) == (len(half), True)
    assert answer["missing"] == "1 of 2 shards did not answer"
    assert answer["facets"]["category"] == [{"value": "رياضة", "count": len(half)}]
    [logged] = room.site.logged()
    assert logged == "index 'news': 1 of 2 shards did not answer (no_shard_available_action_exception)"


@pytest.mark.parametrize(
    "address", ["facets/category?q=الخبر", "suggest?q=الخب", "similar/{id}", "search?q=الخبر&sort=date"]
)
def test_every_kind_of_answer_is_labelled(address: str, room: Room, half: list[str]) -> None:
    answer = room.site.get(f"/v1/indexes/news/{address.format(id=half[0])}")
    assert (answer["partial"], answer["missing"]) == (True, "1 of 2 shards did not answer")
    assert len(room.site.logged()) == 1


def test_the_page_says_that_results_are_missing(room: Room, half: list[str]) -> None:
    for address in (PAGE, f"/documents/{half[0]}"):
        response = room.site.client.get(address)
        assert response.status_code == 200
        assert "النتائج ناقصة" in response.text


def test_a_document_of_a_missing_shard_is_not_unknown(room: Room, half: list[str]) -> None:
    gone = next(str(one["id"]) for one in DOCUMENTS if one["id"] not in half)
    assert room.site.get(f"/v1/indexes/news/documents/{half[0]}")["id"] == half[0]
    room.site.problem(503, UNAVAILABLE, f"/v1/indexes/news/documents/{gone}")
    room.site.problem(503, UNAVAILABLE, f"/v1/indexes/news/explain/{gone}?q=الخبر")


def test_readiness_tells_what_is_missing(room: Room, half: list[str]) -> None:
    answer = room.site.get("/readyz")
    assert (answer["status"], answer["index"]) == ("degraded", "news")
    [missing] = answer["missing"]
    assert missing.endswith("with all of its copies")
    [index] = room.site.get("/v1/indexes")["indexes"]
    assert (index["documents"], index["problem"]) == (len(half), "1 of 2 shards are missing and not counted")


def test_an_index_without_any_shard_is_not_ready(room: Room) -> None:
    room.make(number_of_shards=2, **{"routing.allocation.require._name": "no such node"})
    assert "no_shard_available" in room.site.fails(503, UNAVAILABLE, SILENT)
    detail = room.site.problem(503, "Not ready", "/readyz")
    assert "shard 0 with all of its copies, shard 1 with all of its copies" in detail
