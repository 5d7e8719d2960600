"""A clock that is set back: generations are ordered by what was recorded, not by their names."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.base import IndexManager
from search_service.engines.embedded.engine import make_embedded_engine
from tests.generations import rewrite_meta

NEWS = IndexName("news")


@pytest.fixture
def indexes(tmp_path: Path, analysis: Analysis) -> IndexManager:
    return make_embedded_engine(tmp_path, analysis).indexes


def set_clock(monkeypatch: pytest.MonkeyPatch, year: int) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(year, 1, 1, tzinfo=tz)

    for module in ("storage", "indexes"):
        monkeypatch.setattr(f"search_service.engines.embedded.{module}.datetime", Clock)


def rebuild(indexes: IndexManager, title: str) -> None:
    with indexes.rebuild(NEWS, load_schema("news")) as writer:
        writer.upsert(Document("1", {"title": title}))


def titles(indexes: IndexManager) -> list[object]:
    return [document.source["title"] for document in indexes.stored(NEWS)]


def test_rollback_returns_to_the_generation_before(indexes: IndexManager, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, 2030)
    rebuild(indexes, "الأول")
    set_clock(monkeypatch, 2020)
    rebuild(indexes, "الثاني")
    assert [str(one.state) for one in indexes.generations(NEWS)] == ["current", "kept"]
    assert indexes.generations(NEWS)[0].name < indexes.generations(NEWS)[1].name
    indexes.rollback(NEWS)
    assert titles(indexes) == ["الأول"]


def test_a_rebuild_keeps_the_newest_generations(indexes: IndexManager, monkeypatch: pytest.MonkeyPatch) -> None:
    for year, title in ((2030, "الأول"), (2020, "الثاني"), (2010, "الثالث"), (2025, "الرابع")):
        set_clock(monkeypatch, year)
        rebuild(indexes, title)
    assert [str(one.state) for one in indexes.generations(NEWS)] == ["current", "kept"]
    indexes.rollback(NEWS)
    assert titles(indexes) == ["الثالث"]


def test_generations_of_an_earlier_version_are_older(
    indexes: IndexManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier version recorded no number; among its generations the names decide."""
    set_clock(monkeypatch, 2030)
    rebuild(indexes, "الأول")
    for generation in (tmp_path / "news").glob("g-*"):
        rewrite_meta(generation)
    set_clock(monkeypatch, 2020)
    rebuild(indexes, "الثاني")
    indexes.rollback(NEWS)
    assert titles(indexes) == ["الأول"]
