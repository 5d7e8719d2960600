"""The health checks: liveness of the process, and readiness of the default index."""

from __future__ import annotations

from flask import Blueprint, Response

from search_service.api.endpoints import json_response
from search_service.api.readiness import Readiness
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService, default_index: IndexName) -> None:
    """Add the routes of this subject."""
    readiness = Readiness(service, default_index)

    @api.get("/healthz")
    def healthz() -> Response:
        return json_response({"status": "ok"})

    @api.get("/readyz")
    def readyz() -> Response:
        return readiness.response()
