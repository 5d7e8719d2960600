"""The Flask application factory."""

from __future__ import annotations

from flask import Flask

from search_service.api import admission, compression, problems
from search_service.api.admission import Admission
from search_service.api.deadlines import REQUEST_SECONDS
from search_service.api.routes import api_blueprint
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService

DEFAULT_REQUEST_SECONDS = 10.0


def create_api(
    service: SearchService,
    default_index: IndexName,
    request_seconds: float = DEFAULT_REQUEST_SECONDS,
    gate: Admission | None = None,
) -> Flask:
    """Return an application with the HTTP interface; `web` adds the search page.

    Args:
        service: answers the requests.
        default_index: the index of the readiness check.
        request_seconds: the longest time of a request.
        gate: the admission control; without it, every request is admitted.
    """
    app = Flask("search_service", static_folder=None)
    app.url_map.merge_slashes = False  # an id can start with a slash or contain two
    app.config[REQUEST_SECONDS] = request_seconds
    app.register_blueprint(api_blueprint(service, default_index))
    problems.register(app)
    compression.register(app)
    if gate:
        admission.register(app, gate)
    return app
