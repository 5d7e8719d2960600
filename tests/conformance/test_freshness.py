"""What a schema's `freshness` does: of documents that match alike, those of the last days come first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from tests.conformance.conftest import Fill
from tests.conformance.searches import found, ids


def written(days_ago: int, title: str = "أسعار النفط") -> dict[str, Any]:
    day = datetime.now(UTC) - timedelta(days=days_ago)
    return {"id": f"{days_ago:05}", "title": title, "date": day.strftime("%Y-%m-%dT%H:%M:%SZ")}


OLDEST_FIRST = [2000, 200, 20, 2]
NEWEST_FIRST = ["09997", "09979", "09799", "07999"]
"""By their ids the oldest comes first."""


@pytest.fixture
def fresh(news_schema: Schema) -> Schema:
    return replace(news_schema, freshness=6.0)


def named(days: int) -> dict[str, Any]:
    return {**written(days), "id": f"{9999 - days:05}"}


def test_the_newer_of_equals_comes_first(fill: Fill, fresh: Schema) -> None:
    service = fill(fresh, [named(days) for days in OLDEST_FIRST])
    assert ids(service, "النفط") == NEWEST_FIRST
    scores = [hit.score for hit in found(service, "النفط").hits]
    assert [round(one - scores[-1], 2) for one in scores] == [6.0, 4.0, 2.0, 0.0]


def test_without_freshness_equals_are_in_the_order_of_their_ids(fill: Fill, news_schema: Schema) -> None:
    assert ids(fill(news_schema, [named(days) for days in OLDEST_FIRST]), "النفط") == sorted(NEWEST_FIRST)


def test_a_better_match_still_comes_before_a_newer_one(fill: Fill, fresh: Schema) -> None:
    others = [written(3000 + number, "خبر آخر") for number in range(50)]
    documents = [written(900, "أسعار النفط"), written(1, "أسعار تذاكر السفر وحديث قصير عن النفط"), *others]
    assert ids(fill(fresh, documents), "أسعار النفط") == ["00900", "00001"]


def test_freshness_adds_no_document_and_counts_as_no_match(fill: Fill, fresh: Schema) -> None:
    service = fill(fresh, [written(1), written(2, "خبر آخر")])
    response = found(service, "النفط")
    assert (response.total, response.hits[0].matched_by) == (1, ("exact", "lemma", "ngram"))


def test_the_explanation_names_the_days(fill: Fill, fresh: Schema) -> None:
    service = fill(fresh, [written(20)])
    parts = service.explain(IndexName("things"), SearchRequest(q="النفط"), "00020").explanation.parts
    assert {part.term: part.score for part in parts if part.tier == "recency"} == {"30": 2.0, "365": 2.0}
    assert {part.field for part in parts if part.tier == "recency"} == {"date"}


def test_a_document_without_a_date_is_found_all_the_same(fill: Fill, fresh: Schema) -> None:
    assert ids(fill(fresh, [{"id": "1", "title": "أسعار النفط"}, written(1)]), "النفط") == ["00001", "1"]
