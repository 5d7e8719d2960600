"""From the text of a query to the query tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import grams, lower
from search_service.query import Query, QueryWord

_QUOTED = re.compile(r'"([^"]*)"|“([^“”]*)”|«([^«»]*)»|„([^„“”]*)[“”]')


def parse_query(text: str, analysis: Analysis) -> Query:
    """Analyse the text of a query; quoted parts (`"…"`, `“…”`, `«…»`) are phrases, a lone quotation mark is nothing.

    A single quoted word beside others is an ordinary word.

    >>> from index_config.table import load_table
    >>> query = parse_query('"الولايات المتحدة" وفرنسا', Analysis(load_table().mapping))
    >>> query.phrases, [word.stem for word in query.loose]
    ((('الولايات', 'المتحده'),), ['فرنسا'])
    """
    words: list[QueryWord] = []
    loose: list[QueryWord] = []
    phrases: list[list[QueryWord]] = []
    for part, quoted in _parts(text):
        found = [_word(part[token.start : token.end], token.text, analysis) for token in analysis.words(part)]
        words += found
        if not quoted:
            loose += found
        elif found:
            phrases.append(found)
    if any(len(phrase) == 1 for phrase in phrases) and (loose or len(phrases) > 1):
        # A single word in quotes among others is a title or a name, as headlines write it: a word like the rest.
        loose = [word for word in words if not any(word in phrase for phrase in phrases if len(phrase) > 1)]
        phrases = [phrase for phrase in phrases if len(phrase) > 1]
    pairs = tuple(dict.fromkeys(pairwise(word.exact for word in words)))
    exact = dict.fromkeys(tuple(word.exact for word in phrase) for phrase in phrases)
    return Query(text, tuple(words), tuple(exact), tuple(loose), pairs)


def without_quotes(query: Query) -> Query:
    """Return the query with its phrases taken as plain words."""
    return Query(query.text, query.words, (), query.words, query.pairs)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a query in order, each with whether it stood in quotation marks."""
    end = 0
    for match in _QUOTED.finditer(text):
        yield text[end : match.start()], False
        yield next(group for group in match.groups() if group is not None), True
        end = match.end()
    yield text[end:], False


def _word(surface: str, folded: str, analysis: Analysis) -> QueryWord:
    exact = lower(folded)
    return QueryWord(
        surface, exact, analysis.stemmer.stem(exact), tuple(grams(exact)), exact not in analysis.stopwords
    )
