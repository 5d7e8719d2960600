"""The routes under `/v1` and the health checks."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request

from search_service.api.readiness import Readiness
from search_service.api.schemas import requests, responses
from search_service.api.schemas.requests import FILTER, RANGE, Parameters
from search_service.core.errors import InvalidParameter
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService

FILTER_NAMES = ("q", "date_from", "date_to", "fields", FILTER, RANGE)


def api_blueprint(service: SearchService, default_index: str) -> Blueprint:
    """Return the HTTP interface of a search service; `default_index` is the one that has to be ready."""
    api = Blueprint("api", __name__)
    readiness = Readiness(service, default_index)

    @api.get("/v1/indexes")
    def indexes() -> Response:
        Parameters(request, ())
        return _json({"indexes": [responses.index_stats(stats) for stats in service.indexes()]})

    @api.get("/v1/indexes/<index>/search")
    def search(index: str) -> Response:
        given = Parameters(request, (*requests.SEARCH_NAMES, FILTER, RANGE))
        return _search(service, index, requests.search_request(given), given.names("source"))

    @api.post("/v1/indexes/<index>/search")
    def search_by_body(index: str) -> Response:
        body = requests.json_body(request, requests.BODY_NAMES)
        return _search(service, index, requests.search_body(body), requests.names_member(body, "source"))

    @api.get("/v1/indexes/<index>/facets/<field>")
    def facet(index: str, field: str) -> Response:
        given = Parameters(request, (*FILTER_NAMES, "contains", "size"))
        wanted = requests.filter_request(given)
        counted = service.facet(index, wanted, field, given.text("contains"), given.number("size", 20))
        return _json({"field": field, "values": responses.buckets(counted.items), **responses.partial(counted)})

    @api.post("/v1/indexes/<index>/highlight")
    def highlight(index: str) -> Response:
        body = requests.json_body(request, ("text", "q"))
        text, q = requests.required_text(body, "text"), requests.required_text(body, "q")
        pieces = service.highlight(index, text, q)
        return _json({"fragments": [responses.fragment(piece) for piece in pieces]})

    @api.get("/v1/indexes/<index>/suggest")
    def suggest(index: str) -> Response:
        given = Parameters(request, ("q", "size"))
        found = service.suggest(index, given.text("q"), given.number("size", 8))
        return _json({"suggestions": responses.completions(found.items), **responses.partial(found)})

    @api.get("/v1/indexes/<index>/similar/<path:document_id>")
    def similar(index: str, document_id: str) -> Response:
        given = Parameters(request, ("size", "source"))
        found = service.similar(index, document_id, given.number("size", 10))
        hits = responses.hits(found.items, given.names("source"))
        return _json({"hits": hits, **responses.partial(found)})

    @api.get("/v1/indexes/<index>/explain/<path:document_id>")
    def explain(index: str, document_id: str) -> Response:
        given = Parameters(request, FILTER_NAMES)
        found = service.explain(index, requests.filter_request(given), document_id)
        return _json(responses.explanation(found))

    @api.get("/v1/indexes/<index>/documents/<path:document_id>")
    def document(index: str, document_id: str) -> Response:
        Parameters(request, ())
        return _json(responses.document(service.document(index, document_id)))

    @api.post("/v1/indexes/<index>/analyze")
    def analyze(index: str) -> Response:
        body = requests.json_body(request, ("text", "analyzer"))
        service.schema(index)
        tokens = service.analyze(requests.required_text(body, "text"), requests.text_member(body, "analyzer"))
        return _json(responses.analysis(tokens))

    @api.get("/healthz")
    def healthz() -> Response:
        return _json({"status": "ok"})

    @api.get("/readyz")
    def readyz() -> Response:
        return readiness.answer()

    return api


def _search(service: SearchService, index: str, wanted: SearchRequest, source: list[str] | None) -> Response:
    known = [field.name for field in service.schema(index).fields]
    for name in source or ():
        if name not in known:
            raise InvalidParameter("source", "unknown-field", value=name, allowed=tuple(known))
    return _json(responses.search_response(service.search(index, wanted), source))


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), mimetype="application/json")
