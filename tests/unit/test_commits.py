"""Opening one commit after the other: they share the files of their common segments, and damage is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import DamagedIndex
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService

NEWS = IndexName("news")


def write(engine: SearchEngine, document_id: str, title: str) -> None:
    with engine.indexes.writer(NEWS, load_schema("news")) as writer:
        writer.upsert(Document(document_id, {"title": title}))


def found(engine: SearchEngine, query: str) -> list[str]:
    return sorted(hit.id for hit in SearchService(engine).search(NEWS, SearchRequest(q=query)).hits)


def mapped(ending: str, folder: Path) -> dict[str, str]:
    """Return the addresses at which this process has mapped files below a folder, and their names."""
    rows = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
    return {row[0]: row[5] for row in rows if len(row) > 5 and str(folder) in row[5] and row[5].endswith(ending)}


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux says what is mapped")
def test_commits_share_the_files_of_their_segments(tmp_path: Path, analysis: Analysis) -> None:
    engine = make_embedded_engine(tmp_path, analysis)
    write(engine, "1", "مدرسة قديمة")
    assert found(engine, '"مدرسة قديمة"') == ["1"]
    before = mapped(".pos", tmp_path)
    assert len(before) == 1
    for number in range(2, 5):
        write(engine, str(number), "مدرسة قديمة")
        assert found(engine, '"مدرسة قديمة"') == [str(one) for one in range(1, number + 1)]
        assert before.items() <= mapped(".pos", tmp_path).items()
        assert len(mapped(".pos", tmp_path)) == number
    write(engine, "1", "جامعة")  # the only document of the first segment
    assert (found(engine, '"مدرسة قديمة"'), found(engine, "جامعة")) == (["2", "3", "4"], ["1"])
    assert not before.items() & mapped(".pos", tmp_path).items()


def test_damage_of_a_shared_file_is_noticed_at_the_next_commit(tmp_path: Path, analysis: Analysis) -> None:
    engine = make_embedded_engine(tmp_path, analysis)
    write(engine, "1", "مدرسة")
    [store] = tmp_path.glob("news/g-*/tantivy/*.store")
    whole = store.read_bytes()
    write(engine, "2", "مدرسة")
    assert found(engine, "مدرسة") == ["1", "2"]
    with engine.indexes.writer(NEWS, load_schema("news")) as writer:
        writer.upsert(Document("3", {"title": "مدرسة"}))
        writer.commit()
        store.unlink()
        store.write_bytes(whole[:-20])
        with pytest.raises(DamagedIndex):
            found(engine, "مدرسة")
        store.write_bytes(whole)
        assert found(engine, "مدرسة") == ["1", "2", "3"]
