"""Broken plurals from the dictionary, and searches without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.core.document import Document
from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_analysis, make_engine, make_resources
from search_service.query import lexicon
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.sentences import refused

VOCABULARY = (("قنديل", "القناديل"), ("عصفور", "عصافير"), ("خنجر", "خناجر"), ("طاووس", "الطواويس"))
"""Nouns that the packaged list does not have."""


def searching(folder: Path, name: str) -> SearchService:
    settings = Settings.from_environment({"INDEX_DIR": str(folder), "LEXICON": name})
    engine = make_engine(settings)
    if not engine.indexes.names():
        with engine.indexes.rebuild(IndexName("news"), load_schema("news")) as rebuild:
            for words in VOCABULARY:
                for word in words:
                    rebuild.upsert(Document(word, {"title": f"خبر عن {word} في الجريدة"}))
    return SearchService(engine, make_resources(settings, engine.searcher.analysis))


def ids(service: SearchService, query: str) -> list[str]:
    return [hit.id for hit in service.search(IndexName("news"), SearchRequest(q=query)).hits]


@pytest.mark.parametrize(("singular", "plural"), VOCABULARY)
def test_a_plural_ranks_below_the_word_itself(singular: str, plural: str, tmp_path: Path) -> None:
    assert ids(searching(tmp_path, "arramooz"), singular) == [singular, plural]
    assert ids(searching(tmp_path, "arramooz"), plural) == [plural, singular]
    assert ids(searching(tmp_path, "none"), singular) == [singular], "the same index, without the dictionary"


def test_a_plural_that_is_also_another_word_is_no_expansion() -> None:
    resources = make_resources(Settings(lexicon="arramooz"), make_analysis()).get()
    stems = [expansion.stem for expansion in resources.expansions("كاتب", "كاتب")]
    assert "كتاب" not in stems, "the plural of writer is spelt like book"


def test_a_missing_dictionary_package_is_an_error_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "PACKAGE", "arramooz_that_is_not_there")
    with refused(InvalidParameter, r"LEXICON: .* `pip install 'arabic-search-service\[morphology\]'"):
        make_resources(Settings(lexicon="arramooz"), make_analysis())
