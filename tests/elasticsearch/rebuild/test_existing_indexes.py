"""A rebuild of what others have made: indexes, blocks, segments."""

from __future__ import annotations

import pytest

from search_service.core.errors import (
    ForeignIndex,
)
from search_service.core.index_name import IndexName
from search_service.engines.writing import RebuildOptions
from tests.elasticsearch.conftest import NEWS, NewsIndex, document


def test_an_index_that_an_administrator_made_is_replaced_in_one_step(news_index: NewsIndex) -> None:
    news_index.engine.indexes.delete(IndexName("news"))
    news_index.client.indices.create(
        index=news_index.alias, settings=news_index.compiled["settings"], mappings=news_index.compiled["mappings"]
    )
    news_index.write(document(1, "قديم"))
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.upsert(document(1, "جديد"))
        with news_index.engine.indexes.writer(IndexName("news")) as writer:
            writer.upsert(document(2, "حي"))
    assert news_index.contents() == {"1": "جديد رقم 1", "2": "حي رقم 2"}
    assert news_index.states() == ["current"]
    assert news_index.client.indices.exists_alias(name=news_index.alias)


def test_an_index_of_somebody_else_is_left_alone(news_index: NewsIndex) -> None:
    name = f"{news_index.settings.index_prefix}foreign"
    news_index.client.indices.create(index=name)
    with pytest.raises(ForeignIndex), news_index.engine.indexes.rebuild(IndexName("foreign"), NEWS):
        pass
    for change in (news_index.engine.indexes.delete, news_index.engine.indexes.rollback):
        with pytest.raises(ForeignIndex):
            change(IndexName("foreign"))
    with pytest.raises(ForeignIndex):
        news_index.engine.indexes.create(IndexName("foreign"), NEWS)
    assert news_index.client.indices.exists(index=name)


def test_an_index_whose_writes_an_administrator_has_stopped_stays_so(news_index: NewsIndex) -> None:
    news_index.write(document(1, "قديم"))
    news_index.client.indices.add_block(index=news_index.alias, block="write")
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS) as rebuild:
        rebuild.copy(lambda _done, _total: None)
    _, kept = news_index.engine.indexes.generations(IndexName("news"))
    assert news_index.blocked(kept.name)
    assert news_index.contents() == {"1": "قديم رقم 1"}


def test_a_merged_index_has_one_segment(news_index: NewsIndex) -> None:
    with news_index.engine.indexes.rebuild(IndexName("news"), NEWS, RebuildOptions(force_merge=True)) as rebuild:
        for number in range(20):
            rebuild.upsert(document(number))
            if number % 5 == 0:
                rebuild.commit()
    segments = news_index.client.indices.segments(index=news_index.alias)["indices"]
    [content] = segments.values()
    assert [copy["num_search_segments"] for copy in content["shards"]["0"]] == [1]
