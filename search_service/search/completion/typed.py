"""What was typed into a search box, as the beginnings that the words of a completion must have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from index_config.morphology import ARTICLE, MAX_PREFIX_LENGTH
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import strip_article
from search_service.highlight.matcher import ChunkCache
from search_service.query.clauses import Term
from search_service.query.tree import Node, SuggestPrefix, all_of, any_of

HAMZA_SEATS = "ؤئء"
"""Letters that are typed for each other: مسئول, مسؤول. They fold to different letters."""

_CHUNK = re.compile(r"\S+")


class TextWord(NamedTuple):
    """A word of a text.

    Attributes:
        exact: folded.
        bare: folded, without the article.
        lemmas: its lemmas.
        start: the first code point of it in the text.
        end: the code point after it.
        follows: whether nothing but white space is between it and the word before.
    """

    exact: str
    bare: str
    lemmas: tuple[str, ...]
    start: int
    end: int
    follows: bool


@dataclass(frozen=True, slots=True)
class Beginning:
    """A typed word, as the beginning of a word.

    Attributes:
        surface: as typed.
        exact: what words begin with, in each spelling, as typed first; the article, if nothing else was typed.
        bare: what words begin with after the article.
        indexed: the terms of the `prefix` analyzer, which drops the letters of the article also where they are none.
    """

    surface: str
    exact: tuple[str, ...]
    bare: tuple[str, ...]
    indexed: tuple[str, ...]

    @classmethod
    def of(cls, surface: str, *spellings: str) -> Beginning:
        """Return the beginning of a typed word with its folded spellings."""
        if surface == ARTICLE:
            return cls(surface, (ARTICLE,), (), ())
        bare = tuple(map(strip_article, spellings)) if surface.startswith(ARTICLE) else spellings
        return cls(surface, spellings, bare, tuple(dict.fromkeys(map(prefix_term, spellings))))

    @property
    def is_article(self) -> bool:
        """Whether it is the article alone, which every word with an article begins with."""
        return not self.bare

    @property
    def has_article(self) -> bool:
        """Whether the article was typed. With a typed hamza, the alef belongs to the word: ألم."""
        return self.surface.startswith(ARTICLE)

    def begins(self, word: TextWord) -> bool:
        """Return whether a word begins with it, with or without the article."""
        if self.is_article:
            return word.bare != word.exact
        return word.exact.startswith(self.exact) or word.bare.startswith(self.bare)

    def is_word(self, word: TextWord) -> bool:
        """Return whether a word is this one, with or without the article."""
        return word.exact in self.exact or word.bare in self.bare

    def typed_part(self, word: TextWord) -> tuple[int, int]:
        """Return which letters of a folded word that begins with it were typed."""
        for form in self.exact:
            if word.exact.startswith(form):
                return 0, len(form)
        article = len(word.exact) - len(word.bare)
        return article, article + max(len(form) for form in self.bare if word.bare.startswith(form))


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of an input. In a phrase, all but the last one are whole words."""

    words: tuple[Beginning, ...]

    @property
    def last(self) -> Beginning:
        """The word that is being typed."""
        return self.words[-1]

    def node(self, field: str) -> Node:
        """Return the node for documents with words of all these beginnings in a suggest field."""
        return all_of(
            any_of(SuggestPrefix(field, term) for term in word.indexed) for word in self.words if not word.is_article
        )


def prefix_term(form: str) -> str:
    """Return the term of the `prefix` analyzer that words which begin with a folded form have."""
    return strip_article(form)[:MAX_PREFIX_LENGTH]


def read_typed(words: Iterable[Term], analysis: Analysis) -> Typed | None:
    """Return the words of a parsed input as beginnings; None if there are none."""
    read = tuple(Beginning.of(word.surface, word.exact, *_other_seats(word.surface, analysis)) for word in words)
    return Typed(read) if read else None


def read_words(text: str, cache: ChunkCache) -> Iterator[TextWord]:
    """Yield the words of a text.

    >>> from index_config.table import load_table
    >>> words = read_words("المدرسة، ألمانيا", ChunkCache(Analysis(load_table().mapping)))
    >>> [(word.exact, word.bare, word.follows) for word in words]
    [('المدرسه', 'مدرسه', False), ('المانيا', 'المانيا', False)]
    """
    reached = False  # whether the word before ends its chunk
    for chunk in _CHUNK.finditer(text):
        at, length = chunk.start(), len(chunk[0])
        words = cache[chunk[0]]
        for exact, lemmas, first, last in words:
            if first == last:  # a sign such as ﷺ has words that are no part of the text
                reached = False
                continue
            start = at + first
            bare = exact
            if exact.startswith(ARTICLE) and text[start] == ARTICLE[0]:
                bare = strip_article(exact)
            yield TextWord(exact, bare, lemmas, start, at + last, reached and first == 0)
            reached = last == length
        reached = reached and bool(words)


def _other_seats(surface: str, analysis: Analysis) -> list[str]:
    """Return the foldings of a typed word with another seat of its hamza, one after the other."""
    others = [
        surface[:place] + seat + surface[place + 1 :]
        for place, letter in enumerate(surface)
        if letter in HAMZA_SEATS
        for seat in HAMZA_SEATS
    ]
    folded = dict.fromkeys(word for other in others for word in analysis.exact_words(other)[:1])
    return [word for word in folded if word not in analysis.exact_words(surface)]
