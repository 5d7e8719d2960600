"""Reads some of the documents that match a node."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.core.document import Document
from search_service.core.filters import Filters
from search_service.engines.base import Selection
from search_service.engines.elasticsearch.search.responses import Answer, document
from search_service.engines.elasticsearch.search.session import SearchSession


def selected(session: SearchSession, selections: Sequence[Selection], filters: Filters) -> list[list[Document]]:
    """Return the documents of each selection that pass some filters, all read in one request."""
    if not selections:
        return []
    answers = session.search([session.queries.selection(one, filters) for one in selections])
    by_value = bool(session.schema.default_sort)
    return [
        documents if one.newest and by_value else sorted(documents, key=lambda document: document.id)
        for one, documents in zip(selections, map(_documents, answers), strict=True)
    ]


def _documents(answer: Answer) -> list[Document]:
    return [document(hit) for hit in answer["hits"]["hits"]]
