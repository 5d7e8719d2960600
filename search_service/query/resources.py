"""Stop words and expansions, which query understanding uses and no index depends on.

The files are reloaded when they change: an edited list takes effect without a restart and without reindexing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from index_config.errors import ConfigError
from index_config.morphology import ARTICLE
from index_config.word_lists import (
    BROKEN_PLURALS,
    MISSPELLINGS,
    SPELLING_VARIANTS,
    STOPWORDS,
    load_expansions,
    load_words,
)
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import strip_article
from search_service.core.errors import SearchServiceError
from search_service.query.query import Expansion, ExpansionKind
from search_service.query.variants import SpellingVariants

MIN_EXPANSION_STEM_LENGTH = 3
"""Letters of the shortest stem that has expansions or is an expansion: shorter stems belong to too many words."""

CHECK_SECONDS = 2.0
"""The shortest interval between two checks of the files. A check takes some 10 µs."""

Stem = Callable[[str], str]
Group = AbstractSet[str]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QueryResources:
    """Folded stop words, expansions and spelling variants.

    Attributes:
        stopwords: the words that the match rule does not require.
        variants: the other spellings of words.
    """

    stopwords: AbstractSet[str] = frozenset()
    _expansions: Mapping[str, tuple[Expansion, ...]] = field(default_factory=dict)
    variants: SpellingVariants = field(default_factory=SpellingVariants)

    @classmethod
    def of(
        cls, stopwords: AbstractSet[str], groups: Iterable[tuple[ExpansionKind, Group]], stem: Stem
    ) -> QueryResources:
        """Return resources made of folded stop words and groups of folded words that expand each other."""
        return cls(stopwords, _expansions_by_stem(groups, stem))

    def expansions(self, word: str, stem: str) -> tuple[Expansion, ...]:
        """Return the expansions of a folded word with this stem."""
        return self._expansions.get(stem if _is_distinctive(stem) else strip_article(word), ())


class ResourceProvider:
    """Returns the current resources, and reloads them when one of their files changes.

    If reloading fails, the error is logged and the resources stay in use. Threads share a provider: while one thread
    reloads, the others use the former resources.

    Args:
        load: loads the resources from `files`.
        files: the files to watch.
        interval: seconds between two checks of the files.
        clock: returns the time in seconds.

    Raises:
        ConfigError: a file is invalid.
        InvalidParameter: the lexicon is not installed.
    """

    def __init__(
        self,
        load: Callable[[], QueryResources],
        files: Sequence[Path],
        interval: float = CHECK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._files = files
        self._interval = interval
        self._clock = clock
        self._mutex = threading.Lock()
        self._checked = clock()
        self._versions = _file_versions(files)
        self._resources = load()

    def get(self) -> QueryResources:
        """Return the current resources."""
        if self._clock() - self._checked >= self._interval and self._mutex.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._mutex.release()
        return self._resources

    def _check(self) -> None:
        self._checked = self._clock()
        versions = _file_versions(self._files)
        if versions == self._versions:
            return
        self._versions = versions
        try:
            self._resources = self._load()
        except (ConfigError, SearchServiceError, OSError) as error:
            logger.error("reloading the query resources failed; the former ones stay in use: %s", error)
        else:
            logger.info("query resources reloaded")


@lru_cache(maxsize=8)
def packaged_resources(analysis: Analysis, lexicon: str = "none") -> ResourceProvider:
    """Return the provider of the packaged word lists and of a lexicon, shared by all searches with one analysis.

    Raises:
        ConfigError: a word list is invalid.
        InvalidParameter: the lexicon is not installed.

    >>> from index_config.table import load_table
    >>> resources = packaged_resources(Analysis(load_table().mapping)).get()
    >>> "الي" in resources.stopwords, resources.expansions("طفل", "طفل")[0].kind.value
    (True, 'broken-plural')
    """
    files = [STOPWORDS, BROKEN_PLURALS, MISSPELLINGS, SPELLING_VARIANTS]
    stem = analysis.stemmer.stem

    def load() -> QueryResources:
        groups = [(ExpansionKind.BROKEN_PLURAL, group) for group in load_expansions(BROKEN_PLURALS, analysis)]
        groups += [(ExpansionKind.MISSPELLING, group) for group in load_expansions(MISSPELLINGS, analysis)]
        if lexicon != "none":
            # Imported here because only the lexicon needs SQLite.
            from search_service.query.lexicon import plurals

            groups += [(ExpansionKind.BROKEN_PLURAL, group) for group in plurals(analysis.mapping, stem)]
        resources = QueryResources.of(load_words(STOPWORDS, analysis), groups, stem)
        return replace(resources, variants=SpellingVariants(load_expansions(SPELLING_VARIANTS, analysis)))

    return ResourceProvider(load, files)


def _file_versions(files: Iterable[Path]) -> list[tuple[int, int] | None]:
    """Return the modification time and size of each file, None for a missing one."""
    versions: list[tuple[int, int] | None] = []
    for path in files:
        try:
            state = path.stat()
        except FileNotFoundError:
            versions.append(None)
        else:
            versions.append((state.st_mtime_ns, state.st_size))
    return versions


def _expansions_by_stem(groups: Iterable[tuple[ExpansionKind, Group]], stem: Stem) -> dict[str, tuple[Expansion, ...]]:
    """Map each stem of a group to the stems of the other words.

    A word can have two stems, with and without the article, because the stemmer removes the first letter of وثائق as a
    conjunction. The shorter stem can belong to a common word, so it needs a minimum length. For a word without a stem
    of that length (قضية) the key is the word itself, and it is no expansion of the other words.
    """
    kinds_by_key: dict[str, dict[str, ExpansionKind]] = {}
    for kind, group in groups:
        stems_by_word = {word: {stem(word), stem(ARTICLE + word)} for word in sorted(group)}
        for word, own_stems in stems_by_word.items():
            group_stems = {s for member in group if member != word for s in stems_by_word[member]} - own_stems
            for key in {s if _is_distinctive(s) else word for s in own_stems}:
                kinds = kinds_by_key.setdefault(key, {})
                for expanded in sorted(filter(_is_distinctive, group_stems)):
                    kinds.setdefault(expanded, kind)
    return {
        key: tuple(Expansion(expanded, kind) for expanded, kind in kinds.items()) for key, kinds in kinds_by_key.items()
    }


def _is_distinctive(stem: str) -> bool:
    return len(stem) >= MIN_EXPANSION_STEM_LENGTH
