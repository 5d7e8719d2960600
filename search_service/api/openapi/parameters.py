"""The parameters of an operation in its path and its query string, as `api/reading.py` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index_config.schema import NAME_PATTERN
from search_service.api.openapi.schemas import Schema, without_null
from search_service.search.parameters import Form, Parameter, parameters
from search_service.search.request_types import Request

VARIABLES: Mapping[str, Schema] = {
    "index": {
        "description": "The name of the index.",
        "schema": {"type": "string", "pattern": f"^{NAME_PATTERN.pattern}$"},
    },
    "document_id": {"description": "The id of the document, percent-encoded.", "schema": {"type": "string"}},
    "field": {"description": "The name of the field.", "schema": {"type": "string"}},
    "job_id": {"description": "The id of the job.", "schema": {"type": "string"}},
    "code": {"description": "The code of the problem.", "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"}},
}
"""The variables of paths."""

RANGE = {"type": "string", "pattern": r"^.*\.\..*$"}


def path_parameter(name: str) -> Schema:
    """Return a variable of a path."""
    described = VARIABLES.get(name, {"schema": {"type": "string"}})
    return {"name": name, "in": "path", "required": True, **described}


def header_parameter(name: str, description: str) -> Schema:
    """Return a header of a request."""
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


def query_parameters(model: type[Request], members: Mapping[str, Schema]) -> Iterator[Schema]:
    """Yield the parameters of a query string.

    Args:
        model: the class of the request.
        members: the schemas of its members.
    """
    for parameter in sorted(parameters(model).values(), key=lambda one: one.name == "timeout_ms"):
        schema = without_null(members[parameter.name])
        description = schema.pop("description", "")
        yield {
            "name": parameter.name if _has_field(parameter) else parameter.query,
            "in": "query",
            **({"required": True} if model.model_fields[parameter.name].is_required() else {}),
            "description": _describe(parameter, description),
            **_written(parameter, schema),
        }


def _has_field(parameter: Parameter) -> bool:
    """Whether the name of an index field is a part of the name."""
    return parameter.query.endswith(".")


def _describe(parameter: Parameter, description: str) -> str:
    match parameter.form:
        case Form.VALUES:
            return f"{description} Written as `{parameter.query}FIELD=VALUE`; repeat it for alternative values."
        case Form.RANGES:
            return f"{description} Written as `{parameter.query}FIELD=LOW..HIGH`."
        case Form.NAMES | Form.SWITCH:
            return f"{description} Several names have commas between, or the parameter is repeated."
    return description


def _written(parameter: Parameter, schema: Schema) -> Schema:
    """Return how a parameter is written: its schema, and its style."""
    match parameter.form:
        case Form.NUMBER:
            return {"schema": schema, "allowEmptyValue": True}
        case Form.NAMES:
            return {"schema": schema, "style": "form", "explode": False}
        case Form.VALUES | Form.RANGES:
            value: Any = {"type": "string"} if parameter.form is Form.VALUES else RANGE
            pattern = f"^{parameter.query.replace('.', chr(92) + '.')}"
            # Not `patternProperties`, which generators of clients do not know.
            named = {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": value}
            return {"schema": named, "style": "form", "explode": True}  # each member is a parameter of its own
        case Form.SWITCH:
            return {"schema": schema, "style": "form", "explode": False}
    return {"schema": schema}
