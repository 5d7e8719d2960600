"""Makes the terms of the words of a text."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from search_service.analysis.analyzer import Analysis, Token
from search_service.analysis.filters import grams, lower
from search_service.query.clauses import CONJUNCTION, Term
from search_service.query.joined import is_joined

MIN_WITH_CONJUNCTION = 4
"""Letters of the shortest word that may begin with the conjunction و."""


def make_term(surface: str, folded: str, analysis: Analysis, stopwords: AbstractSet[str]) -> Term:
    """Return the term of a word: as typed (`surface`), and in its indexed forms."""
    exact = lower(folded)
    lemmas = analysis.lemmatizer.terms(exact)
    without_conjunction = ""
    if (
        exact.startswith(CONJUNCTION)
        and len(exact) >= MIN_WITH_CONJUNCTION
        and analysis.lemmatizer.terms(exact[1:]) == lemmas
    ):
        without_conjunction = exact[1:]
    return Term(
        surface, exact, lemmas, tuple(grams(exact)), exact not in stopwords, without_conjunction=without_conjunction
    )


def read_terms(text: str, analysis: Analysis, stopwords: AbstractSet[str] = frozenset()) -> list[Term]:
    """Return the terms of a text. A conjunction و that is typed apart is part of the next word.

    >>> from index_config.table import load_table
    >>> [(term.surface, term.exact) for term in read_terms("الأرض و السماء", Analysis(load_table().mapping))]
    [('الأرض', 'الارض'), ('و السماء', 'والسماء')]
    """
    terms: list[Term] = []
    conjunction: Token | None = None
    previous: Token | None = None
    for token in analysis.words(text):
        term = _term_of(text, token, analysis, stopwords)
        if previous and is_joined(text[previous.end : token.start], previous.text, token.text):
            term = replace(term, is_joined=True)
        if conjunction and _takes_conjunction(term) and text[conjunction.end : token.start].isspace():
            joined = make_term(text[conjunction.start : token.end], CONJUNCTION + term.exact, analysis, stopwords)
            is_content = term.is_content and joined.is_content
            terms[-1] = replace(joined, is_content=is_content, without_conjunction=term.exact, is_apart=True)
        else:
            terms.append(term)
        conjunction = token if token.text == CONJUNCTION else None
        previous = token
    return terms


def _term_of(text: str, token: Token, analysis: Analysis, stopwords: AbstractSet[str]) -> Term:
    """Return the term of a word. The words of a sign such as ﷺ, which have no part of the text, are like stop words."""
    surface = text[token.start : token.end]
    term = make_term(surface or text[token.start], token.text, analysis, stopwords)
    return term if surface else replace(term, is_content=False)


def _takes_conjunction(term: Term) -> bool:
    """Whether a word is Arabic, so that a conjunction before it is written together with it."""
    return term.exact != CONJUNCTION and "\u0620" <= term.exact[0] <= "\u064a"
