"""Polls and cancels long-running tasks of Elasticsearch.

The requests are built here because the client logs a warning, that the API may change, at each use of its task API.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search_service.core.errors import RebuildFailed, SearchServiceError
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.retry import Backoff, retry

POLL_SECONDS = 0.2
"""Time between two polls."""

UNREACHABLE_SECONDS = 60.0
"""Time for which polling may fail: longer than the loss of a node goes unnoticed, shorter than its restart."""

ACCEPT = {"accept": "application/json"}

logger = logging.getLogger(__name__)


def wait(client: Elasticsearch, task: str) -> dict[str, Any]:
    """Wait for a task and return its result; cancel the task if this process is interrupted.

    Raises:
        RebuildFailed: the task failed, or ended with its node.
        EngineUnavailable: Elasticsearch does not answer any more.
    """
    try:
        while True:
            answer = _state(client, task)
            if answer["completed"]:
                return _result(answer)
            time.sleep(POLL_SECONDS)
    except BaseException:
        cancel(client, task)
        raise


def cancel(client: Elasticsearch, task: str) -> None:
    """Cancel a task if it is still running."""
    try:
        with translate_errors():
            path = f"/_tasks/{task}/_cancel?wait_for_completion=true"
            client.perform_request("POST", path, headers=ACCEPT, endpoint_id="tasks.cancel")
    except SearchServiceError as error:
        logger.warning("task %s of Elasticsearch could not be cancelled (%s)", task, error)


def _state(client: Elasticsearch, task: str) -> dict[str, Any]:
    def request() -> dict[str, Any]:
        try:
            return dict(client.perform_request("GET", f"/_tasks/{task}", headers=ACCEPT, endpoint_id="tasks.get").body)
        except NotFoundError:
            raise RebuildFailed("merge-lost") from None

    return retry(request, Backoff(UNREACHABLE_SECONDS))


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    response: dict[str, Any] = answer.get("response") or {}
    problem = answer.get("error") or response.get("canceled")
    if problem:
        raise RebuildFailed("merge-failed", reason=_reason(problem))
    return response


def _reason(problem: Any) -> str:
    return str(problem.get("reason", problem) if isinstance(problem, dict) else problem)[:300]
