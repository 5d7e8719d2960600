"""Search the index `things`, and read the answer."""

from __future__ import annotations

from typing import Any

from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.response import SearchResponse
from search_service.search.service import SearchService


def found(service: SearchService, q: str = "", **request: Any) -> SearchResponse:
    return service.search(IndexName("things"), SearchRequest(q=q, **request))


def ids(service: SearchService, q: str = "", **request: Any) -> list[str]:
    return [hit.id for hit in found(service, q, **request).hits]


def titles(*texts: str) -> list[dict[str, Any]]:
    return [{"id": str(number), "title": text} for number, text in enumerate(texts, 1)]


def counts(response: SearchResponse, field: str) -> dict[str, int]:
    return {bucket.value: bucket.count for bucket in response.facets[field]}
