"""Single documents of an index."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import flask
from flask import Blueprint

from search_service.api import serializers
from search_service.api.conditions import CONDITION_HEADERS, conditions_of, is_unchanged, quoted
from search_service.api.endpoints import Answer, endpoint
from search_service.api.problems import say
from search_service.api.schemas import responses
from search_service.api.schemas.requests import ChangeRequest, SimilarRequest
from search_service.core.document import entity_tag
from search_service.core.errors import InvalidDocument, InvalidParameter, PreconditionFailed, UnknownDocument
from search_service.core.index_name import IndexName
from search_service.engines.documents import Outcome
from search_service.ingestion.documents import DocumentService, Written
from search_service.search.service import SearchService

DOCUMENT = "/v1/indexes/<index>/documents/<path:document_id>"
ETAG = {"ETag": "The entity tag of the document, for `If-Match` and `If-None-Match`."}


def add_routes(api: Blueprint, service: SearchService, documents: DocumentService) -> None:
    """Add the routes of this subject."""

    @endpoint(
        api,
        DOCUMENT,
        tag="documents",
        statuses={HTTPStatus.OK: "The document", HTTPStatus.NOT_MODIFIED: "The document is as the client knows it"},
        headers=ETAG,
        raises=(UnknownDocument,),
    )
    def get_document(index: IndexName, document_id: str) -> Answer[responses.Document]:
        """Return a document as it was written, with every change that is acknowledged."""
        found = documents.get(index, document_id)
        tag = entity_tag(found)
        flask.g.is_not_compressed = True  # a strong entity tag is of these bytes
        if is_unchanged(flask.request, tag):
            unchanged: Answer[Any] = Answer(None, HTTPStatus.NOT_MODIFIED, {"ETag": quoted(tag)})
            return unchanged
        return Answer(serializers.document(found), headers={"ETag": quoted(tag)})

    @endpoint(
        api,
        DOCUMENT,
        "PUT",
        tag="documents",
        scope="write",
        statuses={HTTPStatus.OK: "The document was replaced", HTTPStatus.CREATED: "The document was added"},
        headers=ETAG,
        request_headers=CONDITION_HEADERS,
        raises=(InvalidDocument, PreconditionFailed),
        max_body_bytes=documents.max_document_bytes,
    )
    def put_document(
        index: IndexName, document_id: str, request: ChangeRequest, body: dict[str, Any]
    ) -> Answer[responses.WrittenDocument]:
        """Add a document, or replace the one of the same id.

        The body is the document: an object with the fields of the schema. It is durable when the answer is there, and
        searches find it within a second.
        """
        raw = _with_id(body, document_id)
        return _answer(documents.put(index, raw, conditions_of(flask.request), wait=request.wait))

    @endpoint(
        api,
        DOCUMENT,
        "PATCH",
        tag="documents",
        scope="write",
        statuses={HTTPStatus.OK: "The document was changed"},
        headers=ETAG,
        request_headers=CONDITION_HEADERS,
        raises=(InvalidDocument, PreconditionFailed, UnknownDocument),
        max_body_bytes=documents.max_document_bytes,
    )
    def patch_document(
        index: IndexName, document_id: str, request: ChangeRequest, body: dict[str, Any]
    ) -> Answer[responses.WrittenDocument]:
        """Change some fields of a document.

        The body is a JSON merge patch (RFC 7396): it has the fields to change, and null for those to remove. Changes
        of the same document at the same time are made one after the other, and none is lost.
        """
        patch = _with_id(body, document_id)
        return _answer(documents.patch(index, document_id, patch, conditions_of(flask.request), wait=request.wait))

    @endpoint(
        api,
        DOCUMENT,
        "DELETE",
        tag="documents",
        scope="write",
        statuses={HTTPStatus.NO_CONTENT: "The document was removed"},
        request_headers=CONDITION_HEADERS,
        raises=(InvalidDocument, PreconditionFailed, UnknownDocument),
    )
    def delete_document(index: IndexName, document_id: str, request: ChangeRequest) -> Answer[None]:
        """Remove a document."""
        documents.delete(index, document_id, conditions_of(flask.request), wait=request.wait)
        return Answer(None, HTTPStatus.NO_CONTENT)

    @endpoint(
        api,
        "/v1/indexes/<index>/similar/<path:document_id>",
        "GET",
        "POST",
        tag="search",
        raises=(UnknownDocument,),
        smaller_with="source",
    )
    def similar_documents(index: IndexName, document_id: str, request: SimilarRequest) -> responses.SimilarDocuments:
        """Return the documents that are most similar to one."""
        found = service.similar(index, document_id, request.size, request.source)
        return {
            "hits": serializers.hits(found.items),
            **serializers.completeness(found.degraded, say),
        }


def _with_id(body: dict[str, Any], document_id: str) -> dict[str, Any]:
    """Return a document with the id of the address.

    Raises:
        InvalidParameter: it has another one.
    """
    given = body.get("id", document_id)
    if isinstance(given, bool) or not isinstance(given, str | int) or str(given) != document_id:
        raise InvalidParameter("id", "id-differs", value=str(given), id=document_id)
    return {**body, "id": document_id}


def _answer(written: Written) -> Answer[responses.WrittenDocument]:
    created = written.outcome is Outcome.CREATED
    content: responses.WrittenDocument = {
        "id": written.document.id,
        "result": "created" if created else "replaced",
        "visible": written.visible,
        "warnings": [say(doubt) for doubt in written.doubts],
    }
    status = HTTPStatus.CREATED if created else HTTPStatus.OK
    return Answer(content, status, {"ETag": quoted(entity_tag(written.document))})
