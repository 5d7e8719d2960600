"""How the words of a document match those of a query: as typed, in another form, corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import lower
from search_service.core.document import SourceFields, values_of
from search_service.highlight.matcher import Matcher
from search_service.query.clauses import ExpansionKind, Term, WordPrefix
from search_service.query.query import Query


class MatchKind(StrEnum):
    """How a word of a document matches a word of a query, the closest first."""

    EXACT = "exact"
    SPELLING = "spelling"
    FORM = "form"
    PLURAL = "plural"
    COMPOUND = "compound"
    CORRECTION = "correction"
    BEGINNING = "beginning"


KIND_OF_EXPANSION: Mapping[ExpansionKind, MatchKind] = {
    ExpansionKind.BROKEN_PLURAL: MatchKind.PLURAL,
    ExpansionKind.MISSPELLING: MatchKind.SPELLING,
    ExpansionKind.COMPOUND: MatchKind.COMPOUND,
    ExpansionKind.CORRECTION: MatchKind.CORRECTION,
    ExpansionKind.FORM: MatchKind.FORM,
}


@dataclass(frozen=True, slots=True)
class MatchedWord:
    """A word of a query, and what of a document it matches.

    Attributes:
        word: the word as typed.
        found: the words of the document as it first writes them, with how often it has each, by kind; empty if the
            document has none.
    """

    word: str
    found: Mapping[MatchKind, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class _Written:
    """A word of a document in its indexed forms, with how it is written first and how often it is there."""

    text: str
    exact: str
    lemmas: frozenset[str]
    count: int


def matched_words(
    query: Query, corrected: Collection[str], analysis: Analysis, source: SourceFields, names: Sequence[str]
) -> tuple[MatchedWord, ...]:
    """Return the content words of a query, each with the marked words of a document that match it.

    Args:
        query: the query after query understanding.
        corrected: the words, as typed, that query understanding corrected.
        analysis: that of the index.
        source: the document.
        names: the fields whose matches are marked.

    >>> from index_config.table import load_table
    >>> from search_service.query.parser import parse_query
    >>> analysis = Analysis(load_table().mapping)
    >>> source = {"text": "المدرسة والمدرسة ثم مدرسة"}
    >>> [word] = matched_words(parse_query("مدرسة", analysis), (), analysis, source, ["text"])
    >>> [(kind.value, *words) for kind, words in word.found.items()]
    [('exact', ('مدرسة', 1)), ('form', ('المدرسة', 1), ('والمدرسة', 1))]
    """
    written = list(_marked(Matcher(query, analysis), analysis, source, names))
    terms = [MatchedWord(term.surface, _found(written, term, term.surface in corrected)) for term in query.scored_words]
    beginnings = [MatchedWord(prefix.surface, _begun(written, prefix)) for prefix, _ in query.word_prefixes]
    return (*terms, *beginnings)


def _marked(matcher: Matcher, analysis: Analysis, source: SourceFields, names: Sequence[str]) -> Iterator[_Written]:
    """Yield the words that a matcher marks in a document, each folded form once."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for name in names:
        for text in values_of(source, name):
            for mark in matcher.in_field(name).find_marks(text):
                piece = text[mark.start : mark.end]
                for token in analysis.words(piece):
                    exact = lower(token.text)
                    counts[exact] += 1
                    first.setdefault(exact, piece[token.start : token.end])
    for exact, count in counts.items():
        yield _Written(first[exact], exact, frozenset(analysis.lemmatizer.index_terms(exact)), count)


def _found(written: Iterable[_Written], term: Term, is_corrected: bool) -> dict[MatchKind, list[tuple[str, int]]]:
    """Return the words that match a term; whatever matches a corrected one does so only because of the correction."""
    found = ((kind, word) for word in written if (kind := _kind(word, term)))
    return _by_kind((MatchKind.CORRECTION if is_corrected else kind, word) for kind, word in found)


def _begun(written: Iterable[_Written], prefix: WordPrefix) -> dict[MatchKind, list[tuple[str, int]]]:
    return _by_kind((MatchKind.BEGINNING, word) for word in written if word.exact.startswith(prefix.beginnings))


def _by_kind(found: Iterable[tuple[MatchKind, _Written]]) -> dict[MatchKind, list[tuple[str, int]]]:
    """Return words by kind, the closest kind first, the most frequent words of each first."""
    kinds: dict[MatchKind, list[tuple[str, int]]] = {}
    for kind, word in found:
        kinds.setdefault(kind, []).append((word.text, word.count))
    return {kind: sorted(kinds[kind], key=lambda pair: -pair[1]) for kind in MatchKind if kind in kinds}


def _kind(word: _Written, term: Term) -> MatchKind | None:
    """Return how a word of a document matches a word of a query; None if it does not."""
    if word.exact in (term.exact, term.without_conjunction):
        return MatchKind.EXACT
    if word.exact in term.variants:
        return MatchKind.SPELLING
    if not word.lemmas.isdisjoint(term.lemmas):
        return MatchKind.FORM
    for expansion in term.expansions:
        if expansion.lemma in word.lemmas:
            return KIND_OF_EXPANSION[expansion.kind]
    return MatchKind.COMPOUND if word.exact in term.compound_parts else None
