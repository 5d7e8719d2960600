"""What has the name of an index is not the index that it should be."""

from __future__ import annotations

import pytest

from search_service.core.errors import IndexReadOnly
from search_service.core.index_name import IndexName
from search_service.ingestion.validation import DocumentChecker
from tests.elasticsearch.failures.conftest import DOCUMENTS, NEWS, ProxiedNews
from tests.elasticsearch.failures.site import SEARCH, SILENT, UNAVAILABLE
from tests.sentences import refused
from tests.waiting import wait_for


def wait_for_status(status: int, no_index: ProxiedNews) -> None:
    """Wait until a search fails: for a second the service takes a name to be that of the same generation."""
    wait_for(lambda: no_index.site.client.get(SEARCH).status_code == status)


def test_an_index_that_somebody_else_made_is_left_alone(no_index: ProxiedNews) -> None:
    no_index.elasticsearch.indices.create(index=no_index.alias, mappings={"properties": {"title": {"type": "text"}}})
    detail = no_index.site.fails(409, "Not an index of this service", "ليس من فهارس هذه الخدمة")
    assert "'news' is an Elasticsearch index that this service did not create" in detail
    assert "choose another name" in detail
    assert no_index.site.get("/v1/indexes") == {"indexes": []}


def test_an_alias_of_several_indexes_is_refused(own_news: ProxiedNews) -> None:
    own_news.elasticsearch.indices.create(index=f"{own_news.prefix}other", aliases={own_news.alias: {}})
    wait_for_status(409, own_news)
    detail = own_news.site.problem(409, "Not an index of this service")
    assert f"is an alias of several indexes ({own_news.generation}, {own_news.prefix}other)" in detail


def test_an_alias_that_hides_documents_is_refused(own_news: ProxiedNews) -> None:
    hiding = {"term": {"category": "سياسة"}}
    own_news.elasticsearch.indices.put_alias(index=own_news.generation, name=f"{own_news.prefix}public", filter=hiding)
    own_news.site.problem(409, "Not an index of this service", "/v1/indexes/public/search")


@pytest.mark.parametrize("name", ["*", "news*", "_all", "other,news", "<news>", "NEWS", "."])
def test_a_name_is_never_a_pattern(name: str, news: ProxiedNews) -> None:
    detail = news.site.problem(400, "Invalid parameter", f"/v1/indexes/{name}/search")
    assert f"`index`: {name!r} is not a name of an index" in detail


@pytest.mark.parametrize("change", ["fingerprint", "schema"])
def test_an_index_made_with_another_configuration_asks_to_be_rebuilt(change: str, own_news: ProxiedNews) -> None:
    meta = own_news.elasticsearch.indices.get_mapping(index=own_news.alias)[own_news.generation]["mappings"]["_meta"]
    [content] = meta.values()
    content[change] = "another"
    own_news.elasticsearch.indices.put_mapping(index=own_news.alias, meta=meta)
    wait_for_status(503, own_news)
    detail = own_news.site.fails(503, "The index must be rebuilt", "الفهرس قديم")
    assert "arabic-search reindex news" in detail
    assert "Retry-After" not in own_news.site.client.get(SEARCH).headers
    own_news.site.problem(503, "Not ready", "/readyz")


def test_an_index_that_was_closed_is_not_unknown(own_news: ProxiedNews) -> None:
    own_news.elasticsearch.indices.close(index=own_news.generation)
    assert "The index 'news' is closed in Elasticsearch" in own_news.site.fails(503, UNAVAILABLE, SILENT)


def test_an_index_that_nobody_may_read(own_news: ProxiedNews) -> None:
    own_news.elasticsearch.indices.add_block(index=own_news.generation, block="read")
    assert "has a read block" in own_news.site.fails(503, UNAVAILABLE, SILENT)


@pytest.mark.parametrize("address", ["search?q=الخبر", "search?q=الخبر&filter.category=رياضة", "suggest?q=الخب"])
def test_an_index_that_is_replaced_between_two_requests_is_searched_in_its_new_form(
    address: str, own_news: ProxiedNews
) -> None:
    own_news.site.get()
    own_news.elasticsearch.indices.delete(index=own_news.generation)
    own_news.generation = f"{own_news.alias}-00000000000000000002"
    own_news.make()
    answer = own_news.site.get(f"/v1/indexes/news/{address}")
    assert not answer.get("hits")
    assert not answer.get("suggestions")
    assert own_news.site.logged() == []


def test_an_index_that_is_deleted_between_two_requests_is_unknown(own_news: ProxiedNews) -> None:
    assert own_news.site.get()["total"] == len(DOCUMENTS)
    own_news.elasticsearch.indices.delete(index=own_news.generation)
    assert own_news.site.problem(404, "Unknown index") == "There is no index 'news'; no index exists yet"
    own_news.site.page(404, "لا يوجد فهرس بعد")


def test_a_block_on_writes_is_named(own_news: ProxiedNews) -> None:
    name = own_news.generation
    own_news.elasticsearch.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    assert own_news.site.get()["total"] == len(DOCUMENTS)
    named = "The index 'news' rejects writes, most often because the disk is full"
    with refused(IndexReadOnly, named), own_news.site.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(DocumentChecker(NEWS).check(DOCUMENTS[0]))
