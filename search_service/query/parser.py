"""From the text of a query to the query tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index_config.morphology import COMPOUND
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import grams, lower
from search_service.query.tree import Query, QueryWord

_QUOTED = re.compile(r'"([^"]*)"|[“”„‟]([^“”„‟]*)[“”‟]|[«»]([^«»]*)[«»]')
"""Keyboards and right-to-left editors swap the opening and the closing mark: either opens and either closes."""

_COMPOUND = re.compile(COMPOUND)
_SEATED_HAMZA = re.compile("[ؤئ]")


def parse_query(text: str, analysis: Analysis) -> Query:
    """Analyse the text of a query; quoted parts (`"…"`, `“…”`, `«…»`) are phrases, a lone quotation mark is nothing.

    A single quoted word beside others is an ordinary word.

    >>> from index_config.table import load_table
    >>> query = parse_query('"الولايات المتحدة" وفرنسا', Analysis(load_table().mapping))
    >>> query.phrases, [word.stem for word in query.unquoted]
    ((('الولايات', 'المتحده'),), ['فرنسا'])
    """
    parts = [
        ([query_word(part[token.start : token.end], token.text, analysis) for token in analysis.words(part)], quoted)
        for part, quoted in _parts(text)
    ]
    parts = [(_with_joined(found, analysis), quoted) for found, quoted in parts if found]
    # A single word in quotes among others is a title or a name, as headlines write it: a word like the rest.
    parts = [(found, quoted and (len(found) > 1 or len(parts) == 1)) for found, quoted in parts]
    words = [word for found, _ in parts for word in found]
    unquoted = [word for found, quoted in parts if not quoted for word in found]
    phrases = [found for found, quoted in parts if quoted]
    exact = dict.fromkeys(tuple(word.exact for word in phrase) for phrase in phrases)
    return Query(text, tuple(words), tuple(exact), tuple(unquoted), _pairs(words))


def without_quotes(query: Query) -> Query:
    """Return the query with its phrases taken as plain words."""
    return Query(query.text, query.words, (), query.words, query.bigrams)


def with_words(query: Query, change: Callable[[Sequence[QueryWord]], Sequence[QueryWord]]) -> Query:
    """Return the query with other words; its phrases stay as they are written."""
    words = tuple(change(query.words))
    return Query(query.text, words, query.phrases, tuple(change(query.unquoted)), _pairs(words))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a query in order, each with whether it stood in quotation marks."""
    end = 0
    for match in _QUOTED.finditer(text):
        yield text[end : match.start()], False
        yield next(group for group in match.groups() if group is not None), True
        end = match.end()
    yield text[end:], False


def _pairs(words: Sequence[QueryWord]) -> tuple[tuple[str, ...], ...]:
    neighbours = pairwise(word.exact for word in words)
    return tuple(dict.fromkeys((*neighbours, *(word.compound_parts for word in words if word.compound_parts))))


def _with_joined(words: Sequence[QueryWord], analysis: Analysis) -> list[QueryWord]:
    """Let two words that are also written as one find that one."""
    found = list(words)
    for place, (first, second) in enumerate(pairwise(words)):
        joined = first.exact + second.exact
        if _compound_parts(joined) == (first.exact, second.exact):
            relative = analysis.stemmer.stem(joined)
            for at in (place, place + 1):
                found[at] = replace(found[at], expansions=(*found[at].expansions, relative))
    return found


def _compound_parts(word: str) -> tuple[str, ...]:
    match = _COMPOUND.fullmatch(word)
    return tuple(group for group in match.groups() if group) if match else ()


def query_word(surface: str, folded: str, analysis: Analysis) -> QueryWord:
    """Return the forms of a folded word, and how it was typed."""
    exact = lower(folded)
    stem, is_content = analysis.stemmer.stem(exact), exact not in analysis.stopwords
    others = (*_otherwise_spelt(surface, analysis), *analysis.expansions(exact, stem)) if is_content else ()
    expansions = tuple(dict.fromkeys(other for other in others if other != stem))
    return QueryWord(surface, exact, stem, tuple(grams(exact)), is_content, expansions, _compound_parts(exact))


def _otherwise_spelt(surface: str, analysis: Analysis) -> Iterator[str]:
    """Yield the stems of a word with its hamza on other seats: مسؤول and مسئول share no n-gram once they are folded."""
    if _SEATED_HAMZA.search(surface):
        for seat in "ؤئء":
            yield analysis.stemmer.stem(analysis.fold(_SEATED_HAMZA.sub(seat, surface)))
