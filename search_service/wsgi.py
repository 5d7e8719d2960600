"""The application under its short address: `search_service.wsgi:create_app()`."""

from search_service.server.wsgi import create_app

__all__ = ["create_app"]
