"""From the text of a query to its words and phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import grams, lower
from search_service.query.tree import Clause, Phrase, Query, Term

_QUOTED = re.compile(r'"([^"]*)"|[“”„‟]([^“”„‟]*)[“”‟]|[«»]([^«»]*)[«»]')
"""Keyboards and right-to-left editors swap the opening and the closing mark: either opens and either closes."""


def parse_query(text: str, analysis: Analysis, stopwords: AbstractSet[str] = frozenset()) -> Query:
    """Parse the text of a query; quoted parts (`"…"`, `“…”`, `«…»`) are phrases, a lone quotation mark is nothing.

    A single quoted word beside others is an ordinary word.

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
        # A single word in quotes among others is a title or a name, as headlines write it: a word like the rest.
        if quoted and (len(words) > 1 or len(parts) == 1):
            clauses.append(Phrase(tuple(word.exact for word in words), tuple(words)))
        else:
            clauses += words
    return Query(text, tuple(clauses))


def without_quotes(query: Query) -> Query:
    """Return the query with its phrases taken as plain words."""
    return Query(query.text, query.words)


def make_term(surface: str, folded: str, analysis: Analysis, stopwords: AbstractSet[str]) -> Term:
    """Return a word as it was typed, in the forms it is looked up by."""
    exact = lower(folded)
    return Term(surface, exact, analysis.stemmer.stem(exact), tuple(grams(exact)), exact not in stopwords)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a query in order, each with whether it is quoted."""
    end = 0
    for match in _QUOTED.finditer(text):
        yield text[end : match.start()], False
        yield next(group for group in match.groups() if group is not None), True
        end = match.end()
    yield text[end:], False
