"""The use cases of administration, on healthy, stale and damaged indexes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index_config.schema import load_schema
from search_service.admin.requests import LoadRequest, ReindexRequest
from search_service.admin.service import AdminService
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import DamagedIndex, InvalidParameter, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.core.index_state import IndexState
from search_service.engines.embedded.engine import make_embedded_engine
from tests.generations import generation_of, rewrite_meta
from tests.sentences import refused

NEWS = load_schema("news")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"id": "1", "title": "خبر"}\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def admin(folder: Path, analysis: Analysis) -> AdminService:
    return AdminService(make_embedded_engine(folder / "indexes", analysis), 10_000, folder / "indexes")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no folder": shutil.rmtree,
    "no metadata": lambda generation: (generation / "meta.json").unlink(),
    "metadata that is not JSON": lambda generation: (generation / "meta.json").write_text("{"),
    "metadata that is not an object": lambda generation: (generation / "meta.json").write_text("[]"),
    "metadata without a schema": lambda generation: (generation / "meta.json").write_text('{"fingerprint": "x"}'),
    "a null fingerprint": lambda generation: rewrite_meta(generation, fingerprint=None),
    "no index": lambda generation: shutil.rmtree(generation / "tantivy"),
    "no segment list": lambda generation: (generation / "tantivy" / "meta.json").unlink(),
    "a segment list that is not JSON": lambda generation: (generation / "tantivy" / "meta.json").write_text("{"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_a_damaged_index_is_listed_with_its_problem_beside_the_others(
    admin: AdminService, folder: Path, damage: Callable[[Path], object]
) -> None:
    for index in ("archive", "broken", "news"):
        admin.load(LoadRequest(index=IndexName(index), sources=("a.jsonl",)))
    damage(generation_of(folder / "indexes", "broken"))
    archive, broken, news = admin.indexes()
    for healthy in (archive, news):
        assert (healthy.state, healthy.documents, healthy.problem) == (IndexState.CURRENT, 1, None)
    assert (broken.name, broken.state, broken.documents) == ("broken", IndexState.DAMAGED, 0)
    assert broken.problem is not None
    assert broken.problem.params["index"] == "broken"
    assert admin.status(IndexName("broken")) == broken
    with refused(DamagedIndex, "'broken'"):
        admin.load(LoadRequest(index=IndexName("broken"), sources=("a.jsonl",)))
    admin.reindex(ReindexRequest(index=IndexName("broken"), sources=("a.jsonl",), schema="news"))
    assert admin.status(IndexName("broken")).state is IndexState.CURRENT
    admin.delete(IndexName("broken"))
    assert [one.name for one in admin.indexes()] == ["archive", "news"]


def test_a_damaged_index_can_be_deleted(admin: AdminService, folder: Path) -> None:
    admin.create(IndexName("news"), NEWS)
    (generation_of(folder / "indexes", "news") / "meta.json").unlink()
    admin.delete(IndexName("news"))
    assert admin.indexes() == []


def test_a_stale_index_is_listed_as_stale(admin: AdminService, folder: Path) -> None:
    admin.create(IndexName("news"), NEWS)
    rewrite_meta(generation_of(folder / "indexes", "news"), fingerprint="of another version")
    [news] = admin.indexes()
    assert (news.state, news.fingerprint, news.problem) == (IndexState.STALE, "of another version", None)


def test_an_unknown_index_is_an_error(admin: AdminService) -> None:
    for method in (admin.status, admin.delete, admin.require, admin.generations, admin.rollback, admin.doctor):
        with pytest.raises(UnknownIndex):
            method(IndexName("nope"))


def test_a_reindex_needs_either_sources_or_the_stored_documents(admin: AdminService) -> None:
    admin.load(LoadRequest(index=IndexName("news"), sources=("a.jsonl",)))
    for sources, from_stored in (((), False), (("a.jsonl",), True)):
        request = ReindexRequest(index=IndexName("news"), sources=sources, from_stored=from_stored)
        for method in (admin.reindex, admin.preview_reindex):
            with pytest.raises(InvalidParameter):
                method(request)
    assert admin.reindex(ReindexRequest(index=IndexName("news"), from_stored=True)).indexed == 1


def test_a_preview_reports_what_a_reindex_would_do_to_the_generations(admin: AdminService) -> None:
    request = ReindexRequest(index=IndexName("news"), sources=("a.jsonl",), keep=0)
    assert admin.preview_reindex(request).generations.replaced is None
    assert admin.indexes() == []
    admin.load(LoadRequest(index=IndexName("news"), sources=("a.jsonl",)))
    [current] = admin.generations(IndexName("news"))
    preview = admin.preview_reindex(request)
    assert preview.report.indexed == 1
    assert (preview.generations.replaced, preview.generations.kept, preview.generations.removed) == (
        current.name, (), (current.name,),
    )  # fmt: skip
    admin.reindex(request)
    assert [one.name for one in admin.generations(IndexName("news"))] != [current.name]
