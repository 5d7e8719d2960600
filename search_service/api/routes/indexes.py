"""The list of indexes."""

from __future__ import annotations

from flask import Blueprint

from search_service.api import serializers
from search_service.api.endpoints import endpoint
from search_service.api.schemas import responses
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/indexes", tag="indexes")
    def list_indexes() -> responses.Indexes:
        """Return all indexes with their state."""
        return {"indexes": [serializers.index_stats(stats) for stats in service.indexes()]}
