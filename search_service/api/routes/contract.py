"""The OpenAPI document."""

from __future__ import annotations

import hashlib
from functools import cache
from http import HTTPStatus
from typing import Any

import flask
import orjson
from flask import Blueprint, Response

from search_service.api.endpoints import endpoint
from search_service.api.openapi.document import build_document
from search_service.api.operations import operations


def add_routes(api: Blueprint) -> None:
    """Add the routes of this subject."""

    @cache
    def document() -> tuple[bytes, str]:
        """Return the document of the application and its digest, once for each process."""
        text = orjson.dumps(build_document(operations(flask.current_app).values()))
        return text, hashlib.sha256(text).hexdigest()[:16]

    @endpoint(
        api,
        "/openapi.json",
        tag="service",
        scope=None,
        answers=dict[str, Any],
        statuses={HTTPStatus.OK: "The document", HTTPStatus.NOT_MODIFIED: "It has not changed"},
        headers={"ETag": "A digest of the document, for `If-None-Match`."},
    )
    def openapi() -> Response:
        """Return the OpenAPI document of this service."""
        text, digest = document()
        response = Response(text, mimetype="application/json")
        response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"})
        response.set_etag(digest)
        response.make_conditional(flask.request)
        return response
