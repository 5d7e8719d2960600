"""Queries that are understood without an index."""

from __future__ import annotations

from search_service.analysis.analyzer import Analysis
from search_service.query.parser import parse_query
from search_service.query.query import Query
from search_service.query.resources import packaged_resources
from search_service.query.understanding.context import Context
from search_service.query.understanding.pipeline import understand_query


def understand(text: str, analysis: Analysis) -> Query:
    """Parse a query and expand its words by the packaged lists; no spelling is corrected."""
    resources = packaged_resources(analysis).get()
    context = Context(analysis, resources, lambda _terms, _form: {}, lambda _words: {}, lambda: 0)
    query = parse_query(text, analysis, resources.stopwords)
    return understand_query(query, context, ("expansions", "compounds")).query
