"""The values of facets."""

from __future__ import annotations

from flask import Blueprint

from search_service.api import serializers
from search_service.api.endpoints import endpoint
from search_service.api.problems import say
from search_service.api.schemas import responses
from search_service.api.schemas.requests import FacetRequest
from search_service.core.filters import FacetOrder
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/indexes/<index>/facets/<field>", "GET", "POST", tag="search", smaller_with="size")
    def facet_values(index: IndexName, field: str, request: FacetRequest) -> responses.FacetValues:
        """Return the values of a facet with their document counts, the most frequent first or in their order."""
        counted = service.facet(
            index, request.to_search(), field, request.contains, request.size, FacetOrder(request.sort)
        )
        return {
            "field": field,
            "values": serializers.buckets(counted.items),
            "error_bound": counted.error_bound,
            **serializers.completeness(counted.degraded, say),
        }
