"""Query resources are reloaded when their files change."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from index_config.errors import ConfigError
from index_config.word_lists import load_expansions, load_words
from search_service.analysis.analyzer import Analysis
from search_service.query.clauses import Expansion, ExpansionKind
from search_service.query.resources import QueryResources, ResourceProvider


class WordListFiles:
    """Word lists in a folder, a provider that loads them, and its clock."""

    def __init__(self, folder: Path, analysis: Analysis) -> None:
        self.stopwords, self.plurals = folder / "stopwords.txt", folder / "plurals.txt"
        self._analysis = analysis
        self._written = 0
        self.now = 0.0
        self.loads = 0
        self.write(self.stopwords, "من\n")
        self.write(self.plurals, "طفل: أطفال\n")
        self.provider = ResourceProvider(self.load, [self.stopwords, self.plurals], 2.0, lambda: self.now)

    def load(self) -> QueryResources:
        self.loads += 1
        groups = [(ExpansionKind.BROKEN_PLURAL, group) for group in load_expansions(self.plurals, self._analysis)]
        stopwords = load_words(self.stopwords, self._analysis)
        return QueryResources.of(stopwords, groups, self._analysis)

    def write(self, path: Path, text: str) -> None:
        """Write a file with a new modification time: the file system may give two quick writes the same one."""
        path.write_text(text, encoding="utf-8")
        self._written += 1
        os.utime(path, (self._written, self._written))


@pytest.fixture
def lists(tmp_path: Path, analysis: Analysis) -> WordListFiles:
    return WordListFiles(tmp_path, analysis)


def test_a_changed_file_is_reloaded_after_the_interval(lists: WordListFiles) -> None:
    lists.write(lists.stopwords, "من\nفي\n")
    lists.now = 1.9
    assert lists.provider.get().stopwords == {"من"}
    lists.now = 2.0
    assert lists.provider.get().stopwords == {"من", "في"}
    lists.write(lists.plurals, "زغطوط: زغاطيط\n")
    lists.now = 4.0
    assert lists.provider.get().expansions(["طفل"]) == ()
    assert lists.provider.get().expansions(["~زغطوط"]) == (Expansion("~زغاطيط", ExpansionKind.BROKEN_PLURAL),)


def test_an_unchanged_file_is_not_reloaded(lists: WordListFiles) -> None:
    first = lists.provider.get()
    lists.now = 60.0
    assert lists.provider.get() is first
    assert lists.loads == 1


@pytest.mark.parametrize("text", ["two words\n", None], ids=["invalid", "missing"])
def test_an_invalid_file_is_logged_once_and_keeps_the_loaded_resources(
    text: str | None, lists: WordListFiles, caplog: pytest.LogCaptureFixture
) -> None:
    if text is None:
        lists.stopwords.unlink()
    else:
        lists.write(lists.stopwords, text)
    for lists.now in (2.0, 4.0):
        assert lists.provider.get().stopwords == {"من"}
    assert [record.levelname for record in caplog.records] == ["ERROR"], "once, not at every check"
    assert "stopwords.txt" in caplog.text
    lists.write(lists.stopwords, "في\n")
    lists.now = 6.0
    assert lists.provider.get().stopwords == {"في"}


def test_an_invalid_file_fails_the_first_load(tmp_path: Path, analysis: Analysis) -> None:
    (tmp_path / "words.txt").write_text("two words\n")
    with pytest.raises(ConfigError):
        ResourceProvider(lambda: QueryResources(load_words(tmp_path / "words.txt", analysis)), [])


def test_other_threads_use_the_old_resources_during_a_reload(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.touch()
    begun, finish = threading.Event(), threading.Event()
    versions = iter((QueryResources(frozenset({"1"})), QueryResources(frozenset({"2"}))))

    def load() -> QueryResources:
        if begun.is_set():
            raise AssertionError("loaded by two threads")
        if path.stat().st_size:
            begun.set()
            finish.wait(10)
        return next(versions)

    provider = ResourceProvider(load, [path], interval=0.0)
    path.write_text("changed")
    loader = threading.Thread(target=provider.get)
    loader.start()
    assert begun.wait(10)
    assert provider.get().stopwords == {"1"}
    finish.set()
    loader.join(10)
    assert provider.get().stopwords == {"2"}


def test_a_word_of_several_lists_keeps_the_kind_of_the_first(analysis: Analysis) -> None:
    pair = frozenset({"زغطوط", "زغاطيط"})
    groups = [(ExpansionKind.BROKEN_PLURAL, pair), (ExpansionKind.MISSPELLING, pair)]
    resources = QueryResources.of(frozenset(), groups, analysis)
    assert [one.kind for one in resources.expansions(["~زغطوط"])] == [ExpansionKind.BROKEN_PLURAL]
