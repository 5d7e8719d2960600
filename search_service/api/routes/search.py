"""Searching an index, completing a query, and explaining a score."""

from __future__ import annotations

from flask import Blueprint

from search_service.api import serializers
from search_service.api.endpoints import endpoint
from search_service.api.schemas import responses
from search_service.api.schemas.requests import SuggestRequest
from search_service.core.index_name import IndexName
from search_service.search.request import QueryRequest, SearchRequest
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/indexes/<index>/search", "GET", "POST", smaller_with="source")
    def search(index: IndexName, request: SearchRequest) -> responses.SearchResult:
        return serializers.search_result(service.search(index, request))

    @endpoint(api, "/v1/indexes/<index>/suggest")
    def suggest(index: IndexName, request: SuggestRequest) -> responses.Suggestions:
        completions = service.suggest(index, request.q, request.size)
        return {
            "suggestions": serializers.completions(completions.items),
            **serializers.completeness(completions.degraded),
        }

    @endpoint(api, "/v1/indexes/<index>/explain/<path:document_id>")
    def explain(index: IndexName, document_id: str, request: QueryRequest) -> responses.Explanation:
        return serializers.explanation(service.explain(index, request.to_search(), document_id))
