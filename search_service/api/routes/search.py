"""Searching an index, completing a query, and explaining a score."""

from __future__ import annotations

from http import HTTPStatus

import flask
from flask import Blueprint

from search_service.api import serializers
from search_service.api.endpoints import Answer, endpoint
from search_service.api.problems import say
from search_service.api.schemas import responses
from search_service.api.schemas.requests import SuggestRequest
from search_service.api.search_tags import tagged
from search_service.core.errors import UnknownDocument
from search_service.core.index_name import IndexName
from search_service.search.request import QueryRequest, SearchRequest
from search_service.search.service import SearchService


def add_routes(api: Blueprint, service: SearchService) -> None:
    """Add the routes of this subject."""

    @endpoint(
        api,
        "/v1/indexes/<index>/search",
        "GET",
        "POST",
        tag="search",
        statuses={
            HTTPStatus.OK: "The result",
            HTTPStatus.NOT_MODIFIED: "With GET: the result is as the client knows it",
        },
        headers={"ETag": "With GET: the entity tag of the result, for `If-None-Match`."},
        request_headers={"If-None-Match": "With GET: the entity tag of the result that the client has."},
        smaller_with="source",
    )
    def search(index: IndexName, request: SearchRequest) -> Answer[responses.SearchResult]:
        """Return the documents that match a query, with facets and highlights."""

        def result() -> responses.SearchResult:
            return serializers.search_result(service.search(index, request), say)

        if flask.request.method == "POST":
            return Answer(result())
        return tagged(request, service.version(index), result)

    @endpoint(api, "/v1/indexes/<index>/suggest", "GET", "POST", tag="search")
    def suggest(index: IndexName, request: SuggestRequest) -> responses.Suggestions:
        """Return what completes an input: words, phrases, titles and values that documents have.

        Article, hamza, tashkeel, ة and ى do not matter. If nothing completes the input, it is read as typed in the
        other keyboard layout (Arabic or English), then as typed with one error.
        """
        offered = service.suggest(index, request.q, request.size, request.to_search())
        return {
            "suggestions": serializers.suggestions(offered.items),
            **serializers.completeness(offered.degraded, say),
        }

    @endpoint(
        api,
        "/v1/indexes/<index>/explain/<path:document_id>",
        "GET",
        "POST",
        tag="search",
        raises=(UnknownDocument,),
    )
    def explain(index: IndexName, document_id: str, request: QueryRequest) -> responses.Explanation:
        """Return the score of a document for a query, by tier and word."""
        return serializers.explanation(service.explain(index, request.to_search(), document_id), say)
