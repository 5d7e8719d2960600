"""Clauses of Elasticsearch's query language.

Plain dictionaries: a search has some hundred clauses, and `elasticsearch.dsl` makes an object of each and copies them
all at the end, which took a quarter of the processor time that the service needs for a search. Aggregations, of which
there are few, are made with it (`aggregations.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Query = dict[str, Any]
"""A query, as Elasticsearch reads it. Queries share parts, so none is changed once it is made."""

MATCH_ALL: Query = {"match_all": {}}
MATCH_NONE: Query = {"match_none": {}}


def bool_query(
    *,
    filter: Sequence[Query] = (),
    must: Sequence[Query] = (),
    must_not: Sequence[Query] = (),
    should: Sequence[Query] = (),
    minimum_should_match: int | None = None,
    name: str = "",
) -> Query:
    """Return the query of several clauses; empty ones are left out.

    >>> bool_query(filter=[MATCH_ALL], should=[])
    {'bool': {'filter': [{'match_all': {}}]}}
    """
    clauses: Query = {}
    if filter:
        clauses["filter"] = list(filter)
    if must:
        clauses["must"] = list(must)
    if must_not:
        clauses["must_not"] = list(must_not)
    if should:
        clauses["should"] = list(should)
    if minimum_should_match is not None:
        clauses["minimum_should_match"] = minimum_should_match
    if name:
        clauses["_name"] = name
    return {"bool": clauses}


def match(field: str, terms: Iterable[str], required: int | None = None, **options: Any) -> Query:
    """Return the query for documents with `required` of the index terms; by default 1.

    >>> match("title", ["كتب", "قرا"], boost=2)
    {'match': {'title': {'query': 'كتب قرا', 'boost': 2}}}
    """
    minimum = {} if required is None else {"minimum_should_match": required}
    return {"match": {field: {"query": " ".join(terms), **minimum, **options}}}


def match_phrase(field: str, words: Iterable[str], **options: Any) -> Query:
    """Return the query for adjacent terms."""
    return {"match_phrase": {field: {"query": " ".join(words), **options}}}


def any_of(queries: Iterable[Query]) -> Query:
    """Return the query for documents that match one of several."""
    should = list(queries)
    return should[0] if len(should) == 1 else bool_query(should=should, minimum_should_match=1)
