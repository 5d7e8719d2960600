"""The indexes: list, describe, create and delete them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint

from search_service.admin.schemas import schema_of_request
from search_service.admin.service import AdminService
from search_service.api import serializers
from search_service.api.endpoints import Answer, endpoint
from search_service.api.problems import say
from search_service.api.schemas import responses
from search_service.api.schemas.definitions import IndexDefinition
from search_service.api.schemas.requests import DescribeRequest
from search_service.core.errors import IndexExists, InvalidParameter
from search_service.core.index_name import IndexName
from search_service.search.service import SearchService

INDEX = "/v1/indexes/<index>"


def add_routes(api: Blueprint, service: SearchService, admin: AdminService) -> None:
    """Add the routes of this subject."""

    @endpoint(api, "/v1/indexes", tag="indexes")
    def list_indexes() -> responses.Indexes:
        """Return all indexes with their state."""
        return {"indexes": [serializers.index_stats(stats, say) for stats in service.indexes()]}

    @endpoint(api, INDEX, tag="indexes", smaller_with="values")
    def describe_index(index: IndexName, request: DescribeRequest) -> responses.IndexDescription:
        """Return the state of an index, its schema, and what its documents have in each field.

        An index that cannot be searched is described, too. With a key that has a filter, only the documents that pass
        it count.
        """
        return serializers.index_description(service.describe(index, request.values), say)

    @endpoint(
        api,
        INDEX,
        "PUT",
        tag="indexes",
        scope="admin",
        statuses={
            HTTPStatus.CREATED: "The index was created",
            HTTPStatus.OK: "It exists with this schema, and is as it was",
        },
        raises=(IndexExists,),
    )
    def create_index(index: IndexName, body: IndexDefinition) -> Answer[responses.Index]:
        """Create an empty index.

        An index that exists with another schema is left as it is; a job of kind `reindex` gives it another schema.
        """
        if unknown := body.keys() - {"schema"}:
            raise InvalidParameter(min(unknown), "unknown-parameter", allowed=("schema",))
        if "schema" not in body:
            raise InvalidParameter("schema", "missing-parameter", expected="string or object")
        created = admin.create(index, schema_of_request(body["schema"]))
        status = HTTPStatus.CREATED if created else HTTPStatus.OK
        return Answer(serializers.index_stats(admin.status(index), say), status)

    @endpoint(
        api,
        INDEX,
        "DELETE",
        tag="indexes",
        scope="admin",
        statuses={HTTPStatus.NO_CONTENT: "The index was deleted"},
    )
    def delete_index(index: IndexName) -> Answer[None]:
        """Delete an index with all of its documents and generations."""
        admin.delete(index)
        return Answer(None, HTTPStatus.NO_CONTENT)
