"""Runs the analyzers (`index_config.analyzers`): text to tokens with offsets into the original."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice, pairwise
from typing import NamedTuple

from index_config.analyzers import ANALYZERS_BY_NAME
from index_config.morphology import LEAD_ENDS
from index_config.word_forms import word_forms_digest
from search_service.analysis import filters, tokenizer
from search_service.analysis.charfilter import CharFilter
from search_service.analysis.lemmas import Lemmatizer
from search_service.analysis.values import ValueKeys

ANALYSIS_VERSION = 5
"""Increase it when the analysis produces other tokens from the same configuration: older indexes become stale."""


PUNCTUATION = '"«»()[]{}.,،:;؛!؟?…-–—“”'
"""Signs at the edge of a chunk that are never part of a word: a chunk is analysed without them."""

SHORT = 32
"""Code points of the longest text that is first tried as one word: nine of ten chunks between white space are."""


class Token(NamedTuple):
    """A term made of a word, and the position of the word in the text.

    Attributes:
        text: the term.
        start: the first code point of the word in the original text.
        end: the code point after its last.
        position: the number of the word in the text; all terms of one word share it.
    """

    text: str
    start: int
    end: int
    position: int


WordFilter = Callable[[str], Sequence[str]]
"""A token filter that looks at one word."""

TextFilter = Callable[[Iterable[Token]], list[Token]]
"""A token filter that looks at a whole text."""


class Analysis:
    """Runs the analyzers for one configuration.

    Args:
        mapping: the normalisation table, code point to its folding.
        protected: folded words that the stemmer does not change by rule, with their stems.
        names: folded words that are names.

    Attributes:
        value_keys: the keys of keyword values.
    """

    def __init__(
        self,
        mapping: Mapping[str, str],
        protected: Mapping[str, str] | None = None,
        names: AbstractSet[str] = frozenset(),
    ) -> None:
        self.mapping = mapping
        self._protected = protected or {}
        self._names = names
        self.char_filter = CharFilter(mapping)
        self.stemmer = filters.LightStemmer(protected)
        self.value_keys = ValueKeys(mapping)
        self.lemmatizer = Lemmatizer(self.stemmer.stem, names=self._names)
        self._word_filters: dict[str, WordFilter] = {
            "lowercase": _single(filters.lower),
            "lemmas": self.lemmatizer.index_terms,
            "light_stem": _single(self.stemmer.stem),
            "strip_article": _single(filters.strip_article),
            "grams": filters.grams,
            "prefixes": filters.prefixes,
        }
        self._text_filters: dict[str, TextFilter] = {"beginning": _beginning, "unique": _unique, "pairs": _pairs}

    def tokens(self, analyzer: str, text: str) -> list[Token]:
        """Run an analyzer over an original text.

        Raises:
            KeyError: there is no analyzer of that name.

        >>> from index_config.table import load_table
        >>> analysis = Analysis(load_table().mapping)
        >>> [(token.text, token.start, token.end) for token in analysis.tokens("stem", "وَالمَدْرَسَة الكُبرى")]
        [('مدرس', 0, 13), ('كبر', 14, 21)]
        """
        tokens = self.words(text)
        for name in ANALYZERS_BY_NAME[analyzer].filters:
            if name in self._text_filters:
                tokens = self._text_filters[name](tokens)
            else:
                change = self._word_filters[name]
                tokens = [Token(term, start, end, at) for text, start, end, at in tokens for term in change(text)]
        return tokens

    def word_terms(self, names: Sequence[str]) -> WordFilter:
        """Return a function from a lower-cased folded word to its terms by some word filters."""
        chain = [self._word_filters[name] for name in names if name != "lowercase"]

        def terms(word: str) -> Sequence[str]:
            found: Sequence[str] = (word,)
            for change in chain:
                found = [term for text in found for term in change(text)]
            return found

        return chain[0] if len(chain) == 1 else terms

    def words(self, text: str) -> list[Token]:
        """Return the tokens of an original text before any token filter: its folded words."""
        if len(text) <= SHORT and (core := text.strip(PUNCTUATION)) and (word := self._single_word(core)):
            start = 0 if core == text else text.index(core)
            return [Token(word, start, start + len(core), 0)]
        folded, starts = self.char_filter.fold_with_offsets(text)
        return [
            Token(folded[start:end], starts[start], starts[end], position)
            for position, (start, end) in enumerate(tokenizer.spans(folded))
        ]

    def _single_word(self, text: str) -> str:
        """Return the folded text if the whole text is one word, else an empty string."""
        folded = self.char_filter.fold_short(text)
        whole = tokenizer.is_arabic_word(folded) and self.char_filter.fold_short(text[0]) != ""
        return folded if whole else ""

    def exact_words(self, text: str) -> list[str]:
        """Return the terms of the `exact` analyzer for a short text, without offsets."""
        folded = self.char_filter.fold_short(text)
        if tokenizer.is_arabic_word(folded):
            return [folded]
        return [filters.lower(folded[start:end]) for start, end in tokenizer.spans(folded)]

    def configuration(self) -> dict[str, object]:
        """Return the configuration that an index depends on."""
        return {
            "table": dict(self.mapping),
            "protected": dict(self._protected),
            "word_forms": word_forms_digest(),
            "names": self._names,
        }

    def fold(self, text: str) -> str:
        """Return a short text folded and lower-cased, to compare values."""
        return filters.lower(self.char_filter.fold(text))


def _single(change: Callable[[str], str]) -> WordFilter:
    return lambda word: (change(word),)


def _beginning(tokens: Iterable[Token]) -> list[Token]:
    first = list(islice(tokens, max(LEAD_ENDS)))
    return [token for end in LEAD_ENDS for token in first[:end]]


def _unique(tokens: Iterable[Token]) -> list[Token]:
    """Keep the first occurrence of each word."""
    first: dict[str, Token] = {}
    for token in tokens:
        first.setdefault(token.text, token)
    return list(first.values())


def _pairs(tokens: Iterable[Token]) -> list[Token]:
    return [
        Token(f"{first.text} {second.text}", first.start, second.end, first.position)
        for first, second in pairwise(tokens)
    ]
