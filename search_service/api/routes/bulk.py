"""Many documents of an index at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Literal

import orjson
from flask import Blueprint

from search_service.api.endpoints import Lines, endpoint
from search_service.api.problems import service_problem
from search_service.api.request_bodies import BodyStream
from search_service.api.schemas import responses
from search_service.api.schemas.requests import ChangeRequest, DeleteRequest
from search_service.core.errors import SearchServiceError
from search_service.core.index_name import IndexName
from search_service.engines.documents import Outcome
from search_service.ingestion.documents import DocumentService, LineResult
from search_service.search.service import SearchService

DOCUMENTS = "/v1/indexes/<index>/documents"

SAMPLE = 10
"""Ids that a removal shows."""

RESULTS: Mapping[Outcome, tuple[Literal["created", "replaced", "deleted"], HTTPStatus]] = {
    Outcome.CREATED: ("created", HTTPStatus.CREATED),
    Outcome.REPLACED: ("replaced", HTTPStatus.OK),
    Outcome.DELETED: ("deleted", HTTPStatus.OK),
}


def add_routes(api: Blueprint, service: SearchService, documents: DocumentService) -> None:
    """Add the routes of this subject."""

    @endpoint(
        api,
        DOCUMENTS,
        "POST",
        tag="documents",
        scope="write",
        statuses={HTTPStatus.OK: "The result of each line"},
    )
    def change_documents(
        index: IndexName, request: ChangeRequest, body: BodyStream[Any]
    ) -> Lines[responses.LineResult]:
        """Add, replace and remove documents, of any number.

        Each line is a document, or `{"upsert": DOCUMENT}`, or `{"delete": ID}`. The answer has a line for each, in
        their order, and comes while the body is still being sent. A wrong line changes nothing and hurts no other.
        What has a result is durable, also if the connection is lost later. The body may take as long as it needs, as
        long as a line is complete every 30 seconds. With `refresh=wait_for` the answer ends when searches find all of
        them.
        """
        service.schema(index)  # raises UnknownIndex, before the answer begins
        return Lines(_results(documents, index, body, request.wait))

    @endpoint(api, DOCUMENTS, "DELETE", tag="documents", scope="write")
    def delete_documents(index: IndexName, request: DeleteRequest) -> responses.Removal:
        """Remove the documents that filters select.

        Try it with `dry_run` first. It waits until searches find all changes that were acknowledged before. A document
        that is changed meanwhile is left alone. If the time of the request was not sufficient, `complete` is false:
        repeat the request.
        """
        wanted = request.to_search(SAMPLE)
        service.schema(index)  # raises UnknownIndex, before it waits
        is_current = documents.wait_visible(index)
        found = service.search(index, wanted)
        content: responses.Removal = {
            "total": found.total,
            "sample": [hit.id for hit in found.hits],
            "dry_run": request.dry_run,
            "deleted": 0,
            "changed": 0,
            "complete": False,
            "visible": False,
        }
        if not request.dry_run:
            removed = documents.delete_all(index, service.export(index, request.to_search(0)), wait=request.wait)
            content["deleted"], content["changed"] = removed.deleted, removed.changed
            content["complete"], content["visible"] = removed.complete and is_current, removed.visible
        return content


def _results(
    documents: DocumentService, index: IndexName, body: BodyStream[Any], wait: bool
) -> Iterator[responses.LineResult]:
    """Yield the results of the lines of a body; a body that breaks off has a last one, with the reason."""
    last = 0
    described = _Problems()
    try:
        for result in documents.bulk(index, body, wait=wait):
            last = result.number
            yield described.line(result)
    except SearchServiceError as error:
        yield described.line(LineResult(last + 1, None, error))


class _Problems:
    """Describes results; an error that several lines have is described, and logged, once."""

    def __init__(self) -> None:
        self._last: tuple[SearchServiceError, responses.Problem] | None = None

    def line(self, one: LineResult) -> responses.LineResult:
        """Return a line of the answer."""
        if isinstance(one.result, SearchServiceError):
            problem = self._of(one.result)
            return {"line": one.number, "id": one.document_id, "status": problem["status"], "problem": problem}
        name, status = RESULTS[one.result]
        return {"line": one.number, "id": one.document_id, "status": status.value, "result": name}

    def _of(self, error: SearchServiceError) -> responses.Problem:
        if self._last is None or self._last[0] is not error:
            self._last = error, orjson.loads(service_problem(error).get_data())
        return self._last[1]
