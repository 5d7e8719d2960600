"""The words and phrases of texts that complete what is typed.

Those with the same lemmas find the same documents, so they are one candidate, in the form that is written most often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import islice

from search_service.highlight.matcher import ChunkCache
from search_service.search.completion.typed import TextWord, Typed, read_words

MAX_FURTHER_WORDS = 2
"""Words of a phrase after the one that is being typed."""

MAX_PHRASE_LENGTH = 60
"""Code points of the longest phrase: what a line of a phone shows."""

MIN_DOCUMENTS = 2
MIN_SHARE = 0.03
"""Documents that must have further words, and their share of those with the words that are being typed. Otherwise they
are no phrase: رونالدو is followed by another verb in each headline."""

Key = tuple[tuple[str, ...], ...]
"""The lemmas of each word of a candidate."""


@dataclass(slots=True)
class Candidate:
    """A word or phrase.

    Attributes:
        length: its words.
        field: the field where it was found first.
        id: the first document that has it.
        documents: the number of documents that have it, of those that were read.
        as_typed: whether a form begins with all that was typed, also with the article.
        forms: how often each form was found.
    """

    length: int
    field: str
    id: str
    documents: int = 0
    as_typed: bool = False
    forms: Counter[str] = dataclass_field(default_factory=Counter)

    @property
    def text(self) -> str:
        """The form that was found most often."""
        return min(self.forms, key=lambda form: (-self.forms[form], form))


class Candidates:
    """Collects words and phrases that complete what is typed.

    Args:
        typed: their beginning.
        stopwords: folded words that are not offered alone, and that no phrase ends with.
        cache: analysed chunks of texts.
    """

    def __init__(self, typed: Typed, stopwords: AbstractSet[str], cache: ChunkCache) -> None:
        self._typed = typed
        self._stopwords = stopwords
        self._cache = cache
        self._found: dict[Key, Candidate] = {}
        self._last_words: dict[Key, Candidate] = {}

    def add(self, name: str, document_id: str, texts: Iterable[str]) -> None:
        """Add what is in the texts of a field of a document."""
        seen: set[Key] = set()
        for text in texts:
            words = list(read_words(text, self._cache))
            for start, end in self._spans(words):
                self._note(self._found, seen, name, document_id, text, words[start:end])
            if len(self._typed.words) > 1:
                for word in words:
                    if self._typed.last.begins(word) and word.exact not in self._stopwords:
                        self._note(self._last_words, set(), name, document_id, text, [word])

    @property
    def count(self) -> int:
        """The number of distinct words and phrases."""
        return len(self._found)

    def words(self) -> list[Candidate]:
        """Return the single words, those in most documents first."""
        return self._ranked(one for one in self._found.values() if one.length == 1)

    def phrases(self) -> list[Candidate]:
        """Return the phrases, those in most documents first; one that always continues alike is left out."""
        typed = len(self._typed.words)
        phrases = {
            key: one
            for key, one in self._found.items()
            if one.length > 1 and (one.length == typed or self._is_common(key[:typed], one))
        }
        longer = {key[:-1]: one.documents for key, one in phrases.items() if one.length > typed}
        return self._ranked(one for key, one in phrases.items() if longer.get(key, 0) < one.documents)

    def _is_common(self, typed: Key, candidate: Candidate) -> bool:
        """Return whether enough documents have the further words of a candidate."""
        without = self._found.get(typed)
        share = candidate.documents / without.documents if without else 1.0
        return candidate.documents >= MIN_DOCUMENTS and share >= MIN_SHARE

    def last_words(self) -> list[Candidate]:
        """Return the words that complete the last one of several, wherever they stand."""
        return self._ranked(self._last_words.values())

    def _spans(self, words: Sequence[TextWord]) -> Iterator[tuple[int, int]]:
        """Yield the positions of the words that complete what is typed, each with some of the words after it."""
        *heads, last = self._typed.words
        for start in range(len(words) - len(heads)):
            at = start + len(heads)
            if not last.begins(words[at]) or not _are_adjacent(words, start, at):
                continue
            if not all(head.is_word(word) for head, word in zip(heads, words[start:at], strict=True)):
                continue
            if not heads and words[at].exact in self._stopwords:
                continue
            for end in range(at + 1, min(at + 1 + MAX_FURTHER_WORDS, len(words)) + 1):
                if not _are_adjacent(words, at, end - 1) or words[end - 1].end - words[start].start > MAX_PHRASE_LENGTH:
                    break
                if words[end - 1].exact not in self._stopwords:
                    yield start, end

    def _note(
        self,
        found: dict[Key, Candidate],
        seen: set[Key],
        name: str,
        document_id: str,
        text: str,
        words: Sequence[TextWord],
    ) -> None:
        key = tuple(word.lemmas for word in words)
        candidate = found.get(key)
        if candidate is None:
            candidate = found[key] = Candidate(len(words), name, document_id)
        if key not in seen:
            seen.add(key)
            candidate.documents += 1
        as_typed = words[len(self._typed.words) - 1 if len(words) > 1 else 0].exact.startswith(self._typed.last.exact)
        if as_typed and not candidate.as_typed:
            candidate.as_typed = True
            candidate.forms.clear()
        if as_typed or not candidate.as_typed:
            candidate.forms[text[words[0].start : words[-1].end]] += 1

    def _ranked(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        has_article = self._typed.last.has_article
        return sorted(candidates, key=lambda one: (has_article and not one.as_typed, -one.documents, one.text))


def _are_adjacent(words: Sequence[TextWord], first: int, last: int) -> bool:
    return all(word.follows for word in islice(words, first + 1, last + 1))
