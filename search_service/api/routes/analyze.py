"""Analysis and highlighting of a text."""

from __future__ import annotations

from flask import Blueprint

from search_service.api import serializers
from search_service.api.endpoints import endpoint
from search_service.api.schemas import responses
from search_service.api.schemas.requests import AnalyzeRequest, HighlightRequest
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/indexes/<index>/analyze", "POST", tag="search", smaller_with="text")
    def analyze(index: IndexName, request: AnalyzeRequest) -> responses.Analysis:
        """Return the tokens of a text by analyzer."""
        service.schema(index)  # raises UnknownIndex
        return serializers.analysis(service.analyze(request.text, request.analyzer))

    @endpoint(api, "/v1/indexes/<index>/highlight", "POST", tag="search", smaller_with="text")
    def highlight(index: IndexName, request: HighlightRequest) -> responses.Highlights:
        """Return the fragments of a text that a query matches, with the matches marked."""
        return {
            "fragments": [
                serializers.fragment(fragment)
                for fragment in service.highlight(index, request.text, request.q, request.fragment_options)
            ]
        }
