"""What queries are understood with and no index depends on: stop words, and the words that find each other.

The files are read again when they change: an edited list takes effect without a restart and without reindexing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from index_config.errors import ConfigError
from index_config.morphology import ARTICLE
from index_config.word_lists import BROKEN_PLURALS, MISSPELLINGS, STOPWORDS, load_expansions, load_words
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import strip_article
from search_service.core.errors import SearchServiceError
from search_service.query.tree import Expansion, ExpansionKind

MIN_EXPANSION_STEM_LENGTH = 3
"""Letters of the shortest stem that has expansions or is one: shorter stems belong to too many words."""

CHECK_SECONDS = 2.0
"""How often the files are looked at, at most. A check takes some 10 µs."""

Stem = Callable[[str], str]
Group = AbstractSet[str]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QueryResources:
    """Stop words and expansions, all folded.

    Attributes:
        stopwords: the words that the match rule does not count.
    """

    stopwords: AbstractSet[str] = frozenset()
    _expansions: Mapping[str, tuple[Expansion, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, stopwords: AbstractSet[str], groups: Iterable[tuple[ExpansionKind, Group]], stem: Stem
    ) -> QueryResources:
        """Make resources of folded stop words and groups of folded words that find each other."""
        return cls(stopwords, _expansions_by_stem(groups, stem))

    def expansions(self, word: str, stem: str) -> tuple[Expansion, ...]:
        """Return the expansions of a folded word of some stem."""
        return self._expansions.get(stem if _is_distinctive(stem) else strip_article(word), ())


class ResourceProvider:
    """Returns the current resources; loads them again when one of their files changed.

    A file that cannot be loaded is logged, and the resources stay as they are. Threads share a provider: one loads,
    the others use the former resources until it is done.

    Args:
        load: loads the resources.
        files: what they are loaded from.
        interval: seconds between two looks at the files, at least.
        clock: returns seconds.

    Raises:
        ConfigError: a file is wrong.
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
        self._stamps = _stamps(files)
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
        stamps = _stamps(self._files)
        if stamps == self._stamps:
            return
        self._stamps = stamps
        try:
            self._resources = self._load()
        except (ConfigError, SearchServiceError, OSError) as error:
            logger.error("the query resources stay as they are: %s", error)
        else:
            logger.info("query resources loaded again")


@lru_cache(maxsize=8)
def packaged_resources(analysis: Analysis, lexicon: str = "none") -> ResourceProvider:
    """Return the provider of the packaged word lists and of a lexicon; searches of one analysis share it.

    Raises:
        ConfigError: a word list is wrong.
        InvalidParameter: the lexicon is not installed.

    >>> from index_config.table import load_table
    >>> resources = packaged_resources(Analysis(load_table().mapping)).get()
    >>> "الي" in resources.stopwords, resources.expansions("طفل", "طفل")[0].kind.value
    (True, 'broken-plural')
    """
    files = [STOPWORDS, BROKEN_PLURALS, MISSPELLINGS]
    stem = analysis.stemmer.stem

    def load() -> QueryResources:
        groups = [(ExpansionKind.BROKEN_PLURAL, group) for group in load_expansions(BROKEN_PLURALS, analysis)]
        groups += [(ExpansionKind.MISSPELLING, group) for group in load_expansions(MISSPELLINGS, analysis)]
        if lexicon != "none":
            # Here, for only this needs SQLite.
            from search_service.query.lexicon import plurals

            groups += [(ExpansionKind.BROKEN_PLURAL, group) for group in plurals(analysis.mapping, stem)]
        return QueryResources.of(load_words(STOPWORDS, analysis), groups, stem)

    return ResourceProvider(load, files)


def _stamps(files: Iterable[Path]) -> list[tuple[int, int] | None]:
    """Return what changes when a file is written; None for one that is not there."""
    found: list[tuple[int, int] | None] = []
    for path in files:
        try:
            state = path.stat()
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((state.st_mtime_ns, state.st_size))
    return found


def _expansions_by_stem(groups: Iterable[tuple[ExpansionKind, Group]], stem: Stem) -> dict[str, tuple[Expansion, ...]]:
    """Map each stem of a group to the others.

    A word can have two stems, with and without the article, because the stemmer takes the first letter of وثائق for a
    conjunction. The shorter stem can belong to a common word, so it needs a minimum length. A word without a stem of
    that length (قضية) is mapped itself; the other words of its group do not match it.
    """
    found: dict[str, dict[str, ExpansionKind]] = {}
    for kind, group in groups:
        stems = {word: {stem(word), stem(ARTICLE + word)} for word in sorted(group)}
        for word, own in stems.items():
            others = {one for other in group if other != word for one in stems[other]} - own
            for one in {one if _is_distinctive(one) else word for one in own}:
                expansions = found.setdefault(one, {})
                for other in sorted(filter(_is_distinctive, others)):
                    expansions.setdefault(other, kind)
    return {
        one: tuple(Expansion(other, kind) for other, kind in expansions.items()) for one, expansions in found.items()
    }


def _is_distinctive(stem: str) -> bool:
    return len(stem) >= MIN_EXPANSION_STEM_LENGTH
