"""The Flask application factory."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask
from werkzeug.routing import PathConverter

from search_service.admin.jobs import JobService
from search_service.admin.service import AdminService
from search_service.api import (
    access,
    admission,
    compression,
    cross_origin,
    problems,
    request_headers,
    security_headers,
)
from search_service.api.access import AccessControl
from search_service.api.admission import Admission
from search_service.api.deadlines import REQUEST_SECONDS
from search_service.api.routes import api_blueprint
from search_service.core.index_name import IndexName
from search_service.ingestion.documents import DocumentService
from search_service.search.service import SearchService

DEFAULT_REQUEST_SECONDS = 10.0
DEFAULT_DOCUMENT_BYTES = 10_000_000


class AnyPath(PathConverter):
    """The rest of a path, which can be any id of a document.

    Werkzeug's own does not match one that starts with a slash or contains a line break.
    """

    part_isolating = False
    regex = "(?s:.+?)"


def create_api(
    service: SearchService,
    default_index: IndexName,
    request_seconds: float = DEFAULT_REQUEST_SECONDS,
    gate: Admission | None = None,
    control: AccessControl | None = None,
    cors_origins: Collection[str] = (),
    max_document_bytes: int = DEFAULT_DOCUMENT_BYTES,
    jobs: JobService | None = None,
) -> Flask:
    """Return an application with the HTTP interface; `web` adds the search page.

    Args:
        service: answers the requests.
        default_index: the index of the readiness check.
        request_seconds: the longest time of a request.
        gate: the admission control; without it, every request is admitted.
        control: who may do what; without it, everybody may do everything.
        cors_origins: other sites whose pages may use the HTTP interface; `*` for all.
        max_document_bytes: larger documents are rejected.
        jobs: starts jobs; without it, there are no operations for jobs.
    """
    app = Flask("search_service", static_folder=None)
    app.url_map.merge_slashes = False  # an id can contain two
    app.url_map.converters["path"] = AnyPath
    app.config[REQUEST_SECONDS] = request_seconds
    documents = DocumentService(service.engine, max_document_bytes)
    admin = AdminService(service.engine, max_document_bytes)
    app.register_blueprint(api_blueprint(service, default_index, documents, admin, jobs))
    request_headers.register(app)
    problems.register(app)
    compression.register(app)
    security_headers.register(app)
    # In this order: a preflight has no key, and a refused caller takes no place of the admission control.
    if cors_origins:
        cross_origin.register(app, cors_origins)
    if control:
        access.register(app, control)
    if gate:
        admission.register(app, gate)
    return app
