"""The results before and after a document in the search that led to it."""

from __future__ import annotations

from dataclasses import dataclass

from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from search_service.web.links import PAGE_SIZE
from search_service.web.url_state import PAGE, State


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The URLs of the results before and after a document; empty at the ends, or if the search has not found it."""

    previous: str = ""
    next: str = ""


def neighbours(
    service: SearchService, index: IndexName, document_id: str, wanted: SearchRequest, state: State
) -> Neighbours:
    """Return the neighbours of a document on the page of results that `state` names, and one beyond each end of it."""
    if not state.is_search:
        return Neighbours()
    first = PAGE_SIZE * ((wanted.page or 1) - 1)
    offset = max(first - 1, 0)
    around = {"page": None, "offset": offset, "size": first + PAGE_SIZE + 1 - offset, "highlight": False, "source": ()}
    try:
        found = service.search(index, wanted.model_copy(update=around))
    except InvalidParameter:  # a search that finds nothing, such as one by a field that is not there
        return Neighbours()
    hits = found.hits if found.groups is None else [group.hits[0] for group in found.groups if group.hits]
    ids = [hit.id for hit in hits]
    if document_id not in ids:
        return Neighbours()

    def link(at: int) -> str:
        page = (offset + at) // PAGE_SIZE + 1
        there = state.updated(**{PAGE: "" if page == 1 else str(page)})
        return there.href("page.document", document_id=ids[at]) if 0 <= at < len(ids) else ""

    at = ids.index(document_id)
    return Neighbours(link(at - 1), link(at + 1))
