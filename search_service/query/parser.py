"""Parses the text of a query into words and phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import grams, lower
from search_service.query.query import Clause, Phrase, Query, Term

_QUOTED = re.compile(r'"([^"]*)"|[“”„‟]([^“”„‟]*)[“”‟]|[«»]([^«»]*)[«»]')
"""Keyboards and right-to-left editors swap opening and closing marks, so each mark can open and close a phrase."""


def parse_query(text: str, analysis: Analysis, stopwords: AbstractSet[str] = frozenset()) -> Query:
    """Return the parsed query. Quoted parts (`"…"`, `“…”`, `«…»`) are phrases; an unpaired quotation mark is ignored.

    A single quoted word among other words is an ordinary word.

    >>> from index_config.table import load_table
    >>> query = parse_query('"الولايات المتحدة" وفرنسا', Analysis(load_table().mapping))
    >>> query.phrases, [word.stem for word in query.unquoted]
    ((('الولايات', 'المتحده'),), ['فرنسا'])
    """
    parts = [
        ([make_term(part[token.start : token.end], token.text, analysis, stopwords) for token in tokens], quoted)
        for part, quoted in _parts(text)
        if (tokens := analysis.words(part))
    ]
    clauses: list[Clause] = []
    for words, quoted in parts:
        # Headlines put titles and names in quotes: a single quoted word among other words is no phrase.
        if quoted and (len(words) > 1 or len(parts) == 1):
            clauses.append(Phrase(tuple(word.exact for word in words), tuple(words)))
        else:
            clauses += words
    return Query(text, tuple(clauses))


def without_quotes(query: Query) -> Query:
    """Return the query with phrases replaced by their words."""
    return Query(query.text, query.words)


def make_term(surface: str, folded: str, analysis: Analysis, stopwords: AbstractSet[str]) -> Term:
    """Return the term of a word: as typed (`surface`), and in its indexed forms."""
    exact = lower(folded)
    return Term(surface, exact, analysis.stemmer.stem(exact), tuple(grams(exact)), exact not in stopwords)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a query in order, each with whether it is quoted."""
    end = 0
    for match in _QUOTED.finditer(text):
        yield text[end : match.start()], False
        yield next(group for group in match.groups() if group is not None), True
        end = match.end()
    yield text[end:], False
