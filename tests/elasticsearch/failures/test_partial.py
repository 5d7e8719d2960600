"""A part of an index is missing: what the rest has is found, and labelled as a part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from search_service.analysis.analyzer import Analysis
from tests.elasticsearch.failures.conftest import DOCUMENTS, ProxiedNews, proxied_news_in
from tests.elasticsearch.failures.site import PAGE, SEARCH, SILENT, UNAVAILABLE, Site
from tests.elasticsearch.indexes import own_prefix


@dataclass(frozen=True)
class Half:
    """An index of two shards, one of which is on no node, and the ids in the other one."""

    news: ProxiedNews
    ids: list[str]

    @property
    def site(self) -> Site:
        return self.news.site


@pytest.fixture(scope="module", params=[0, 1], ids=["shard 1 is gone", "shard 0 is gone"])
def place(request: pytest.FixtureRequest, elasticsearch_url: str) -> Iterator[tuple[str, int]]:
    """A prefix, and the shard that is there."""
    with own_prefix(elasticsearch_url) as prefix:
        yield prefix, request.param


@pytest.fixture
def half(
    place: tuple[str, int], elasticsearch_url: str, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> Iterator[Half]:
    prefix, shard = place
    with proxied_news_in(elasticsearch_url, prefix, analysis, caplog) as news:
        client = news.elasticsearch
        is_new = not client.indices.exists(index=news.alias)
        if is_new:
            news.make(active=0, number_of_shards=2, **{"routing.allocation.enable": "none"})
            news.place(shard)
        there = [one for one in DOCUMENTS if client.search_shards(index=news.alias, routing=one["id"])["shards"][0]]
        assert 0 < len(there) < len(DOCUMENTS)
        if is_new:
            news.fill(there)
        yield Half(news, [one["id"] for one in there])


def test_a_part_of_the_documents_is_labelled_as_such(half: Half) -> None:
    answer = half.site.get(f"{SEARCH}&facets=category")
    assert (answer["total"], answer["partial"]) == (len(half.ids), True)
    assert answer["warnings"] == ["1 of 2 shards did not answer"]
    assert answer["facets"]["category"] == [{"value": "رياضة", "count": len(half.ids)}]
    [logged] = half.site.logged()
    assert logged == "index 'news': shards-unanswered: count=1 total=2 (no_shard_available_action_exception)"


def test_no_word_is_taken_for_mistyped_while_a_part_is_missing(half: Half) -> None:
    for mistyped in ("زلزا", "أسعر", "منتحب", "لقااح"):
        answer = half.site.get(f"/v1/indexes/news/search?q={mistyped}")
        assert answer["partial"]
        assert answer["corrections"] == []
        assert len(half.site.logged()) == 1


@pytest.mark.parametrize(
    "address", ["facets/category?q=الخبر", "suggest?q=الخب", "similar/{id}", "search?q=الخبر&sort=date"]
)
def test_every_kind_of_answer_is_labelled(address: str, half: Half) -> None:
    answer = half.site.get(f"/v1/indexes/news/{address.format(id=half.ids[0])}")
    assert (answer["partial"], answer["warnings"]) == (True, ["1 of 2 shards did not answer"])
    assert len(set(half.site.logged())) == 1, "a completion takes several requests, and each says so"


def test_the_page_says_that_results_are_missing(half: Half) -> None:
    for address in (PAGE, f"/documents/{half.ids[0]}"):
        response = half.site.client.get(address)
        assert response.status_code == 200
        assert "النتائج ناقصة" in response.text


def test_a_document_of_a_missing_shard_is_not_unknown(half: Half) -> None:
    gone = next(str(one["id"]) for one in DOCUMENTS if one["id"] not in half.ids)
    assert half.site.get(f"/v1/indexes/news/documents/{half.ids[0]}")["id"] == half.ids[0]
    half.site.problem(503, UNAVAILABLE, f"/v1/indexes/news/documents/{gone}")
    half.site.problem(503, UNAVAILABLE, f"/v1/indexes/news/explain/{gone}?q=الخبر")


def test_readiness_tells_what_is_missing(half: Half) -> None:
    answer = half.site.get("/readyz")
    assert (answer["status"], answer["index"]) == ("degraded", "news")
    [warning] = answer["warnings"]
    assert warning.endswith("with all of its copies")
    [index] = half.site.get("/v1/indexes")["indexes"]
    assert (index["documents"], index["state"]) == (len(half.ids), "partial")
    assert index["problem"] == "1 of 2 shards are missing, and their documents are not counted"


def test_an_index_without_any_shard_is_not_ready(no_index: ProxiedNews) -> None:
    no_index.make(active=0, number_of_shards=2, **{"routing.allocation.require._name": "no such node"})
    assert "no_shard_available" in no_index.site.fails(503, UNAVAILABLE, SILENT)
    detail = no_index.site.problem(503, "Not ready", "/readyz")
    assert "shard 0 is missing with all of its copies, shard 1 is missing with all of its copies" in detail
    [index] = no_index.site.get("/v1/indexes")["indexes"]
    assert (index["state"], index["documents"]) == ("unavailable", 0)
    assert index["problem"] == "2 of 2 shards are missing, and their documents are not counted"
