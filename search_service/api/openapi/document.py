"""Builds the OpenAPI 3.1 document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from flask import Flask

from search_service.api.endpoints import Lines
from search_service.api.openapi.bodies import HEADERS, declared_responses, problem_responses, request_body
from search_service.api.openapi.examples import EXAMPLES
from search_service.api.openapi.parameters import header_parameter, path_parameter, query_parameters
from search_service.api.openapi.schemas import Schema, Schemas, item_type
from search_service.api.operations import Operation, operations
from search_service.api.request_bodies import BodyStream
from search_service.api.schemas.requests import IndexedSearch
from search_service.api.schemas.responses import Problem

OPENAPI = "3.1.1"
DISTRIBUTION = "arabic-search-service"

DESCRIPTION = """\
Full-text search of Arabic documents: queries as they are typed, documents as they are written, the original words \
highlighted.

A request has its parameters in the query string (GET) or in a JSON object (POST). An unknown name is refused, so a \
typing error never changes the result silently. Errors are problem documents (RFC 9457): `code` is stable, `detail` \
says what to change, in Arabic if `Accept-Language` prefers it, and `type` is the address of a page with more.

Each answer has an `X-Request-ID`: that of the request, if it has one of at most 128 letters, digits and signs. It is \
also in the log. `Server-Timing` has the milliseconds of the engine, of the queue, and of the service itself.\
"""

TAGS: Mapping[str, str] = {
    "search": "Search an index, and what belongs to a search: completions, facets, highlights, explanations.",
    "documents": "The documents of an index.",
    "indexes": "The indexes.",
    "jobs": "Work that outlives its request.",
    "service": "The service itself: health checks, this document, the problems.",
}

SECURITY_SCHEMES: Mapping[str, Schema] = {
    "key": {"type": "http", "scheme": "bearer", "description": "A key of the service: `Authorization: Bearer KEY`."}
}


def build_document(known: Iterable[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of some operations."""
    listed = list(known)
    schemas = _schemas(listed)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        for method in operation.methods:
            described = _describe(operation, method, schemas)
            paths.setdefault(path_of(operation), {})[method.lower()] = described
    used = {operation.tag for operation in listed}
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Arabic search service",
            "version": version(DISTRIBUTION),
            "description": DESCRIPTION,
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items() if name in used],
        "paths": paths,
        "components": {
            "schemas": schemas.used_by(paths),
            "headers": HEADERS,
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def document_text(app: Flask) -> str:
    """Return the document of an application as indented JSON."""
    document = build_document(operations(app).values())
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def path_of(operation: Operation) -> str:
    """Return the path of an operation with its variables in braces."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", operation.rule)


def _schemas(listed: Iterable[Operation]) -> Schemas:
    models = [operation.request for operation in listed if operation.request]
    models.append(IndexedSearch)  # within the body of another
    others: list[Any] = [Problem]
    for operation in listed:
        for kind, stream in ((operation.content, Lines), (operation.body, BodyStream)):
            if kind is not None:
                others.append(item_type(kind, stream) or kind)
    return Schemas(models, others)


def _describe(operation: Operation, method: str, schemas: Schemas) -> dict[str, Any]:
    """Return one method of an operation."""
    examples = [one for one in EXAMPLES.get(operation.name, ()) if one.method == method]
    is_first = method == operation.methods[0]
    described: dict[str, Any] = {
        "operationId": operation.name if is_first else f"{operation.name}_by_{method.lower()}",
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "security": _security(operation),
        "parameters": list(_parameters(operation, method, schemas)),
        "requestBody": request_body(operation, method, schemas, examples),
        "responses": {**declared_responses(operation, schemas, examples), **problem_responses(operation, method)},
    }
    return {name: value for name, value in described.items() if value or name == "security"}


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """Return the keys that an operation needs. Whether a search needs one is a setting."""
    if operation.scope is None:
        return []
    needed: dict[str, list[str]] = {"key": [operation.scope]}
    return [needed, {}] if operation.scope == "search" else [needed]


def _parameters(operation: Operation, method: str, schemas: Schemas) -> Iterator[Schema]:
    yield from map(path_parameter, operation.variables)
    if operation.request and not operation.reads_request_from_body(method):
        yield from query_parameters(operation.request, schemas.members(operation.request))
    yield from map(header_parameter, operation.request_headers, operation.request_headers.values())
