"""Several searches in one request."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint

from search_service.api import serializers
from search_service.api.deadlines import request_deadline
from search_service.api.endpoints import MAX_ANSWER_BYTES, endpoint
from search_service.api.problems import content_of, language, log_error, say
from search_service.api.reading import read_members
from search_service.api.schemas import responses
from search_service.api.schemas.requests import IndexedSearch, MultiSearchRequest
from search_service.core.errors import ClientDisconnected, InvalidParameter, SearchServiceError
from search_service.core.index_name import IndexName
from search_service.messages.rendering import FrontEnd
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/multi-search", "POST", tag="search")
    def multi_search(request: MultiSearchRequest) -> responses.MultiSearchResult:
        """Return the results of several searches, of one index or several.

        Each has a result or a problem of its own. The request as a whole has one place in the queue and one time
        limit: searches that it leaves no time for have the problem `deadline-exceeded`.
        """
        outcomes = _Outcomes(service)
        return {"outcomes": [outcomes.of(members) for members in request.searches]}


class _Outcomes:
    """Searches one after the other; results are kept as JSON, which together is no larger than one answer may be."""

    def __init__(self, service: SearchService) -> None:
        self._service = service
        self._bytes = 0

    def of(self, members: Mapping[str, Any]) -> responses.SearchOutcome:
        """Return the outcome of a search."""
        named = members.get("index")
        index = named if isinstance(named, str) else None
        try:
            return {"index": index, "status": HTTPStatus.OK.value, "result": self._result(members)}
        except ClientDisconnected:
            raise
        except SearchServiceError as error:
            log_error(error)
            problem = content_of(error, FrontEnd.JSON_BODY, language())
            return {"index": index, "status": problem["status"], "problem": problem}

    def _result(self, members: Mapping[str, Any]) -> Any:
        wanted = read_members(IndexedSearch, members)
        with request_deadline(wanted.timeout_ms):
            result = serializers.search_result(self._service.search(IndexName(wanted.index), wanted), say)
        written = orjson.dumps(result)
        if self._bytes + len(written) > MAX_ANSWER_BYTES:
            raise InvalidParameter("source", "answer-too-large", count=len(written), limit=MAX_ANSWER_BYTES)
        self._bytes += len(written)
        return orjson.Fragment(written)
