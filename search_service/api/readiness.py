"""The readiness check, which load balancers call every few seconds."""

from __future__ import annotations

import logging
import threading

import orjson
from flask import Response

from search_service.api.problems import HEADERS, not_ready_problem
from search_service.api.schemas import responses
from search_service.api.serializers import sentence
from search_service.core.errors import SearchServiceError
from search_service.core.index_name import IndexName
from search_service.core.index_state import Health
from search_service.search.service import SearchService

logger = logging.getLogger(__name__)


class Readiness:
    """The readiness of one index. Checks are frequent, so only changes are logged.

    They are not bounded by the admission control, so one runs at a time: a slow engine is not asked by many threads.
    """

    def __init__(self, service: SearchService, index: IndexName) -> None:
        self._service = service
        self._index = index
        self._last_problem = ""
        self._lock = threading.Lock()
        self._last: Health | SearchServiceError | None = None

    def response(self) -> Response:
        """Return the readiness: ready, degraded, or a problem document with status 503.

        While a check runs, further callers get the result before it, and wait only if there is none.
        """
        if self._lock.acquire(blocking=self._last is None):
            try:
                self._last = self._check()
            finally:
                self._lock.release()
        last = self._last or self._check()
        if isinstance(last, SearchServiceError):
            return not_ready_problem(last)
        content: responses.Readiness = {"status": "ready", "index": self._index}
        if last.degraded:
            warnings = [sentence(warning) for warning in last.degraded]
            content = {"status": "degraded", "index": self._index, "warnings": warnings}
        return Response(orjson.dumps(content), headers=HEADERS, mimetype="application/json")

    def _check(self) -> Health | SearchServiceError:
        try:
            health = self._service.health(self._index)
        except SearchServiceError as error:
            self._log_change(f"index {self._index!r} is not ready: {error}")
            return error
        degraded = ", ".join(map(str, health.degraded))
        self._log_change(f"index {self._index!r} is degraded: {degraded}" if degraded else "")
        return health

    def _log_change(self, problem: str) -> None:
        """Log a problem, empty for none, if it differs from the last one."""
        if problem and problem != self._last_problem:
            logger.warning("%s", problem)
        elif self._last_problem and not problem:
            logger.warning("index %r is ready again", self._index)
        self._last_problem = problem
