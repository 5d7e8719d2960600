"""The routes under `/v1` and the health checks, one module per subject."""

from __future__ import annotations

from flask import Blueprint

from search_service.api.routes import analyze, contract, documents, facets, health, indexes, search
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService


def api_blueprint(service: SearchService, default_index: IndexName) -> Blueprint:
    """Return the HTTP interface of a search service; `default_index` is the index of the readiness check."""
    api = Blueprint("api", __name__)
    for subject in (search, facets, documents, analyze, indexes):
        subject.add_routes(api, service)
    health.add_routes(api, service, default_index)
    contract.add_routes(api)
    return api
