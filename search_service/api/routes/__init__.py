"""The routes under `/v1` and the health checks, one module per subject."""

from __future__ import annotations

from flask import Blueprint

from search_service.admin.jobs import JobService
from search_service.admin.service import AdminService
from search_service.api.routes import (
    analyze,
    bulk,
    contract,
    documents,
    facets,
    health,
    indexes,
    jobs,
    multi_search,
    search,
)
from search_service.core.index_name import IndexName
from search_service.ingestion.documents import DocumentService
from search_service.search.service import SearchService


def api_blueprint(
    service: SearchService,
    default_index: IndexName,
    documents_of: DocumentService,
    admin: AdminService,
    jobs_of: JobService | None = None,
) -> Blueprint:
    """Return the HTTP interface.

    Args:
        service: searches.
        default_index: the index of the readiness check.
        documents_of: reads and changes documents.
        admin: creates and deletes indexes.
        jobs_of: starts jobs; None for an interface without them.
    """
    api = Blueprint("api", __name__)
    for subject in (search, multi_search, facets, analyze):
        subject.add_routes(api, service)
    for changing in (documents, bulk):
        changing.add_routes(api, service, documents_of)
    indexes.add_routes(api, service, admin)
    if jobs_of:
        jobs.add_routes(api, admin, jobs_of)
    health.add_routes(api, service, default_index)
    contract.add_routes(api)
    return api
