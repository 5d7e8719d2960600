"""Whether requests can be served: asked every few seconds by what sends them here."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response

from search_service.api.problems import describe, problem
from search_service.api.serializers import sentence
from search_service.core.errors import SearchServiceError
from search_service.search.service import SearchService

logger = logging.getLogger(__name__)


class Readiness:
    """The readiness of one index. As it is asked for so often, only a change of it is logged.

    Args:
        service: searches it.
        index: the one that has to be ready.
    """

    def __init__(self, service: SearchService, index: str) -> None:
        self._service = service
        self._index = index
        self._seen = ""

    def answer(self) -> Response:
        """Return the answer to a question for it."""
        try:
            degraded = self._service.health(self._index).degraded
        except SearchServiceError as error:
            self._note(f"index {self._index!r} is not ready: {error}")
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "Not ready", describe(error), error.code)
        content: dict[str, Any] = {"status": "ready", "index": self._index}
        if degraded:
            content = {"status": "degraded", "index": self._index, "warnings": [sentence(one) for one in degraded]}
        self._note(f"index {self._index!r} is degraded: {', '.join(map(str, degraded))}" if degraded else "")
        return Response(orjson.dumps(content), mimetype="application/json")

    def _note(self, problem: str) -> None:
        """Log what is wrong when it is something else than before."""
        if problem and problem != self._seen:
            logger.warning("%s", problem)
        elif self._seen and not problem:
            logger.warning("index %r is ready again", self._index)
        self._seen = problem
