"""The application as gunicorn loads it: `gunicorn 'search_service.wsgi:create_app()'`."""

from __future__ import annotations

import os

from flask import Flask

from search_service.engines.factory import make_engine
from search_service.search import SearchService
from search_service.settings import Settings
from search_service.web.app import create_app as create_web_app


def create_app() -> Flask:
    """Build the application from the environment; indexes are opened at the first request, in each worker."""
    settings = Settings.from_environment(os.environ)
    return create_web_app(SearchService(make_engine(settings)), settings.default_index)
