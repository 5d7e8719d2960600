"""Builds the OpenAPI 3.1 document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from flask import Flask

from search_service.api.endpoints import Lines
from search_service.api.openapi.examples import EXAMPLES, Example, answers
from search_service.api.openapi.parameters import header_parameter, path_parameter, query_parameters
from search_service.api.openapi.problems import problem_codes
from search_service.api.openapi.schemas import Schema, Schemas, item_type
from search_service.api.operations import BODY_METHODS, JSON, NDJSON, Operation, operations
from search_service.api.reading import BodyStream
from search_service.api.schemas.responses import Problem

OPENAPI = "3.1.1"
DISTRIBUTION = "arabic-search-service"
PROBLEM = "application/problem+json"

DESCRIPTION = """\
Full-text search of Arabic documents: queries as they are typed, documents as they are written, the original words \
highlighted.

A request has its parameters in the query string (GET) or in a JSON object (POST). An unknown name is refused, so a \
typing error never changes the result silently. Errors are problem documents (RFC 9457): `code` is stable, `detail` \
says what to change, in Arabic if `Accept-Language` prefers it, and `type` is the address of a page with more.\
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


HEADERS: Mapping[str, Schema] = {
    "Content-Language": {
        "description": "The language of `title`, `detail` and `allowed`.",
        "schema": {"type": "string", "enum": ["en", "ar"]},
    },
    "RateLimit": {
        "description": "What is left of the limits of the caller, if it has any.",
        "schema": {"type": "string"},
    },
    "WWW-Authenticate": {
        "description": "How to authenticate, with status 401, and the missing scope, with status 403.",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "After how many seconds another try may succeed; absent if none would.",
        "schema": {"type": "integer"},
    },
}
"""The headers of problems."""


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
        "requestBody": _body(operation, method, schemas, examples),
        "responses": {**_answers(operation, schemas, examples), **_problems(operation, method)},
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


def _body(operation: Operation, method: str, schemas: Schemas, examples: Iterable[Example]) -> dict[str, Any] | None:
    if method not in BODY_METHODS:
        return None
    if operation.reads_request_from_body(method):
        return {"required": True, "content": {JSON: _content(schemas.of(operation.request), _bodies(examples))}}
    if operation.body is None:
        return None
    line = item_type(operation.body, BodyStream)
    if line:
        return {"required": True, "content": {NDJSON: _content(_lines(schemas.of(line)), _bodies(examples))}}
    content = _content(schemas.of(operation.body), _bodies(examples))
    return {"required": True, "content": dict.fromkeys(operation.content_types(method) or (JSON,), content)}


def _answers(operation: Operation, schemas: Schemas, examples: Iterable[Example]) -> dict[str, Any]:
    """Return the answers that are no problems."""
    recorded = answers().get(operation.name, {})
    described: dict[str, Any] = {}
    for status, meaning in operation.statuses.items():
        answer: dict[str, Any] = {"description": meaning}
        if operation.headers:
            answer["headers"] = {
                name: {"description": text, "schema": {"type": "string"}} for name, text in operation.headers.items()
            }
        if status >= HTTPStatus.BAD_REQUEST:
            answer["content"] = {PROBLEM: {"schema": schemas.of(Problem)}}
        elif operation.content is not None and status != HTTPStatus.NOT_MODIFIED:
            shown = {
                one.name: {"summary": one.summary, "value": recorded[one.name]["content"]}
                for one in examples
                if recorded.get(one.name, {}).get("status") == status
            }
            line = item_type(operation.content, Lines)
            kind = NDJSON if line else JSON
            schema = _lines(schemas.of(line)) if line else schemas.of(operation.content)
            answer["content"] = {kind: _content(schema, shown)}
            if operation.page:
                answer["content"]["text/html"] = {"schema": {"type": "string"}}
        described[str(status.value)] = answer
    return described


def _problems(operation: Operation, method: str) -> dict[str, Any]:
    """Return the answers that are problems."""
    return {
        str(status.value): {
            "description": f"{status.phrase}. Codes: {', '.join(f'`{code}`' for code in codes)}.",
            "headers": _problem_headers(status),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "x-problem-codes": codes,
        }
        for status, codes in problem_codes(operation, method).items()
    }


def _problem_headers(status: HTTPStatus) -> dict[str, Any]:
    names = ["Content-Language"]
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        names.append("Retry-After")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        names.append("WWW-Authenticate")
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        names.append("RateLimit")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _content(schema: Schema, examples: Mapping[str, Any]) -> Schema:
    return {"schema": schema, **({"examples": examples} if examples else {})}


def _bodies(examples: Iterable[Example]) -> dict[str, Any]:
    return {
        one.name: {"summary": one.summary, "value": (one.data() or b"").decode() if one.lines else one.body}
        for one in examples
        if one.content_type
    }


def _lines(schema: Schema) -> Schema:
    """Return the schema of lines of JSON. OpenAPI 3.1 cannot say that each of them has a schema."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return {"type": "string", "description": f"Lines of JSON, each a `{name}`.", "x-line": schema}
