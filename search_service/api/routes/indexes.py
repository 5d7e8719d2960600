"""The indexes that there are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from search_service.api import serializers
from search_service.api.endpoints import endpoint
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/indexes")
    def indexes() -> dict[str, Any]:
        return {"indexes": [serializers.index_stats(stats) for stats in service.indexes()]}
