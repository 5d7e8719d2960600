"""The analyzers: named chains of a character filter, a tokenizer and token filters.

========= ============================================== =========================================
analyzer  token filters                                  `وَالمَدْرَسَة الكُبرى`
========= ============================================== =========================================
exact     lowercase                                      `والمدرسه`, `الكبري`
stem      lowercase, light_stem                          `مدرس`, `كبر`
lead      lowercase, light_stem, beginning               `مدرس`, `كبر` of the first words of a text
ngram     lowercase, unique, grams                       `_وال`, `والم`, … `رسه_`, `_الك`, …
shingle   lowercase, pairs                               `والمدرسه الكبري`
prefix    lowercase, strip_article, prefixes             `و`, `وا`, … `والمدرسه`, `ك`, `كب`, … `كبري`
========= ============================================== =========================================

All share the character filter `normalization` (the table) and the tokenizer `words` (see their modules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from index_config.morphology import ARTICLE, LEAD_WORDS, MAX_PREFIX_LENGTH
from search_service.analysis import filters, tokenizer
from search_service.analysis.charfilter import CharFilter

ANALYSIS_VERSION = 3
"""Raised when the code of the analysis changes what it makes of a text: indexes made before are stale then."""


MIN_EXPANSION_STEM_LENGTH = 3
"""Letters of a stem that has relatives or is one: shorter ones are stems of too many words."""

SHORT = 32
"""Code points up to which a text is tried as a single word first: nine of ten words between white space are one."""


class Token(NamedTuple):
    """A form of a word, and where the word stands.

    Attributes:
        text: what is indexed or looked up.
        start: first code point of the word in the original text.
        end: code point behind its last.
        position: number of the word in the text; forms of one word share it.
    """

    text: str
    start: int
    end: int
    position: int


TokenFilter = Callable[[Iterable[Token]], list[Token]]


@dataclass(frozen=True, slots=True)
class Analyzer:
    """A named chain; `filters` are names of token filters in the order they run."""

    name: str
    filters: tuple[str, ...]
    char_filter: str = "normalization"
    tokenizer: str = "words"


ANALYZERS = (
    Analyzer("exact", ("lowercase",)),
    Analyzer("stem", ("lowercase", "light_stem")),
    Analyzer("lead", ("lowercase", "light_stem", "beginning")),
    Analyzer("ngram", ("lowercase", "unique", "grams")),
    Analyzer("shingle", ("lowercase", "pairs")),
    Analyzer("prefix", ("lowercase", "strip_article", "prefixes")),
)


class Analysis:
    """Runs the analyzers for one configuration.

    Args:
        mapping: the normalisation table, code point to its folding.
        protected: folded words that are not stemmed by rules, with their stems.
        stopwords: folded words that do not count in the match rule.
        expansions: groups of folded words that find each other.
    """

    def __init__(
        self,
        mapping: Mapping[str, str],
        protected: Mapping[str, str] | None = None,
        stopwords: AbstractSet[str] = frozenset(),
        expansions: Iterable[AbstractSet[str]] = (),
    ) -> None:
        self._mapping = mapping
        self._protected = protected or {}
        self.char_filter = CharFilter(mapping)
        self.stemmer = filters.LightStemmer(protected)
        self.stopwords = stopwords
        self._expansions = _related_stems(expansions, self.stemmer.stem)
        self._chains = {analyzer.name: analyzer for analyzer in ANALYZERS}
        self._filters: dict[str, TokenFilter] = {
            "lowercase": _each(filters.lower),
            "light_stem": _each(self.stemmer.stem),
            "strip_article": _each(filters.strip_article),
            "beginning": _beginning,
            "unique": _unique,
            "grams": _spread(filters.grams),
            "prefixes": _spread(filters.prefixes),
            "pairs": _pairs,
        }

    def tokens(self, analyzer: str, text: str) -> list[Token]:
        """Run an analyzer over an original text.

        Raises:
            KeyError: there is no analyzer of that name.

        >>> from index_config.table import load_table
        >>> analysis = Analysis(load_table().mapping)
        >>> [(token.text, token.start, token.end) for token in analysis.tokens("stem", "وَالمَدْرَسَة الكُبرى")]
        [('مدرس', 0, 13), ('كبر', 14, 21)]
        """
        chain = self._chains[analyzer]
        tokens = self.words(text)
        for name in chain.filters:
            tokens = self._filters[name](tokens)
        return tokens

    def words(self, text: str) -> list[Token]:
        """Return the folded words of an original text, before any token filter."""
        if len(text) <= SHORT and (word := self._single_word(text)):
            return [Token(word, 0, len(text), 0)]
        folded, starts = self.char_filter.fold_with_offsets(text)
        return [
            Token(folded[start:end], starts[start], starts[end], position)
            for position, (start, end) in enumerate(tokenizer.spans(folded))
        ]

    def _single_word(self, text: str) -> str:
        """Return the folded text when it is one word from its first code point to its last, else nothing."""
        folded = self.char_filter.fold_short(text)
        whole = tokenizer.is_arabic_word(folded) and self.char_filter.fold_short(text[0]) != ""
        return folded if whole else ""

    def exact_words(self, text: str) -> list[str]:
        """Return the texts of the `exact` analyzer's tokens, for a short text and without offsets."""
        folded = self.char_filter.fold_short(text)
        if tokenizer.is_arabic_word(folded):
            return [folded]
        return [filters.lower(folded[start:end]) for start, end in tokenizer.spans(folded)]

    def expansions(self, word: str, stem: str) -> tuple[str, ...]:
        """Return the stems of the words that a folded word of some stem finds besides its own forms."""
        return self._expansions.get(stem if _is_distinctive(stem) else filters.strip_article(word), ())

    def configuration(self) -> dict[str, object]:
        """Return what an index depends on: not stop words and relatives, which are judged when a query comes."""
        return {"table": dict(self._mapping), "protected": dict(self._protected)}

    def completed(self, word: str) -> str:
        """Return the form of a typed folded word that the `prefix` analyzer's tokens are compared with."""
        return filters.strip_article(word)[:MAX_PREFIX_LENGTH]

    def fold(self, text: str) -> str:
        """Fold and lower-case a short text as a whole, for comparing values."""
        return filters.lower(self.char_filter.fold(text))


def _related_stems(groups: Iterable[AbstractSet[str]], stem: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """Map each stem of a group to the others.

    A word has two stems when the stemmer takes its first letter for a conjunction: وثائق without the article, الوثائق
    with it. What remains of such a word can be a common one, so it must have some letters to count; a word without
    such a stem (قضية) is mapped itself, and is not found by the others.
    """
    related: dict[str, dict[str, None]] = {}
    for group in groups:
        forms = {word: {stem(word), stem(ARTICLE + word)} for word in sorted(group)}
        for word, own in forms.items():
            others = {one for other in group if other != word for one in forms[other]} - own
            for one in {one if _is_distinctive(one) else word for one in own}:
                related.setdefault(one, {}).update(dict.fromkeys(sorted(filter(_is_distinctive, others))))
    return {one: tuple(others) for one, others in related.items()}


def _is_distinctive(stem: str) -> bool:
    return len(stem) >= MIN_EXPANSION_STEM_LENGTH


def _each(change: Callable[[str], str]) -> TokenFilter:
    return lambda tokens: [Token(change(text), start, end, position) for text, start, end, position in tokens]


def _spread(forms: Callable[[str], list[str]]) -> TokenFilter:
    return lambda tokens: [
        Token(form, start, end, position) for text, start, end, position in tokens for form in forms(text)
    ]


def _beginning(tokens: Iterable[Token]) -> list[Token]:
    return list(islice(tokens, LEAD_WORDS))


def _unique(tokens: Iterable[Token]) -> list[Token]:
    """Keep each word where it first stands."""
    first: dict[str, Token] = {}
    for token in tokens:
        first.setdefault(token.text, token)
    return list(first.values())


def _pairs(tokens: Iterable[Token]) -> list[Token]:
    return [
        Token(f"{first.text} {second.text}", first.start, second.end, first.position)
        for first, second in pairwise(tokens)
    ]
