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
from index_config.word_lists import (
    BROKEN_PLURALS,
    MISSPELLINGS,
    QUESTION_WORDS,
    SPELLING_VARIANTS,
    STOPWORDS,
    load_beginnings,
    load_expansions,
    load_words,
)
from search_service.analysis.analyzer import Analysis
from search_service.analysis.lemmas import PARTICLE, VERB
from search_service.core.errors import SearchServiceError
from search_service.query.clauses import Expansion, ExpansionKind
from search_service.query.variants import SpellingVariants

CHECK_SECONDS = 2.0
"""The shortest interval between two checks of the files. A check takes some 10 µs."""

Group = AbstractSet[str]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QueryResources:
    """Folded stop words, expansions and spelling variants.

    Attributes:
        stopwords: the words that the match rule does not require.
        variants: the other spellings of words.
        question_words: the words that a question begins with.
    """

    stopwords: AbstractSet[str] = frozenset()
    _expansions: Mapping[str, tuple[Expansion, ...]] = field(default_factory=dict)
    variants: SpellingVariants = field(default_factory=SpellingVariants)
    question_words: AbstractSet[tuple[str, ...]] = frozenset()

    @classmethod
    def of(
        cls,
        stopwords: AbstractSet[str],
        groups: Iterable[tuple[ExpansionKind, Group]],
        analysis: Analysis,
    ) -> QueryResources:
        """Return resources made of folded stop words, and groups of folded words that expand each other."""
        return cls(stopwords, _expansions_by_lemma(groups, analysis))

    def expansions(self, lemmas: Iterable[str]) -> tuple[Expansion, ...]:
        """Return the expansions of a word with these lemmas."""
        return tuple(expansion for lemma in lemmas for expansion in self._expansions.get(lemma, ()))


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
        self._version = repr(self._versions)

    @property
    def version(self) -> str:
        """What changes whenever the current resources do."""
        self.get()
        return self._version

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
            self._version = repr(versions)
            logger.info("query resources reloaded")


@lru_cache(maxsize=8)
def packaged_resources(analysis: Analysis) -> ResourceProvider:
    """Return the provider of the packaged word lists, shared by all searches with one analysis.

    Raises:
        ConfigError: a word list is invalid.

    >>> from index_config.table import load_table
    >>> resources = packaged_resources(Analysis(load_table().mapping)).get()
    >>> "الي" in resources.stopwords
    True
    """
    files = [STOPWORDS, BROKEN_PLURALS, MISSPELLINGS, SPELLING_VARIANTS, QUESTION_WORDS]

    def load() -> QueryResources:
        groups = [(ExpansionKind.BROKEN_PLURAL, group) for group in load_expansions(BROKEN_PLURALS, analysis)]
        groups += [(ExpansionKind.MISSPELLING, group) for group in load_expansions(MISSPELLINGS, analysis)]
        resources = QueryResources.of(load_words(STOPWORDS, analysis), groups, analysis)
        return replace(
            resources,
            variants=SpellingVariants(load_expansions(SPELLING_VARIANTS, analysis)),
            question_words=load_beginnings(QUESTION_WORDS, analysis),
        )

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


def _expansions_by_lemma(
    groups: Iterable[tuple[ExpansionKind, Group]], analysis: Analysis
) -> dict[str, tuple[Expansion, ...]]:
    """Map each lemma of a group to the lemmas of its other words.

    Words that share a lemma match each other already, and their further lemmas are other words: كتب is the plural of
    كتاب, and a verb. A plural is a noun, so its reading as a verb is another word, too.
    """
    lemmas = analysis.lemmatizer.terms
    by_lemma: dict[str, dict[str, Expansion]] = {}
    for kind, group in groups:
        for word in sorted(group):
            own = lemmas(word)
            others = [other for other in map(lemmas, sorted(group)) if not set(own).intersection(other)]
            for expanded in (lemma for other in others for lemma in other):
                if kind is ExpansionKind.BROKEN_PLURAL and expanded.endswith((VERB, PARTICLE)):
                    continue
                for lemma in own:
                    by_lemma.setdefault(lemma, {}).setdefault(expanded, Expansion(expanded, kind))
    return {lemma: tuple(expansions.values()) for lemma, expansions in by_lemma.items()}
