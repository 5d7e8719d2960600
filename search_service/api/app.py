"""The Flask application factory."""

from __future__ import annotations

from flask import Flask

from search_service.api import problems
from search_service.api.reading import MAX_BODY_BYTES
from search_service.api.routes import api_blueprint
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService


def create_api(service: SearchService, default_index: IndexName) -> Flask:
    """Return an application with the HTTP interface; `web` adds the search page."""
    app = Flask("search_service", static_folder=None)
    app.url_map.merge_slashes = False  # an id can start with a slash or contain two
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.register_blueprint(api_blueprint(service, default_index))
    problems.register(app)
    return app
