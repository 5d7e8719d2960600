"""Makes suggestions of the candidates, titles and values that documents have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import itemgetter

from index_config.schema import Field
from search_service.analysis.analyzer import Analysis
from search_service.analysis.values import written_value
from search_service.core.document import Document, values_of
from search_service.core.results import Mark
from search_service.highlight.matcher import ChunkCache
from search_service.search.completion.candidates import Candidate, Candidates
from search_service.search.completion.suggestion import Suggestion, SuggestionKind
from search_service.search.completion.typed import TextWord, Typed, read_words


class SuggestionBuilder:
    """Makes the suggestions for an input.

    Args:
        typed: the input.
        analysis: folds values.
        cache: analysed chunks of texts.
    """

    def __init__(self, typed: Typed, analysis: Analysis, cache: ChunkCache) -> None:
        self._typed = typed
        self._analysis = analysis
        self._cache = cache

    def searches(self, candidates: Candidates, size: int) -> list[Suggestion]:
        """Return words and phrases to search for: as many of each, as far as there are."""
        words, phrases = candidates.words(), candidates.phrases()
        if len(self._typed.words) > 1 and not phrases:
            phrases = candidates.last_words()
        of_words = max(size - len(phrases), (size + 1) // 2)
        return [self._search(one) for one in [*words[:of_words], *phrases][:size]]

    def _search(self, candidate: Candidate) -> Suggestion:
        text = candidate.text
        heads = [word.surface for word in self._typed.words[:-1]]
        if candidate.length == 1 and heads:  # only its last word is of a document
            text = " ".join((*heads, text))
        kind: SuggestionKind = "phrase" if candidate.length > 1 or heads else "word"
        return Suggestion(kind, text, candidate.field, candidate.id, 0)

    def titles(self, field: Field, documents: Iterable[Document], size: int) -> list[Suggestion]:
        """Return the titles that have all that was typed, each once however it is spelt; as it was typed first."""
        found: dict[str, tuple[bool, Suggestion]] = {}
        for document, text, as_typed in self._completing(field, documents):
            title = Suggestion("title", text, field.name, document.id)
            found.setdefault(self._analysis.value_keys[text], (not as_typed, title))
        return [title for _, title in sorted(found.values(), key=itemgetter(0))][:size]

    def values(self, field: Field, documents: Iterable[Document], size: int) -> list[Suggestion]:
        """Return the values that have all that was typed, those of most documents first."""
        documents_with: Counter[str] = Counter()
        first: dict[str, Suggestion] = {}
        for document, text, _ in self._completing(field, documents):
            key = self._analysis.value_keys.of(field, text)
            documents_with[key] += 1
            first.setdefault(key, Suggestion("value", text, field.name, document.id, 0))
        return [first[key] for key, _ in documents_with.most_common(size)]

    def _completing(self, field: Field, documents: Iterable[Document]) -> Iterator[tuple[Document, str, bool]]:
        """Yield the values of a field that have words with all beginnings.

        Each comes with its document, and with whether the last word is as it was typed, also with the article.
        """
        *heads, last = self._typed.words
        for document in documents:
            for value in values_of(document.source, field.name):
                words = list(read_words(value, self._cache))
                if not all(any(map(beginning.begins, words)) for beginning in (last, *heads)):
                    continue
                yield document, written_value(value), any(word.exact.startswith(last.exact) for word in words)

    def marked(self, suggestion: Suggestion) -> Suggestion:
        """Return a suggestion with marks on what was typed."""
        marks = (self._mark(suggestion.text, word) for word in read_words(suggestion.text, self._cache))
        return replace(suggestion, marks=tuple(mark for mark in marks if mark))

    def _mark(self, text: str, word: TextWord) -> Mark | None:
        parts = [beginning.typed_part(word) for beginning in self._typed.words if beginning.begins(word)]
        if not parts:
            return None
        first, last = max(parts, key=itemgetter(1))
        starts = self._analysis.char_filter.fold_with_offsets(text[word.start : word.end])[1]
        if len(starts) <= last:  # it folds otherwise as a part of its text
            return Mark(word.start, word.end)
        return Mark(word.start + starts[first], word.start + starts[last])
