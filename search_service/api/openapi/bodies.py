"""The bodies of requests and answers in the OpenAPI document, and the headers of problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from search_service.api.endpoints import Lines
from search_service.api.openapi.examples import Example, answers
from search_service.api.openapi.problems import problem_codes
from search_service.api.openapi.schemas import Schema, Schemas, item_type
from search_service.api.operations import BODY_METHODS, JSON, NDJSON, Operation
from search_service.api.request_bodies import BodyStream
from search_service.api.schemas.responses import Problem

PROBLEM = "application/problem+json"

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


def request_body(
    operation: Operation, method: str, schemas: Schemas, examples: Iterable[Example]
) -> dict[str, Any] | None:
    """Return the body of requests; None if they have none."""
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


def declared_responses(operation: Operation, schemas: Schemas, examples: Iterable[Example]) -> dict[str, Any]:
    """Return the answers that an operation declares; the other problems are `problem_responses`."""
    recorded = answers().get(operation.name, {})
    described: dict[str, Any] = {}
    for status, meaning in operation.statuses.items():
        answer: dict[str, Any] = {"description": meaning}
        if status >= HTTPStatus.BAD_REQUEST:
            answer["headers"] = _problem_headers(status)
            answer["content"] = {PROBLEM: {"schema": schemas.of(Problem)}}
            described[str(status.value)] = answer
            continue
        if operation.headers:
            answer["headers"] = {
                name: {"description": text, "schema": {"type": "string"}} for name, text in operation.headers.items()
            }
        if operation.content is not None and status != HTTPStatus.NOT_MODIFIED:
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


def problem_responses(operation: Operation, method: str) -> dict[str, Any]:
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
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.GATEWAY_TIMEOUT):
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
    each = f", each a `{name}`" if name else ""
    return {"type": "string", "description": f"Lines of JSON{each}.", "x-line": schema}
