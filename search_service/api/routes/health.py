"""The health checks: liveness of the process, and readiness of the default index."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response

from search_service.api.endpoints import endpoint, json_response
from search_service.api.readiness import Readiness
from search_service.api.schemas import responses
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService, default_index: IndexName) -> None:
    """Add the routes of this subject."""
    readiness = Readiness(service, default_index)

    @endpoint(api, "/healthz", tag="service", scope=None, answers=responses.Liveness)
    def healthz() -> Response:
        """Return whether the process answers."""
        return json_response({"status": "ok"})

    @endpoint(
        api,
        "/readyz",
        tag="service",
        scope=None,
        answers=responses.Readiness,
        statuses={HTTPStatus.OK: "It can", HTTPStatus.SERVICE_UNAVAILABLE: "It cannot; the code says why"},
    )
    def readyz() -> Response:
        """Return whether the default index can be searched."""
        return readiness.response()
