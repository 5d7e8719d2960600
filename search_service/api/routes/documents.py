"""The documents of an index."""

from __future__ import annotations

from flask import Blueprint

from search_service.api import serializers
from search_service.api.endpoints import endpoint
from search_service.api.schemas import responses
from search_service.api.schemas.requests import SimilarRequest
from search_service.core.errors import UnknownDocument
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/indexes/<index>/documents/<path:document_id>", tag="documents", raises=(UnknownDocument,))
    def get_document(index: IndexName, document_id: str) -> responses.Document:
        """Return a document as it was indexed."""
        return serializers.document(service.document(index, document_id))

    @endpoint(
        api,
        "/v1/indexes/<index>/similar/<path:document_id>",
        tag="search",
        raises=(UnknownDocument,),
        smaller_with="source",
    )
    def similar_documents(index: IndexName, document_id: str, request: SimilarRequest) -> responses.SimilarDocuments:
        """Return the documents that are most similar to one."""
        found = service.similar(index, document_id, request.size, request.source)
        return {
            "hits": serializers.hits(found.items),
            **serializers.completeness(found.degraded),
        }
