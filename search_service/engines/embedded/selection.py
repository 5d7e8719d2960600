"""Reads some of the documents that match a node."""

from __future__ import annotations

from search_service.core.deadline import check_deadline
from search_service.core.document import Document
from search_service.core.filters import Filters
from search_service.engines.base import Selection
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot


def selected(snapshot: Snapshot, selection: Selection, filters: Filters) -> list[Document]:
    """Return the documents of a selection that pass some filters.

    Any documents are those with the best scores: in the order of ids, a selection takes 25 ms of 50,000 matches.
    """
    check_deadline()
    query = snapshot.queries.filtered(selection.node, filters)
    order = snapshot.schema.default_sort.removeprefix("-") if selection.newest else ""
    hits = snapshot.searcher.search(query, selection.size, count=False, order_by_field=order or None).hits
    documents = [fields.document_of(snapshot.load(address)) for _, address in hits]
    return documents if order else sorted(documents, key=lambda document: document.id)
